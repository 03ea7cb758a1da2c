"""Criteria, readiness and graduation over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from contracts.empowerment import ExitKind
from kernel import clock
from kernel.fields import BusinessDate, Code, Note
from kernel.pagination import Page, PageQuery
from kernel.problems import Language, language_of
from kernel.web import Body, Uow, View, slice_router
from services.empowerment.graduation import actions, queries
from services.empowerment.graduation.access import MayApprove, MayRead, MayWrite
from services.empowerment.graduation.actions import Assessed, Wish
from services.empowerment.graduation.criteria import Criteria, Criterion, Share
from services.empowerment.graduation.lifecycle import State
from services.empowerment.graduation.models import CriteriaSet, Proposal
from services.empowerment.graduation.readiness import Readiness, Reason
from services.empowerment.graduation.texts import tell

YEARLY_TARGET = 10
"""Graduations a year that a pendamping aims at (Kemensos and KemenKopUKM, 20 March 2025)."""

router = slice_router("", tag="graduation")


async def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))


InLanguage = Annotated[Language, Depends(_language)]


class CriteriaIn(Body):
    """A set of criteria to record; it is in force from a day until a later set begins."""

    version: Code
    effective_from: BusinessDate
    minimum_readiness: Share
    criteria: Criteria


class InForceOut(View):
    """The criteria that hold; the platform's default has no first day."""

    version: str = Field(validation_alias="edition")
    effective_from: date | None
    minimum_readiness: Share
    criteria: list[Criterion]


class CriteriaOut(InForceOut):
    """A recorded set of criteria."""

    id: UUID


class ReasonOut(Reason):
    """One criterion's answer, in numbers and in words."""

    text: str


class ReadinessOut(Readiness):
    """How ready a family is, and why; nothing is decided by it."""

    household_id: UUID
    reasons: list[ReasonOut]  # type: ignore[assignment]  # each reason gains its sentence


class ProposalIn(Body):
    """A family to propose."""

    household_id: UUID
    exit_kind: ExitKind
    proposed_on: BusinessDate
    note: Note | None = None


class DecisionIn(Body):
    """When, and why it was decided so."""

    decided_on: BusinessDate
    reason: Note


class ReversalIn(Body):
    """When the family returned to aid, and why."""

    reversed_on: BusinessDate
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ProposalOut(View):
    """A proposal; `snapshot` is the readiness that it was made on."""

    id: UUID
    version: int
    household_id: UUID
    facilitator_id: UUID | None
    exit_kind: ExitKind
    proposed_on: date
    note: str | None
    criteria_version: str
    readiness: Share
    ready: bool
    snapshot: Readiness
    state: State
    decided_on: date | None
    reason: str | None
    reversed_on: date | None
    reversal_reason: str | None


class StandingOut(View):
    """How a pendamping stands in a year, in families; `approved` were not reversed since."""

    facilitator_id: UUID
    target: int = YEARLY_TARGET
    families: int
    proposed: int
    approved: int
    refused: int


class BoardOut(Page[StandingOut]):
    """The board of one year."""

    year: int


@router.post("/graduation-criteria", status_code=201, response_model=CriteriaOut)
async def record_criteria(body: CriteriaIn, actor: MayWrite, uow: Uow) -> CriteriaSet:
    """Record a set of criteria; it never changes, a later one follows it."""
    made = CriteriaSet(
        edition=body.version,
        effective_from=body.effective_from,
        minimum_readiness=body.minimum_readiness,
        criteria=[criterion.model_dump(mode="json") for criterion in body.criteria],
    )
    return await actions.record_criteria(uow, made, body.criteria)


@router.get("/graduation-criteria", response_model=Page[CriteriaOut])
async def list_criteria(actor: MayRead, uow: Uow, page: PageQuery) -> object:
    """List the recorded sets."""
    return await queries.list_criteria(uow.session, page)


@router.get("/graduation-criteria/in-force", response_model=InForceOut)
async def read_criteria_in_force(
    actor: MayRead, uow: Uow, on: BusinessDate | None = None
) -> object:
    """Show the criteria that hold on a day; the platform's default until one is recorded."""
    return await queries.criteria_on(uow.session, on or clock.today())


