"""Who may take part in a programme: rules kept as data, each answered with what was seen."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from contracts.registry import HouseholdStatus
from kernel.fields import RegionCode
from kernel.web import Body
from services.empowerment.candidates.models import Candidate
from services.empowerment.findings import Finding


class DecileAtMost(Body):
    """The family is among the poorest; without a recorded decile it does not pass."""

    rule: Literal["decile_at_most"]
    value: Annotated[int, Field(ge=1, le=10)]

    def judge(self, family: Candidate) -> Finding:
        """Compare with the decile that BPS recorded last."""
        passed = family.decile is not None and family.decile <= self.value
        return Finding(rule=self.rule, passed=passed, seen=family.decile, wanted=self.value)


class StatusIn(Body):
    """The family stands at one of these points of its way."""

    rule: Literal["status_in"]
    value: Annotated[list[HouseholdStatus], Field(min_length=1, max_length=6)]

    def judge(self, family: Candidate) -> Finding:
        """Compare with the registry's status."""
        passed = family.status in self.value
        return Finding(rule=self.rule, passed=passed, seen=family.status, wanted=list(self.value))


class RegionIn(Body):
    """The family lives in one of these regions."""

    rule: Literal["region_in"]
    value: Annotated[list[RegionCode], Field(min_length=1, max_length=100)]

    def judge(self, family: Candidate) -> Finding:
        """Compare with the family's desa."""
        desa = family.desa_code or ""
        passed = any(desa == region or desa.startswith(f"{region}.") for region in self.value)
        return Finding(
            rule=self.rule, passed=passed, seen=family.desa_code, wanted=list(self.value)
        )


class AdultWomenAtLeast(Body):
    """At least so many grown women live in the family."""

    rule: Literal["adult_women_at_least"]
    value: Annotated[int, Field(ge=1, le=20)]

    def judge(self, family: Candidate) -> Finding:
        """Compare with the number that the registry told."""
        passed = family.adult_women is not None and family.adult_women >= self.value
        return Finding(rule=self.rule, passed=passed, seen=family.adult_women, wanted=self.value)


Rule = Annotated[
    DecileAtMost | StatusIn | RegionIn | AdultWomenAtLeast, Field(discriminator="rule")
]
RULES: TypeAdapter[list[Rule]] = TypeAdapter(list[Rule])


def explain(rules: Sequence[Rule], family: Candidate) -> list[Finding]:
    """Answer every rule, passed or not."""
    return [rule.judge(family) for rule in rules]
