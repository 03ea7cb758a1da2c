"""The form of a household file: its columns, and how one line becomes a family.

Columns: `reference, kk_number, desa_code, registered_on` and, where known, `phone, address,
decile`, what the family lives on (`skills, productive_members, micro_business, business, assets`),
then `member_N_nik, _name, _sex, _birth_date, _relation` and more for N from 1 to 8. A desa may be
named instead: `desa_name` with `kecamatan_name, kabupaten_name`. Dates as YYYY-MM-DD; several
words in a cell are separated by `|` or `;`; one line a family.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from kernel.problems import Problem
from services.registry.households.actions import require_sound
from services.registry.households.problems import OneHeadNeeded, SamePersonTwice
from services.registry.households.registration import HouseholdIn
from services.registry.imports.cells import MARK, read_mark, split
from services.registry.imports.faults import Fault
from services.registry.regions.models import Level

MAX_MEMBERS = 8
REQUIRED = ("reference", "kk_number", "desa_code", "registered_on")
PLACE_NAMES = ("desa_name", "kecamatan_name", "kabupaten_name")
OPTIONAL = ("phone", "address", "decile")
LIVELIHOOD = ("skills", "productive_members", "micro_business", "business", "assets")
OF_A_MEMBER = ("nik", "name", "sex", "birth_date", "relation")
MORE_OF_A_MEMBER = ("birth_precision", "education", "marital_status", "disabilities", "occupation")
SEVERAL_WORDS = frozenset({"skills", "assets", "disabilities"})
OF_DIGITS = frozenset({"kk_number", "nik", "phone", "desa_code"})
"""What a spreadsheet's number cell would shorten: 16 digits, a leading zero, a code's last one."""
DATES = frozenset({"registered_on", "birth_date"})
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
EXAMPLE = "CONTOH-EXAMPLE"
"""The reference of the template's example row, which is never read."""
SOMEWHERE = "00.00.00.0000"
"""A desa code for a row whose desa is not known, so that its other cells are looked at as well."""

UNSOUND: dict[type[Problem], tuple[str, Fault]] = {
    OneHeadNeeded: ("member_1_relation", Fault.ONE_HEAD_NEEDED),
    SamePersonTwice: ("member_1_nik", Fault.NIK_TWICE_IN_FAMILY),
}

DECILE = TypeAdapter(Annotated[int, Field(ge=1, le=10)])
Told = dict[str, str]


def member_columns(number: int) -> list[str]:
    """Return the columns that the file's Nth member must have, from 1."""
    return [f"member_{number}_{name}" for name in OF_A_MEMBER]


def all_member_columns(number: int) -> list[str]:
    """Return every column of the file's Nth member, from 1."""
    return [f"member_{number}_{name}" for name in (*OF_A_MEMBER, *MORE_OF_A_MEMBER)]


MEMBERS = {number: all_member_columns(number) for number in range(1, MAX_MEMBERS + 1)}
OURS = ("kesalahan", "error")
"""The column that we add to rejected rows: it may come back with them."""
KNOWN = (
    *REQUIRED,
    *PLACE_NAMES,
    *OPTIONAL,
    *LIVELIHOOD,
    *(name for names in MEMBERS.values() for name in names),
    *OURS,
)


KINDS = {
    name: name.removeprefix(f"member_{number}_")
    for number, names in MEMBERS.items()
    for name in names
}


def kind_of(column: str) -> str:
    """Return what a column holds, whichever member's it is: `nik` of `member_3_nik`."""
    return KINDS.get(column, column)


def is_of_digits(column: str) -> bool:
    """Tell whether a column's digits are text, never a number."""
    return kind_of(column.strip()) in OF_DIGITS


@dataclass(frozen=True)
class Wrong:
    """One wrong cell: its column, a code that `faults.words` puts into words, what may help."""

    column: str
    code: str
    hint: str | None = None


@dataclass(frozen=True)
class Village:
    """A desa as people name it: its name, and those of the regions around, as far as told."""

    desa: str
    kecamatan: str
    kabupaten: str

    def from_above(self) -> Iterator[tuple[str, Level, str]]:
        """Yield column, level and name of each region told, the largest first."""
        yield from (
            (f"{level.value}_name", level, name)
            for level, name in (
                (Level.KABUPATEN, self.kabupaten),
                (Level.KECAMATAN, self.kecamatan),
                (Level.DESA, self.desa),
            )
            if name
        )


Villages = Mapping[Village, str | Wrong]
"""The code of each village that a chunk names, or why there is none."""


