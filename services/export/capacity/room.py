"""How much a group can still make in some weeks, and which weeks it would take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

WEEK = timedelta(days=7)


def full_weeks(first: date, last: date) -> Sequence[date]:
    """Return the Mondays of the calendar weeks that lie wholly between two days, both included."""
    monday = first + timedelta(days=-first.weekday() % 7)
    count = max(0, (last - monday + timedelta(days=1)).days // 7)
    return [monday + WEEK * nth for nth in range(count)]


@dataclass(frozen=True)
class Output:
    """What a group makes in a week: its makers, those with the skill, and their pieces."""

    group_id: UUID
    makers: int
    skilled_makers: int
    weekly_pieces: int


@dataclass(frozen=True)
class Room:
    """A group's output over some weeks, with the pieces that each week has promised already."""

    output: Output
    weeks: Sequence[date]
    booked: Mapping[date, int] = field(default_factory=dict)
    earlier_pieces: int = 0

    @property
    def free_pieces(self) -> int:
        """Return the pieces that the weeks can still take."""
        weekly = self.output.weekly_pieces
        taken = sum(min(pieces, weekly) for pieces in self.booked.values())
        return weekly * len(self.weeks) - taken

    def fill(self, pieces: int) -> Iterator[tuple[date, int]]:
        """Yield week and pieces, earliest weeks first; `pieces` is at most what is free."""
        for week in self.weeks:
            fitting = min(pieces, self.output.weekly_pieces - self.booked.get(week, 0))
            if fitting > 0:
                pieces -= fitting
                yield week, fitting
            if pieces == 0:
                return
