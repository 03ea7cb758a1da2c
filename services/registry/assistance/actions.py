"""Starting aid, hundreds at a time, and letting PKH support persons of a family."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.problems import Problem
from services.registry.assistance import queries
from services.registry.assistance.components import (
    AGES,
    MOST_PERSONS,
    Component,
    most_persons_at_once,
)
from services.registry.assistance.models import ENDED_BY_GRADUATION, Assistance, PkhComponent
from services.registry.assistance.problems import (
    AlreadyReceives,
    ComponentDoesNotFit,
    ComponentTwice,
    EndsBeforeStart,
    GraduatedFromAid,
    MemberUnknown,
    PregnancyNeedsEnd,
    TooManyPersons,
)
from services.registry.assistance.queries import Received
from services.registry.households import queries as households
from services.registry.households.actions import keep_versions
from services.registry.households.identity_numbers import Sex
from services.registry.households.lifecycle import HouseholdLifecycle
from services.registry.households.models import Household, Member, Why
from services.registry.households.problems import HouseholdNotFound

LONGEST_PREGNANCY_DAYS = 366
"""From the start of the support until its end: pregnancy, and the weeks after the birth."""


@dataclass(frozen=True)
class Known:
    """What there is of the families before some aid starts."""

    families: Mapping[UUID, Household]
    members: Mapping[UUID, Sequence[Member]]
    received: Received


async def start(
    uow: UnitOfWork, asked: Sequence[Assistance], *, seen_by: Actor
) -> list[Problem | None]:
    """Start what nothing stands against; return, in order, what stood against the rest."""
    ids = {each.household_id for each in asked}
    families = await households.find_all(uow.session, ids, seen_by=seen_by)
    known = Known(
        families,
        members=await households.members_of(uow.session, _personal(asked)),
        received=await queries.active_of(uow.session, ids),
    )
    assisted: defaultdict[date, list[UUID]] = defaultdict(list)
    answers = []
    for aid in asked:
        answer = _start_one(uow, aid, known)
        answers.append(answer)
        if answer is None and _assist(uow, families[aid.household_id], on=aid.started_on):
            assisted[aid.started_on].append(aid.household_id)
    for day, moved in assisted.items():
        await keep_versions(uow, moved, on=day, why=Why("registry", "assistance_started"))
    return answers


async def support(uow: UnitOfWork, aid: Assistance, component: PkhComponent) -> None:
    """Let PKH support a person of the family; the aid is locked.

    Raises:
        ComponentsOnlyForPkh, IllegalMove, MemberUnknown, ComponentDoesNotFit, PregnancyNeedsEnd,
        ComponentTwice, TooManyPersons.
    """
    aid.require_pkh()
    members = await households.members_of(uow.session, [aid.household_id])
    _require_fitting(component, _member(members[aid.household_id], component.member_id, aid=aid))
    _require_room_beside(component, await queries.components_of(uow.session, aid.id))
    aid.exit_told_on = None
    uow.add(component)


def _require_fitting(component: PkhComponent, member: Member) -> None:
    kind, since, until = component.component, component.starts_on, component.ends_on
    wrong_sex = kind is Component.PREGNANCY and member.sex is not Sex.FEMALE
    if wrong_sex or not AGES[kind].hold(member.birth_date, on=since):
        raise ComponentDoesNotFit(component=kind.value, on=since.isoformat())
    if until is not None and until < since:
        raise EndsBeforeStart(started_on=since.isoformat())
    lasting = until is None or (until - since).days > LONGEST_PREGNANCY_DAYS
    if kind is Component.PREGNANCY and lasting:
        raise PregnancyNeedsEnd(days=LONGEST_PREGNANCY_DAYS)


def _require_room_beside(component: PkhComponent, others: Sequence[PkhComponent]) -> None:
    span = component.span()
    for other in others:
        same = (other.member_id, other.component) == (component.member_id, component.component)
        if same and (other.span().holds(span.starts_on) or span.holds(other.starts_on)):
            raise ComponentTwice(component=component.component.value)
    if most_persons_at_once([span, *(other.span() for other in others)]) > MOST_PERSONS:
        raise TooManyPersons(most=MOST_PERSONS)


def _personal(asked: Sequence[Assistance]) -> set[UUID]:
    return {aid.household_id for aid in asked if aid.member_id is not None}


def _member(members: Sequence[Member], member_id: UUID, *, aid: Assistance) -> Member:
    found = next((member for member in members if member.id == member_id), None)
    if found is None:
        raise MemberUnknown(household_id=str(aid.household_id), member_id=str(member_id))
    return found


def _start_one(uow: UnitOfWork, aid: Assistance, known: Known) -> Problem | None:
    try:
        _require_room(aid, known)
        started = aid.start()
    except Problem as problem:
        return problem
    known.received[aid.household_id, aid.scheme].add(aid.member_id)
    uow.add(aid)
    uow.publish(started, key=aid.id)
    return None


def _require_room(aid: Assistance, known: Known) -> None:
    family = known.families.get(aid.household_id)
    household_id = str(aid.household_id)
    if family is None:
        raise HouseholdNotFound(household_id=household_id)
    family.require_live()
    if aid.member_id is not None:
        _member(known.members[aid.household_id], aid.member_id, aid=aid)
    persons = known.received[aid.household_id, aid.scheme]
    whole = aid.member_id is None or None in persons
    if aid.member_id in persons or (persons and whole):
        raise AlreadyReceives(household_id=household_id, scheme=aid.scheme.value)
    if family.status is HouseholdStatus.GRADUATED and aid.scheme in ENDED_BY_GRADUATION:
        raise GraduatedFromAid(household_id=household_id, scheme=aid.scheme.value)


def _assist(uow: UnitOfWork, family: Household, *, on: date) -> bool:
    if family.status not in HouseholdLifecycle.assist.sources:
        return False
    uow.publish(family.assist(on=on), key=family.id)
    return True
