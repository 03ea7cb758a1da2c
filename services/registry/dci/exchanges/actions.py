"""Taking a request in whose answer comes later, once however often it is sent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

import orjson

from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.outbound import AddressRefused, read_address
from kernel.problems import Text
from services.registry.dci import intake
from services.registry.dci.deliveries import queries as deliveries
from services.registry.dci.deliveries.models import Delivery
from services.registry.dci.envelope import Object, Ourselves, Refused, parse, read
from services.registry.dci.event_messages import (
    SubscribeRequest,
    TxnStatusRequest,
    UnsubscribeRequest,
)
from services.registry.dci.exchanges import queries
from services.registry.dci.exchanges.models import PLACE, Exchange, asker_of
from services.registry.dci.header import Action, HeaderReason
from services.registry.dci.intake import Received
from services.registry.dci.items import check_count
from services.registry.dci.messages import ErrorCode, RawItem, SearchRequest
from services.registry.dci.subscriptions.wishes import notify_url
from services.registry.vault import Vault

MOST_WAITING = 1_000

Request = SearchRequest | SubscribeRequest | UnsubscribeRequest | TxnStatusRequest

PATHS = MappingProxyType(
    {
        Action.SEARCH: "/registry/on-search",
        Action.SUBSCRIBE: "/registry/on-subscribe",
        Action.UNSUBSCRIBE: "/registry/on-unsubscribe",
        Action.TXN_STATUS: "/registry/txn/on-status",
    }
)
"""Where the caller listens, below its registered address, when it names no `sender_uri`."""

NO_ADDRESS = Text(
    id="Sebut 'sender_uri' di bawah alamat yang terdaftar untuk pengirim ini.",
    en="Name a 'sender_uri' at or below the address registered for this sender.",
)
ADDRESS_REFUSED = Text(
    id="Kami tidak mengirim ke 'sender_uri' ini: {why}.",
    en="We do not send to this 'sender_uri': {why}.",
)
TOO_MANY_WAITING = Text(
    id="Sudah ada {most} permintaan Anda yang menunggu.",
    en="{most} of your requests are waiting already.",
)


@dataclass(frozen=True)
class Desk:
    """Where messages are taken in."""

    uow: UnitOfWork
    ourselves: Ourselves
    vault: Vault


async def take_in(
    desk: Desk, body: bytes, actor: Actor, *, action: Action, kind: type[Request]
) -> Exchange:
    """Return the exchange that a message begins, or, sent again, the one that it began.

    Raises:
        Refused: something is wrong with it; nothing of it was done.
    """
    uow, us = desk.uow, desk.ourselves
    try:
        received = await intake.take_in(body, actor, uow, action=action, ourselves=us)
    except Refused as refused:
        return await _begun_before(uow, body, refused)
    request = parse(kind, received.message, of="message")
    exchange = _exchange(received, request, actor=actor, fingerprint=_fingerprint(body))
    exchange.request = _sealed(received, desk.vault)
    await _check_queue(uow, exchange)
    urls = {exchange.url, notify_url(exchange.url)}
    await deliveries.reopen(uow, exchange.sender_id, urls=urls)
    uow.add(exchange)
    await uow.flush()
    uow.add(delivery_of(exchange))
    return exchange


def delivery_of(exchange: Exchange) -> Delivery:
    """Return the callback of an exchange; each is a stream of its own."""
    return Delivery(
        stream=exchange.correlation_id,
        owner=exchange.sender_id,
        url=exchange.url,
        sandbox=exchange.sandbox,
        organisation=exchange.organisation,
        action=exchange.action.answer,
        exchange_id=exchange.id,
    )


def callback_url(received: Received) -> str:
    """Return where the answer goes: to `sender_uri` as it is, else below what is registered.

    Raises:
        Refused: the sender registered another address, or none; or we do not send there.
    """
    sender, uri = received.sender, received.header.sender_uri
    if uri is None and sender.callback_uri:
        uri = sender.callback_uri.rstrip("/") + PATHS[received.action]
    if uri is None or not sender.takes_answers_at(uri):
        raise Refused(ErrorCode.SENDER_URI_INVALID, NO_ADDRESS)
    try:
        read_address(uri, sandbox=sender.sandbox)
    except AddressRefused as refused:
        code = ErrorCode.SENDER_URI_INVALID
        raise Refused(code, ADDRESS_REFUSED, why=refused.code) from refused
    return uri


def items_of(request: Request) -> Sequence[RawItem] | None:
    """Return the requests of a message that is a list of them."""
    if isinstance(request, SearchRequest):
        return request.search_request
    return request.subscribe_request if isinstance(request, SubscribeRequest) else None


def references_of(request: Request) -> list[str]:
    """Return by what the requests of a message may be asked after."""
    if isinstance(request, TxnStatusRequest):
        return [request.txnstatus_request.reference_id]
    named = [each.get("reference_id") for each in items_of(request) or ()]
    return [each for each in named if isinstance(each, str) and len(each) <= 99]


def _exchange(
    received: Received, request: Request, *, actor: Actor, fingerprint: bytes
) -> Exchange:
    items = items_of(request)
    if items is not None:
        check_count(items, received.header.total_count)
    return Exchange(
        id=UUID(received.correlation_id),
        sender_id=received.sender.sender_id,
        organisation=received.sender.organisation,
        message_id=received.header.message_id,
        fingerprint=fingerprint,
        action=received.action,
        transaction_id=request.transaction_id,
        reference_ids=references_of(request),
        asker=asker_of(actor),
        request=b"",
        url=callback_url(received),
        sandbox=received.sender.sandbox,
    )


async def _begun_before(uow: UnitOfWork, body: bytes, refused: Refused) -> Exchange:
    """Return the exchange that the same bytes began; else the refusal holds."""
    if refused.reason is not HeaderReason.MESSAGE_ID_DUPLICATE:
        raise refused
    header: Object = read(body).header
    found = await queries.find_same(
        uow.session,
        str(header.get("sender_id")),
        message_id=str(header.get("message_id")),
        fingerprint=_fingerprint(body),
    )
    if found is None:
        raise refused
    return found


async def _check_queue(uow: UnitOfWork, exchange: Exchange) -> None:
    if await queries.waiting_of(uow.session, exchange.sender_id) >= MOST_WAITING:
        raise Refused(ErrorCode.TOO_MANY_REQUESTS, TOO_MANY_WAITING, most=MOST_WAITING)


def _sealed(received: Received, vault: Vault) -> bytes:
    asked = {"meta": received.header.meta, "message": received.message}
    text = orjson.dumps(asked).decode()
    return vault.seal(text, place=PLACE, row_id=UUID(received.correlation_id))


def _fingerprint(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
