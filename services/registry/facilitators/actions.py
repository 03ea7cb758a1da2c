"""Entrusting families to a pendamping, and moving them to another, with the history kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from kernel.db import UnitOfWork
from kernel.problems import FieldError, Problem
from services.registry.facilitators import queries
from services.registry.facilitators.models import Assignment, Facilitator, FacilitatorArea
from services.registry.facilitators.problems import (
    AreaTaken,
    HasAnotherFacilitator,
    NotInTheCaseload,
    OutsideTheArea,
)
from services.registry.households.actions import keep_versions
from services.registry.households.models import Household, Why

Families = Mapping[UUID, Household]


async def assign(uow: UnitOfWork, facilitator: Facilitator, families: Families, *, on: date) -> int:
    """Entrust families to a pendamping; return how many were not in the caseload yet.

    Raises:
        HasAnotherFacilitator, OutsideTheArea, HouseholdIsClosed: nothing is changed.
    """
    held = await queries.assignments_of(uow.session, families.keys())
    others = [key for key, each in held.items() if each.facilitator_id != facilitator.id]
    _refuse(others, families, lambda count: HasAnotherFacilitator(count=count))
    fresh = [family for key, family in families.items() if key not in held]
    await _entrust(uow, facilitator, fresh, families=families, on=on)
    return len(fresh)


async def transfer(
    uow: UnitOfWork, *, giver: Facilitator, taker: Facilitator, families: Families, on: date
) -> None:
    """Move families from one caseload to another.

    Raises:
        NotInTheCaseload, OutsideTheArea, EndsBeforeAssignment: nothing is changed.
    """
    held = await queries.assignments_of(uow.session, families.keys())
    theirs = {key for key, each in held.items() if each.facilitator_id == giver.id}
    _refuse(families.keys() - theirs, families, lambda count: NotInTheCaseload(count=count))
    for assignment in held.values():
        assignment.end(on=on)
    await _entrust(uow, taker, list(families.values()), families=families, on=on)


async def add_area(
    uow: UnitOfWork, facilitator: Facilitator, area_code: str, *, since: date
) -> FacilitatorArea:
    """Let a pendamping, who is locked, work in a further region from a day on.

    Raises:
        AreaTaken: it is an area of that time already.
    """
    areas = (await queries.areas_of(uow.session, [facilitator.id]))[facilitator.id]
    for area in areas:
        lasts = area.valid_until is None or since < area.valid_until
        if area.area_code == area_code and lasts:
            raise AreaTaken(area_code=area_code)
    made = FacilitatorArea(facilitator_id=facilitator.id, area_code=area_code, valid_from=since)
    uow.add(made)
    return made


async def _entrust(
    uow: UnitOfWork,
    facilitator: Facilitator,
    fresh: Sequence[Household],
    *,
    families: Families,
    on: date,
) -> None:
    areas = (await queries.areas_of(uow.session, [facilitator.id]))[facilitator.id]
    outside = [
        family.id
        for family in fresh
        if not any(area.covers(family.desa_code, on=on) for area in areas)
    ]
    _refuse(outside, families, lambda count: OutsideTheArea(count=count))
    for family in fresh:
        uow.publish(family.entrust_to(facilitator.id, on=on), key=family.id)
    made = [
        Assignment(facilitator_id=facilitator.id, household_id=family.id, assigned_on=on)
        for family in fresh
    ]
    if made:
        await uow.execute(sa.insert(Assignment), [each.model_dump() for each in made])
        await keep_versions(
            uow, [family.id for family in fresh], on=on, why=Why("registry", "entrusted")
        )


def _refuse(
    wrong: Iterable[UUID], families: Families, problem_of: Callable[[int], Problem]
) -> None:
    positions = {key: index for index, key in enumerate(families)}
    indexes = sorted(positions[key] for key in wrong)
    if indexes:
        problem = problem_of(len(indexes))
        problem.errors = tuple(
            FieldError(f"/household_ids/{index}", problem.code, problem.title) for index in indexes
        )
        raise problem
