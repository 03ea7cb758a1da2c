"""The switching rules of ISO 2859-1: a group's lots are inspected as strictly as it has earned."""

import pytest

from kernel.ids import new_id
from kernel.lifecycle import IllegalMove
from services.export.quality.lifecycle import Severity
from services.export.quality.models import GroupQuality
from services.export.quality.problems import NotSteadyEnough

ALLOWED = {
    (Severity.NORMAL, "reduce"): Severity.REDUCED,
    (Severity.REDUCED, "restore"): Severity.NORMAL,
    (Severity.DISCONTINUED, "resume"): Severity.TIGHTENED,
}


def after(results: str, severity: Severity = Severity.NORMAL) -> GroupQuality:
    group = GroupQuality(group_id=new_id(), severity=severity)
    for result in results:
        group.count(accepted=result == "A")
    return group


@pytest.mark.parametrize(
    ("results", "severity"),
    [
        ("", Severity.NORMAL),
        ("R", Severity.NORMAL),
        ("RR", Severity.TIGHTENED),
        ("RAAAR", Severity.TIGHTENED),
        ("RAAAAR", Severity.NORMAL),
        ("RAAAARAR", Severity.TIGHTENED),
        ("RR" + "AAAA", Severity.TIGHTENED),
        ("RR" + "AAAAA", Severity.NORMAL),
        ("RR" + "AAAAR" + "AAAAA", Severity.NORMAL),
        ("RR" + "RRRR", Severity.TIGHTENED),
        ("RR" + "RRRRR", Severity.DISCONTINUED),
        ("RR" + "RARARARAR", Severity.DISCONTINUED),
        ("RR" + "RRRR" + "AAAAA" + "RR" + "RRRR", Severity.TIGHTENED),
        ("RR" + "RRRRR" + "AAAAAAAAAA", Severity.DISCONTINUED),
        ("A" * 20, Severity.NORMAL),
    ],
)
def test_results_switch_the_severity(results: str, severity: Severity) -> None:
    assert after(results).severity is severity


def test_a_rejected_lot_ends_reduced_inspection() -> None:
    steady = after("A" * 10)
    steady.reduce()

    steady.count(accepted=True)
    kept = steady.severity
    steady.count(accepted=False)

    assert (kept, steady.severity) == (Severity.REDUCED, Severity.NORMAL)


def test_reduced_inspection_needs_ten_accepted_lots_in_a_row() -> None:
    with pytest.raises(NotSteadyEnough):
        after("RAAAAAAAAA").reduce()


def test_a_discontinued_group_resumes_under_tightened_inspection() -> None:
    group = after("RR" + "RRRRR")

    group.resume()

    assert (group.severity, group.rejected_tightened) == (Severity.TIGHTENED, 0)


@pytest.mark.parametrize("verb", ["reduce", "restore", "resume"])
@pytest.mark.parametrize("severity", Severity)
def test_every_verb_in_every_severity(severity: Severity, verb: str) -> None:
    group = GroupQuality(group_id=new_id(), severity=severity, accepted_in_a_row=10)

    if (severity, verb) in ALLOWED:
        getattr(group, verb)()
        assert group.severity is ALLOWED[severity, verb]
        return

    with pytest.raises(IllegalMove):
        getattr(group, verb)()
