"""Everything we ask of the projection of groups, makers and promised weeks."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from contracts.empowerment import SkillGrade
from kernel.auth import Actor
from kernel.pagination import PageRequest
from services.export.capacity.models import (
    CapacityBooking,
    CapacityGroup,
    CapacityMember,
    MakerSkill,
)
from services.export.capacity.room import WEEK, Output, Room

WEEKLY_PIECES = {SkillGrade.A: 18, SkillGrade.B: 14, SkillGrade.C: 10}
"""Pieces that a maker of a grade makes in a week, at home."""


@dataclass(frozen=True)
class Wanted:
    """Which groups a list is narrowed to, which skill is asked for, and from which week on."""

    region: str | None = None
    group_id: UUID | None = None
    skill: str | None = None
    since: date | None = None


@dataclass(frozen=True)
class Promised:
    """A group, its weekly output, and the pieces that it has promised."""

    group: CapacityGroup
    output: Output
    committed_pieces: int


@dataclass(frozen=True)
class PromisedPage:
    """One page of groups."""

    items: Sequence[Promised]
    next: str | None


async def members_of(session: AsyncSession, group_id: UUID) -> set[UUID]:
    """Return the household ids of the group's members; empty for a group that is not known."""
    query = select(CapacityMember.household_id).where(col(CapacityMember.group_id) == group_id)
    return set((await session.exec(query)).all())


