"""Every verb of every lifecycle, tried in every state."""

import itertools
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from contracts.empowerment import ExitKind
from kernel.ids import new_id
from kernel.lifecycle import IllegalMove, Lifecycle, Move
from services.empowerment.enrolments.lifecycle import EnrolmentLifecycle
from services.empowerment.enrolments.lifecycle import State as EnrolmentState
from services.empowerment.enrolments.models import Enrolment, Verb
from services.empowerment.graduation.lifecycle import ProposalLifecycle
from services.empowerment.graduation.lifecycle import State as ProposalState
from services.empowerment.graduation.models import Proposal
from services.empowerment.groups.lifecycle import GroupLifecycle
from services.empowerment.groups.lifecycle import State as GroupState
from services.empowerment.groups.models import Group
from services.empowerment.mentoring.lifecycle import State as VisitState
from services.empowerment.mentoring.lifecycle import VisitLifecycle
from services.empowerment.mentoring.models import Visit, VisitKind
from services.empowerment.programmes.lifecycle import ProgrammeLifecycle
from services.empowerment.programmes.lifecycle import State as ProgrammeState
from services.empowerment.programmes.models import Programme, Scheme
from services.empowerment.trainings.lifecycle import State as TrainingState
from services.empowerment.trainings.lifecycle import TrainingLifecycle
from services.empowerment.trainings.models import Training

DAY: Final = date(2025, 3, 10)


def programme(state: ProgrammeState) -> Programme:
    return Programme(
        code="KB", name="KB", owner_agency_code="K", scheme=Scheme.KUBE, eligibility=[], quota=5,
        places_taken=1, starts_on=DAY, ends_on=date(2025, 12, 31), state=state,
    )  # fmt: skip


def enrolment(state: EnrolmentState) -> Enrolment:
    return Enrolment(
        programme_id=new_id(), household_id=new_id(), eligibility=[], proposed_on=DAY,
        moved_on=DAY, state=state,
    )  # fmt: skip


def training(state: TrainingState) -> Training:
    return Training(
        code="T", programme_id=new_id(), course_code="C", skill="S", desa_code="33.02.05.2007",
        starts_on=DAY, days=1, seats=5, seats_taken=1, required_days=1, pass_score=60, state=state,
    )  # fmt: skip


def visit(state: VisitState) -> Visit:
    return Visit(
        group_id=new_id(), desa_code="33.02.05.2007", kind=VisitKind.QUALITY, planned_on=DAY,
        state=state,
    )  # fmt: skip


def group(state: GroupState) -> Group:
    made = Group(number="K-1", name="K", desa_code="33.02.05.2007", formed_on=DAY, state=state)
    made.chair, made.secretary, made.treasurer = new_id(), new_id(), new_id()
    return made


def proposal(state: ProposalState) -> Proposal:
    return Proposal(
        household_id=new_id(), exit_kind=ExitKind.SELF_RELIANT, proposed_on=DAY,
        proposed_by="maker", criteria_version="1", readiness=Decimal(1), ready=True, snapshot={},
        state=state,
    )  # fmt: skip


def enrolment_verbs() -> dict[str, Callable[[Enrolment], object]]:
    return {
        verb: lambda e, verb=verb: e.move(  # type: ignore[misc]  # mypy loses the bound default
            verb, programme(ProgrammeState.OPEN), on=DAY, reason=None
        )
        for verb in Verb
    }


TABLES = [
    (ProgrammeLifecycle, ProgrammeState, programme,
     {"open": lambda p: p.open(), "close": lambda p: p.close()}),
    (EnrolmentLifecycle, EnrolmentState, enrolment, enrolment_verbs()),
    (TrainingLifecycle, TrainingState, training,
     {"start": lambda t: t.start(), "complete": lambda t: t.complete(on=DAY),
      "cancel": lambda t: t.cancel(reason="banjir")}),
    (VisitLifecycle, VisitState, visit,
     {"record": lambda v: v.record(on=DAY, findings="rapi", follow_up_due=None),
      "close": lambda v: v.close(on=DAY, outcome="selesai")}),
    (GroupLifecycle, GroupState, group,
     {"activate": lambda g: g.activate(members=[new_id() for _ in range(5)], on=DAY),
      "dissolve": lambda g: g.dissolve(on=DAY)}),
    (ProposalLifecycle, ProposalState, proposal,
     {"approve": lambda p: p.approve(on=DAY, by="checker", reason="bukti"),
      "refuse": lambda p: p.refuse(on=DAY, by="checker", reason="bukti"),
      "reverse": lambda p: p.reverse(on=DAY, by="checker", reason="bukti")}),
]  # fmt: skip
CASES = [
    pytest.param(lifecycle, make, verb, act, state, id=f"{lifecycle.__name__} {verb} {state}")
    for lifecycle, states, make, verbs in TABLES
    for (verb, act), state in itertools.product(verbs.items(), states)
]


@pytest.mark.parametrize(("lifecycle", "make", "verb", "act", "state"), CASES)
def test_a_verb_happens_where_there_is_an_arrow_and_nowhere_else(
    lifecycle: type[Lifecycle],
    make: Callable[..., object],
    verb: str,
    act: Callable[..., object],
    state: str,
) -> None:
    arrow = vars(lifecycle)[verb]
    assert isinstance(arrow, Move)
    thing = make(state)

    if state not in arrow.sources:
        with pytest.raises(IllegalMove):
            act(thing)
        assert vars(thing)["state"] == state
        return
    act(thing)
    assert vars(thing)["state"] == arrow.target


@pytest.mark.parametrize(
    ("lifecycle", "verbs"),
    [(table[0], table[3]) for table in TABLES],
    ids=lambda each: str(each)[:40],
)
def test_no_arrow_is_left_untried(lifecycle: type[Lifecycle], verbs: dict[str, object]) -> None:
    assert {move.name for move in lifecycle.moves()} == set(verbs)
