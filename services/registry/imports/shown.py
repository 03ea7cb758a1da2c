"""An import as its followers see it: how far it is, what was found, what stopped it."""

from datetime import datetime
from uuid import UUID

from kernel.problems import Language
from kernel.web import View
from services.registry.imports.lifecycle import Phase, State
from services.registry.imports.models import HouseholdImport
from services.registry.imports.policies import MatchPolicy, OnConflict
from services.registry.imports.problems import RowsStuck


class CountsOut(View):
    """Rows of the file by what they mean for the registry; `errors` are left out."""

    rows: int
    new: int
    unchanged: int
    changed: int
    errors: int


class StuckOut(View):
    """What stopped a file, by a fault of ours, and at which rows."""

    code: str
    title: str
    detail: str
    first_row: int
    last_row: int


class ImportOut(View):
    """A file: `phase` check is the dry run; `done` of `total` rows; `rate` in rows a second.

    `eta` is when the phase will have ended; `sheet` the sheet of an XLSX file that was read.
    """

    id: UUID
    version: int
    filename: str
    sheet: str | None
    state: State
    phase: Phase
    match_policy: MatchPolicy
    on_conflict: OnConflict
    done: int
    total: int
    rate: float | None
    eta: datetime | None
    counts: CountsOut
    stuck: StuckOut | None


def shown(job: HouseholdImport, *, language: Language) -> ImportOut:
    """Return a file's progress, and what stopped it in the caller's language."""
    counts = CountsOut(
        rows=job.total,
        new=job.new,
        unchanged=job.unchanged,
        changed=job.changed,
        errors=job.errors,
    )
    stuck = job.stuck and _told(job.stuck, language=language)
    return ImportOut(**job.model_dump(), rate=job.rate, eta=job.eta, counts=counts, stuck=stuck)


def _told(stuck: RowsStuck, *, language: Language) -> StuckOut:
    return StuckOut(
        code=stuck.code,
        title=stuck.title.to(language, {}),
        detail=stuck.detail.to(language, stuck.details),
        **stuck.details,
    )
