"""What a partner wants to hear of: read, checked against its agreement, and kept sealed."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from kernel.ids import new_id
from kernel.problems import Forbidden, Text
from services.registry.dci.asking import Asking
from services.registry.dci.conditions import Condition, Conditions
from services.registry.dci.envelope import Refused
from services.registry.dci.event_messages import (
    Frequency,
    SubscribeCriteria,
    SubscribeItem,
    SubscribeReason,
)
from services.registry.dci.exchanges.models import Exchange
from services.registry.dci.filters import Filter, Identifier, filter_of
from services.registry.dci.items import Rejection
from services.registry.dci.messages import Entity, QueryType, SearchCriteria
from services.registry.dci.subscriptions.kinds import EventKind, find_kind
from services.registry.dci.subscriptions.models import PLACE, Subscription
from services.registry.dci.subscriptions.timetable import TimetableInvalid, read_timetable
from services.registry.sharing.permits import Permit
from services.registry.vault import Vault

KNOWN = ", ".join(EventKind)
UNKNOWN_KIND = Text(id=f"Peristiwa yang dapat dilanggan: {KNOWN}.", en=f"Events known: {KNOWN}.")
UNKNOWN_RECORD = Text(
    id="'notify_record_type' adalah Group atau Member.",
    en="'notify_record_type' is Group or Member.",
)
NO_TIMETABLE = Text(
    id="'frequency' harus ekspresi cron dengan angka, rentang dan langkah, dari 'start_time' "
    "sampai 'end_time' yang belum lewat; tanpa 'frequency' kami memberi tahu seketika.",
    en="'frequency' must be a cron expression of numbers, ranges and steps, from 'start_time' to "
    "an 'end_time' to come; without 'frequency' we notify at once.",
)
NO_FILTER = Text(
    id="'filter_type' adalah idtype-value, expression, atau predicate.",
    en="'filter_type' is idtype-value, expression or predicate.",
)
NOT_COVERED = Text(
    id="Tidak ada perjanjian yang mencakup langganan ini untuk tujuan itu.",
    en="No agreement covers this subscription for that purpose.",
)
TYPES = SubscribeReason.NOTIFY_TYPES_INVALID
DETAILS = SubscribeReason.NOTIFY_DETAILS_INVALID


class NotSubscribed(Exception):
    """One subscription is rejected; the others of its message are answered."""

    def __init__(self, reason: SubscribeReason, text: Text) -> None:
        super().__init__(reason.value)
        self.reason, self.text = reason, text


@dataclass(frozen=True)
class Wish:
    """One subscription that is asked for, in which exchange, when."""

    exchange: Exchange
    item: SubscribeItem
    at: datetime


async def subscription_of(asking: Asking, wish: Wish) -> Subscription:
    """Return the subscription that a request asks for.

    Raises:
        NotSubscribed: it asks for what we do not tell, or not this partner.
    """
    criteria, id_ = wish.item.subscribe_criteria, new_id()
    kind, record_type = _kind(criteria.reg_event_type), _record_type(criteria.notify_record_type)
    search = _search(criteria)
    given = await _covered(asking, criteria, search)
    made = Subscription(
        id=id_,
        sender_id=asking.sender.sender_id,
        organisation=asking.sender.organisation,
        asker=wish.exchange.asker,
        purpose=given.purpose,
        kind=kind,
        record_type=record_type,
        criteria=asking.vault.seal(search.model_dump_json(), place=PLACE, row_id=id_),
        fingerprint=b"",
        url=notify_url(wish.exchange.url),
        sandbox=wish.exchange.sandbox,
        transaction_id=wish.exchange.transaction_id,
        reference_id=wish.item.reference_id,
        locale=wish.item.locale,
    )
    made.fingerprint = _fingerprint(made, search, vault=asking.vault)
    _schedule(made, criteria.frequency, at=wish.at)
    return made


def meant(asking: Asking, asked: Filter, permit: Permit) -> Condition:
    """Return the condition that a filter means a family.

    Raises:
        Rejection: the agreement does not give what it asks for.
    """
    return Conditions(permit, Entity.GROUP, asking.vault, asking.tokens).of(asked)


def notify_url(url: str) -> str:
    """Return where events go: to the same address, or to its sister `.../notify`."""
    head, found, _ = url.rpartition("/on-subscribe")
    return f"{head}/notify" if found and url.endswith("/on-subscribe") else url


def is_bulk(asked: Filter) -> bool:
    """Tell whether a filter may mean many families: it names no single one."""
    return not isinstance(asked, Identifier)


def _kind(name: str) -> EventKind:
    found = find_kind(name)
    if found is None:
        raise NotSubscribed(TYPES, UNKNOWN_KIND)
    return found


def _record_type(name: str) -> Entity:
    last = name.rpartition(":")[2]
    if last not in set(Entity):
        raise NotSubscribed(TYPES, UNKNOWN_RECORD)
    return Entity(last)


def _search(criteria: SubscribeCriteria) -> SearchCriteria:
    """Return the filter as the search that it would be."""
    kind = criteria.filter_type or QueryType.EXPRESSION
    if kind == "graphql":
        raise NotSubscribed(DETAILS, NO_FILTER)
    return SearchCriteria.model_validate({"query_type": kind, "query": criteria.filter})


async def _covered(asking: Asking, criteria: SubscribeCriteria, search: SearchCriteria) -> Permit:
    """Refuse early what would never be told; the rights themselves are looked at every time."""
    try:
        found = filter_of(search)
        given = await asking.permit(criteria.authorize, criteria.consent, bulk=is_bulk(found))
        meant(asking, found, given)
    except (Rejection, Refused) as refused:
        text = Text(id=refused.told("id"), en=refused.told("en"))
        raise NotSubscribed(DETAILS, text) from refused
    except Forbidden as refused:
        raise NotSubscribed(DETAILS, NOT_COVERED) from refused
    return given


def _schedule(made: Subscription, frequency: Frequency | None, *, at: datetime) -> None:
    if frequency is None:
        return
    try:
        read_timetable(frequency.frequency)
    except TimetableInvalid as error:
        raise NotSubscribed(DETAILS, NO_TIMETABLE) from error
    if frequency.end_time <= max(at, frequency.start_time):
        raise NotSubscribed(DETAILS, NO_TIMETABLE)
    made.cron = frequency.frequency
    made.starts_at, made.ends_at = frequency.start_time, frequency.end_time
    made.schedule(after=at)


def _fingerprint(made: Subscription, search: SearchCriteria, *, vault: Vault) -> bytes:
    """Return what the same wish is known again by; it tells nothing of the filter."""
    wish = [made.kind, made.record_type, made.purpose, search.query_type, search.query]
    told = orjson.dumps(wish, option=orjson.OPT_SORT_KEYS).decode()
    return vault.index_of("dci_subscription", told)
