"""What every fault scenario is: a name, an invariant, a seed, and a verdict that was counted."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.stage import Stage

SCENARIOS: "dict[str, Scenario]" = {}


@dataclass(frozen=True)
class Trial:
    """One run of a scenario: how much, from which seed, where, with which mistake planted.

    `events` is how many events to aim at; `calm` shortens waits of minutes to seconds. The stage
    holds the servers that runs share, and starts none before it is asked.
    """

    seed: int
    events: int
    folder: Path
    planted: str = ""
    calm: bool = True
    stage: Stage = field(default_factory=Stage)

    @property
    def dice(self) -> random.Random:
        """Return dice that fall the same way for the same seed."""
        return random.Random(self.seed)  # noqa: S311 - dice, not a secret


@dataclass
class Verdict:
    """What the checker counted: commands acknowledged, events, faults, and what went wrong."""

    acknowledged: int = 0
    events: int = 0
    faults: int = 0
    lost: int = 0
    doubled: int = 0
    inverted: int = 0
    broken: list[str] = field(default_factory=list)
    """Every other breach of the invariant, one sentence each."""
    figures: dict[str, float] = field(default_factory=dict)
    """What was measured beside: seconds to recover, answers by status."""

    @property
    def holds(self) -> bool:
        """Say whether the invariant held."""
        return not (self.lost or self.doubled or self.inverted or self.broken)


Run = Callable[[Trial], Awaitable[Verdict]]


@dataclass(frozen=True)
class Scenario:
    """A named fault and the one thing that must hold whatever it does."""

    name: str
    fault: str
    invariant: str
    short: int
    long: int
    run: Run


def scenario(
    name: str, *, fault: str, invariant: str, short: int, long: int
) -> Callable[[Run], Run]:
    """Register the decorated function; `short` and `long` are the events of the two forms."""

    def register(run: Run) -> Run:
        SCENARIOS[name] = Scenario(name, fault, invariant, short, long, run)
        return run

    return register
