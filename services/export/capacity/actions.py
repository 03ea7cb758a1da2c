"""Promising a group's weeks to an order line: never more than the group can make."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.db import UnitOfWork
from services.export.capacity import queries
from services.export.capacity.models import CapacityBooking
from services.export.capacity.problems import GroupFull, GroupNotActive
from services.export.capacity.room import Room, full_weeks

BOOK = sa.insert(CapacityBooking)


async def book(
    uow: UnitOfWork,
    *,
    line_id: UUID,
    skill: str,
    shares: Mapping[UUID, int],
    days: tuple[date, date],
) -> None:
    """Promise each group's pieces of a line in the full weeks between two days, earliest first.

    The groups stay locked until the commit, so that two promises never take the same week.

    Raises:
        GroupNotActive, GroupFull: a group cannot make its share; nothing is promised then.
    """
    await queries.lock(uow.session, shares.keys())
    rooms = await rooms_for(uow.session, skill=skill, shares=shares, days=days)
    bookings = [
        {"group_id": group, "week": week, "line_id": line_id, "pieces": pieces}
        for group, share in shares.items()
        for week, pieces in rooms[group].fill(share)
    ]
    await uow.execute(BOOK, bookings)


async def rooms_for(
    session: AsyncSession, *, skill: str, shares: Mapping[UUID, int], days: tuple[date, date]
) -> dict[UUID, Room]:
    """Return the groups' room for their shares.

    Raises:
        GroupNotActive, GroupFull: a group cannot make its share.
    """
    weeks: Sequence[date] = full_weeks(*days)
    rooms = await queries.rooms(session, skill=skill, weeks=weeks, group_ids=shares.keys())
    for group, share in shares.items():
        if group not in rooms:
            raise GroupNotActive(group_id=group)
        free = rooms[group].free_pieces
        if share > free:
            raise GroupFull(group_id=group, pieces=share, free=free, due_on=days[1])
    return rooms
