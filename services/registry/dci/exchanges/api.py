"""The asynchronous addresses of the standard: a receipt now, the answer by a callback."""

from typing import Annotated

from fastapi import Depends, Request, Response

from kernel import clock
from kernel.web import Uow
from services.registry.dci import intake
from services.registry.dci.edge import answers, body_of, exchanges
from services.registry.dci.envelope import Us, ack, parse, sent, wire
from services.registry.dci.event_messages import (
    SubscribeRequest,
    TxnStatusRequest,
    TxnStatusResponse,
    UnsubscribeRequest,
)
from services.registry.dci.exchanges import actions, status
from services.registry.dci.exchanges.access import MaySearch, MaySubscribe
from services.registry.dci.exchanges.actions import Desk
from services.registry.dci.exchanges.models import Exchange
from services.registry.dci.header import Action, AnswerHeader, MessageHeader, Part
from services.registry.dci.messages import AckAnswer, SearchRequest
from services.registry.vault import Keys


class TxnStatusAnswer(Part):
    """An answered question after a transaction as it is sent."""

    signature: str
    header: AnswerHeader
    message: TxnStatusResponse


router = exchanges(tag="DCI Social Registry")


async def _desk(uow: Uow, us: Us, keys: Keys) -> Desk:
    return Desk(uow, us, keys)


TheDesk = Annotated[Desk, Depends(_desk)]


@router.post(
    "/registry/search",
    responses=answers(AckAnswer),
    openapi_extra=body_of(SearchRequest, MessageHeader, action=Action.SEARCH),
)
async def search_later(request: Request, actor: MaySearch, desk: TheDesk) -> Response:
    """Take searches in; what they find is POSTed as `on-search`."""
    body, action = await request.body(), Action.SEARCH
    return _receipt(await actions.take_in(desk, body, actor, action=action, kind=SearchRequest))


@router.post(
    "/registry/subscribe",
    responses=answers(AckAnswer),
    openapi_extra=body_of(SubscribeRequest, MessageHeader, action=Action.SUBSCRIBE),
)
async def subscribe(request: Request, actor: MaySubscribe, desk: TheDesk) -> Response:
    """Take subscriptions in; their codes are POSTed as `on-subscribe`, events as `notify`."""
    body, action = await request.body(), Action.SUBSCRIBE
    return _receipt(await actions.take_in(desk, body, actor, action=action, kind=SubscribeRequest))


@router.post(
    "/registry/unsubscribe",
    responses=answers(AckAnswer),
    openapi_extra=body_of(UnsubscribeRequest, MessageHeader, action=Action.UNSUBSCRIBE),
)
async def unsubscribe(request: Request, actor: MaySubscribe, desk: TheDesk) -> Response:
    """Take the end of subscriptions in; what became of it is POSTed as `on-unsubscribe`."""
    body, action = await request.body(), Action.UNSUBSCRIBE
    kind = UnsubscribeRequest
    return _receipt(await actions.take_in(desk, body, actor, action=action, kind=kind))


@router.post(
    "/registry/txn/status",
    responses=answers(AckAnswer),
    openapi_extra=body_of(TxnStatusRequest, MessageHeader, action=Action.TXN_STATUS),
)
async def tell_status_later(request: Request, actor: MaySearch, desk: TheDesk) -> Response:
    """Take a question in; what became of the transaction is POSTed as `txn-on-status`."""
    body, action = await request.body(), Action.TXN_STATUS
    return _receipt(await actions.take_in(desk, body, actor, action=action, kind=TxnStatusRequest))


@router.post(
    "/registry/sync/txn/status",
    responses=answers(TxnStatusAnswer),
    openapi_extra=body_of(TxnStatusRequest, MessageHeader, action=Action.TXN_STATUS),
)
async def tell_status(request: Request, actor: MaySearch, desk: TheDesk) -> Response:
    """Tell what became of an asynchronous transaction, at once."""
    body, action, us = await request.body(), Action.TXN_STATUS, desk.ourselves
    received = await intake.take_in(body, actor, desk.uow, action=action, ourselves=us)
    asked = parse(TxnStatusRequest, received.message, of="message")
    sender_id, correlation_id = received.sender.sender_id, received.correlation_id
    answer = await status.of(desk.uow, sender_id, asked, correlation_id=correlation_id)
    return sent(received.answered(us, answer))


def _receipt(exchange: Exchange) -> Response:
    receipt = ack(at=clock.now(), correlation_id=exchange.correlation_id)
    return sent(wire(AckAnswer(message=receipt)))


ROUTERS = (router,)
