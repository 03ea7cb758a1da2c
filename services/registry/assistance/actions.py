"""Starting aid, hundreds at a time, and what it means for the family's status."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.registry import AidScheme, HouseholdStatus
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.problems import Problem
from services.registry.assistance import queries
from services.registry.assistance.models import ENDED_BY_GRADUATION, Assistance
from services.registry.assistance.problems import AlreadyReceives, GraduatedFromAid
from services.registry.households import queries as households
from services.registry.households.actions import keep_versions
from services.registry.households.lifecycle import HouseholdLifecycle
from services.registry.households.models import Household, Why
from services.registry.households.problems import HouseholdNotFound

Received = set[tuple[UUID, AidScheme]]


async def start(
    uow: UnitOfWork, asked: Sequence[Assistance], *, seen_by: Actor
) -> list[Problem | None]:
    """Start what nothing stands against; return, in order, what stood against the rest."""
    ids = {each.household_id for each in asked}
    families = await households.find_all(uow.session, ids, seen_by=seen_by)
    received = await queries.active_of(uow.session, ids)
    assisted: defaultdict[date, list[UUID]] = defaultdict(list)
    answers = []
    for aid in asked:
        answer = _start_one(uow, aid, families=families, received=received)
        answers.append(answer)
        if answer is None and _assist(uow, families[aid.household_id], on=aid.started_on):
            assisted[aid.started_on].append(aid.household_id)
    for day, moved in assisted.items():
        await keep_versions(uow, moved, on=day, why=Why("registry", "assistance_started"))
    return answers


def _start_one(
    uow: UnitOfWork, aid: Assistance, *, families: Mapping[UUID, Household], received: Received
) -> Problem | None:
    try:
        _require_room(aid, family=families.get(aid.household_id), received=received)
        started = aid.start()
    except Problem as problem:
        return problem
    received.add((aid.household_id, aid.scheme))
    uow.add(aid)
    uow.publish(started, key=aid.id)
    return None


def _require_room(aid: Assistance, *, family: Household | None, received: Received) -> None:
    household_id = str(aid.household_id)
    if family is None:
        raise HouseholdNotFound(household_id=household_id)
    family.require_live()
    if (aid.household_id, aid.scheme) in received:
        raise AlreadyReceives(household_id=household_id, scheme=aid.scheme.value)
    if family.status is HouseholdStatus.GRADUATED and aid.scheme in ENDED_BY_GRADUATION:
        raise GraduatedFromAid(household_id=household_id, scheme=aid.scheme.value)


def _assist(uow: UnitOfWork, family: Household, *, on: date) -> bool:
    if family.status not in HouseholdLifecycle.assist.sources:
        return False
    uow.publish(family.assist(on=on), key=family.id)
    return True
