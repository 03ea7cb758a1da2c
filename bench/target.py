"""A target: what is compared with which yardstick, and where the floor and the aim lie."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from bench.ground import Ground


class Round(NamedTuple):
    """One interleaved turn: the yardstick and ours, measured one right after the other."""

    ours: float
    yardstick: float


Rounds = Callable[[Ground, str, int], AsyncIterator[Round]]
"""Gives so many rounds of one variant; the first of them may be thrown away to warm up."""


@dataclass(frozen=True)
class Target:
    """A row of the targets: `added` compares by difference, else by ratio.

    Less is better where it is `added`, or `at_most`.
    """

    name: str
    what: str
    yardstick: str
    unit: str
    floor: float
    aim: float
    variants: tuple[str, ...]
    rounds: Rounds
    added: bool = False
    at_most: bool = False

    def compare(self, turn: Round) -> float:
        """Return ours against the yardstick: a ratio, or in the target's unit what ours adds."""
        return turn.ours - turn.yardstick if self.added else turn.ours / turn.yardstick

    def result(self, turns: list[Round]) -> float:
        """Return the median comparison."""
        return median(map(self.compare, turns))

    def reached(self, result: float) -> bool:
        """Say whether the floor is reached."""
        less_is_better = self.added or self.at_most
        return result <= self.floor if less_is_better else result >= self.floor