def of_groups_seen_by(actor: Actor | None, group_id: Mapped[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition that a group works in the actor's regions; the service sees all."""
    if actor is None or not actor.regions:
        return sa.true()
    inside = sa.or_(*(_within(region) for region in actor.regions))
    return group_id.in_(select(CapacityGroup.group_id).where(inside))


async def list_(
    session: AsyncSession, page: PageRequest, *, actor: Actor, wanted: Wanted
) -> PromisedPage:
    """Return active groups in the actor's regions with what they can make and have promised."""
    query = _groups(wanted, actor.regions)
    if page.after is not None:
        query = query.where(col(CapacityGroup.group_id) > page.after)
    groups = (await session.exec(query.limit(page.limit + 1))).all()
    shown = {group.group_id: group for group in groups[: page.limit]}
    outputs = await outputs_of(session, skill=wanted.skill, group_ids=shown)
    committed = await _committed(session, shown, since=wanted.since)
    return PromisedPage(
        items=[Promised(shown[id_], outputs[id_], committed.get(id_, 0)) for id_ in shown],
        next=page.seal(list(shown)[-1]) if len(groups) > page.limit else None,
    )


def _groups(wanted: Wanted, regions: Collection[str]) -> SelectOfScalar[CapacityGroup]:
    query = select(CapacityGroup).where(col(CapacityGroup.active))
    if wanted.group_id is not None:
        query = query.where(col(CapacityGroup.group_id) == wanted.group_id)
    if wanted.region is not None:
        query = query.where(_within(wanted.region))
    if regions:
        query = query.where(sa.or_(*(_within(region) for region in regions)))
    return query.order_by(col(CapacityGroup.group_id))


def _within(region: str) -> sa.ColumnElement[bool]:
    desa = col(CapacityGroup.desa_code)
    return sa.or_(desa == region, desa.startswith(f"{region}.", autoescape=True))


async def _committed(
    session: AsyncSession, group_ids: Collection[UUID], *, since: date | None = None
) -> dict[UUID, int]:
    query = (
        select(CapacityBooking.group_id, sa.func.sum(col(CapacityBooking.pieces)))
        .where(col(CapacityBooking.group_id).in_(group_ids))
        .group_by(col(CapacityBooking.group_id))
    )
    if since is not None:
        query = query.where(col(CapacityBooking.week) > since - WEEK)
    return {group: int(pieces) for group, pieces in (await session.exec(query)).all()}


async def outputs_of(
    session: AsyncSession, *, skill: str | None, group_ids: Collection[UUID] | None = None
) -> dict[UUID, Output]:
    """Return the weekly output of active groups, by group; of all of them unless ids are given.

    With a `skill` only makers who learned it count; without, each counts with its best grade.
    """
    query = _outputs(of_one_skill=skill is not None, of_some_groups=group_ids is not None)
    given = {"skill": skill, "groups": list(group_ids or ())}
    rows = (await session.exec(query, params=given)).all()
    return {row[0]: Output(*row) for row in rows}


@cache
def _outputs(*, of_one_skill: bool, of_some_groups: bool) -> Select[UUID, int, int, int]:
    best = _best_grade(of_one_skill=of_one_skill)
    query = (
        select(
            CapacityGroup.group_id,
            sa.func.count(col(CapacityMember.household_id)),
            sa.func.count(best.c.grade),
            sa.func.coalesce(sa.func.sum(_weekly_pieces(best.c.grade)), 0),
        )
        .outerjoin(CapacityMember, col(CapacityMember.group_id) == col(CapacityGroup.group_id))
        .outerjoin(best, sa.true())
        .where(col(CapacityGroup.active))
        .group_by(col(CapacityGroup.group_id))
    )
    return query.where(_given(CapacityGroup.group_id)) if of_some_groups else query


def _best_grade(*, of_one_skill: bool) -> sa.FromClause:
    """Return a member's best grade, looked up for each member that is counted."""
    grade = sa.func.min(sa.cast(col(MakerSkill.grade), sa.String)).label("grade")
    query = select(grade).where(col(MakerSkill.household_id) == col(CapacityMember.household_id))
    if of_one_skill:
        query = query.where(col(MakerSkill.skill) == sa.bindparam("skill"))
    return query.lateral("best")


def _given(group_id: UUID) -> sa.ColumnElement[bool]:
    """Return the condition that a group is among those of the parameter `groups`."""
    return col(group_id) == sa.any_(sa.bindparam("groups", type_=ARRAY(sa.Uuid())))


def _weekly_pieces(grade: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    return sa.case({each.value: pieces for each, pieces in WEEKLY_PIECES.items()}, value=grade)


async def rooms(
    session: AsyncSession,
    *,
    skill: str,
    weeks: Sequence[date],
    group_ids: Collection[UUID] | None = None,
) -> dict[UUID, Room]:
    """Return, by active group, what it can still make with the skill in the given weeks."""
    outputs = await outputs_of(session, skill=skill, group_ids=group_ids)
    booked, earlier = await _promised(session, outputs.keys(), weeks)
    return {
        group: Room(output, weeks, booked.get(group, {}), earlier[group])
        for group, output in outputs.items()
    }


async def _promised(
    session: AsyncSession, group_ids: Collection[UUID], weeks: Sequence[date]
) -> tuple[dict[UUID, dict[date, int]], Counter[UUID]]:
    """Return the pieces promised by group: in each of the weeks, and ever."""
    first, last = (weeks[0], weeks[-1]) if weeks else (None, None)
    given = {"groups": list(group_ids), "first": first, "last": last}
    booked: dict[UUID, dict[date, int]] = {}
    ever: Counter[UUID] = Counter()
    for group, week, pieces in (await session.exec(_promises(), params=given)).all():
        ever[group] += pieces
        if week is not None:
            booked.setdefault(group, {})[week] = pieces
    return booked, ever


@cache
def _promises() -> Select[UUID, date | None, int]:
    booking, day = CapacityBooking, sa.Date()
    within = col(booking.week).between(
        sa.bindparam("first", type_=day), sa.bindparam("last", type_=day)
    )
    week = sa.case((within, col(booking.week))).label("week_asked_for")
    return (
        select(booking.group_id, week, sa.func.sum(col(booking.pieces)))
        .where(_given(booking.group_id))
        .group_by(col(booking.group_id), week)
    )


async def lock(session: AsyncSession, group_ids: Collection[UUID]) -> None:
    """Let nobody else promise these groups' weeks, or change their members, until the commit."""
    await session.exec(_locked(), params={"groups": list(group_ids)})


@cache
def _locked() -> SelectOfScalar[UUID]:
    query = select(CapacityGroup.group_id).where(_given(CapacityGroup.group_id))
    return query.order_by(col(CapacityGroup.group_id)).with_for_update(key_share=True)