@router.get("/readiness/{household_id}")
async def read_readiness(
    household_id: UUID,
    actor: MayRead,
    uow: Uow,
    language: InLanguage,
    on: BusinessDate | None = None,
) -> ReadinessOut:
    """Show how ready a family is, criterion by criterion: the value seen, and the value wanted."""
    assessed = await actions.readiness_of(
        uow.session, household_id, on=on or clock.today(), actor=actor
    )
    return _readiness(assessed, language)


@router.get("/readiness")
async def list_readiness(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    language: InLanguage,
    facilitator_id: UUID | None = None,
    ready: Annotated[bool | None, Query(description="Only families ready, or not ready.")] = None,
    on: BusinessDate | None = None,
) -> Page[ReadinessOut]:
    """List families with their readiness; a page may be short and still have a `next`."""
    found, following = await actions.list_readiness(
        uow.session,
        page,
        on=on or clock.today(),
        actor=actor,
        facilitator_id=facilitator_id,
        ready=ready,
    )
    return Page(items=[_readiness(each, language) for each in found], next=following)


@router.post("/graduation-proposals", status_code=201, response_model=ProposalOut)
async def propose_graduation(
    body: ProposalIn, actor: MayWrite, uow: Uow, language: InLanguage, response: Response
) -> Proposal:
    """Propose a family that is ready, or has nobody left whom PKH supports (natural exit)."""
    wish = Wish(**body.model_dump())
    proposal = await actions.propose(uow, wish, actor=actor, language=language)
    response.headers["Location"] = f"/v1/graduation-proposals/{proposal.id}"
    return proposal


@router.get("/graduation-proposals", response_model=Page[ProposalOut])
async def list_proposals(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    household_id: UUID | None = None,
    state: State | None = None,
) -> object:
    """List proposals."""
    return await queries.list_(
        uow.session, page, actor=actor, household_id=household_id, state=state
    )


@router.get("/graduation-proposals/{proposal_id}", response_model=ProposalOut)
async def read_proposal(proposal_id: UUID, actor: MayRead, uow: Uow) -> Proposal:
    """Show a proposal."""
    return await queries.get(uow.session, proposal_id, actor=actor)


# The events of graduation have the family's key: a later proposal never overtakes a reversal.


@router.post("/graduation-proposals/{proposal_id}/approve", response_model=ProposalOut)
async def approve_graduation(
    proposal_id: UUID, body: DecisionIn, actor: MayApprove, uow: Uow
) -> Proposal:
    """Let the family graduate; decided by another person than the one who proposed."""
    proposal = await queries.get(uow.session, proposal_id, actor=actor, lock=True)
    told = proposal.approve(on=body.decided_on, by=actor.subject, reason=body.reason)
    uow.publish(told, key=proposal.household_id)
    return proposal


@router.post("/graduation-proposals/{proposal_id}/refuse", response_model=ProposalOut)
async def refuse_graduation(
    proposal_id: UUID, body: DecisionIn, actor: MayApprove, uow: Uow
) -> Proposal:
    """Refuse for now; decided by another person than the one who proposed."""
    proposal = await queries.get(uow.session, proposal_id, actor=actor, lock=True)
    proposal.refuse(on=body.decided_on, by=actor.subject, reason=body.reason)
    return proposal


@router.post("/graduation-proposals/{proposal_id}/reverse", response_model=ProposalOut)
async def reverse_graduation(
    proposal_id: UUID, body: ReversalIn, actor: MayApprove, uow: Uow
) -> Proposal:
    """Return a family that fell back to aid; another graduation may be proposed later."""
    proposal = await queries.get(uow.session, proposal_id, actor=actor, lock=True)
    told = proposal.reverse(on=body.reversed_on, by=actor.subject, reason=body.reason)
    uow.publish(told, key=proposal.household_id)
    return proposal


@router.get("/graduation-board")
async def read_board(
    year: Annotated[int, Query(ge=2000, le=2100)], actor: MayRead, uow: Uow, page: PageQuery
) -> BoardOut:
    """Show each pendamping's year: ten graduations are aimed at."""
    standings, following = await queries.board(uow.session, page, actor=actor, year=year)
    items = [StandingOut.model_validate(standing) for standing in standings]
    return BoardOut(year=year, items=items, next=following)


def _readiness(assessed: Assessed, language: Language) -> ReadinessOut:
    told = tell(assessed.readiness, language)
    return ReadinessOut.model_validate({"household_id": assessed.family.id, **told})
