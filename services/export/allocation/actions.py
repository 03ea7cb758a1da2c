"""Planning, adjusting and accepting the division of an order line over groups."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from kernel.db import UnitOfWork
from services.export.allocation.models import Allocation, AllocationShare
from services.export.allocation.problems import CapacityTooSmall, LineAllocated, OrderNotToBeMade
from services.export.allocation.shares import Basis, Offer, fair_shares
from services.export.capacity import actions as capacity
from services.export.capacity.queries import rooms
from services.export.capacity.room import Room, full_weeks
from services.export.orders import queries as orders
from services.export.orders.lifecycle import OrderState
from services.export.orders.models import Order, OrderLine
from services.export.production.actions import open_work_orders
from services.export.products import queries as products

TO_BE_MADE = {OrderState.ACCEPTED, OrderState.IN_PRODUCTION}


async def plan(uow: UnitOfWork, order: Order, *, line_id: UUID, planned_on: date) -> Allocation:
    """Return a new plan of a line, fair per maker and within every group's free weeks.

    Raises:
        LineNotFound, OrderNotToBeMade: there is nothing to divide.
        CapacityTooSmall: all groups together cannot make the line in time.
        LineAllocated: the line has a plan already.
    """
    line = order.get_line(line_id)
    _guard_to_be_made(order, line)
    skill = await products.get_skill(uow.session, line.product_id)
    weeks = full_weeks(planned_on, line.make_by)
    able = await rooms(uow.session, skill=skill, weeks=weeks)
    free = sum(room.free_pieces for room in able.values())
    if free < line.pieces_to_make:
        raise CapacityTooSmall(
            wanted=line.pieces_to_make, due_on=line.make_by, free=free, skill=skill
        )
    allocation = _allocation(line, planned_on=planned_on, able=able)
    await _add(uow, allocation)
    return allocation


def _guard_to_be_made(order: Order, line: OrderLine) -> None:
    if order.state not in TO_BE_MADE or not line.pieces_to_make:
        raise OrderNotToBeMade(state=order.state.value, pieces=line.pieces_to_make)


def _allocation(line: OrderLine, *, planned_on: date, able: Mapping[UUID, Room]) -> Allocation:
    allocation = Allocation(
        order_id=line.order_id,
        line_id=line.id,
        pieces=line.pieces_to_make,
        due_on=line.make_by,
        planned_on=planned_on,
    )
    offers = [_offer(room) for room in able.values()]
    allocation.shares = [
        _share(allocation, able[group], pieces=pieces, basis=_basis(pieces, able[group]))
        for group, pieces in fair_shares(line.pieces_to_make, offers).items()
    ]
    return allocation


def _offer(room: Room) -> Offer:
    return Offer(
        group_id=room.output.group_id,
        makers=room.output.skilled_makers,
        free_pieces=room.free_pieces,
        earlier_pieces=room.earlier_pieces,
    )


def _basis(pieces: int, room: Room) -> Basis:
    return Basis.FULL if pieces == room.free_pieces else Basis.FAIR


def _share(allocation: Allocation, room: Room, *, pieces: int, basis: Basis) -> AllocationShare:
    return AllocationShare(
        allocation_id=allocation.id,
        group_id=room.output.group_id,
        pieces=pieces,
        basis=basis,
        makers=room.output.skilled_makers,
        weekly_pieces=room.output.weekly_pieces,
        free_pieces=room.free_pieces,
        earlier_pieces=room.earlier_pieces,
    )


async def _add(uow: UnitOfWork, allocation: Allocation) -> None:
    uow.add(allocation)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise LineAllocated(line_id=allocation.line_id) from error


async def adjust(uow: UnitOfWork, allocation: Allocation, *, pieces: Mapping[UUID, int]) -> None:
    """Replace the plan's shares, by group, by those that a person chose.

    Raises:
        IllegalMove, SharesDoNotSum, GroupNotActive, GroupFull.
    """
    allocation.guard_shares(pieces.values())
    line = await orders.get_line(uow.session, allocation.line_id)
    skill = await products.get_skill(uow.session, line.product_id)
    days = (allocation.planned_on, allocation.due_on)
    able = await capacity.rooms_for(uow.session, skill=skill, shares=pieces, days=days)
    allocation.adjust(
        [
            _share(allocation, able[group], pieces=share, basis=Basis.BY_HAND)
            for group, share in pieces.items()
        ]
    )


async def accept(uow: UnitOfWork, allocation: Allocation, *, accepted_on: date) -> None:
    """Promise the groups' weeks, give the work out, and start the order if it is its first work.

    Raises:
        IllegalMove, OrderNotToBeMade, GroupNotActive, GroupFull.
    """
    order = await orders.get(uow.session, allocation.order_id, for_update=True)
    line = order.get_line(allocation.line_id)
    _guard_to_be_made(order, line)
    uow.publish(allocation.accept(on=accepted_on), key=allocation.id)
    skill = await products.get_skill(uow.session, line.product_id)
    shares = {share.group_id: share.pieces for share in allocation.shares}
    await capacity.book(
        uow,
        line_id=line.id,
        skill=skill,
        shares=shares,
        days=(max(allocation.planned_on, accepted_on), allocation.due_on),
    )
    await open_work_orders(
        uow,
        order_id=order.id,
        line_id=line.id,
        product_id=line.product_id,
        shares=tuple(shares.items()),
        due_on=allocation.due_on,
        on=accepted_on,
    )
    if order.state is OrderState.ACCEPTED:
        uow.publish(order.start(on=accepted_on), key=order.id)
