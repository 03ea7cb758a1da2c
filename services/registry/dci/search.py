"""Answering a search: whoever asks finds, counts and sees only what the agreement gives.

1. The purpose of every search is named and covered, else nothing is answered.
2. The query becomes a tree of tests, and these conditions; one that the agreement does not give is
   rejected, so that nothing can be probed.
3. The permit's own condition, area and consent, stands beside the query's: pages and counts are of
   what may be seen, and nobody can tell a family that is not there from one that is not covered.
4. A search takes at most four statements: a bounded count, a page, its members, its programmes.
5. What was read is in the access ledger, in the transaction that read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from kernel import clock
from kernel.problems import Text
from services.registry.dci import queries, records
from services.registry.dci.asking import Asking, withheld_by
from services.registry.dci.conditions import NOT_COVERED, Condition, Conditions
from services.registry.dci.filters import filter_of
from services.registry.dci.header import MessageStatus
from services.registry.dci.items import Rejected, Rejection, language_of, read_items
from services.registry.dci.messages import (
    Data,
    Entity,
    PageAsked,
    PageGiven,
    QueryType,
    Record,
    SearchItem,
    SearchReason,
    SearchRequest,
    SearchResponse,
    SearchResult,
    SortBy,
)
from services.registry.dci.queries import Part
from services.registry.households.models import Household
from services.registry.households.queries import members_of
from services.registry.sharing.fields import SharedField
from services.registry.sharing.permits import Permit, note_access
from services.registry.sharing.reads.queries import programmes_of
from services.registry.sharing.reads.views import Reader

MOST_FOUND = 10_000
MOST_UNPAGED = 100
ACTION = "dci.search"

TOO_MANY = Text(
    id="Ditemukan lebih dari {most}; persempit kueri atau gunakan 'pagination'.",
    en="More than {most} found; narrow the query, or use 'pagination'.",
)
WRONG_SORT = Text(
    id="Tidak dapat diurutkan menurut '{attribute}'.", en="It cannot be sorted by '{attribute}'."
)

SORTED_BY = {
    "poverty_score": (SharedField.DECILE, "decile"),
    "group_size": (SharedField.GROUP_SIZE, "member_count"),
    "location": (SharedField.DESA_CODE, "desa_code"),
    "status": (SharedField.STATUS, "status"),
    "registration_date": (SharedField.REGISTERED_ON, "registered_on"),
    "last_updated": (SharedField.LAST_UPDATED, "changed_at"),
}
"""What an answer may be sorted by: the field that must be given for it, and the column."""


@dataclass(frozen=True)
class Found:
    """The answer, and the fields that were withheld in it."""

    message: SearchResponse
    withheld: list[str]


async def search(asking: Asking, request: SearchRequest, *, correlation_id: str) -> Found:
    """Answer every search of a message.

    Raises:
        Refused: a purpose is missing, bulk is not allowed, or too many searches are malformed.
        NoAgreement, PurposeNotCovered, BulkNotCovered: the agreement does not cover a search.
    """
    items = read_items(request.search_request, SearchItem)
    permits = [
        None if isinstance(each, Rejected) else await _permit(asking, each) for each in items
    ]
    pairs = zip(items, permits, strict=True)
    results = [await _result(asking, item, permit) for item, permit in pairs]
    message = SearchResponse(
        transaction_id=request.transaction_id,
        correlation_id=correlation_id,
        search_response=results,
    )
    return Found(message, withheld_by(*filter(None, permits)))


async def _permit(asking: Asking, item: SearchItem) -> Permit:
    criteria = item.search_criteria
    bulk = criteria.query_type is not QueryType.IDTYPE_VALUE
    return await asking.permit(criteria.authorize, criteria.consent, bulk=bulk)


async def _result(
    asking: Asking, item: SearchItem | Rejected, permit: Permit | None
) -> SearchResult:
    if isinstance(item, Rejected):
        return _rejected(item.rejection, item.reference_id)
    assert permit is not None  # noqa: S101 - every item that was read has one
    try:
        return await _Answering(asking, item, permit).result()
    except Rejection as rejection:
        return _rejected(rejection, item.reference_id, locale=item.locale)


def _rejected(rejection: Rejection, reference_id: str, *, locale: str = "ind") -> SearchResult:
    return SearchResult(
        reference_id=reference_id,
        timestamp=clock.now(),
        status=MessageStatus.REJECTED,
        status_reason_code=rejection.reason,
        status_reason_message=rejection.told(language_of(locale)),
        locale=locale,
    )


class _Answering:
    """One search, for one permit."""

    def __init__(self, asking: Asking, item: SearchItem, permit: Permit) -> None:
        self._asking, self._item, self._permit = asking, item, permit
        self._criteria = item.search_criteria
        self._persons = self._criteria.response_entity is Entity.MEMBER
        self._reader = Reader(asking.actor, permit, asking.vault, asking.tokens)

    async def result(self) -> SearchResult:
        condition = self._condition()
        order = self._order()
        page = self._criteria.pagination or PageAsked(page_size=MOST_UNPAGED)
        total = await self._count(condition)
        part = Part(condition, order, (page.page_number - 1) * page.page_size, page.page_size)
        found = [] if part.offset >= total else await self._records(part)
        await self._note(found)
        return SearchResult(
            reference_id=self._item.reference_id,
            timestamp=clock.now(),
            status=MessageStatus.SUCCEEDED,
            data=Data(
                reg_record_type=self._criteria.response_entity.value,
                reg_records=[record for _, record in found],
            ),
            pagination=PageGiven(
                page_size=page.page_size, page_number=page.page_number, total_count=total
            ),
            locale=self._item.locale,
        )

    def _condition(self) -> Condition:
        """Return what is asked, of the families that may be found."""
        if self._persons and not self._permit.gives(SharedField.MEMBERS):
            raise Rejection(
                SearchReason.SEARCH_CRITERIA_INVALID,
                NOT_COVERED,
                field=SharedField.MEMBERS.value,
                attribute=Entity.MEMBER.value,
            )
        conditions = Conditions(
            self._permit,
            self._criteria.response_entity,
            self._asking.vault,
            self._asking.tokens,
        )
        asked = conditions.of(filter_of(self._criteria))
        return sa.and_(self._asking.sees(self._permit), asked)

    def _order(self) -> list[sa.ColumnElement[object]]:
        return [self._sorted(each) for each in self._criteria.sort]

    def _sorted(self, by: SortBy) -> sa.ColumnElement[object]:
        field, name = SORTED_BY.get(by.attribute_name, (None, ""))
        if field is None or not self._permit.gives(field):
            attribute = by.attribute_name[:40]
            raise Rejection(SearchReason.SORT_INVALID, WRONG_SORT, attribute=attribute)
        turn = sa.desc if by.sort_order == "desc" else sa.asc
        column: sa.ColumnElement[object] = getattr(Household, name)
        return sa.nulls_last(turn(column))

    async def _count(self, condition: Condition) -> int:
        """Count what is found, and refuse what is too much to be an answer."""
        most = MOST_FOUND if self._criteria.pagination else MOST_UNPAGED
        total = await queries.count_up_to(
            self._asking.uow.session, condition, of_persons=self._persons, most=most
        )
        if total > most:
            raise Rejection(SearchReason.TOO_MANY_RECORDS_FOUND, TOO_MANY, most=most)
        return total

    async def _records(self, part: Part) -> list[tuple[UUID, Record]]:
        session = self._asking.uow.session
        if self._persons:
            persons = await queries.persons(session, part)
            return [(home.id, records.member(self._reader, who, home)) for who, home in persons]
        found = await queries.families(session, part)
        ids = [household.id for household in found]
        members, programmes = await members_of(session, ids), await programmes_of(session, ids)
        return [
            (
                each.id,
                records.group(self._reader, each, members[each.id], programmes=programmes[each.id]),
            )
            for each in found
        ]

    async def _note(self, found: Sequence[tuple[UUID, Record]]) -> None:
        await note_access(
            self._asking.uow,
            self._permit,
            actor=self._asking.actor,
            action=ACTION,
            household_ids=list(dict.fromkeys(household_id for household_id, _ in found)),
            fields=self._permit.fields,
        )
