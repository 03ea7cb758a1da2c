"""The synchronous exchanges of the DCI standard, at its own addresses."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from kernel.auth import Actor
from kernel.web import Uow
from services.registry.agency import Agency
from services.registry.dci import senders
from services.registry.dci.access import MayCheckEnrolment, MaySearch
from services.registry.dci.asking import Asking
from services.registry.dci.edge import answers, body_of, exchanges
from services.registry.dci.enrolled import enrolled
from services.registry.dci.envelope import Us, parse, sent
from services.registry.dci.header import Action, MessageHeader
from services.registry.dci.intake import Received, take_in
from services.registry.dci.items import check_count
from services.registry.dci.messages import (
    EnrolledAnswer,
    EnrolledRequest,
    SearchAnswer,
    SearchRequest,
)
from services.registry.dci.search import search
from services.registry.dci.signature import KeySet
from services.registry.sharing.tokens import Tokens
from services.registry.vault import Keys

router = exchanges(tag="DCI Social Registry")
published = APIRouter(tags=["DCI Social Registry"])
ROUTERS: tuple[APIRouter, ...] = (router, published, *senders.ROUTERS)


@dataclass(frozen=True)
class Desk:
    """What it takes to answer a message: its bytes, the keys, and who we are."""

    request: Request
    uow: Uow
    vault: Keys
    tokens: Tokens
    agency: Agency
    ourselves: Us

    async def take_in(self, actor: Actor, action: Action) -> Received:
        """Return the request's message."""
        body = await self.request.body()
        return await take_in(body, actor, self.uow, action=action, ourselves=self.ourselves)

    def asking(self, actor: Actor, received: Received) -> Asking:
        """Return who asks in a message that was taken in."""
        return Asking(
            uow=self.uow,
            actor=actor,
            sender=received.sender,
            vault=self.vault,
            tokens=self.tokens,
            agency=self.agency,
            meta=received.header.meta,
        )


AtDesk = Annotated[Desk, Depends()]


@router.post(
    "/registry/sync/search",
    responses=answers(SearchAnswer),
    openapi_extra=body_of(SearchRequest, MessageHeader, action=Action.SEARCH),
)
async def sync_search(actor: MaySearch, desk: AtDesk) -> Response:
    """Search families, or persons, for a purpose that an agreement covers; answered at once."""
    received = await desk.take_in(actor, Action.SEARCH)
    request = parse(SearchRequest, received.message, of="message")
    check_count(request.search_request, received.header.total_count)
    asking = desk.asking(actor, received)
    found = await search(asking, request, correlation_id=received.correlation_id)
    return sent(received.answered(desk.ourselves, found.message, withheld=found.withheld))


@router.post(
    "/registry/sync/enrolled",
    responses=answers(EnrolledAnswer),
    openapi_extra=body_of(EnrolledRequest, MessageHeader, action=Action.ENROLLED),
)
async def sync_enrolled(actor: MayCheckEnrolment, desk: AtDesk) -> Response:
    """Tell whether a family is in a programme already: yes or no, and nothing else of it."""
    received = await desk.take_in(actor, Action.ENROLLED)
    request = parse(EnrolledRequest, received.message, of="message")
    check_count(request.enrolled_request, received.header.total_count)
    asking = desk.asking(actor, received)
    message = await enrolled(asking, request, correlation_id=received.correlation_id)
    return sent(received.answered(desk.ourselves, message))


@published.get("/registry/.well-known/jwks.json")
async def registry_key_set(ourselves: Us) -> KeySet:
    """Return the public keys that our DCI messages are signed with."""
    return KeySet(keys=[ourselves.key.public()])
