"""One person, two families, the same aid twice: found by the blind index of the NIK."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlmodel import col

from contracts.registry import AidScheme
from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.registry.assistance.lifecycle import State
from services.registry.assistance.models import Assistance
from services.registry.households.models import Household, Member
from services.registry.households.queries import visible
from services.registry.regions.queries import inside


@dataclass(frozen=True)
class Double:
    """A person's aid of one scheme in several families; the first member's id stands for both."""

    first_member_id: UUID
    scheme: AidScheme
    household_ids: list[UUID]
    assistance_ids: list[UUID]


async def list_(
    uow: UnitOfWork,
    *,
    scheme: AidScheme,
    within: str | None,
    after: UUID | None,
    limit: int,
    seen_by: Actor,
) -> list[Double]:
    """Return persons who have active aid of a scheme in more than one family."""
    aided = _aided(scheme, seen_by).subquery()
    first = _ids(aided, aided.c.member_id)[1]
    query = (
        sa.select(first, _ids(aided, aided.c.household_id), _ids(aided, aided.c.assistance_id))
        .group_by(aided.c.nik_index)
        .having(sa.func.count(aided.c.household_id.distinct()) > 1)
    )
    if within is not None:
        query = query.having(sa.func.bool_or(inside(aided.c.desa_code, within)))
    if after is not None:
        query = query.having(first > after)
    found = await uow.execute(query.order_by(first).limit(limit))
    return [
        Double(member_id, scheme, households, aid)
        for member_id, households, aid in map(tuple, found)
    ]


def _ids(aided: sa.Subquery, column: sa.ColumnElement[UUID]) -> sa.ColumnElement[Sequence[UUID]]:
    """Return the ids of a person's aid, all in the same order."""
    ordered = aggregate_order_by(column, aided.c.member_id, aided.c.assistance_id)
    return sa.type_coerce(sa.func.array_agg(ordered), ARRAY(sa.Uuid))


def _aided(scheme: AidScheme, seen_by: Actor) -> sa.Select[*tuple[object, ...]]:
    person = sa.and_(
        col(Member.household_id) == col(Assistance.household_id),
        col(Member.until_version).is_(None),
        sa.or_(col(Assistance.member_id).is_(None), col(Assistance.member_id) == col(Member.id)),
    )
    return (
        sa.select(
            col(Member.nik_index),
            col(Member.id).label("member_id"),
            col(Assistance.household_id),
            col(Assistance.id).label("assistance_id"),
            col(Household.desa_code),
        )
        .select_from(Assistance)
        .join(Member, person)
        .join(Household, col(Household.id) == col(Assistance.household_id))
        .where(col(Assistance.scheme) == scheme, col(Assistance.state) == State.ACTIVE)
        .where(visible(seen_by))
    )
