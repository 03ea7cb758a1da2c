"""The dry run's report over HTTP: what each row of a file would do, and the policies it follows."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page
from kernel.web import Uow, View, slice_router
from services.registry.imports import queries
from services.registry.imports.access import MayRead
from services.registry.imports.lifecycle import Outcome
from services.registry.imports.policies import (
    CONFLICTS,
    MATCHES,
    VERSION,
    MatchPolicy,
    OnConflict,
)
from services.registry.imports.row_errors import RowErrorOut, error_shown
from services.registry.language import CallersLanguage

router = slice_router("/household-imports", tag="imports")
policies_router = slice_router("/household-import-policies", tag="imports")


class DifferenceOut(View):
    """A field that the row tells otherwise; `old` and `new` only where they name nobody."""

    field: str
    old: str | int | None
    new: str | int | None


class RowOut(View):
    """What the dry run made of a row: `errors` of one that is left out, `differences` of a change.

    `household_id` is the registered family that the row is about.
    """

    row: int
    outcome: Outcome
    household_id: UUID | None
    differences: list[DifferenceOut]
    errors: list[RowErrorOut]


class MatchPolicyOut(View):
    """By what a row finds its family."""

    name: MatchPolicy
    description: str


class OnConflictOut(View):
    """What becomes of a family that is registered already and told of otherwise."""

    name: OnConflict
    description: str


class PoliciesOut(View):
    """What a file may be uploaded under; an import keeps the version that it began with."""

    version: int
    match: list[MatchPolicyOut]
    on_conflict: list[OnConflictOut]


@router.get("/{import_id}/rows")
async def list_rows(
    import_id: UUID,
    actor: MayRead,
    uow: Uow,
    language: CallersLanguage,
    outcome: Outcome | None = None,
    cursor: Annotated[int, Query(ge=0, le=2**31 - 1, description="The `next` before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[RowOut]:
    """List what the dry run made of each row, from the top; it is forgotten when the file ends."""
    job = await queries.get(uow.session, import_id, seen_by=actor)
    rows = await queries.report_of(
        uow.session, import_id, outcome=outcome, after=cursor, limit=limit + 1
    )
    wrong = [row.row for row in rows if row.outcome is Outcome.ERROR]
    errors = await queries.errors_at(uow.session, import_id, wrong)
    items = [
        RowOut(
            **row.model_dump(include={"row", "outcome", "household_id", "differences"}),
            errors=[error_shown(e, job, language=language) for e in errors.get(row.row, ())],
        )
        for row in rows[:limit]
    ]
    return Page(items=items, next=str(items[-1].row) if len(rows) > limit else None)


@policies_router.get("")
async def show_policies(actor: MayRead, language: CallersLanguage) -> PoliciesOut:
    """Describe the match policies that a file may be uploaded under."""
    return PoliciesOut(
        version=VERSION,
        match=[
            MatchPolicyOut(name=name, description=text.to(language, {}))
            for name, text in MATCHES.items()
        ],
        on_conflict=[
            OnConflictOut(name=name, description=text.to(language, {}))
            for name, text in CONFLICTS.items()
        ],
    )
