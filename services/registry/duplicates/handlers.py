"""What the search for duplicates learns of families: who came or changed, and who left."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from contracts.registry import (
    HouseholdChanged,
    HouseholdErased,
    HouseholdRegistered,
    HouseholdStatus,
    HouseholdStatusChanged,
    HouseholdUnmerged,
)
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.registry.duplicates import actions, queries
from services.registry.duplicates.models import Waiting
from services.registry.households import queries as households

when = Subscriptions("registry.duplicates")


@when.runs(HouseholdRegistered)
async def compare_who_came(events: Sequence[HouseholdRegistered], uow: UnitOfWork) -> None:
    """Let the worker compare the families with all others; it has the keys that takes."""
    await _queue(uow, {event.household_id for event in events})


@when.runs(HouseholdChanged)
async def compare_who_changed(events: Sequence[HouseholdChanged], uow: UnitOfWork) -> None:
    """Let the worker look again at families that moved, or whose members changed."""
    await _queue(uow, {event.household_id for event in events})


@when(HouseholdUnmerged)
async def compare_who_came_back(event: HouseholdUnmerged, uow: UnitOfWork) -> None:
    """Let the worker look again at both."""
    await _queue(uow, {event.household_id, event.from_household_id})


@when(HouseholdStatusChanged)
async def let_a_closed_family_be(event: HouseholdStatusChanged, uow: UnitOfWork) -> None:
    """Forget the trace of a family that left, unless it is back by now, and what waits with it."""
    if event.status is not HouseholdStatus.CLOSED:
        return
    family = await households.get(uow.session, event.household_id, for_change=True)
    if family.status is HouseholdStatus.CLOSED:
        await _let_be(uow, family.id)


@when(HouseholdErased)
async def forget_an_erased_family(event: HouseholdErased, uow: UnitOfWork) -> None:
    """Forget what would tell two records of an erased family."""
    await _let_be(uow, event.household_id)


async def _queue(uow: UnitOfWork, ids: set[UUID]) -> None:
    rows = [{"household_id": household_id} for household_id in sorted(ids)]
    await uow.execute(insert(Waiting).on_conflict_do_nothing(), rows)


async def _let_be(uow: UnitOfWork, household_id: UUID) -> None:
    await actions.forget(uow, [household_id])
    for ticket in await queries.waiting_with(uow.session, household_id):
        ticket.lapse()
