"""What became of a sender's earlier requests, without the records that were found."""

from collections.abc import Sequence
from types import MappingProxyType
from uuid import UUID

from pydantic import JsonValue

from kernel.db import UnitOfWork
from kernel.problems import Text
from services.registry.dci.envelope import Refused
from services.registry.dci.event_messages import (
    AttributeType,
    SubscribeResponse,
    SubscribeResult,
    TxnStatusItem,
    TxnStatusRequest,
    TxnStatusResponse,
    TxnStatusResult,
    TxnType,
)
from services.registry.dci.exchanges import queries
from services.registry.dci.exchanges.models import Exchange
from services.registry.dci.header import Action
from services.registry.dci.messages import ErrorCode, SearchResponse, SearchResult

UNKNOWN = Text(
    id="Tidak ada permintaan asinkron Anda yang demikian dalam 14 hari terakhir.",
    en="You made no such asynchronous request in the last 14 days.",
)
ACTIONS = MappingProxyType({TxnType.SEARCH: Action.SEARCH, TxnType.SUBSCRIBE: Action.SUBSCRIBE})


async def of(
    uow: UnitOfWork, sender_id: str, asked: TxnStatusRequest, *, correlation_id: str
) -> TxnStatusResponse:
    """Return what became of the requests asked after.

    Raises:
        Refused: the sender made no such request lately.
    """
    item = asked.txnstatus_request
    found = await _found(uow, sender_id, item)
    results = [result for exchange in found for result in _results(exchange, item)]
    if not results:
        raise Refused(ErrorCode.NOT_FOUND, UNKNOWN)
    told = _told(
        item.txn_type,
        results,
        transaction_id=found[-1].transaction_id,
        correlation_id=found[-1].correlation_id,
    )
    return TxnStatusResponse(
        transaction_id=asked.transaction_id,
        correlation_id=correlation_id,
        txnstatus_response=TxnStatusResult(txn_type=item.txn_type, txn_status=told),
    )


async def _found(uow: UnitOfWork, sender_id: str, item: TxnStatusItem) -> Sequence[Exchange]:
    action, session = ACTIONS.get(item.txn_type), uow.session
    if action is None:
        return ()  # receipts are of registries of beneficiaries; we give none
    value = item.attribute_value
    if item.attribute_type is AttributeType.REFERENCE_ID_LIST:
        references = value if isinstance(value, list) else [value]
        return await queries.of_references(session, sender_id, references, action=action)
    if isinstance(value, list):
        return ()
    if item.attribute_type is AttributeType.TRANSACTION_ID:
        return await queries.of_transaction(session, sender_id, value, action=action)
    return await _of_correlation(uow, sender_id, value, action=action)


async def _of_correlation(
    uow: UnitOfWork, sender_id: str, value: str, *, action: Action
) -> Sequence[Exchange]:
    try:
        correlation_id = UUID(value)
    except ValueError:
        return ()
    return await queries.of_correlation(uow.session, sender_id, correlation_id, action=action)


def _results(exchange: Exchange, item: TxnStatusItem) -> list[JsonValue]:
    """Return what became of each request asked after; before the answer, where it stands."""
    return [
        each
        for each in _told_so_far(exchange)
        if item.attribute_type is not AttributeType.REFERENCE_ID_LIST
        or (isinstance(each, dict) and each["reference_id"] in item.attribute_value)
    ]


def _told_so_far(exchange: Exchange) -> list[JsonValue]:
    told = (exchange.outcome or {}).get(f"{exchange.action.value}_response")
    if isinstance(told, list):
        return told
    at, status = exchange.recorded_at.isoformat(), exchange.state.value
    return [
        {"reference_id": each, "timestamp": at, "status": status} for each in exchange.reference_ids
    ]


def _told(
    kind: TxnType, results: Sequence[JsonValue], *, transaction_id: str, correlation_id: str
) -> SearchResponse | SubscribeResponse:
    if kind is TxnType.SUBSCRIBE:
        return SubscribeResponse(
            transaction_id=transaction_id,
            correlation_id=correlation_id,
            subscribe_response=[SubscribeResult.model_validate(each) for each in results],
        )
    return SearchResponse(
        transaction_id=transaction_id,
        correlation_id=correlation_id,
        search_response=[SearchResult.model_validate(each) for each in results],
    )
