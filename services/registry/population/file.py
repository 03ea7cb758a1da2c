"""Invented families as a file that the imports take."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from services.registry.population.families import REGISTERED_ON, Family, Person

MOST_MEMBERS = 4
OF_A_MEMBER = ("nik", "name", "sex", "birth_date", "relation")
COLUMNS = (
    *("reference", "kk_number", "desa_code", "registered_on", "phone", "address", "decile"),
    *(f"member_{n}_{name}" for n in range(1, MOST_MEMBERS + 1) for name in OF_A_MEMBER),
)
NOBODY = ("",) * len(OF_A_MEMBER)


def write(path: Path, families: Iterable[Family]) -> int:
    """Write a CSV file, a line a family; return how many."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS) + "\n")
        for line in lines(families):
            file.write(f"{line}\n")
            written += 1
    return written


def lines(families: Iterable[Family], *, ranked: bool = True) -> Iterator[str]:
    """Give a line a family, its columns as in `COLUMNS`; no cell needs quotes."""
    for family in families:
        yield ",".join(_cells(family, ranked=ranked))


def _cells(family: Family, *, ranked: bool) -> Iterator[str]:
    yield from (family.reference, family.kk_number, family.desa_code, REGISTERED_ON.isoformat())
    yield from (family.phone, family.address, str(family.decile) if ranked else "")
    for member in family.members:
        yield from _told(member)
    for _ in range(MOST_MEMBERS - len(family.members)):
        yield from NOBODY


def _told(member: Person) -> Iterator[str]:
    yield from (member.nik, member.name, member.sex, member.birth_date.isoformat(), member.relation)
