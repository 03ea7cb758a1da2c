"""What becomes of the aid and the caseload of a family that turns out to be another."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.registry.assistance import actions as assistance
from services.registry.assistance import queries
from services.registry.assistance.lifecycle import State
from services.registry.assistance.models import Assistance, PkhComponent
from services.registry.duplicates.models import Merge, MovedAid
from services.registry.facilitators import queries as caseloads
from services.registry.facilitators.models import Assignment

Persons = Mapping[UUID, UUID]
"""Which member of the absorbed family is which of the survivor."""


async def end_aid(uow: UnitOfWork, made: Merge, *, persons: Persons, actor: Actor) -> None:
    """End the absorbed family's aid; where the survivor has none of its kind, its own begins."""
    for aid in await queries.active_for(uow.session, made.absorbed_id):
        on = max(made.merged_on, aid.started_on)
        uow.publish(aid.end(on=on, reason="merged"), key=aid.id)
        heir = _heir(aid, made.survivor_id, on=on, persons=persons)
        started = None
        if heir is not None:
            [problem] = await assistance.start(uow, [heir], seen_by=actor)
            started = heir if problem is None else None
        if started is not None:
            await _copy_components(uow, aid, started, persons=persons)
        made.aid = [
            *made.aid,
            MovedAid(ended=str(aid.id), started=str(started.id) if started else None),
        ]


async def resume_aid(uow: UnitOfWork, made: Merge, *, on: date) -> None:
    """End what the survivor got by the merge, and let the absorbed family's aid go on."""
    for each in made.aid:
        if each["started"] is not None:
            heir = await uow.session.get_one(Assistance, UUID(each["started"]))
            if heir.state is State.ACTIVE:
                ended = heir.end(on=max(on, heir.started_on), reason="unmerged")
                uow.publish(ended, key=heir.id)
        aid = await uow.session.get_one(Assistance, UUID(each["ended"]))
        uow.publish(aid.resume(), key=aid.id)


async def leave_caseload(uow: UnitOfWork, made: Merge) -> None:
    """Take the absorbed family out of its pendamping's caseload."""
    held = await caseloads.assignments_of(uow.session, [made.absorbed_id])
    for assignment in held.values():
        assignment.end(on=max(made.merged_on, assignment.assigned_on))
        made.assignment_id = assignment.id


async def return_to_caseload(uow: UnitOfWork, made: Merge) -> None:
    """Put the family back into the caseload that it left."""
    if made.assignment_id is not None:
        (await uow.session.get_one(Assignment, made.assignment_id)).resume()


def _heir(aid: Assistance, survivor_id: UUID, *, on: date, persons: Persons) -> Assistance | None:
    """Return the survivor's aid in this one's place; None where its person stays behind."""
    if aid.member_id is not None and aid.member_id not in persons:
        return None
    return Assistance(
        household_id=survivor_id,
        scheme=aid.scheme,
        member_id=aid.member_id and persons[aid.member_id],
        components=list(aid.components),
        started_on=on,
    )


async def _copy_components(
    uow: UnitOfWork, aid: Assistance, heir: Assistance, *, persons: Persons
) -> None:
    for each in await queries.components_of(uow.session, aid.id):
        if each.member_id in persons:
            uow.add(
                PkhComponent(
                    assistance_id=heir.id,
                    household_id=heir.household_id,
                    member_id=persons[each.member_id],
                    component=each.component,
                    starts_on=each.starts_on,
                    ends_on=each.ends_on,
                    end_reason=each.end_reason,
                )
            )
