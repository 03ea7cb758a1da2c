"""A wrong cell as people are told of it: where it stands and what is wrong, never what it holds."""

from kernel.problems import Language
from kernel.web import View
from services.registry.imports.cells import cell_name
from services.registry.imports.faults import words
from services.registry.imports.models import HouseholdImport, RowError


class RowErrorOut(View):
    """A wrong cell, by row (the first names the columns) and column; never its value.

    `cell` is as a spreadsheet names it: `C17`.
    """

    row: int
    cell: str
    column: str
    code: str
    detail: str


def error_shown(error: RowError, job: HouseholdImport, *, language: Language) -> RowErrorOut:
    """Return a wrong cell in the caller's language."""
    return RowErrorOut(
        row=error.row,
        cell=cell_name(job.columns, error.column, error.row),
        column=error.column,
        code=error.code,
        detail=words(error.code).to(language, {"hint": error.hint}),
    )
