"""What is said about events and transactions in the DCI API v1.0.0, as the standard names it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue

from services.registry.dci.header import (
    VERSION,
    Id,
    Locale,
    MessageStatus,
    Part,
    Reason,
    Timestamp,
)
from services.registry.dci.messages import (
    MOST_ITEMS,
    REGISTRY_TYPE,
    Authority,
    QueryType,
    RawItems,
    Record,
    SearchResponse,
)


class SubscribeReason(StrEnum):
    """Why one subscription is rejected."""

    REFERENCE_ID_INVALID = "rjct.reference_id.invalid"
    REFERENCE_ID_DUPLICATE = "rjct.reference_id.duplicate"
    TIMESTAMP_INVALID = "rjct.timestamp.invalid"
    NOTIFY_TYPES_INVALID = "rjct.notify_types.invalid"
    NOTIFY_DETAILS_INVALID = "rjct.notify_details.invalid"
    PERSON_ID_INVALID = "rjct.person_id.invalid"
    ALREADY_SUBSCRIBED = "rjct.event.already_subscribed"


class UnsubscribeReason(StrEnum):
    """Why subscriptions are not ended."""

    REFERENCE_ID_INVALID = "rjct.reference_id.invalid"
    REFERENCE_ID_DUPLICATE = "rjct.reference_id.duplicate"
    TIMESTAMP_INVALID = "rjct.timestamp.invalid"
    SUBSCRIPTION_CODE_INVALID = "rjct.subscription_code.invalid"
    REQUESTER_INVALID = "rjct.requester.invalid"
    ALREADY_UNSUBSCRIBED = "rjct.event.already_unsubscribed"


class Frequency(Part):
    """When notifications are wanted; `frequency` is a cron expression."""

    start_time: Timestamp
    end_time: Timestamp
    frequency: Annotated[str, Field(min_length=1, max_length=200)]


class SubscribeCriteria(Part):
    """Which events are wanted, of which families."""

    version: str = VERSION
    reg_type: str | None = None
    reg_event_type: Annotated[str, Field(min_length=1, max_length=200)]
    frequency: Frequency | None = None
    filter_type: QueryType | Literal["graphql"] | None = None
    filter: JsonValue
    notify_record_type: Annotated[str, Field(min_length=1, max_length=200)]
    authorize: Authority | None = None
    consent: Authority | None = None


class SubscribeItem(Part):
    """One subscription of a message."""

    reference_id: Id
    timestamp: Timestamp
    subscribe_criteria: SubscribeCriteria
    locale: Locale = "ind"


class SubscribeRequest(Part):
    """The message of `subscribe`."""

    transaction_id: Id
    subscribe_request: RawItems


class SubscriptionStatus(StrEnum):
    """Whether a subscription lives."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


class SubscriptionInfo(Part):
    """A subscription as it is told."""

    version: str = VERSION
    code: Id
    status: SubscriptionStatus
    timestamp: Timestamp
    reg_type: str | None = None
    reg_event_type: str | None = None
    notify_record_type: str | None = None
    filter_type: str | None = None
    filter: JsonValue = None
    frequency: Frequency | None = None
    locale: str | None = None


class SubscribeResult(Part):
    """What became of one subscription."""

    reference_id: str
    timestamp: Timestamp
    status: MessageStatus
    status_reason_code: SubscribeReason | None = None
    status_reason_message: Reason | None = None
    subscriptions: list[SubscriptionInfo] | None = None
    locale: str = "ind"


class SubscribeResponse(Part):
    """The message of `on-subscribe`."""

    transaction_id: Id
    correlation_id: Id
    subscribe_response: list[SubscribeResult]


class UnsubscribeRequest(Part):
    """The message of `unsubscribe`."""

    transaction_id: Id
    timestamp: Timestamp
    subscription_codes: Annotated[list[Id], Field(min_length=1, max_length=MOST_ITEMS)]


class SubscriptionState(Part):
    """Whether one subscription lives."""

    code: Id
    status: SubscriptionStatus


class UnsubscribeResponse(Part):
    """The message of `on-unsubscribe`."""

    transaction_id: Id
    correlation_id: Id
    timestamp: Timestamp
    status: MessageStatus
    status_reason_code: UnsubscribeReason | None = None
    status_reason_message: Reason | None = None
    subscription_status: list[SubscriptionState] | None = None


class NotifiedData(Part):
    """The records that an event is about; the standard makes one record of them."""

    version: str = VERSION
    reg_type: str = REGISTRY_TYPE
    reg_event_type: str
    reg_record_type: str
    reg_records: Record


class NotifyEvent(Part):
    """One event."""

    reference_id: Id
    timestamp: Timestamp
    data: NotifiedData
    locale: str = "ind"


class NotifyRequest(Part):
    """The message of `notify`."""

    transaction_id: Id
    notify_event: list[NotifyEvent]


def _spelt(given: object) -> object:
    """Accept the standard's own misprint."""
    return "subscribe" if given == "subscibe" else given


class TxnType(StrEnum):
    """What kind of request is asked after."""

    SEARCH = "search"
    SUBSCRIBE = "subscribe"
    RECEIPT = "receipt"


class AttributeType(StrEnum):
    """By what a request is asked after."""

    TRANSACTION_ID = "transaction_id"
    REFERENCE_ID_LIST = "reference_id_list"
    CORRELATION_ID = "correlation_id"


class TxnStatusItem(Part):
    """Which request is asked after."""

    reference_id: Id
    txn_type: Annotated[TxnType, BeforeValidator(_spelt)]
    attribute_type: AttributeType
    attribute_value: Id | Annotated[list[Id], Field(min_length=1, max_length=MOST_ITEMS)]
    locale: Locale = "ind"


class TxnStatusRequest(Part):
    """The message of `txn-status`."""

    transaction_id: Id
    txnstatus_request: TxnStatusItem


class TxnStatusResult(Part):
    """What became of a request: the answer that was or will be sent."""

    txn_type: TxnType
    txn_status: SearchResponse | SubscribeResponse | UnsubscribeResponse


class TxnStatusResponse(Part):
    """The message of `txn-on-status`."""

    transaction_id: Id
    correlation_id: Id
    txnstatus_response: TxnStatusResult
