"""Limits that an invariant sets to what was measured."""

from tests.faults.scenario import Verdict


def only(verdict: Verdict, allowed: set[str]) -> None:
    """Let the verdict say if callers got any other answers."""
    given = {name.removeprefix("answered ") for name in verdict.figures if "answered" in name}
    if given - allowed:
        verdict.broken.append(f"callers were answered {', '.join(sorted(given - allowed))}")


def at_most(verdict: Verdict, figure: str, limit: float) -> None:
    """Let the verdict say if a figure is higher than it may be."""
    if verdict.figures[figure] > limit:
        verdict.broken.append(f"{figure}: {verdict.figures[figure]:.1f}, more than {limit:.0f}")
