"""How this service learns of families.

The events of one topic about one family come in their order, those of several topics in any: each
reaction writes its own columns, and makes the family's row where it is the first to tell of it.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from contracts.registry import (
    CaseloadAssigned,
    DecileRecorded,
    HouseholdChanged,
    HouseholdRegistered,
    HouseholdStatusChanged,
)
from kernel import clock
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.empowerment.candidates.models import Candidate

when = Subscriptions("empowerment.candidates", projection=(Candidate,))

Fact = str | int | date | UUID


@when(HouseholdRegistered)
async def learn_of_the_family(event: HouseholdRegistered, uow: UnitOfWork) -> None:
    """Keep where the family lives and how large it is, unless a later change told it."""
    facts: dict[str, Fact] = {
        "desa_code": event.desa_code,
        "member_count": event.member_count,
        "adult_women": event.adult_women,
        "registered_on": event.registered_on,
    }
    changed_since = col(Candidate.desa_code).is_not(None)
    await _keep(uow, event.household_id, facts, unless=changed_since)


@when(HouseholdChanged)
async def follow_the_change(event: HouseholdChanged, uow: UnitOfWork) -> None:
    """Keep where the family lives now."""
    facts: dict[str, Fact] = {
        "desa_code": event.desa_code,
        "member_count": event.member_count,
        "adult_women": event.adult_women,
    }
    await _keep(uow, event.household_id, facts)


@when(HouseholdStatusChanged)
async def follow_the_status(event: HouseholdStatusChanged, uow: UnitOfWork) -> None:
    """Keep where the family stands on its way from aid to income."""
    await _keep(uow, event.household_id, {"status": event.status})


@when(DecileRecorded)
async def remember_the_decile(event: DecileRecorded, uow: UnitOfWork) -> None:
    """Keep the decile of the latest cycle, as BPS ranked it; an older cycle may be told later."""
    facts: dict[str, Fact] = {
        "decile": event.decile,
        "decile_cycle": event.cycle,
        "decile_reference_date": event.reference_date,
    }
    known = sa.tuple_(col(Candidate.decile_reference_date), col(Candidate.decile_cycle))
    later = known > sa.tuple_(sa.literal(event.reference_date), sa.literal(event.cycle))
    await _keep(uow, event.household_id, facts, unless=later)


@when(CaseloadAssigned)
async def remember_the_pendamping(event: CaseloadAssigned, uow: UnitOfWork) -> None:
    """Keep who accompanies the family."""
    await _keep(uow, event.household_id, {"facilitator_id": event.facilitator_id})


async def _keep(
    uow: UnitOfWork,
    household_id: UUID,
    facts: Mapping[str, Fact],
    *,
    unless: sa.ColumnElement[bool] | None = None,
) -> None:
    """Write the facts on the family's row; `unless` tells of a row that knows better."""
    made = insert(Candidate).values(id=household_id, **facts)
    version = col(Candidate.version) + 1
    kept = made.on_conflict_do_update(
        index_elements=["id"],
        set_={**facts, "version": version, "changed_at": clock.now()},
        where=None if unless is None else sa.not_(sa.func.coalesce(unless, sa.false())),
    )
    await uow.execute(kept)
