"""When collected notifications go out: a cron expression, in the time of western Indonesia.

Five fields (minute hour day month weekday, Sunday 0 or 7), or six to seven as in the standard's
example (second first, Sunday 1, a year last). A field is `*`, `?`, numbers, ranges and steps.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from kernel.clock import JAKARTA

LONGEST_WAIT_DAYS = 366 * 4 + 1  # a 29 February may be four years away
ANY = frozenset({"*", "?"})
PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?", re.ASCII)


class TimetableInvalid(Exception):
    """No cron expression, or one with what we do not do: names, L, W, #, seconds, years."""


@dataclass(frozen=True)
class Timetable:
    """The moments at which a cron expression rings; weekdays count from Monday, 0."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def after(self, moment: datetime) -> datetime | None:
        """Return the next moment; none when no day fits, such as 31 February."""
        first = moment.astimezone(JAKARTA)
        for number in range(LONGEST_WAIT_DAYS):
            day = first.date() + timedelta(days=number)
            if day.day not in self.days or day.month not in self.months:
                continue
            if day.weekday() not in self.weekdays:
                continue
            for at in self._times():
                ringing = datetime.combine(day, at, JAKARTA)
                if ringing > moment:
                    return ringing.astimezone(UTC)
        return None

    def _times(self) -> Iterator[time]:
        return (
            time(hour, minute) for hour in sorted(self.hours) for minute in sorted(self.minutes)
        )


def read_timetable(cron: str) -> Timetable:
    """Return what a cron expression means.

    Raises:
        TimetableInvalid: it is none that we understand, or never rings.
    """
    fields = cron.split()
    as_in_quartz = len(fields) in {6, 7}
    if as_in_quartz:
        if fields[0] != "0" or fields[6:] not in ([], ["*"]):
            raise TimetableInvalid
        fields = fields[1:6]
    if len(fields) != 5:
        raise TimetableInvalid
    minutes, hours, days, months, weekdays = fields
    if not ANY & {days} and not ANY & {weekdays}:
        raise TimetableInvalid  # crons differ on whether both or either must fit
    table = Timetable(
        _numbers(minutes, 0, 59),
        _numbers(hours, 0, 23),
        _numbers(days, 1, 31),
        _numbers(months, 1, 12),
        _weekdays(weekdays, first=1 if as_in_quartz else 0),
    )
    if table.after(datetime(2024, 1, 1, tzinfo=UTC)) is None:
        raise TimetableInvalid
    return table


def _weekdays(field: str, *, first: int) -> frozenset[int]:
    """Return weekdays from Monday, 0, of a field in which Sunday is `first`."""
    if field in ANY:
        return frozenset(range(7))
    return frozenset((number - first - 1) % 7 for number in _numbers(field, first, 7))


def _numbers(field: str, least: int, most: int) -> frozenset[int]:
    if field in ANY:
        return frozenset(range(least, most + 1))
    return frozenset(number for part in field.split(",") for number in _part(part, least, most))


def _part(part: str, least: int, most: int) -> range:
    found = PART.fullmatch(part)
    if not found:
        raise TimetableInvalid
    begin, end, step = (int(text) if text else None for text in found.groups())
    if begin is None:
        begin, end = least, most
    elif end is None:
        end = most if step else begin
    if not least <= begin <= (end or 0) <= most or step == 0:
        raise TimetableInvalid
    return range(begin, (end or 0) + 1, step or 1)
