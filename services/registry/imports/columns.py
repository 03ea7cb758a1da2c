"""The form of a household file: its columns, and how one line becomes a family.

Columns: `reference, kk_number, desa_code, registered_on` and, where known, `phone, address,
decile`; then `member_N_nik, _name, _sex, _birth_date, _relation` for N from 1 to 8. Separated by
commas or, as Indonesian spreadsheets write, by semicolons; dates as YYYY-MM-DD; one line a family.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from kernel.problems import FieldError, Problem
from services.registry.households.actions import require_sound
from services.registry.households.problems import OneHeadNeeded, SamePersonTwice
from services.registry.households.registration import HouseholdIn
from services.registry.imports.faults import Fault
from services.registry.imports.problems import (
    MISSING_COLUMN,
    REPEATED_COLUMN,
    UNKNOWN_COLUMN,
    ColumnsWrong,
)

MAX_MEMBERS = 8
REQUIRED = ("reference", "kk_number", "desa_code", "registered_on")
OPTIONAL = ("phone", "address", "decile")
OF_A_MEMBER = ("nik", "name", "sex", "birth_date", "relation")

UNSOUND: dict[type[Problem], tuple[str, Fault]] = {
    OneHeadNeeded: ("member_1_relation", Fault.ONE_HEAD_NEEDED),
    SamePersonTwice: ("member_1_nik", Fault.NIK_TWICE_IN_FAMILY),
}

DECILE = TypeAdapter(Annotated[int, Field(ge=1, le=10)])


def member_columns(number: int) -> list[str]:
    """Return the columns of the file's Nth member, from 1."""
    return [f"member_{number}_{name}" for name in OF_A_MEMBER]


KNOWN = {
    *REQUIRED,
    *OPTIONAL,
    *(name for number in range(1, MAX_MEMBERS + 1) for name in member_columns(number)),
}


@dataclass(frozen=True)
class Wrong:
    """One wrong cell: its column, and a code that `faults.words` puts into words."""

    column: str
    code: str


@dataclass
class Row:
    """One line of the file; `family` is None when it cannot be read as one."""

    number: int
    family: HouseholdIn | None = None
    decile: int | None = None
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    """How a file's lines are to be read."""

    columns: Sequence[str]
    delimiter: str

    def row(self, line: str, *, number: int) -> Row:
        """Read one line as a family."""
        cells = next(csv.reader([line], delimiter=self.delimiter), [])
        if len(cells) != len(self.columns):
            return Row(number, wrong=[Wrong(self.columns[0], Fault.CELL_COUNT)])
        told = {
            name: cell.strip()
            for name, cell in zip(self.columns, cells, strict=True)
            if cell.strip()
        }
        return _row(told, number=number)


def layout_of(header: str) -> Layout:
    """Read a file's first line.

    Raises:
        ColumnsWrong: columns are missing, unknown or named twice. An unknown name is told by
            its position alone: a file without header has a person's data there.
    """
    delimiter = ";" if header.count(";") > header.count(",") else ","
    columns = [cell.strip().lower() for cell in next(csv.reader([header], delimiter=delimiter), [])]
    errors = [
        FieldError(f"/columns/{name}", "missing", MISSING_COLUMN)
        for name in (*REQUIRED, *member_columns(1))
        if name not in columns
    ]
    for position, name in enumerate(columns):
        if name not in KNOWN:
            errors.append(FieldError(f"/columns/{position}", "unknown", UNKNOWN_COLUMN))
        elif name in columns[:position]:
            errors.append(FieldError(f"/columns/{name}", "repeated", REPEATED_COLUMN))
    if errors:
        raise ColumnsWrong(errors=tuple(errors))
    return Layout(columns, delimiter)


def _row(told: dict[str, str], *, number: int) -> Row:
    row = Row(number)
    slots = [
        slot
        for slot in range(1, MAX_MEMBERS + 1)
        if any(name in told for name in member_columns(slot))
    ]
    members = [
        {name: told.get(f"member_{slot}_{name}") for name in OF_A_MEMBER} for slot in slots or [1]
    ]
    given = {name: told[name] for name in (*REQUIRED, "phone", "address") if name in told}
    row.decile = _decile(told.get("decile"), row)
    try:
        row.family = HouseholdIn.model_validate({**given, "members": members})
        require_sound(row.family)
    except ValidationError as error:
        row.wrong += [_wrong(each["loc"], each["type"], slots or [1]) for each in error.errors()]
    except Problem as problem:
        column, fault = UNSOUND[type(problem)]
        row.wrong.append(Wrong(column, fault))
    return row


def _decile(text: str | None, row: Row) -> int | None:
    if text is None:
        return None
    try:
        return DECILE.validate_python(text)
    except ValidationError as error:
        row.wrong.append(Wrong("decile", error.errors()[0]["type"]))
        return None


def _wrong(place: tuple[int | str, ...], code: str, slots: Sequence[int]) -> Wrong:
    if place[0] == "members" and len(place) > 2:
        return Wrong(f"member_{slots[int(place[1])]}_{place[2]}", _said(code))
    return Wrong(str(place[0]), _said(code))


def _said(code: str) -> str:
    # An empty cell of a member arrives as no text: for people that is a missing value.
    return "missing" if code in {"string_type", "date_type", "enum_type"} else code
