"""What touches a family, a programme and its places together.

Locks are taken in one order: programmes, then enrolments, each by id. Families are not locked:
news of them comes in an order of its own, and who proposes waits for the programme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import JsonValue

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.problems import Problem
from services.empowerment.batches import Outcome
from services.empowerment.candidates import queries as candidates
from services.empowerment.candidates.models import Candidate
from services.empowerment.candidates.problems import CandidateNotFound
from services.empowerment.enrolments import queries
from services.empowerment.enrolments.models import Enrolment, Verb
from services.empowerment.enrolments.problems import (
    AlreadyEnrolled,
    EnrolmentNotFound,
    NotEligible,
)
from services.empowerment.findings import passed
from services.empowerment.programmes import queries as programmes
from services.empowerment.programmes.models import Programme
from services.empowerment.programmes.problems import ProgrammeNotFound


@dataclass(frozen=True)
class Proposal:
    """A family that somebody wants in a programme."""

    programme_id: UUID
    household_id: UUID
    proposed_on: date


@dataclass(frozen=True)
class Step:
    """What is to be done with enrolments, on which day, and why."""

    verb: Verb
    on: date
    reason: str | None


@dataclass(frozen=True)
class _Known:
    programmes: Mapping[UUID, Programme]
    families: Mapping[UUID, Candidate]
    live: Mapping[UUID, list[Enrolment]]


async def propose(
    uow: UnitOfWork, proposals: Sequence[Proposal], *, actor: Actor
) -> list[Enrolment | Problem]:
    """Propose families, each judged by itself; a refusal leaves the others standing."""
    known = await _known(uow, proposals, actor=actor)
    return [_judged(uow, proposal, known) for proposal in proposals]


async def _known(uow: UnitOfWork, proposals: Sequence[Proposal], *, actor: Actor) -> _Known:
    household_ids = sorted({proposal.household_id for proposal in proposals})
    programme_ids = sorted({proposal.programme_id for proposal in proposals})
    return _Known(
        programmes=await programmes.those_of(uow.session, programme_ids, lock=True),
        families=await candidates.those_of(uow.session, household_ids, actor=actor),
        live=await queries.live_of(uow.session, household_ids),
    )


def _judged(uow: UnitOfWork, proposal: Proposal, known: _Known) -> Enrolment | Problem:
    try:
        enrolment = _proposed(proposal, known)
    except Problem as refusal:
        return refusal
    known.live[proposal.household_id].append(enrolment)
    uow.add(enrolment)
    return enrolment


def _proposed(proposal: Proposal, known: _Known) -> Enrolment:
    programme = known.programmes.get(proposal.programme_id)
    if programme is None:
        raise ProgrammeNotFound(programme_id=proposal.programme_id)
    family = known.families.get(proposal.household_id)
    if family is None:
        raise CandidateNotFound(household_id=proposal.household_id)
    programme.require_open(on=proposal.proposed_on)
    family.require_open()
    _require_new(proposal, known.live[family.id])
    findings = programme.explain(family)
    eligibility: list[JsonValue] = [finding.model_dump(mode="json") for finding in findings]
    if not passed(findings):
        raise NotEligible(household_id=family.id, eligibility=eligibility)
    return Enrolment(
        programme_id=programme.id,
        household_id=family.id,
        eligibility=eligibility,
        proposed_on=proposal.proposed_on,
        moved_on=proposal.proposed_on,
    )


def _require_new(proposal: Proposal, live: Sequence[Enrolment]) -> None:
    for enrolment in live:
        if enrolment.programme_id == proposal.programme_id:
            raise AlreadyEnrolled(household_id=proposal.household_id, enrolment_id=enrolment.id)


async def move(
    uow: UnitOfWork, enrolment_ids: Sequence[UUID], step: Step, *, actor: Actor
) -> list[Outcome]:
    """Move enrolments on, each judged by itself; a refusal leaves the others standing."""
    programme_ids = await queries.programmes_of(uow.session, enrolment_ids)
    holders = await programmes.those_of(uow.session, programme_ids, lock=True)
    found = await queries.locked(uow.session, enrolment_ids, actor=actor)
    return [
        _moved(uow, found[each], programme=holders[found[each].programme_id], step=step)
        if each in found
        else EnrolmentNotFound(enrolment_id=each)
        for each in enrolment_ids
    ]


def _moved(uow: UnitOfWork, enrolment: Enrolment, *, programme: Programme, step: Step) -> Outcome:
    try:
        told = enrolment.move(step.verb, programme, on=step.on, reason=step.reason)
    except Problem as refusal:
        return refusal
    if told is not None:
        uow.publish(told, key=enrolment.id)
    return enrolment.id


async def move_one(uow: UnitOfWork, enrolment_id: UUID, step: Step, *, actor: Actor) -> Enrolment:
    """Move one enrolment on; raises what stands in the way."""
    (outcome,) = await move(uow, [enrolment_id], step, actor=actor)
    if isinstance(outcome, Problem):
        raise outcome
    return await uow.session.get_one(Enrolment, outcome)
