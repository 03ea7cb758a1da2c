"""How a rule's answer is told: passed or not, with the value seen and the value wanted."""

from pydantic import BaseModel, ConfigDict, JsonValue


class Finding(BaseModel):
    """One rule, and what it found; a value not known is seen as null, and does not pass."""

    model_config = ConfigDict(frozen=True)

    rule: str
    passed: bool
    seen: JsonValue
    wanted: JsonValue


def passed(findings: list[Finding]) -> bool:
    """Tell whether every rule passed."""
    return all(finding.passed for finding in findings)
