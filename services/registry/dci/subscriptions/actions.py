"""Beginning and ending subscriptions, each request of a message on its own."""

from collections.abc import Collection, Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.db import UnitOfWork
from kernel.problems import Text
from services.registry.dci.asking import Asking
from services.registry.dci.event_messages import (
    SubscribeItem,
    SubscribeReason,
    SubscribeRequest,
    SubscribeResponse,
    SubscribeResult,
    SubscriptionState,
    UnsubscribeReason,
    UnsubscribeRequest,
    UnsubscribeResponse,
)
from services.registry.dci.exchanges.models import Exchange
from services.registry.dci.header import MessageStatus
from services.registry.dci.items import Rejected, language_of, read_items
from services.registry.dci.subscriptions import queries
from services.registry.dci.subscriptions.lifecycle import Ending, State
from services.registry.dci.subscriptions.models import Subscription
from services.registry.dci.subscriptions.wishes import NotSubscribed, Wish, subscription_of

MOST_ACTIVE = 200
SUBSCRIBED_BEFORE = Text(
    id="Peristiwa dan saringan ini sudah dilanggan.",
    en="This event with this filter is subscribed to already.",
)
TOO_MANY = Text(
    id=f"Paling banyak {MOST_ACTIVE} langganan aktif setiap pengirim.",
    en=f"At most {MOST_ACTIVE} live subscriptions a sender.",
)


async def subscribe(
    asking: Asking, message: SubscribeRequest, exchange: Exchange
) -> SubscribeResponse:
    """Return what became of each subscription that a message asks for.

    Raises:
        Refused: too many of them are malformed.
    """
    read = read_items(message.subscribe_request, SubscribeItem)
    return SubscribeResponse(
        transaction_id=message.transaction_id,
        correlation_id=exchange.correlation_id,
        subscribe_response=[await _result(asking, each, exchange) for each in read],
    )


async def unsubscribe(
    asking: Asking, message: UnsubscribeRequest, exchange: Exchange
) -> UnsubscribeResponse:
    """End the subscriptions that are named: all of them or, if one cannot be ended, none."""
    codes, now = set(message.subscription_codes), clock.now()
    sender_id = asking.sender.sender_id
    found = {each.code: each for each in await queries.named(asking.uow.session, _ids(codes))}
    reason = _hindrance(codes, found, sender_id=sender_id)
    if reason is None:
        for each in found.values():
            each.end(Ending.UNSUBSCRIBED, at=now)
    own = [each.info() for each in found.values() if each.sender_id == sender_id]
    return UnsubscribeResponse(
        transaction_id=message.transaction_id,
        correlation_id=exchange.correlation_id,
        timestamp=now,
        status=MessageStatus.REJECTED if reason else MessageStatus.SUCCEEDED,
        status_reason_code=reason,
        subscription_status=[SubscriptionState(code=i.code, status=i.status) for i in own],
    )


async def _result(
    asking: Asking, item: SubscribeItem | Rejected, exchange: Exchange
) -> SubscribeResult:
    locale, now = "ind" if isinstance(item, Rejected) else item.locale, clock.now()
    result = SubscribeResult(
        reference_id=item.reference_id,
        timestamp=now,
        status=MessageStatus.SUCCEEDED,
        locale=locale,
    )
    try:
        made = await subscription_of(asking, Wish(exchange, _sound(item), now))
        await _add(asking.uow, made)
        result.subscriptions = [made.info()]
    except NotSubscribed as refused:
        result.status = MessageStatus.REJECTED
        result.status_reason_code = refused.reason
        english = language_of(locale) == "en"
        result.status_reason_message = refused.text.en if english else refused.text.id
    return result


def _sound(item: SubscribeItem | Rejected) -> SubscribeItem:
    if isinstance(item, SubscribeItem):
        return item
    wrong, named = item.rejection, item.rejection.reason.value
    known = named in set(SubscribeReason)
    reason = SubscribeReason(named) if known else SubscribeReason.NOTIFY_DETAILS_INVALID
    raise NotSubscribed(reason, Text(id=wrong.told("id"), en=wrong.told("en")))


async def _add(uow: UnitOfWork, made: Subscription) -> None:
    """Write it, unless the sender has the same already: the index decides, not a look before."""
    if await queries.active_of(uow.session, made.sender_id) >= MOST_ACTIVE:
        raise NotSubscribed(SubscribeReason.NOTIFY_DETAILS_INVALID, TOO_MANY)
    adding = (
        insert(Subscription)
        .values(made.model_dump())
        .on_conflict_do_nothing(
            index_elements=["sender_id", "fingerprint"],
            index_where=sa.text("state = 'active'"),
        )
    )
    if not (await uow.execute(adding)).rowcount:
        raise NotSubscribed(SubscribeReason.ALREADY_SUBSCRIBED, SUBSCRIBED_BEFORE)


def _hindrance(
    codes: Collection[str], found: Mapping[str, Subscription], *, sender_id: str
) -> UnsubscribeReason | None:
    if codes - found.keys():
        return UnsubscribeReason.SUBSCRIPTION_CODE_INVALID
    if any(each.sender_id != sender_id for each in found.values()):
        return UnsubscribeReason.REQUESTER_INVALID
    if any(each.state is State.ENDED for each in found.values()):
        return UnsubscribeReason.ALREADY_UNSUBSCRIBED
    return None


def _ids(codes: Collection[str]) -> list[UUID]:
    ids = []
    for code in codes:
        try:
            ids.append(UUID(code))
        except ValueError:
            continue  # no code of ours, so it is not found
    return ids
