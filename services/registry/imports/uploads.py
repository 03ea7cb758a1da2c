"""The upload of a file, outside of any transaction until the file is here."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kernel.db import Database
from kernel.sight import Sight
from services.registry.imports import actions
from services.registry.imports.access import MayWrite
from services.registry.imports.incoming import received
from services.registry.imports.policies import MatchPolicy, OnConflict, Policy
from services.registry.imports.problems import NotAFamilyFile
from services.registry.imports.shown import ImportOut, shown
from services.registry.language import CallersLanguage
from services.registry.vault import Keys

# A plain router: the kernel's would hold a transaction while a slow sender sends.
router = APIRouter(prefix="/v1/household-imports", tags=["imports"])

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {"schema": {"type": "string", "minLength": 1}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}

Filename = Annotated[str, Query(pattern=r"^[^/\\\x00-\x1f]{1,200}$", examples=["ooa-2025.csv"])]
Match = Annotated[MatchPolicy, Query(description="By what a row finds its family.")]
Conflicts = Annotated[OnConflict, Query(description="What becomes of a registered family.")]


@router.post(
    "",
    status_code=202,
    responses={200: {"model": ImportOut, "description": "The same file was uploaded before."}},
    openapi_extra=BODY,
)
async def upload_file(  # one parameter a choice of the sender
    filename: Filename,
    request: Request,
    actor: MayWrite,
    vault: Keys,
    language: CallersLanguage,
    response: Response,
    *,
    match_policy: Match = MatchPolicy.REFERENCE,
    on_conflict: Conflicts = OnConflict.UPDATE,
) -> ImportOut:
    """Take a CSV or XLSX file in; the worker checks it. The same file again is the same import."""
    media_type, _, _ = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() not in {CSV, XLSX}:
        raise NotAFamilyFile
    database: Database = request.app.state.database
    policy = Policy(match_policy, on_conflict)
    async with received(request.stream()) as file, database.transaction(Sight.of(actor)) as uow:
        job, new = await actions.receive(
            uow, file, filename=filename, actor=actor, policy=policy, vault=vault
        )
    response.status_code = 202 if new else 200
    response.headers["Location"] = f"/v1/household-imports/{job.id}"
    return shown(job, language=language)
