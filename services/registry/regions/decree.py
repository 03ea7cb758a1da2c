"""Take a decree's codes over: from the package that carries them into the table shipped here.

`python -m services.registry.regions.decree idn-area-data-4.0.1.tgz --in-force 2025-04-25`
"""

import argparse
import csv
import io
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO

from services.registry.regions import facts
from services.registry.regions.facts import Fact
from services.registry.regions.models import LEVELS, level_of, parent_of

TABLES = ("provinces", "regencies", "districts", "villages")
RANKS_LEFT_OUT = ("Kabupaten Administrasi ", "Kabupaten ")

# Acts 14, 15 and 16/2022 of 25 July 2022, and 29/2022 of 8 December 2022. What lies inside a
# province has its code since the province has its own.
NEW_PROVINCES = {
    "93": date(2022, 7, 25),
    "94": date(2022, 7, 25),
    "95": date(2022, 7, 25),
    "96": date(2022, 12, 8),
}


def names_in(package: Path) -> dict[str, str]:
    """Return the name of every code in an `idn-area-data` package."""
    with tarfile.open(package) as archive:
        return {
            code: name
            for table in TABLES
            for code, name in _rows(archive.extractfile(f"package/data/{table}.csv"))
        }


def _rows(file: IO[bytes] | None) -> Iterable[tuple[str, str]]:
    if file is None:
        raise ValueError("a table is no file")
    for row in csv.DictReader(io.TextIOWrapper(file, encoding="utf-8")):
        yield row["code"], _plain(row["name"])


def _plain(name: str) -> str:
    for rank in RANKS_LEFT_OUT:
        name = name.removeprefix(rank)
    return " ".join(name.split())


def taken_over(
    known: Sequence[Fact], told: Mapping[str, str], *, in_force: date | None
) -> list[Fact]:
    """Return what is known once a decree tells the codes valid from a day on.

    A code it leaves out was valid until then, and stays for the records that name it. The first
    table (`in_force` None) tells no day but those of the new provinces.
    """
    by_code = {fact.code: fact for fact in known}
    gone = [fact for fact in known if fact.code not in told]
    return [_told(by_code.get(code), code, name, in_force) for code, name in told.items()] + [
        fact._replace(valid_until=fact.valid_until or in_force) for fact in gone
    ]


def _told(before: Fact | None, code: str, name: str, in_force: date | None) -> Fact:
    if before is not None and before.valid_until is None:
        return before._replace(name=name)
    return Fact(code, name, in_force or NEW_PROVINCES.get(code[:2]))


def require_whole(told: Mapping[str, str]) -> None:
    """Raise ValueError when a region lies in none that is told."""
    lost = [code for code in told if (around := parent_of(code)) and around not in told]
    if lost:
        raise ValueError(f"no region around {', '.join(sorted(lost)[:5])}")


def counted(told: Iterable[str]) -> str:
    """Return how many regions of each level there are: "38 province, 514 kabupaten"."""
    found = Counter(level_of(code) for code in told)
    return ", ".join(f"{found[level]} {level}" for level in LEVELS)


def main(argv: Sequence[str] | None = None) -> None:
    """Rewrite the table, and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--in-force", type=date.fromisoformat, help="first day of the decree")
    parser.add_argument("--table", type=Path, default=facts.FILE)
    given = parser.parse_args(argv)
    told = names_in(given.package)
    require_whole(told)
    known = facts.read(given.table) if given.table.exists() else []
    after = taken_over(known, told, in_force=given.in_force)
    facts.write(after, given.table)
    sys.stdout.write(f"{counted(told)}; {len(after) - len(told)} codes no longer valid\n")


if __name__ == "__main__":
    main()
