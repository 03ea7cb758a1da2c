"""The weavers' weeks: how many baskets each brings, which lots fail, and what fails for good.

Sample data, made by fixed rules so that a story told again is the same story. A group's plan ends
exactly at its share of accepted pieces: what is rejected in one week is made again in the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cli.story.cast import GROUP_SIZE

FIRST_DELIVERY = date(2025, 4, 18)
WEEKS = 20
MOST_A_DAY = 3
# Lots that fail once: about one in seventeen, never twice in a group's five.
FAILS_EVERY = 17
SCRAPPED = {(3, 6), (17, 9)}

Fate = Literal["passes", "reworked", "scrapped"]


@dataclass(frozen=True)
class Week:
    """One delivery of a group: pieces per maker, its fate, and who loses how many pieces."""

    number: int
    counts: tuple[int, ...]
    fate: Fate
    defective: tuple[int, ...]
    lost: tuple[int, ...]

    @property
    def delivered_on(self) -> date:
        """The Friday of the collection."""
        return FIRST_DELIVERY + timedelta(weeks=self.number)

    @property
    def accepted(self) -> int:
        """Pieces that pass in the end."""
        return 0 if self.fate == "scrapped" else sum(self.counts) - sum(self.lost)


def weeks(*, group: int, share: int) -> Iterator[Week]:
    """Yield a group's weeks; their accepted pieces add up to `share`."""
    left = share
    for number in range(WEEKS):
        last = number == WEEKS - 1
        pieces = left if last else -(-left // (WEEKS - number))
        week = _week(number, group=group, pieces=pieces, may_fail=not last)
        left -= week.accepted
        yield week


def _week(number: int, *, group: int, pieces: int, may_fail: bool) -> Week:
    counts = spread(pieces, turn=number + group)
    fate = _fate(number, group=group) if may_fail else "passes"
    defective = _picked(counts, number + group, pieces=3) if fate != "passes" else (0,) * GROUP_SIZE
    lost = _picked(defective, number, pieces=1 + number % 2) if fate == "reworked" else defective
    return Week(number, counts, fate, defective, lost)


def _fate(number: int, *, group: int) -> Fate:
    if (group, number) in SCRAPPED:
        return "scrapped"
    fails = (group * 7 + number * 3) % FAILS_EVERY == 0
    near_a_scrapped_one = any(g == group and abs(n - number) < 6 for g, n in SCRAPPED)
    return "reworked" if fails and not near_a_scrapped_one else "passes"


def spread(pieces: int, *, turn: int) -> tuple[int, ...]:
    """Divide pieces over the makers of a group: nearly equal, uneven from week to week."""
    each, more = divmod(pieces, GROUP_SIZE)
    counts = [
        each + (1 if (maker + turn) % GROUP_SIZE < more else 0) for maker in range(GROUP_SIZE)
    ]
    for maker in range(turn % 3, GROUP_SIZE - 1, 4):
        moved = min(1, counts[maker])
        counts[maker] -= moved
        counts[maker + 1] += moved
    return tuple(counts)


def days_worked(pieces: int) -> int:
    """Return the days behind a count: one to three pieces a day."""
    return -(-pieces // MOST_A_DAY)


def _picked(counts: tuple[int, ...], turn: int, *, pieces: int) -> tuple[int, ...]:
    """Take so many pieces out of the counts, one a maker, beginning somewhere."""
    picked = [0] * len(counts)
    for step in range(len(counts)):
        maker = (turn * 5 + step) % len(counts)
        if sum(picked) < pieces and counts[maker] > 0:
            picked[maker] = 1
    return tuple(picked)
