"""The division of order lines over groups, over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Response
from pydantic import Field

from kernel.fields import BusinessDate, Pieces
from kernel.pagination import Page, PageQuery
from kernel.problems import Language, language_of
from kernel.web import Body, Uow, View, slice_router
from services.export.allocation import actions, queries
from services.export.allocation.access import MayApprove, MayRead, MayWrite
from services.export.allocation.lifecycle import AllocationState
from services.export.allocation.models import Allocation, AllocationShare
from services.export.allocation.problems import GroupNamedTwice
from services.export.allocation.reasons import reasons
from services.export.allocation.shares import Basis
from services.export.orders import queries as orders

router = slice_router("/allocations", tag="allocation")


class PlanIn(Body):
    """The order line to divide; work begins in the first full week from `planned_on`."""

    order_id: UUID
    line_id: UUID
    planned_on: BusinessDate


class ShareIn(Body):
    """The pieces that a group shall make."""

    group_id: UUID
    pieces: Pieces


class AdjustIn(Body):
    """The shares that shall replace the planned ones; together the line's pieces."""

    shares: Annotated[list[ShareIn], Field(min_length=1, max_length=500)]

    def by_group(self) -> dict[UUID, int]:
        """Return the pieces by group.

        Raises:
            GroupNamedTwice: a group has two shares.
        """
        pieces: dict[UUID, int] = {}
        for share in self.shares:
            if share.group_id in pieces:
                raise GroupNamedTwice(group_id=share.group_id)
            pieces[share.group_id] = share.pieces
        return pieces


class PlanAcceptIn(Body):
    """The day on which the plan was accepted."""

    accepted_on: BusinessDate


class ReasonOut(View):
    """One sentence of the explanation."""

    code: str
    text: str


class ShareOut(View):
    """A group's share, with the figures it was decided by."""

    group_id: UUID
    pieces: int
    basis: Basis
    makers: int
    weekly_pieces: int
    free_pieces: int
    earlier_pieces: int
    reasons: list[ReasonOut]

    @classmethod
    def of(cls, share: AllocationShare, *, language: Language) -> "ShareOut":
        """Return the share as shown, explained in the caller's language."""
        told = reasons(share, language=language).items()
        return cls(
            **share.model_dump(exclude={"allocation_id"}),
            reasons=[ReasonOut(code=code, text=text) for code, text in told],
        )


class AllocationOut(View):
    """The plan of an order line; the shares' pieces add up to `pieces`."""

    id: UUID
    version: int
    order_id: UUID
    line_id: UUID
    state: AllocationState
    pieces: int
    due_on: date
    planned_on: date
    accepted_on: date | None
    shares: list[ShareOut]

    @classmethod
    def of(cls, allocation: Allocation, *, language: Language) -> "AllocationOut":
        """Return the allocation as shown."""
        shares = [ShareOut.of(share, language=language) for share in allocation.shares]
        return cls(**allocation.model_dump(), shares=shares)


async def _spoken(accept_language: Annotated[str | None, Header()] = None) -> Language:
    return language_of(accept_language)


Spoken = Annotated[Language, Depends(_spoken)]


async def _shown(allocation: Allocation, uow: Uow, *, language: Language) -> AllocationOut:
    await uow.session.flush()
    uow.shown = allocation.version
    return AllocationOut.of(allocation, language=language)


@router.post("", status_code=201)
async def plan_line(
    body: PlanIn, actor: MayWrite, uow: Uow, spoken: Spoken, response: Response
) -> AllocationOut:
    """Divide an order line over the groups that can make it."""
    order = await orders.get(uow.session, body.order_id, actor=actor)
    allocation = await actions.plan(uow, order, line_id=body.line_id, planned_on=body.planned_on)
    response.headers["Location"] = f"/v1/allocations/{allocation.id}"
    return await _shown(allocation, uow, language=spoken)


@router.get("/{allocation_id}")
async def read_allocation(
    allocation_id: UUID, actor: MayRead, uow: Uow, spoken: Spoken
) -> AllocationOut:
    """Show an allocation, and why each share is what it is."""
    allocation = await queries.get(uow.session, allocation_id, actor=actor)
    return await _shown(allocation, uow, language=spoken)


@router.get("")
async def list_allocations(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    spoken: Spoken,
    order_id: UUID | None = None,
    line_id: UUID | None = None,
) -> Page[AllocationOut]:
    """List allocations, of an order or a line if one is named."""
    rows = await queries.list_(uow.session, page, actor=actor, order_id=order_id, line_id=line_id)
    items = [AllocationOut.of(row, language=spoken) for row in rows.items]
    return Page(items=items, next=rows.next)


@router.post("/{allocation_id}/adjust")
async def adjust_allocation(
    allocation_id: UUID, body: AdjustIn, actor: MayWrite, uow: Uow, spoken: Spoken
) -> AllocationOut:
    """Replace the shares by others."""
    allocation = await queries.get(uow.session, allocation_id, actor=actor, for_update=True)
    await actions.adjust(uow, allocation, pieces=body.by_group())
    return await _shown(allocation, uow, language=spoken)


@router.post("/{allocation_id}/accept")
async def accept_allocation(
    allocation_id: UUID, body: PlanAcceptIn, actor: MayApprove, uow: Uow, spoken: Spoken
) -> AllocationOut:
    """Promise the groups' weeks and give the work out."""
    allocation = await queries.get(uow.session, allocation_id, actor=actor, for_update=True)
    await actions.accept(uow, allocation, accepted_on=body.accepted_on)
    return await _shown(allocation, uow, language=spoken)


@router.post("/{allocation_id}/discard")
async def discard_allocation(
    allocation_id: UUID, actor: MayWrite, uow: Uow, spoken: Spoken
) -> AllocationOut:
    """Give the plan up, so that the line can be planned anew."""
    allocation = await queries.get(uow.session, allocation_id, actor=actor, for_update=True)
    allocation.discard()
    return await _shown(allocation, uow, language=spoken)
