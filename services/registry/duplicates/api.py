"""Families that may be one, over HTTP: a queue, decisions of two people, merges and back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from kernel.fields import RegionCode
from kernel.pagination import Page, PageQuery
from kernel.problems import Language
from kernel.web import Body, Uow, View, slice_router
from services.registry.duplicates import merging, moving, queries
from services.registry.duplicates.access import MayApprove, MayRead, MayWrite
from services.registry.duplicates.lifecycle import Dismissal, State
from services.registry.duplicates.models import Merge, MovedIn, Proposal, Ticket
from services.registry.duplicates.policy import POLICIES, WORDS, Reason
from services.registry.duplicates.problems import NotOfThePair
from services.registry.duplicates.queries import Filters
from services.registry.households import queries as households
from services.registry.households.registration import MAX_MEMBERS, Relation
from services.registry.language import CallersLanguage
from services.registry.vault import Keys

router = slice_router("/duplicate-tickets", tag="duplicates")
ROUTERS: tuple[APIRouter, ...] = (router,)

Score = Annotated[Decimal, Query(ge=0, le=1, decimal_places=2)]


class ReasonOut(View):
    """What was seen of the two families, and how much it weighs; below 0 it speaks against."""

    code: Reason
    weight: Decimal
    detail: str


class MoveIn(Body):
    """A member of the absorbed family who becomes one of the survivor's, and as what."""

    member_id: UUID
    relation: Relation


class MergeOut(View):
    """What a merge did: whom it united (absorbed: survivor) or moved, and whether it was undone."""

    survivor_id: UUID
    absorbed_id: UUID
    merged_on: date
    united: dict[UUID, UUID]
    moved: dict[UUID, UUID]
    aid_ended: int
    aid_started: int
    undone_at: datetime | None


class ProposalOut(View):
    """How the two would become one."""

    survivor_id: UUID
    proposed_by: str
    moves: list[MoveIn]


class TicketOut(View):
    """Two families that may be one; `score` from 0 to 1; `follows` an older ticket of the pair."""

    id: UUID
    version: int
    household_ids: tuple[UUID, UUID]
    state: State
    score: Decimal
    reasons: list[ReasonOut]
    policy: str
    follows: UUID | None
    assignee: str | None
    dismissal: Dismissal | None
    proposal: ProposalOut | None
    merge: MergeOut | None = None


class AssignIn(Body):
    """Who is to look at the pair; null: whoever takes it."""

    assignee: Annotated[str, Field(min_length=1, max_length=200)] | None


class DismissIn(Body):
    """Why they are two families."""

    reason: Dismissal


class ProposeIn(Body):
    """Which family goes on, and which members of the other come over; the rest stay behind.

    A member whom both name, by NIK, is one person and need not be told.
    """

    survivor_id: UUID
    moves: Annotated[list[MoveIn], Field(max_length=MAX_MEMBERS, default_factory=list)]


async def _filters(
    region: RegionCode | None = None,
    state: State | None = None,
    min_score: Score | None = None,
    assignee: Annotated[str | None, Query(max_length=200)] = None,
) -> Filters:
    least = None if min_score is None else int(min_score.scaleb(2))
    return Filters(region, state, least, assignee)


@router.get("")
async def list_duplicate_tickets(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    language: CallersLanguage,
    filters: Annotated[Filters, Depends(_filters)],
) -> Page[TicketOut]:
    """List pairs of families of which the caller may see both, oldest first."""
    rows = await queries.list_(uow.session, page, filters=filters, seen_by=actor)
    items = [shown(ticket, None, language=language) for ticket in rows.items]
    return Page(items=items, next=rows.next)


@router.get("/{ticket_id}")
async def show_duplicate_ticket(
    ticket_id: UUID, actor: MayRead, uow: Uow, language: CallersLanguage
) -> TicketOut:
    """Show a pair, why it may be one family, and what was decided; read the families apart."""
    ticket = await queries.get(uow.session, ticket_id, seen_by=actor)
    return await _answer(ticket, uow, language=language)


@router.post("/{ticket_id}/take")
async def take_duplicate_ticket(
    ticket_id: UUID, actor: MayWrite, uow: Uow, language: CallersLanguage
) -> TicketOut:
    """Take a pair, so that nobody else looks at it meanwhile."""
    ticket, _ = await queries.get_with_families(uow.session, ticket_id, seen_by=actor)
    ticket.take(by=actor.subject)
    return await _answer(ticket, uow, language=language)


