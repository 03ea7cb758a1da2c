"""Files of families over HTTP: shown, and decided about by a second person."""

from uuid import UUID

from fastapi import APIRouter

from kernel.pagination import Page, PageQuery
from kernel.web import Uow, slice_router
from services.registry.imports import actions, dry_run, files, progress, queries, uploads
from services.registry.imports.access import MayApprove, MayRead
from services.registry.imports.row_errors import RowErrorOut, error_shown
from services.registry.imports.shown import ImportOut, shown
from services.registry.language import CallersLanguage

router = slice_router("/household-imports", tag="imports")
ROUTERS: tuple[APIRouter, ...] = (
    uploads.router,
    files.router,
    progress.router,
    dry_run.router,
    dry_run.policies_router,
    router,
)


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
    job = await queries.get(uow.session, import_id, seen_by=actor)
    rows = await queries.errors_of(uow.session, page, import_id=import_id)
    items = [error_shown(error, job, language=language) for error in rows.items]
    return Page(items=items, next=rows.next)
