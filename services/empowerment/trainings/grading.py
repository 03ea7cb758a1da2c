"""When a participant has learned a skill, and how well: the course's rule, answered in words."""

from collections.abc import Sequence

from contracts.empowerment import SkillGrade
from services.empowerment.findings import Finding

GRADE_A_FROM, GRADE_B_FROM = 85, 70


def grade_of(score: int) -> SkillGrade:
    """Return the grade of a passing score (0-100)."""
    if score >= GRADE_A_FROM:
        return SkillGrade.A
    return SkillGrade.B if score >= GRADE_B_FROM else SkillGrade.C


def explain(
    *, attended_days: int, score: int | None, required_days: int, pass_score: int
) -> Sequence[Finding]:
    """Answer the two rules of completion: days attended, and the score."""
    scored = score is not None and score >= pass_score
    return [
        Finding(
            rule="attended_days_at_least",
            passed=attended_days >= required_days,
            seen=attended_days,
            wanted=required_days,
        ),
        Finding(rule="score_at_least", passed=scored, seen=score, wanted=pass_score),
    ]
