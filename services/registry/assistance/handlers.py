"""Aid ends by the ministry's rule when a family graduates or leaves."""

from contracts.registry import HouseholdStatus, HouseholdStatusChanged
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.registry.assistance import queries
from services.registry.assistance.models import ENDED_BY_GRADUATION
from services.registry.households import queries as households

when = Subscriptions("registry.assistance")


@when(HouseholdStatusChanged)
async def end_what_the_family_leaves(event: HouseholdStatusChanged, uow: UnitOfWork) -> None:
    """End PKH and staple food at graduation, and all aid of a family that is closed."""
    if event.status not in {HouseholdStatus.GRADUATED, HouseholdStatus.CLOSED}:
        return
    family = await households.get(uow.session, event.household_id, for_change=True)
    closed = HouseholdStatus.CLOSED
    if event.status is closed and family.status is not closed:
        return  # the merge that closed it is undone by now
    graduated = event.status is HouseholdStatus.GRADUATED
    reason = "graduated" if graduated else event.reason
    for aid in await queries.active_for(uow.session, event.household_id):
        if graduated and aid.scheme not in ENDED_BY_GRADUATION:
            continue
        # Aid recorded to start after the day of the decision has never been paid.
        ended = aid.end(on=max(event.changed_on, aid.started_on), reason=reason)
        uow.publish(ended, key=aid.id)
