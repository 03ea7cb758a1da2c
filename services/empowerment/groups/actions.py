"""What touches a group and its members together; the group's row is locked by the caller."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.empowerment.areas import kabupaten_of
from services.empowerment.candidates import queries as candidates
from services.empowerment.groups import queries
from services.empowerment.groups.models import Group, Membership
from services.empowerment.groups.problems import (
    AlreadyInAGroup,
    GroupNumberTaken,
    LeaveTooEarly,
    NotAMember,
    OutsideKabupaten,
)


async def form(uow: UnitOfWork, group: Group) -> None:
    """Add a group; raises GroupNumberTaken."""
    if await queries.find(uow.session, group.number):
        raise GroupNumberTaken(group=group.number)
    uow.add(group)


async def join(
    uow: UnitOfWork, group: Group, household_ids: Sequence[UUID], *, on: date, actor: Actor
) -> None:
    """Let families join; all of them or none.

    Raises:
        GroupDissolvedAlready, GroupFull, CandidateNotFound, OutsideKabupaten, AlreadyInAGroup.
    """
    there = await queries.members(uow.session, group.id)
    group.require_room(members=len(there), joining=len(household_ids))
    await _require_neighbours(uow, group, household_ids, actor=actor)
    await _take_in(uow, group, household_ids, on=on)
    await _tell_the_change(uow, group)


async def leave(
    uow: UnitOfWork, group: Group, household_id: UUID, *, on: date, reason: str
) -> None:
    """Let a family leave.

    Raises:
        GroupDissolvedAlready, HoldsAnOffice, NotAMember, LeaveTooEarly.
    """
    group.require_no_office(household_id)
    membership = await queries.find_membership(uow.session, group.id, household_id)
    if membership is None:
        raise NotAMember(group=group.number, household_id=household_id)
    if on < membership.joined_on:
        raise LeaveTooEarly(joined_on=membership.joined_on)
    membership.left_on, membership.reason = on, reason
    await uow.session.flush()
    await _tell_the_change(uow, group)


async def give_offices(
    uow: UnitOfWork, group: Group, *, chair: UUID, secretary: UUID, treasurer: UUID
) -> None:
    """Name three members as officers; raises GroupDissolvedAlready, NotAMember."""
    there = await queries.members(uow.session, group.id)
    for household_id in (chair, secretary, treasurer):
        if household_id not in there:
            raise NotAMember(group=group.number, household_id=household_id)
    group.give_offices(chair=chair, secretary=secretary, treasurer=treasurer)
    await _tell_the_change(uow, group)


async def activate(uow: UnitOfWork, group: Group, *, on: date, actor: Actor) -> None:
    """Let a group begin; families may have moved since they joined.

    Raises:
        IllegalMove, TooFewMembers, OfficersMissing, OutsideKabupaten.
    """
    members = await queries.members(uow.session, group.id)
    told = group.activate(members=members, on=on)
    await _require_neighbours(uow, group, members, actor=actor)
    uow.publish(told, key=group.id)


async def dissolve(uow: UnitOfWork, group: Group, *, on: date) -> None:
    """End a group and free its families."""
    told = group.dissolve(on=on)
    last_day = sa.func.greatest(col(Membership.joined_on), on)
    leave_all = (
        sa.update(Membership)
        .where(col(Membership.group_id) == group.id, col(Membership.left_on).is_(None))
        .values(left_on=last_day, version=Membership.version + 1)
    )
    await uow.execute(leave_all)
    uow.publish(told, key=group.id)


async def _require_neighbours(
    uow: UnitOfWork, group: Group, household_ids: Sequence[UUID], *, actor: Actor
) -> None:
    kabupaten = kabupaten_of(group.desa_code)
    families = await candidates.get_all(uow.session, household_ids, actor=actor)
    elsewhere = [
        family.id
        for family in families.values()
        if kabupaten_of(family.desa_code or "") != kabupaten
    ]
    if elsewhere:
        raise OutsideKabupaten(count=len(elsewhere), kabupaten=kabupaten, household_ids=elsewhere)


async def _take_in(
    uow: UnitOfWork, group: Group, household_ids: Sequence[UUID], *, on: date
) -> None:
    """Insert in the order of ids, so that two groups that want the same families take turns."""
    wanted = sorted(household_ids)
    rows = [{"group_id": group.id, "household_id": each, "joined_on": on} for each in wanted]
    made = insert(Membership).values(rows).on_conflict_do_nothing()
    taken_in = await uow.execute(made.returning(col(Membership.household_id)))
    joined = set(taken_in.scalars())
    if elsewhere := [each for each in wanted if each not in joined]:
        raise AlreadyInAGroup(count=len(elsewhere), household_ids=elsewhere)


async def _tell_the_change(uow: UnitOfWork, group: Group) -> None:
    told = group.change(members=await queries.members(uow.session, group.id))
    if told is not None:
        uow.publish(told, key=group.id)
