"""Invented families as a file that the imports take."""

import csv
from collections.abc import Iterable
from pathlib import Path

from services.registry.population.families import REGISTERED_ON, Family

OF_A_FAMILY = ("reference", "kk_number", "desa_code", "registered_on", "phone", "address", "decile")
OF_A_MEMBER = ("nik", "name", "sex", "birth_date", "relation")
MOST_MEMBERS = 4


def write(path: Path, families: Iterable[Family]) -> int:
    """Write a CSV file, a line a family; return how many."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        of_members = [
            f"member_{n}_{name}" for n in range(1, MOST_MEMBERS + 1) for name in OF_A_MEMBER
        ]
        rows.writerow([*OF_A_FAMILY, *of_members])
        for family in families:
            rows.writerow(_line(family))
            written += 1
    return written


def _line(family: Family) -> list[object]:
    told: list[object] = [
        family.reference,
        family.kk_number,
        family.desa_code,
        REGISTERED_ON,
        family.phone,
        family.address,
        family.decile,
    ]
    told += [cell for member in family.members for cell in member]
    missing = MOST_MEMBERS - len(family.members)
    return told + [""] * (missing * len(OF_A_MEMBER))
