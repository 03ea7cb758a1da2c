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
from services.registry.households.access import MayRead
from services.registry.households.problems import HouseholdNotFound
from services.registry.households.views import Columns, HouseholdOut, columns
from services.registry.vault import Vault

router = slice_router("/households", tag="households", route_class=LeanRoute)
ROUTERS: tuple[APIRouter, ...] = (router,)

FAMILY = "SELECT household, members FROM read_household($1, $2, $3, $4)"


@router.get("/{household_id}", response_model=HouseholdOut)
async def show_household(household_id: UUID, actor: MayRead, request: Request) -> Response:
    """Show one family."""
    household, members = await _row(request.app.state.database.reads, household_id, actor)
    etag = f'"{household["version"]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    vault: Vault = request.app.state.vault
    language = language_of(request.headers.get("accept-language"))
    told = columns(household, members, vault=vault, language=language)
    body = orjson.dumps(told, default=str)  # the driver has a UUID class of its own
    return Response(body, media_type="application/json", headers={"ETag": etag})


async def _row(reads: Reads, household_id: UUID, actor: Actor) -> tuple[Columns, list[Columns]]:
    sight = Sight.of(actor).settings()
    found = await reads.rows(FAMILY, household_id, *sight.values())
    if not found:
        raise HouseholdNotFound(household_id=str(household_id))
    return found[0]["household"], found[0]["members"]
