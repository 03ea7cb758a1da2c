"""How this service learns of families; the events of one family may come in any order of topics.

Each reaction writes its own columns, and an older fact never replaces a newer one.
"""

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

when = Subscriptions("empowerment.candidates")

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
    """Keep where the family lives now; the registry tells a family's changes in their order."""
    facts: dict[str, Fact] = {
        "desa_code": event.desa_code,
        "member_count": event.member_count,
        "adult_women": event.adult_women,
    }
    await _keep(uow, event.household_id, facts, unless=sa.false())


@when(HouseholdStatusChanged)
async def follow_the_status(event: HouseholdStatusChanged, uow: UnitOfWork) -> None:
    """Keep where the family stands on its way from aid to income."""
    facts: dict[str, Fact] = {"status": event.status, "status_changed_on": event.changed_on}
    later = col(Candidate.status_changed_on) > event.changed_on
    await _keep(uow, event.household_id, facts, unless=later)


@when(DecileRecorded)
async def remember_the_decile(event: DecileRecorded, uow: UnitOfWork) -> None:
    """Keep the decile of the latest cycle, as BPS ranked it."""
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
    facts: dict[str, Fact] = {
        "facilitator_id": event.facilitator_id,
        "facilitator_assigned_on": event.assigned_on,
    }
    later = col(Candidate.facilitator_assigned_on) > event.assigned_on
    await _keep(uow, event.household_id, facts, unless=later)


async def _keep(
    uow: UnitOfWork, household_id: UUID, facts: dict[str, Fact], *, unless: sa.ColumnElement[bool]
) -> None:
    """Write the facts on the family's row, made if it is the first to be told of."""
    made = insert(Candidate).values(id=household_id, **facts)
    version = col(Candidate.version) + 1
    kept = made.on_conflict_do_update(
        index_elements=["id"],
        set_={**facts, "version": version, "changed_at": clock.now()},
        where=sa.not_(sa.func.coalesce(unless, sa.false())),
    )
    await uow.execute(kept)
