"""Everything we ask of erasures, holds and retention rules."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.registry.duplicates.models import Merge
from services.registry.households.models import Household
from services.registry.households.queries import visible
from services.registry.sharing.consents.lifecycle import State as ConsentState
from services.registry.sharing.consents.models import Consent
from services.registry.sharing.erasure.lifecycle import HoldState, State
from services.registry.sharing.erasure.models import DataKind, Erasure, LegalHold, RetentionRule
from services.registry.sharing.erasure.problems import (
    ErasureAsked,
    ErasureNotFound,
    HoldNotFound,
    RuleNotFound,
    UnderLegalHold,
)


async def get(
    session: AsyncSession, erasure_id: UUID, *, seen_by: Actor, for_change: bool = False
) -> Erasure:
    """Return a request, locked until the transaction ends when it is `for_change`.

    Raises:
        ErasureNotFound: there is none, or the actor may not see its family.
    """
    query = (
        select(Erasure)
        .join(Household, col(Household.id) == col(Erasure.household_id))
        .where(Erasure.id == erasure_id, visible(seen_by))
    )
    if for_change:
        query = query.with_for_update(of=Erasure)
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise ErasureNotFound(erasure_id=str(erasure_id))
    return found


async def list_(
    session: AsyncSession, page: PageRequest, *, seen_by: Actor, state: State | None
) -> Rows[Erasure]:
    """Return a page of the requests about families that the actor may see."""
    query = (
        select(Erasure)
        .join(Household, col(Household.id) == col(Erasure.household_id))
        .where(visible(seen_by))
    )
    if state is not None:
        query = query.where(Erasure.state == state)
    return await page.rows(session, query, Erasure)


async def require_none_open(session: AsyncSession, household_id: UUID) -> None:
    """Guard a request.

    Raises:
        ErasureAsked: one waits for a decision.
    """
    query = select(Erasure.id).where(
        Erasure.household_id == household_id, Erasure.state == State.REQUESTED
    )
    if (await session.exec(query)).first():
        raise ErasureAsked


async def require_no_hold(session: AsyncSession, household_id: UUID) -> None:
    """Guard an erasure.

    Raises:
        UnderLegalHold: the law needs the data.
    """
    query = select(LegalHold).where(
        LegalHold.household_id == household_id, LegalHold.state == HoldState.HELD
    )
    hold = (await session.exec(query.limit(1))).one_or_none()
    if hold is not None:
        raise UnderLegalHold(reference=hold.reference)


async def get_hold(session: AsyncSession, hold_id: UUID, *, seen_by: Actor) -> LegalHold:
    """Return a hold, locked until the transaction ends.

    Raises:
        HoldNotFound: there is none, or the actor may not see its family.
    """
    query = (
        select(LegalHold)
        .join(Household, col(Household.id) == col(LegalHold.household_id))
        .where(LegalHold.id == hold_id, visible(seen_by))
        .with_for_update(of=LegalHold)
    )
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise HoldNotFound(hold_id=str(hold_id))
    return found


async def list_holds(
    session: AsyncSession, page: PageRequest, *, seen_by: Actor, household_id: UUID | None
) -> Rows[LegalHold]:
    """Return a page of the holds on families that the actor may see."""
    query = (
        select(LegalHold)
        .join(Household, col(Household.id) == col(LegalHold.household_id))
        .where(visible(seen_by))
    )
    if household_id is not None:
        query = query.where(LegalHold.household_id == household_id)
    return await page.rows(session, query, LegalHold)


async def get_rule(session: AsyncSession, rule_id: UUID) -> RetentionRule:
    """Return a retention rule, locked until the transaction ends.

    Raises:
        RuleNotFound: there is none.
    """
    query = select(RetentionRule).where(RetentionRule.id == rule_id).with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise RuleNotFound(rule_id=str(rule_id))
    return found


async def list_rules(session: AsyncSession, page: PageRequest) -> Rows[RetentionRule]:
    """Return a page of the retention rules, the oldest first."""
    return await page.rows(session, select(RetentionRule), RetentionRule)


async def find_months(session: AsyncSession, kind: DataKind, *, on: date) -> int | None:
    """Return how long a kind of data is needed by any purpose; None when no rule speaks of it."""
    query = (
        select(sa.func.max(RetentionRule.keep_months))
        .where(RetentionRule.data_kind == kind, RetentionRule.valid_from <= on)
        .where(
            sa.or_(col(RetentionRule.valid_until).is_(None), col(RetentionRule.valid_until) >= on)
        )
    )
    return (await session.exec(query)).one()


async def kept_too_long(
    session: AsyncSession, *, closed_before: date, limit: int
) -> Sequence[UUID]:
    """Return families that closed before a day and are not erased, held, or waiting for it."""
    held = sa.exists().where(
        col(LegalHold.household_id) == col(Household.id), col(LegalHold.state) == HoldState.HELD
    )
    decided = sa.exists().where(
        col(Erasure.household_id) == col(Household.id), col(Erasure.state) != State.CARRIED_OUT
    )
    query = (
        select(Household.id)
        .where(col(Household.closed_on) < closed_before, col(Household.data_key).is_not(None))
        .where(~held, ~decided)
        .order_by(col(Household.closed_on), col(Household.id))
    )
    return (await session.exec(query.limit(limit))).all()


async def live_consents_of(session: AsyncSession, household_id: UUID) -> Sequence[Consent]:
    """Return a family's live consents, locked."""
    query = select(Consent).where(
        Consent.household_id == household_id, Consent.state == ConsentState.LIVE
    )
    return (await session.exec(query.with_for_update())).all()


async def merged_into(session: AsyncSession, household_id: UUID) -> Sequence[Household]:
    """Return the families of the same persons that were merged into one, directly or by others."""
    merges = sa.select(col(Merge.absorbed_id), col(Merge.survivor_id)).where(
        col(Merge.undone_at).is_(None)
    )
    first = merges.where(col(Merge.survivor_id) == household_id).cte("merged", recursive=True)
    merged = first.union(merges.where(col(Merge.survivor_id) == first.c.absorbed_id))
    query = select(Household).where(col(Household.id).in_(sa.select(merged.c.absorbed_id)))
    return (await session.exec(query.order_by(col(Household.id)).with_for_update())).all()