@router.post("/{ticket_id}/assign")
async def assign_duplicate_ticket(
    ticket_id: UUID, body: AssignIn, actor: MayApprove, uow: Uow, language: CallersLanguage
) -> TicketOut:
    """Give a pair to a person, or back to the queue."""
    ticket, _ = await queries.get_with_families(uow.session, ticket_id, seen_by=actor)
    ticket.assign(to=body.assignee)
    return await _answer(ticket, uow, language=language)


@router.post("/{ticket_id}/dismiss")
async def dismiss_duplicate_ticket(
    ticket_id: UUID, body: DismissIn, actor: MayWrite, uow: Uow, language: CallersLanguage
) -> TicketOut:
    """Decide that they are two families; only new evidence asks again."""
    ticket, _ = await queries.get_with_families(uow.session, ticket_id, seen_by=actor)
    ticket.dismiss(by=actor.subject, reason=body.reason)
    return await _answer(ticket, uow, language=language)


@router.post("/{ticket_id}/propose-merge")
async def propose_merge(
    ticket_id: UUID, body: ProposeIn, actor: MayWrite, uow: Uow, language: CallersLanguage
) -> TicketOut:
    """Propose how the two become one; another person confirms."""
    ticket, families = await queries.get_with_families(uow.session, ticket_id, seen_by=actor)
    if body.survivor_id not in families:
        raise NotOfThePair
    members = await households.members_of(uow.session, ticket.pair)
    [absorbed_id] = set(families) - {body.survivor_id}
    moves = [MovedIn(member_id=str(m.member_id), relation=m.relation) for m in body.moves]
    moving.require_movable(moves, members[absorbed_id], members[body.survivor_id])
    for family in families.values():
        family.require_live()
    proposal = Proposal(
        proposed_by=actor.subject,
        survivor_id=str(body.survivor_id),
        moves=moves,
        versions={str(key): family.version for key, family in families.items()},
    )
    ticket.propose(proposal)
    return await _answer(ticket, uow, language=language)


@router.post("/{ticket_id}/send-back")
async def send_merge_back(
    ticket_id: UUID, actor: MayApprove, uow: Uow, language: CallersLanguage
) -> TicketOut:
    """Give a proposal back to be looked at again."""
    ticket, _ = await queries.get_with_families(uow.session, ticket_id, seen_by=actor)
    ticket.send_back()
    return await _answer(ticket, uow, language=language)


@router.post("/{ticket_id}/confirm-merge")
async def confirm_merge(
    ticket_id: UUID, actor: MayApprove, uow: Uow, vault: Keys, language: CallersLanguage
) -> TicketOut:
    """Make one family of the two, as another person proposed."""
    ticket, families = await queries.get_with_families(uow.session, ticket_id, seen_by=actor)
    await merging.merge(uow, ticket, families, actor=actor, vault=vault)
    return await _answer(ticket, uow, language=language)


@router.post("/{ticket_id}/undo-merge")
async def undo_merge(
    ticket_id: UUID, actor: MayApprove, uow: Uow, language: CallersLanguage
) -> TicketOut:
    """Make two families of one again, as they were; what changed since stays with the survivor."""
    ticket, families = await queries.get_with_families(uow.session, ticket_id, seen_by=actor)
    await merging.undo(uow, ticket, families, by=actor.subject)
    return await _answer(ticket, uow, language=language)


async def _answer(ticket: Ticket, uow: Uow, *, language: Language) -> TicketOut:
    await uow.flush()
    uow.shown = ticket.version
    return shown(ticket, await queries.find_merge(uow.session, ticket.id), language=language)


def shown(ticket: Ticket, merge: Merge | None, *, language: Language) -> TicketOut:
    """Return a pair with its reasons in the caller's language."""
    weights = POLICIES[ticket.policy].weights
    reasons = [
        ReasonOut(
            code=Reason(code),
            weight=_of_one(weights[Reason(code)]),
            detail=WORDS[Reason(code)].to(language, {}),
        )
        for code in ticket.reasons
    ]
    told = ticket.model_dump(exclude={"score", "reasons"})
    return TicketOut.model_validate(
        {
            **told,
            "household_ids": ticket.pair,
            "score": _of_one(ticket.score),
            "reasons": reasons,
            "merge": merge and _merge(merge),
        }
    )


def _of_one(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)


def _merge(merge: Merge) -> MergeOut:
    return MergeOut(
        survivor_id=merge.survivor_id,
        absorbed_id=merge.absorbed_id,
        merged_on=merge.merged_on,
        united={UUID(gone): UUID(stays) for gone, stays in merge.united.items()},
        moved={UUID(each["member_id"]): UUID(each["became"]) for each in merge.moved},
        aid_ended=len(merge.aid),
        aid_started=sum(each["started"] is not None for each in merge.aid),
        undone_at=merge.undone_at,
    )
