"""How families move on when others tell of them."""

from contracts.empowerment import EnrolmentActivated, GraduationApproved, GraduationReversed
from contracts.registry import HouseholdStatus, HouseholdStatusChanged
from kernel.db import UnitOfWork
from kernel.subscriptions import NotYet, Subscriptions
from services.registry.households import actions, queries
from services.registry.households.lifecycle import HouseholdLifecycle
from services.registry.households.models import Household, Why

when = Subscriptions("registry.households")


@when(EnrolmentActivated)
async def empower_the_family(event: EnrolmentActivated, uow: UnitOfWork) -> None:
    """Note the first programme; later ones, and growth after graduation, change no status."""
    family = await queries.get(uow.session, event.household_id, for_change=True)
    if family.status in HouseholdLifecycle.empower.sources:
        await _tell(uow, family, family.empower(on=event.activated_on))


@when(GraduationApproved)
async def graduate_the_family(event: GraduationApproved, uow: UnitOfWork) -> None:
    """Note the decision of empowerment's two people."""
    family = await queries.get(uow.session, event.household_id, for_change=True)
    if family.status in HouseholdLifecycle.graduate.sources:
        await _tell(uow, family, family.graduate(on=event.decided_on))


@when(GraduationReversed)
async def take_the_family_back(event: GraduationReversed, uow: UnitOfWork) -> None:
    """Note that the family fell back, once it is known to have graduated.

    Raises:
        NotYet: the graduation itself is still on its way.
    """
    family = await queries.get(uow.session, event.household_id, for_change=True)
    if family.status in {HouseholdStatus.RETURNED, HouseholdStatus.CLOSED}:
        return
    if family.status is not HouseholdStatus.GRADUATED:
        raise NotYet
    await _tell(uow, family, family.take_back(on=event.reversed_on, reason="graduation_reversed"))


async def _tell(uow: UnitOfWork, family: Household, event: HouseholdStatusChanged) -> None:
    uow.publish(event, key=family.id)
    why = Why("empowerment", event.reason)
    await actions.keep_versions(uow, [family.id], on=event.changed_on, why=why)
