"""Families by the hundred thousand, as a file tells of them: invented, with impossible numbers."""

from collections.abc import Iterator, Sequence
from datetime import date

MEMBERS_IN_TURN = (2, 3, 4, 3, 3)
MOST_MEMBERS = max(MEMBERS_IN_TURN)
OF_A_MEMBER = ("nik", "name", "sex", "birth_date", "relation")
COLUMNS = (
    *("reference", "kk_number", "desa_code", "registered_on", "phone", "address", "decile"),
    *(f"member_{n}_{name}" for n in range(1, MOST_MEMBERS + 1) for name in OF_A_MEMBER),
)
SYNTHETIC = "0000"


def lines(desa: Sequence[str], *, families: int, ranked: bool) -> Iterator[str]:
    """Give a line a family, three members on average, spread over the desa."""
    for number in range(families):
        yield ",".join(_cells(number, desa[number * 7919 % len(desa)], ranked=ranked))


def _cells(number: int, desa_code: str, *, ranked: bool) -> Iterator[str]:
    # Not a real one: the middle, where the day of issue stands, counts on.
    yield f"BENCH-{number:07}"
    yield f"{desa_code.replace('.', '')[:6]}{number % 1_000_000:06}{SYNTHETIC}"
    yield from (desa_code, "2025-01-15", f"0812{number:08}", f"Jalan Contoh {number}")
    yield str(number % 10 + 1) if ranked else ""
    size = MEMBERS_IN_TURN[number % len(MEMBERS_IN_TURN)]
    for position in range(MOST_MEMBERS):
        if position < size:
            yield from _member(number, position, desa_code)
        else:
            yield from ("",) * len(OF_A_MEMBER)


def _member(number: int, position: int, desa_code: str) -> Iterator[str]:
    nth = number * MOST_MEMBERS + position
    born = date.fromordinal(date(1950, 1, 1).toordinal() + nth % 25_000)
    woman = nth % 2 == 0
    day = born.day + (40 if woman else 0)
    yield f"{desa_code.replace('.', '')[:6]}{day:02}{born:%m%y}{nth % 10_000:04}"
    yield f"Contoh {number} {position}"
    yield from ("female" if woman else "male", born.isoformat())
    yield "child" if position else "head"
