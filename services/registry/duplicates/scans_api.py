"""Comparisons of all families, over HTTP: started, and followed."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from kernel.web import Uow, View, slice_router
from services.registry.duplicates import queries
from services.registry.duplicates.access import MayApprove, MayRead
from services.registry.duplicates.lifecycle import ScanState
from services.registry.duplicates.models import Scan
from services.registry.duplicates.problems import ScanIsRunning

router = slice_router("/duplicate-scans", tag="duplicates")
ROUTERS: tuple[APIRouter, ...] = (router,)


class ScanOut(View):
    """`done` of `total` families, `rate` a second; `crowded`: compared with the likeliest alone."""

    id: UUID
    version: int
    state: ScanState
    done: int
    total: int
    rate: float | None
    tickets: int
    crowded: int
    recorded_at: datetime
    ended_at: datetime | None


@router.post("", status_code=202, response_model=ScanOut)
async def start_duplicate_scan(actor: MayApprove, uow: Uow, response: Response) -> Scan:
    """Let the worker compare every family with every other that may be the same."""
    running = await queries.find_running(uow.session)
    if running is not None:
        raise ScanIsRunning(scan_id=str(running.id))
    total = await queries.count_live(uow.session)
    scan = Scan(started_by=actor.subject, total=total)
    uow.add(scan)
    response.headers["Location"] = f"/v1/duplicate-scans/{scan.id}"
    return scan


@router.get("/{scan_id}", response_model=ScanOut)
async def show_duplicate_scan(scan_id: UUID, actor: MayRead, uow: Uow) -> Scan:
    """Show how far a scan is."""
    return await queries.get_scan(uow.session, scan_id)
