"""One family over HTTP, read thousands of times a second: one statement, no session, no mapper."""

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from kernel.auth import Actor
from kernel.lean import LeanRoute
from kernel.problems import language_of
from kernel.reads import Reads
from kernel.sight import Sight
from kernel.web import slice_router
from services.registry.agency import require_at_home
from services.registry.households.access import MayRead
from services.registry.households.problems import HouseholdNotFound
from services.registry.households.views import Columns, HouseholdOut, Told, columns
from services.registry.vault import Vault

router = slice_router("/households", tag="households", route_class=LeanRoute)
ROUTERS: tuple[APIRouter, ...] = (router,)

FAMILY = "SELECT * FROM read_household($1, $2, $3, $4)"


@router.get("/{household_id}", response_model=HouseholdOut)
async def show_household(household_id: UUID, actor: MayRead, request: Request) -> Response:
    """Show one family."""
    require_at_home(request, actor)
    row = await _row(request.app.state.database.reads, household_id, actor)
    etag = f'"{row["version"]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    vault: Vault = request.app.state.vault
    language = language_of(request.headers.get("accept-language"))
    told = columns(_household(row), _members(row), vault=vault, language=language)
    return Response(orjson.dumps(told), media_type="application/json", headers={"ETag": etag})


async def _row(reads: Reads, household_id: UUID, actor: Actor) -> Columns:
    found = await reads.rows(FAMILY, household_id, *Sight.of(actor).settings().values())
    if not found:
        raise HouseholdNotFound(household_id=str(household_id))
    row: Columns = found[0]
    return row


def _household(row: Columns) -> Told:
    sealed = {name: row[name] for name in ("data_key", "kk_number")}
    return {**orjson.loads(row["shown"]), **sealed, "warnings": orjson.loads(row["warnings"])}


def _members(row: Columns) -> list[Told]:
    members = orjson.loads(row["members"] or "[]")
    return [{**member, "nik": nik} for member, nik in zip(members, row["niks"] or (), strict=True)]
