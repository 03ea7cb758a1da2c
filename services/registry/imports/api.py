"""Files of families over HTTP: uploaded, followed, decided about by a second person."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from kernel.pagination import Page, PageQuery
from kernel.problems import Language
from kernel.web import Uow, View, slice_router
from services.registry.imports import actions, queries
from services.registry.imports.access import MayApprove, MayRead, MayWrite
from services.registry.imports.faults import words
from services.registry.imports.lifecycle import Phase, State
from services.registry.imports.models import HouseholdImport
from services.registry.imports.problems import NotCsv, RowsStuck
from services.registry.language import CallersLanguage
from services.registry.vault import Keys

router = slice_router("/household-imports", tag="imports")
ROUTERS: tuple[APIRouter, ...] = (router,)

Filename = Annotated[str, Query(pattern=r"^[^/\\\x00-\x1f]{1,200}$", examples=["ooa-2025.csv"])]

CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "minLength": 1}}},
    }
}


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
    """A file: `phase` check is the dry run; `done` of `total` rows; `rate` in rows a second."""

    id: UUID
    version: int
    filename: str
    state: State
    phase: Phase
    done: int
    total: int
    rate: float | None
    counts: CountsOut
    stuck: StuckOut | None


class RowErrorOut(View):
    """A wrong cell, by row (the first names the columns) and column; never its value."""

    row: int
    column: str
    code: str
    detail: str


@router.post(
    "",
    status_code=202,
    response_model=ImportOut,
    responses={200: {"model": ImportOut, "description": "The same file was uploaded before."}},
    openapi_extra=CSV_BODY,
)
async def upload_file(
    filename: Filename,
    request: Request,
    actor: MayWrite,
    uow: Uow,
    vault: Keys,
    language: CallersLanguage,
    response: Response,
) -> ImportOut:
    """Take a CSV file in; the worker checks it. The same file again is the same import."""
    media_type, _, _ = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "text/csv":
        raise NotCsv
    job, new = await actions.receive(
        uow, request.stream(), filename=filename, actor=actor, vault=vault
    )
    response.status_code = 202 if new else 200
    response.headers["Location"] = f"/v1/household-imports/{job.id}"
    return shown(job, language=language)


@router.get("/{import_id}")
async def show_import(
    import_id: UUID, actor: MayRead, uow: Uow, language: CallersLanguage
) -> ImportOut:
    """Show how far a file is."""
    job = await queries.get(uow.session, import_id, seen_by=actor)
    uow.shown = job.version
    return shown(job, language=language)


@router.get("")
async def list_imports(
    actor: MayRead, uow: Uow, page: PageQuery, language: CallersLanguage
) -> Page[ImportOut]:
    """List the organisation's files."""
    rows = await queries.list_(uow.session, page, seen_by=actor)
    items = [shown(job, language=language) for job in rows.items]
    return Page(items=items, next=rows.next)


@router.post("/{import_id}/approve")
async def approve_import(
    import_id: UUID, actor: MayApprove, uow: Uow, language: CallersLanguage
) -> ImportOut:
    """Let the worker apply a checked file: its rows without errors."""
    job = await queries.get(uow.session, import_id, seen_by=actor, for_change=True)
    job.approve(by=actor.subject)
    return shown(job, language=language)


@router.post("/{import_id}/refuse")
async def refuse_import(
    import_id: UUID, actor: MayApprove, uow: Uow, language: CallersLanguage
) -> ImportOut:
    """Forget a checked file; nothing of it is applied."""
    job = await queries.get(uow.session, import_id, seen_by=actor, for_change=True)
    job.refuse(by=actor.subject)
    await actions.forget(uow, job.id)
    return shown(job, language=language)


@router.get("/{import_id}/errors")
async def list_errors(
    import_id: UUID, actor: MayRead, uow: Uow, page: PageQuery, language: CallersLanguage
) -> Page[RowErrorOut]:
    """List the wrong cells of a file, from its top."""
    await queries.get(uow.session, import_id, seen_by=actor)
    rows = await queries.errors_of(uow.session, page, import_id=import_id)
    items = [
        RowErrorOut(
            row=error.row,
            column=error.column,
            code=error.code,
            detail=words(error.code).to(language, {}),
        )
        for error in rows.items
    ]
    return Page(items=items, next=rows.next)


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
    return ImportOut(**job.model_dump(), rate=job.rate, counts=counts, stuck=stuck)


def _told(stuck: RowsStuck, *, language: Language) -> StuckOut:
    return StuckOut(
        code=stuck.code,
        title=stuck.title.to(language, {}),
        detail=stuck.detail.to(language, stuck.details),
        **stuck.details,
    )
