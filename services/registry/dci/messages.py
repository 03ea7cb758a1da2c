"""What is said in a search of the DCI Social Registry API v1.0.0, as the standard names it.

Optional members that are absent stay absent in what we send. A list of requests is read item by
item: one that is malformed is rejected by its own reason, and the others are answered.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from services.registry.dci.header import (
    VERSION,
    AnswerHeader,
    Id,
    Locale,
    MessageStatus,
    Part,
    Reason,
    Timestamp,
)

REGISTRY_TYPE = "ns:org:RegistryType:Social"
MOST_ITEMS = 100

Record = dict[str, JsonValue]
RawItem = dict[str, JsonValue]
"""One request of a list, before it is read on its own."""
RawItems = Annotated[list[RawItem], Field(min_length=1)]


class ErrorCode(StrEnum):
    """Why a message is not taken in at all."""

    BAD = "err.request.bad"
    UNAUTHORIZED = "err.request.unauthorized"
    FORBIDDEN = "err.request.forbidden"
    NOT_FOUND = "err.request.not_found"
    TIMEOUT = "err.request.timeout"
    TOO_MANY_REQUESTS = "err.request.too_many_requests"
    VERSION_NOT_SUPPORTED = "err.version.not_supported"
    SENDER_ID_INVALID = "err.sender_id.invalid"
    SENDER_URI_INVALID = "err.sender_uri.invalid"
    RECEIVER_ID_INVALID = "err.receiver_id.invalid"
    SIGNATURE_MISSING = "err.signature.missing"
    SIGNATURE_INVALID = "err.signature.invalid"
    ENCRYPTION_INVALID = "err.encryption.invalid"
    SERVICE_UNAVAILABLE = "err.service.unavailable"


class SearchReason(StrEnum):
    """Why one search is rejected."""

    REFERENCE_ID_INVALID = "rjct.reference_id.invalid"
    REFERENCE_ID_DUPLICATE = "rjct.reference_id.duplicate"
    TIMESTAMP_INVALID = "rjct.timestamp.invalid"
    SEARCH_CRITERIA_INVALID = "rjct.search_criteria.invalid"
    FILTER_INVALID = "rjct.filter.invalid"
    SORT_INVALID = "rjct.sort.invalid"
    PAGINATION_INVALID = "rjct.pagination.invalid"
    TOO_MANY_RECORDS_FOUND = "rjct.search.too_many_records_found"


class AckStatus(StrEnum):
    """Whether a message is taken in, and whether a callback follows."""

    ACK = "ACK"
    NACK = "NACK"
    ERR = "ERR"


class AckError(Part):
    """Why a message is not taken in."""

    code: ErrorCode
    message: Reason


class Ack(Part):
    """The receipt of a message."""

    ack_status: AckStatus
    timestamp: Timestamp
    correlation_id: Id
    error: AckError | None = None


class AckAnswer(Part):
    """A receipt as it is sent; `header` tells the reason where the header itself is at fault."""

    signature: str | None = None
    header: AnswerHeader | None = None
    message: Ack


# Search


class QueryType(StrEnum):
    """How a search is written."""

    IDTYPE_VALUE = "idtype-value"
    EXPRESSION = "expression"
    PREDICATE = "predicate"


class Entity(StrEnum):
    """What is found: families, or persons of families."""

    GROUP = "Group"
    MEMBER = "Member"


class Purpose(Part):
    """Why data is asked for: a code of the agreement."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    text: Reason | None = None


class Authority(Part):
    """The `consent` or `authorize` block of a search: its purpose is what we read."""

    purpose: Purpose | None = None


class SortBy(Part):
    """One attribute that the answer is sorted by."""

    attribute_name: str
    sort_order: Literal["asc", "desc"] = "asc"


class PageAsked(Part):
    """Which page of the answer is asked for; the first is 1."""

    page_size: Annotated[int, Field(strict=True, ge=1, le=1000)]
    page_number: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1


class SearchCriteria(Part):
    """What is searched, and how the answer is cut."""

    version: str = VERSION
    reg_type: str | None = None
    reg_event_type: str | None = None
    reg_record_type: str | None = None
    query_type: QueryType
    query: JsonValue
    response_entity: Entity = Entity.GROUP
    sort: Annotated[list[SortBy], Field(max_length=3, default_factory=list)]
    pagination: PageAsked | None = None
    consent: Authority | None = None
    authorize: Authority | None = None


class SearchItem(Part):
    """One search of a message."""

    reference_id: Id
    timestamp: Timestamp
    search_criteria: SearchCriteria
    locale: Locale = "ind"


class SearchRequest(Part):
    """The message of `search`."""

    transaction_id: Id
    search_request: RawItems


class Data(Part):
    """The records found."""

    version: str = VERSION
    reg_type: str = REGISTRY_TYPE
    reg_record_type: str = Entity.GROUP.value
    reg_records: list[Record]


class PageGiven(Part):
    """Which page this is, of how many records."""

    page_size: int
    page_number: int
    total_count: int


class SearchResult(Part):
    """What one search found, or why it was rejected."""

    reference_id: str
    timestamp: Timestamp
    status: MessageStatus
    status_reason_code: SearchReason | None = None
    status_reason_message: Reason | None = None
    data: Data | None = None
    pagination: PageGiven | None = None
    locale: str = "ind"


class SearchResponse(Part):
    """The message of `on-search`."""

    transaction_id: Id
    correlation_id: Id
    search_response: list[SearchResult]


class SearchAnswer(Part):
    """An answered search as it is sent."""

    signature: str
    header: AnswerHeader
    message: SearchResponse


# Enrolled (profile of the beneficiary registry)


class Identified(Part):
    """A family or person by a number: type and value."""

    identifier_type: Annotated[str, Field(max_length=64)]
    identifier_value: Annotated[str, Field(min_length=1, max_length=200)]


class EnrolledItem(Part):
    """One question: is this family in that programme?"""

    reference_id: Id
    timestamp: Timestamp
    identifier: Identified
    programme_identifier: Annotated[str, Field(min_length=1, max_length=64)]
    authorize: Authority | None = None
    consent: Authority | None = None
    locale: Locale = "ind"


class EnrolledRequest(Part):
    """The message of `enrolled`."""

    transaction_id: Id
    enrolled_request: RawItems


class EnrolledResult(Part):
    """Yes or no, and nothing else."""

    reference_id: str
    timestamp: Timestamp
    status: MessageStatus
    status_reason_code: SearchReason | None = None
    status_reason_message: Reason | None = None
    programme_identifier: str | None = None
    enrolled: bool | None = None
    locale: str = "ind"


class EnrolledResponse(Part):
    """The message of `on-enrolled`."""

    transaction_id: Id
    correlation_id: Id
    enrolled_response: list[EnrolledResult]


class EnrolledAnswer(Part):
    """An answered question as it is sent."""

    signature: str
    header: AnswerHeader
    message: EnrolledResponse