@dataclass
class Row:
    """One line of the file; `family` is None when it cannot be read as one."""

    number: int
    line: str = ""
    family: HouseholdIn | None = None
    decile: int | None = None
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    """How a file's lines are to be read."""

    columns: Sequence[str]
    delimiter: str

    def row(self, line: str, *, number: int, villages: Villages | None = None) -> Row:
        """Read one line as a family."""
        row = Row(number, line)
        cells = split(line, self.delimiter)
        if len(cells) != len(self.columns):
            row.wrong.append(Wrong(self.columns[0], Fault.CELL_COUNT))
            return row
        _fill(row, self._told(cells, row), villages or {})
        return row

    @property
    def names_villages(self) -> bool:
        """Tell whether rows may name a desa instead of telling its code."""
        return "desa_name" in self.columns

    def villages(self, lines: Sequence[str]) -> set[Village]:
        """Return the villages that rows name instead of telling their code."""
        if not self.names_villages:
            return set()
        told = (self._told(split(line, self.delimiter), Row(0, line)) for line in lines)
        return {village for each in told if (village := village_of(each)) is not None}

    def _told(self, cells: Sequence[str], row: Row) -> Told:
        told = {
            name: text
            for name, cell in zip(self.columns, cells, strict=False)
            if (text := cell.strip())
        }
        return _without_marks(told, row) if MARK in row.line else told


def village_of(told: Told) -> Village | None:
    """Return the village that a row names, None when it tells a code or names none."""
    if "desa_code" in told or "desa_name" not in told:
        return None
    return Village(*(told.get(name, "") for name in PLACE_NAMES))


def _without_marks(told: Told, row: Row) -> Told:
    """Note the cells that could not be read, and go on with what stood in them."""
    plain = {}
    for name, cell in told.items():
        fault, plain[name] = read_mark(cell)
        if fault is not None and not (name in OURS or is_flag(name, fault)):
            row.wrong.append(Wrong(name, fault))
    return plain


def is_flag(column: str, fault: str) -> bool:
    """Tell whether TRUE or FALSE is what the column asks for."""
    return fault == Fault.BOOLEAN_CELL and column == "micro_business"


def _fill(row: Row, told: Told, villages: Villages) -> None:
    """Read what a row tells; a cell that is wrong already is not told of twice."""
    slots = [slot for slot, names in MEMBERS.items() if not told.keys().isdisjoint(names)]
    given = _household(told, slots or [1])
    given["desa_code"] = _desa(told, villages, row)
    found = [*_wrong_days(told)]
    row.decile = _decile(told.get("decile"), found)
    try:
        row.family = HouseholdIn.model_validate(given)
        require_sound(row.family)
    except ValidationError as error:
        found += [_wrong(each["loc"], each["type"], slots or [1]) for each in error.errors()]
    except Problem as problem:
        column, fault = UNSOUND[type(problem)]
        found.append(Wrong(column, fault))
    known = {wrong.column for wrong in row.wrong}
    for wrong in found:
        if wrong.column not in known:
            known.add(wrong.column)
            row.wrong.append(wrong)


def _household(told: Told, slots: Sequence[int]) -> dict[str, object]:
    given: dict[str, object] = {
        name: told[name]
        for name in ("reference", "kk_number", "registered_on", "phone", "address")
        if name in told
    }
    given["members"] = [_member(told, slot) for slot in slots]
    if any(name in told for name in LIVELIHOOD):
        given["livelihood"] = {
            "skills": [],
            **{name: _value(name, told[name]) for name in LIVELIHOOD if name in told},
        }
    return given


def _member(told: Told, slot: int) -> dict[str, object]:
    begin = f"member_{slot}_"
    member: dict[str, object] = {name: told.get(begin + name) for name in OF_A_MEMBER}
    for name in MORE_OF_A_MEMBER:
        if begin + name in told:
            member[name] = _value(name, told[begin + name])
    return member


def _value(name: str, text: str) -> str | list[str]:
    if name not in SEVERAL_WORDS:
        return text
    return [word for each in re.split(r"[|;]", text) if (word := each.strip())]


def _desa(told: Told, villages: Villages, row: Row) -> str | None:
    village = village_of(told)
    if village is None:
        return told.get("desa_code")
    found = villages[village]
    if isinstance(found, str):
        return found
    row.wrong.append(found)
    return SOMEWHERE


def _wrong_days(told: Told) -> Iterator[Wrong]:
    # Pydantic reads a bare number as seconds since 1970: "86400" would be a birth date.
    for name, text in told.items():
        if kind_of(name) in DATES and not DAY.fullmatch(text):
            yield Wrong(name, "date_parsing")


def _decile(text: str | None, found: list[Wrong]) -> int | None:
    if text is None:
        return None
    try:
        return DECILE.validate_python(text)
    except ValidationError as error:
        found.append(Wrong("decile", error.errors()[0]["type"]))
        return None


def _wrong(place: tuple[int | str, ...], code: str, slots: Sequence[int]) -> Wrong:
    if place[0] == "members" and len(place) > 2:
        return Wrong(f"member_{slots[int(place[1])]}_{place[2]}", _said(code))
    if place[0] == "livelihood" and len(place) > 1:
        return Wrong(str(place[1]), _said(code))
    return Wrong(str(place[0]), _said(code))


def _said(code: str) -> str:
    # An empty cell of a member arrives as no text: for people that is a missing value.
    return "missing" if code in {"string_type", "date_type", "enum_type"} else code
