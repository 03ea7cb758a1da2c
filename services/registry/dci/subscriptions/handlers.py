"""What the registry tells the world, noted for the partners that subscribed to it."""

from collections.abc import Sequence
from uuid import UUID

from contracts.registry import (
    AssistanceEnded,
    AssistanceStarted,
    DecileRecorded,
    HouseholdChanged,
    HouseholdMerged,
    HouseholdRegistered,
    HouseholdStatusChanged,
    HouseholdUnmerged,
)
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.registry.dci.subscriptions import queries
from services.registry.dci.subscriptions.kinds import EventKind
from services.registry.dci.subscriptions.models import Change

when = Subscriptions("registry.dci")


@when.runs(HouseholdRegistered)
async def tell_of_registrations(events: Sequence[HouseholdRegistered], uow: UnitOfWork) -> None:
    """Note new families."""
    await _note(uow, EventKind.REGISTER, [event.household_id for event in events])


@when.runs(HouseholdChanged)
async def tell_of_changes(events: Sequence[HouseholdChanged], uow: UnitOfWork) -> None:
    """Note that families moved, or their members changed; and, once, that somebody joined."""
    ids = [event.household_id for event in events]
    await _note(uow, EventKind.UPDATE, ids)
    if await queries.is_wanted(uow.session, EventKind.NEW_MEMBER):
        joined = [each for each in ids if await queries.somebody_joined(uow, each)]
        await _note(uow, EventKind.NEW_MEMBER, joined)


@when.runs(HouseholdStatusChanged)
async def tell_of_statuses(events: Sequence[HouseholdStatusChanged], uow: UnitOfWork) -> None:
    """Note that families moved on, or back."""
    await _note(uow, EventKind.STATUS_CHANGE, [event.household_id for event in events])


@when.runs(HouseholdMerged)
async def tell_of_merges(events: Sequence[HouseholdMerged], uow: UnitOfWork) -> None:
    """Note that families took others in, which tell their own change of status."""
    await _note(uow, EventKind.MERGE, [event.into_household_id for event in events])


@when.runs(HouseholdUnmerged)
async def tell_of_merges_undone(events: Sequence[HouseholdUnmerged], uow: UnitOfWork) -> None:
    """Note that families that had been taken in are back."""
    await _note(uow, EventKind.UNMERGE, [event.household_id for event in events])


@when.runs(DecileRecorded)
async def tell_of_deciles(events: Sequence[DecileRecorded], uow: UnitOfWork) -> None:
    """Note that families were ranked."""
    await _note(uow, EventKind.POVERTY_SCORE_CHANGE, [event.household_id for event in events])


@when.runs(AssistanceStarted)
async def tell_of_aid(events: Sequence[AssistanceStarted], uow: UnitOfWork) -> None:
    """Note that families receive aid."""
    await _note(uow, EventKind.ENROLMENT, [event.household_id for event in events])


@when.runs(AssistanceEnded)
async def tell_of_aids_end(events: Sequence[AssistanceEnded], uow: UnitOfWork) -> None:
    """Note that families' aid ended."""
    await _note(uow, EventKind.EXIT, [event.household_id for event in events])


async def _note(uow: UnitOfWork, kind: EventKind, ids: Sequence[UUID]) -> None:
    if ids and await queries.is_wanted(uow.session, kind):
        uow.add(*(Change(household_id=each, kind=kind) for each in ids))
