"""Carrying a request out, as whoever asked, with the rights of the moment.

What changes something (subscribing) is done once, and its answer kept. What reads families is read
anew for every attempt to deliver it: a right or a consent that ended in between counts.
"""

from dataclasses import dataclass
from typing import TypeVar

import orjson

from kernel import clock
from kernel.problems import Problem, Text
from services.registry.dci.asking import Asking
from services.registry.dci.envelope import OBJECT, Object, Refused, wire
from services.registry.dci.event_messages import (
    SubscribeRequest,
    SubscribeResponse,
    TxnStatusRequest,
    TxnStatusResponse,
    UnsubscribeRequest,
    UnsubscribeResponse,
)
from services.registry.dci.exchanges import status
from services.registry.dci.exchanges.models import PLACE, Exchange
from services.registry.dci.header import Action, MessageStatus, Part
from services.registry.dci.messages import SearchRequest, SearchResponse
from services.registry.dci.search import search
from services.registry.dci.subscriptions import actions as subscriptions
from services.registry.vault import Vault

P = TypeVar("P", bound=Part)

ANSWERS: dict[Action, type[SubscribeResponse] | type[UnsubscribeResponse]] = {
    Action.SUBSCRIBE: SubscribeResponse,
    Action.UNSUBSCRIBE: UnsubscribeResponse,
}
"""Of the requests that change something."""


@dataclass(frozen=True)
class Answer:
    """What is sent back; `why` tells why the message as a whole is rejected."""

    message: Part
    withheld: tuple[str, ...] = ()
    why: str | None = None


@dataclass(frozen=True)
class Question:
    """What was asked, opened."""

    meta: Object | None
    message: Object

    def as_(self, kind: type[P]) -> P:
        """Return the message, which was understood when it was taken in."""
        return kind.model_validate(self.message)


def opened(exchange: Exchange, vault: Vault) -> Question:
    """Return what an exchange asks."""
    text = vault.open(exchange.request, place=PLACE, row_id=exchange.id)
    told = OBJECT.validate_python(orjson.loads(text))
    meta, message = told["meta"], told["message"]
    return Question(OBJECT.validate_python(meta) if meta else None, OBJECT.validate_python(message))


async def answer(asking: Asking, exchange: Exchange, question: Question) -> Answer:
    """Carry the request out, note the outcome, and return the answer."""
    kind = ANSWERS.get(exchange.action)
    if kind and exchange.is_answered:
        message = kind.model_validate(exchange.outcome)
        return Answer(message)
    try:
        async with asking.uow.savepoint():
            made = await _carried_out(asking, exchange, question)
    except (Refused, Problem) as refused:
        made = _rejected(exchange, refused)
    exchange.answer(_kept(made.message), success=made.why is None, at=clock.now())
    return made


async def _carried_out(asking: Asking, exchange: Exchange, question: Question) -> Answer:
    if exchange.action is Action.SEARCH:
        return await _searched(asking, exchange, question.as_(SearchRequest))
    if exchange.action is Action.SUBSCRIBE:
        request = question.as_(SubscribeRequest)
        return Answer(await subscriptions.subscribe(asking, request, exchange))
    if exchange.action is Action.UNSUBSCRIBE:
        ending = question.as_(UnsubscribeRequest)
        return Answer(await subscriptions.unsubscribe(asking, ending, exchange))
    asked, correlation_id = question.as_(TxnStatusRequest), exchange.correlation_id
    told = await status.of(asking.uow, exchange.sender_id, asked, correlation_id=correlation_id)
    return Answer(told)


async def _searched(asking: Asking, exchange: Exchange, request: SearchRequest) -> Answer:
    found = await search(asking, request, correlation_id=exchange.correlation_id)
    return Answer(found.message, tuple(found.withheld))


def _kept(message: Part) -> Object:
    """Return an answer without the records: nothing of a family stays with us."""
    bare = message.model_copy(deep=True)
    if isinstance(bare, SearchResponse):
        for each in bare.search_response:
            each.data = None
    return wire(bare)


def _rejected(exchange: Exchange, refused: Refused | Problem) -> Answer:
    """Return the answer to a message that is refused as a whole: every request is rejected."""
    why = refused.told("id") if isinstance(refused, Refused) else _told(refused)
    return Answer(_rejection(exchange), why=why[:999])


def _rejection(exchange: Exchange) -> Part:
    """Return an answer in which every request is rejected, in the form of its action."""
    now, rejected = clock.now(), MessageStatus.REJECTED
    whole = {
        "transaction_id": exchange.transaction_id,
        "correlation_id": exchange.correlation_id,
        "timestamp": now,
        "status": rejected,
    }
    each = [
        {"reference_id": r, "timestamp": now, "status": rejected} for r in exchange.reference_ids
    ]
    if exchange.action is Action.SUBSCRIBE:
        return SubscribeResponse.model_validate({**whole, "subscribe_response": each})
    if exchange.action is Action.UNSUBSCRIBE:
        return UnsubscribeResponse.model_validate(whole)
    if exchange.action is Action.TXN_STATUS:
        nothing = {"txn_type": "search", "txn_status": {**whole, "search_response": []}}
        return TxnStatusResponse.model_validate({**whole, "txnstatus_response": nothing})
    return SearchResponse.model_validate({**whole, "search_response": each})


def _told(problem: Problem) -> str:
    text: Text = problem.detail
    return text.to("id", problem.details)
