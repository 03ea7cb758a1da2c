"""What touches a family, its evidence and its proposal together."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import JsonValue
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.empowerment import ExitKind
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.pagination import MAX_LIMIT, PageRequest
from kernel.problems import Language
from services.empowerment.candidates import queries as candidates
from services.empowerment.candidates.models import Candidate
from services.empowerment.graduation import queries
from services.empowerment.graduation.criteria import Criterion
from services.empowerment.graduation.models import CriteriaSet, Proposal
from services.empowerment.graduation.problems import (
    AlreadyProposed,
    CriteriaVersionTaken,
    CriteriaWeightless,
    NotReady,
)
from services.empowerment.graduation.readiness import Readiness
from services.empowerment.graduation.texts import tell

# One more than the longest page, to see in the same look whether another follows.
ASSESSED_AT_ONCE, MOST_ASSESSED = MAX_LIMIT + 1, 2000


@dataclass(frozen=True)
class Assessed:
    """A family and its readiness."""

    family: Candidate
    readiness: Readiness


@dataclass(frozen=True)
class Wish:
    """Somebody's wish that a family graduates."""

    household_id: UUID
    exit_kind: ExitKind
    proposed_on: date
    note: str | None


async def record_criteria(
    uow: UnitOfWork, made: CriteriaSet, criteria: Sequence[Criterion]
) -> CriteriaSet:
    """Add a set of criteria; raises CriteriaWeightless, CriteriaVersionTaken."""
    named_once = len({criterion.name for criterion in criteria}) == len(criteria)
    if not named_once or all(criterion.weight == 0 for criterion in criteria):
        raise CriteriaWeightless
    if await queries.find_criteria(uow.session, made.edition):
        raise CriteriaVersionTaken(edition=made.edition)
    uow.add(made)
    return made


async def readiness_of(
    session: AsyncSession, household_id: UUID, *, on: date, actor: Actor
) -> Assessed:
    """Return one family's readiness; raises CandidateNotFound."""
    family = await candidates.get(session, household_id, actor=actor)
    (readiness,) = await queries.readiness_of(session, [family], on=on)
    return Assessed(family, readiness)


async def list_readiness(
    session: AsyncSession,
    page: PageRequest,
    *,
    on: date,
    actor: Actor,
    facilitator_id: UUID | None,
    ready: bool | None,
) -> tuple[Sequence[Assessed], str | None]:
    """Return a page of families, only those ready or not if asked, and the next page's cursor.

    At most 2,000 families are assessed for one page: a page may be short, and still have a next.
    """
    found: list[Assessed] = []
    looked_at, last = 0, None
    stream = _assessed(session, page.after, on=on, actor=actor, facilitator_id=facilitator_id)
    async for each in stream:
        if len(found) == page.limit or looked_at == MOST_ASSESSED:
            return found, page.seal(last) if last else None
        looked_at, last = looked_at + 1, each.family.id
        if ready is None or each.readiness.ready is ready:
            found.append(each)
    return found, None


async def _assessed(
    session: AsyncSession,
    after: UUID | None,
    *,
    on: date,
    actor: Actor,
    facilitator_id: UUID | None,
) -> AsyncIterator[Assessed]:
    while families := await candidates.following(
        session, after, limit=ASSESSED_AT_ONCE, actor=actor, facilitator_id=facilitator_id
    ):
        readiness = await queries.readiness_of(session, families, on=on)
        for family, answer in zip(families, readiness, strict=True):
            yield Assessed(family, answer)
        after = families[-1].id


async def propose(uow: UnitOfWork, wish: Wish, *, actor: Actor, language: Language) -> Proposal:
    """Propose a family, and keep the readiness it was proposed on; the family is locked.

    The natural exit needs no readiness: the family has nobody left whom PKH supports.

    Raises:
        CandidateNotFound, FamilyClosed, AlreadyProposed, NotReady.
    """
    family = await candidates.get(uow.session, wish.household_id, actor=actor, lock=True)
    family.require_open()
    await _require_no_live_proposal(uow, family)
    (readiness,) = await queries.readiness_of(uow.session, [family], on=wish.proposed_on)
    if not readiness.ready and wish.exit_kind is not ExitKind.NATURAL:
        raise _not_ready(family, tell(readiness, language))
    proposal = _proposal(family, wish, readiness=readiness, by=actor.subject)
    uow.add(proposal)
    return proposal


def _not_ready(family: Candidate, told: dict[str, JsonValue]) -> NotReady:
    return NotReady(
        household_id=family.id,
        readiness=told["readiness"],
        minimum_readiness=told["minimum_readiness"],
        criteria_version=told["criteria_version"],
        reasons=told["reasons"],
    )


async def _require_no_live_proposal(uow: UnitOfWork, family: Candidate) -> None:
    live = await queries.find_live(uow.session, family.id)
    if live is not None:
        raise AlreadyProposed(household_id=family.id, proposal_id=live.id, current=live.state)


def _proposal(family: Candidate, wish: Wish, *, readiness: Readiness, by: str) -> Proposal:
    return Proposal(
        household_id=family.id,
        facilitator_id=family.facilitator_id,
        exit_kind=wish.exit_kind,
        proposed_on=wish.proposed_on,
        proposed_by=by,
        note=wish.note,
        criteria_version=readiness.criteria_version,
        readiness=readiness.readiness,
        ready=readiness.ready,
        snapshot=readiness.model_dump(mode="json"),
    )


async def count_not_ready(session: AsyncSession, *, on: date) -> int:
    """Count the families in a programme that have not graduated and are not ready on a day."""
    count, after = 0, None
    while families := await queries.on_their_way(session, after, limit=ASSESSED_AT_ONCE):
        answers = await queries.readiness_of(session, families, on=on)
        count += sum(not answer.ready for answer in answers)
        after = families[-1].id
    return count
