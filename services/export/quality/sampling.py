"""Single sampling plans of ISO 2859-1: how many pieces to look at, and how many may be bad.

The standard's master tables (2-A normal, 2-B tightened, 2-C reduced) are regular: down a column
stands one acceptance number a letter, and each AQL step moves the column by one letter. Only the
columns' pattern and the letter of each AQL's zero plan are written here. An arrow leads to the
next plan that has a number, and that plan's sample size is used with it.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.export import DefectClass
from services.export.partners.models import Aql, InspectionLevel
from services.export.quality.lifecycle import Severity

LETTERS = "ABCDEFGHJKLMNPQR"

# Table 1: the largest lot of each row, and the row's letters level by level.
LARGEST_LOTS = (
    8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000,
)  # fmt: skip
LETTERS_BY_LEVEL = {
    InspectionLevel.S1: "AAAABBBBCCCCDDD",
    InspectionLevel.S2: "AAABBBCCCDDDEEE",
    InspectionLevel.S3: "AABBCCDDEEFFGGH",
    InspectionLevel.S4: "AABCCDEEFGGHJJK",
    InspectionLevel.I: "AABCCDEFGHJKLMN",
    InspectionLevel.II: "ABCDEFGHJKLMNPQ",
    InspectionLevel.III: "BCDEFGHJKLMNPQR",
}

NORMAL_SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1_250, 2_000)
REDUCED_SIZES = (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800)

# The letter (counted from A = 0) whose plan accepts none, in the column of each AQL of table 2-A.
ZERO_LETTER = {
    Aql.AQL_10: -1,
    Aql.AQL_6_5: 0,
    Aql.AQL_4_0: 1,
    Aql.AQL_2_5: 2,
    Aql.AQL_1_5: 3,
    Aql.AQL_1_0: 4,
    Aql.AQL_0_65: 5,
    Aql.AQL_0_40: 6,
    Aql.AQL_0_25: 7,
    Aql.AQL_0_15: 8,
    Aql.AQL_0_10: 9,
    Aql.AQL_0_065: 10,
}

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class Table:
    """One master table: its sample sizes, and a column's cells from the zero plan's letter on."""

    sizes: tuple[int, ...]
    cells: tuple[int | str, ...]


TABLES = {
    Severity.NORMAL: Table(NORMAL_SIZES, (0, UP, DOWN, 1, 2, 3, 5, 7, 10, 14, 21)),
    Severity.TIGHTENED: Table(NORMAL_SIZES, (DOWN, 0, DOWN, DOWN, 1, 2, 3, 5, 8, 12, 18)),
    Severity.REDUCED: Table(REDUCED_SIZES, (0, UP, DOWN, 1, 1, 2, 3, 5, 6, 8, 10)),
}


@dataclass(frozen=True)
class ClassPlan:
    """For one class of defects: look at `sample_size` pieces, accept up to `ac` defectives."""

    sample_size: int
    ac: int

    @property
    def re(self) -> int:
        """Return the rejection number."""
        return self.ac + 1


@dataclass(frozen=True)
class Plan:
    """How to inspect one lot; `sample_size` is the largest that a class asks for."""

    code_letter: str
    sample_size: int
    by_class: Mapping[DefectClass, ClassPlan]

    def accepts(self, defective: Mapping[DefectClass, int]) -> bool:
        """Tell whether the lot passes with so many defective pieces of each class."""
        return all(defective.get(each, 0) <= plan.ac for each, plan in self.by_class.items())


def code_letter(lot_size: int, level: InspectionLevel) -> str:
    """Return the sample size code letter (table 1); a lot of one piece counts as the smallest."""
    return LETTERS_BY_LEVEL[level][bisect_left(LARGEST_LOTS, lot_size)]


def class_plan(letter: str, aql: Aql, severity: Severity) -> ClassPlan:
    """Return the table's plan for one AQL, arrows followed.

    Where nothing may be defective (AQL 0), the letter's own sample is looked at.
    """
    table = TABLES[severity]
    place = LETTERS.index(letter)
    if aql is Aql.NONE:
        return ClassPlan(sample_size=table.sizes[place], ac=0)
    column = [_cell(table, row - ZERO_LETTER[aql]) for row in range(len(LETTERS))]
    while isinstance(column[place], str):
        place += 1 if _points_down(column, place) else -1
    return ClassPlan(sample_size=table.sizes[place], ac=int(column[place]))


def plan_for(
    lot_size: int,
    *,
    level: InspectionLevel,
    aql: Mapping[DefectClass, Aql],
    severity: Severity,
) -> Plan:
    """Return the plan for a lot of `lot_size` pieces; a sample as large as the lot is the lot.

    A class without an AQL of its own (0) is looked for in the whole sample, and none is accepted.
    """
    letter = code_letter(lot_size, level)
    plans = {each: class_plan(letter, limit, severity) for each, limit in aql.items()}
    limited = [plans[each].sample_size for each, limit in aql.items() if limit is not Aql.NONE]
    largest = min(max(limited or [plan.sample_size for plan in plans.values()]), lot_size)
    return Plan(
        code_letter=letter,
        sample_size=largest,
        by_class={
            each: ClassPlan(
                sample_size=largest if aql[each] is Aql.NONE else min(plan.sample_size, lot_size),
                ac=plan.ac,
            )
            for each, plan in plans.items()
        },
    )


def _cell(table: Table, step: int) -> int | str:
    if step < 0:
        return DOWN
    return table.cells[step] if step < len(table.cells) else UP


def _points_down(column: list[int | str], place: int) -> bool:
    """Tell where an arrow leads; one that points up out of the table's top leads down."""
    return column[place] == DOWN or all(isinstance(cell, str) for cell in column[:place])
