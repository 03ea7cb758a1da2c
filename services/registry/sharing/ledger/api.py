"""The access ledger over HTTP: for a family, after a breach, for the verifier, for everybody."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime

from kernel.audit import HeadSigner
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page
from kernel.sealing import Signed
from kernel.web import Uow, View, slice_router
from services.registry.households import queries as households
from services.registry.language import CallersLanguage
from services.registry.sharing.access import MayReadLedger
from services.registry.sharing.ledger import queries
from services.registry.sharing.ledger.models import LEDGER
from services.registry.sharing.ledger.queries import Window
from services.registry.sharing.ledger.sealing import publish_head, seal, signer_of
from services.registry.sharing.ledger.words import sentence

router = slice_router("/access-ledger", tag="access ledger")
of_families = slice_router("/households", tag="access ledger")
ROUTERS: tuple[APIRouter, ...] = (router, of_families)

MOST_ROWS = 2_000
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
After = Annotated[int, Query(ge=0, le=2**62, description="The number of the last row known.")]


class AccessOut(View):
    """One reading of a family; `words` say it in the caller's language."""

    id: UUID
    at: datetime
    organisation: str
    purpose: str
    action: str
    agreement_id: UUID | None
    terms: int | None
    fields: list[str]
    words: str


class ExposedOut(View):
    """What one reader saw."""

    organisation: str
    client_id: str
    actor: str
    readings: int
    families: int


class BreachOut(View):
    """Who was exposed between two moments: families (each once), readers, and fields."""

    since: datetime
    until: datetime
    families: int
    fields: list[str]
    readers: list[ExposedOut]


class ExposedFamilyOut(View):
    """A family that was read."""

    household_id: UUID
    readings: int
    first_at: datetime
    last_at: datetime


class HeadOut(View):
    """How far the ledger had come; `token` carries it signed (JWS, Ed25519)."""

    ledger: str
    number: int
    hash: str
    signed_at: datetime
    token: str


class RowOut(View):
    """A row as it is chained: JSON Lines of these are what `anyam audit verify` checks."""

    number: int
    previous: str
    hash: str
    entry: dict[str, str | int | list[str] | None]


class KeyOut(View):
    """A public key (RFC 7517)."""

    kty: str
    crv: str
    x: str
    kid: str


class KeysOut(View):
    """The public keys that heads are checked with."""

    keys: list[KeyOut]


async def _window(
    since: AwareDatetime,
    until: AwareDatetime,
    organisation: str | None = None,
    client_id: str | None = None,
    actor_subject: str | None = None,
) -> Window:
    window = Window(since, until, organisation, client_id, actor_subject)
    window.require_countable()
    return window


async def _signer(request: Request) -> HeadSigner:
    return signer_of(request.app.state.settings)


Asked = Annotated[Window, Depends(_window)]
Signer = Annotated[HeadSigner, Depends(_signer)]


@of_families.get("/{household_id}/accesses")
async def list_accesses(
    household_id: UUID,
    actor: MayReadLedger,
    uow: Uow,
    language: CallersLanguage,
    cursor: UUID | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[AccessOut]:
    """Tell who read a family's data, the newest first; also of an erased family."""
    await households.get(uow.session, household_id, seen_by=actor)
    found = await queries.of_family(uow.session, household_id, before=cursor, limit=limit + 1)
    items = [
        AccessOut(**access.model_dump(), words=sentence(access, language=language))
        for access in found[:limit]
    ]
    return Page(items=items, next=str(items[-1].id) if len(found) > limit else None)


@router.get("/exposures")
async def report_breach(actor: MayReadLedger, uow: Uow, window: Asked) -> BreachOut:
    """Tell what was read between two moments: by whom, of how many families, which fields."""
    readers = await queries.exposed(uow.session, window)
    return BreachOut(
        since=window.since,
        until=window.until,
        families=await queries.count_families(uow.session, window),
        fields=await queries.fields_read(uow.session, window),
        readers=[ExposedOut.model_validate(reader) for reader in readers],
    )


@router.get("/exposures/families")
async def list_exposed_families(
    actor: MayReadLedger,
    uow: Uow,
    window: Asked,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = DEFAULT_LIMIT,
) -> Page[ExposedFamilyOut]:
    """List the families that were read between two moments: those to be told within 3x24 hours."""
    found = await queries.exposed_families(uow.session, window, after=cursor, limit=limit + 1)
    items = [ExposedFamilyOut.model_validate(family) for family in found[:limit]]
    return Page(items=items, next=str(items[-1].household_id) if len(found) > limit else None)


@router.get("/rows")
async def export_rows(
    actor: MayReadLedger,
    uow: Uow,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = MOST_ROWS,
) -> Page[RowOut]:
    """Export the sealed rows beyond a number."""
    links = await LEDGER.links(uow.session, after=after, limit=limit)
    items = [RowOut.model_validate(link._asdict()) for link in links]
    return Page(items=items, next=str(items[-1].number) if len(items) == limit else None)


@router.get("/heads")
async def list_heads(uow: Uow, after: After = 0, limit: Limit = MAX_LIMIT) -> Page[HeadOut]:
    """List the signed heads beyond a number; public, so that anybody may keep them."""
    found = await LEDGER.heads(uow.session, after=after, limit=limit + 1)
    items = [_head(signed) for signed in found[:limit]]
    return Page(items=items, next=str(items[-1].number) if len(found) > limit else None)


@router.post("/heads")
async def sign_head(actor: MayReadLedger, uow: Uow, signer: Signer) -> Page[HeadOut]:
    """Seal what waits and sign the newest row now; empty when it was signed before."""
    await seal(uow)
    signed = await publish_head(uow, signer)
    return Page(items=[_head(signed)] if signed else [])


@router.get("/keys")
async def show_ledger_keys(signer: Signer) -> KeysOut:
    """Show the public keys that the heads are checked with; public."""
    return KeysOut.model_validate(signer.jwks())


def _head(signed: Signed) -> HeadOut:
    return HeadOut(**signed.head._asdict(), token=signed.token)
