"""What becomes of a family shows in its pendamping's caseload and in the year's graduations."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from contracts.registry import HouseholdStatus, HouseholdStatusChanged
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.registry.facilitators import queries
from services.registry.facilitators.models import Graduation
from services.registry.households import queries as households

when = Subscriptions("registry.facilitators")


@when(HouseholdStatusChanged)
async def let_a_closed_family_go(event: HouseholdStatusChanged, uow: UnitOfWork) -> None:
    """End the assignment of a closed family; a graduated one is still visited."""
    if event.status is not HouseholdStatus.CLOSED:
        return
    family = await households.get(uow.session, event.household_id, for_change=True)
    if family.status is not HouseholdStatus.CLOSED:
        return  # the merge that closed it is undone by now
    held = await queries.assignments_of(uow.session, [event.household_id])
    for assignment in held.values():
        assignment.end(on=max(event.changed_on, assignment.assigned_on))


@when(HouseholdStatusChanged)
async def count_a_graduation(event: HouseholdStatusChanged, uow: UnitOfWork) -> None:
    """Note whose family graduated, once however often it is told."""
    if event.status is not HouseholdStatus.GRADUATED:
        return
    day = event.changed_on
    whose = await queries.find_assigned(uow.session, event.household_id, on=day)
    graduation = Graduation(household_id=event.household_id, graduated_on=day, facilitator_id=whose)
    await uow.execute(insert(Graduation).on_conflict_do_nothing(), graduation.model_dump())


@when(HouseholdStatusChanged)
async def take_a_graduation_back(event: HouseholdStatusChanged, uow: UnitOfWork) -> None:
    """Note that a graduated family fell back: it counts for nobody any more."""
    if event.status is HouseholdStatus.RETURNED:
        await uow.execute(
            sa.update(Graduation)
            .where(col(Graduation.household_id) == event.household_id)
            .where(col(Graduation.reversed_on).is_(None))
            .values(reversed_on=event.changed_on)
        )
