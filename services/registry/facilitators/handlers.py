"""A family that left the registry leaves its pendamping's caseload."""

from contracts.registry import HouseholdStatus, HouseholdStatusChanged
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.registry.facilitators import queries

when = Subscriptions("registry.facilitators")


@when(HouseholdStatusChanged)
async def let_a_closed_family_go(event: HouseholdStatusChanged, uow: UnitOfWork) -> None:
    """End the assignment of a closed family; a graduated one is still visited."""
    if event.status is not HouseholdStatus.CLOSED:
        return
    held = await queries.assignments_of(uow.session, [event.household_id])
    for assignment in held.values():
        assignment.end(on=max(event.changed_on, assignment.assigned_on))
