"""Is this family in that programme? Yes or no, so that nobody is helped twice by oversight.

An unknown family, one that is not covered and one that is not in the programme are all a no.
"""

from contracts.registry import AidScheme
from kernel import clock
from kernel.problems import Text
from services.registry.dci import queries
from services.registry.dci.asking import Asking
from services.registry.dci.conditions import NOT_COVERED, Condition, Conditions, receives
from services.registry.dci.filters import identifier
from services.registry.dci.header import MessageStatus
from services.registry.dci.items import Location, Rejected, Rejection, language_of, read_items
from services.registry.dci.messages import (
    EnrolledItem,
    EnrolledRequest,
    EnrolledResponse,
    EnrolledResult,
    Entity,
    SearchReason,
)
from services.registry.sharing.fields import SharedField
from services.registry.sharing.permits import Permit, note_access

ACTION = "dci.enrolled"
ANSWERED = (SharedField.PROGRAMMES,)
UNKNOWN_PROGRAMME = Text(
    id="Program tidak dikenal; yang dikenal: {known}.",
    en="The programme is not known; known are: {known}.",
)


async def enrolled(
    asking: Asking, request: EnrolledRequest, *, correlation_id: str
) -> EnrolledResponse:
    """Answer every question of a message.

    Raises:
        Refused: no purpose is named, or too many questions are malformed.
        NoAgreement, PurposeNotCovered: the agreement does not cover a question.
    """
    items = read_items(request.enrolled_request, EnrolledItem, reason_of=_reason_at)
    results = [await _result(asking, each) for each in items]
    return EnrolledResponse(
        transaction_id=request.transaction_id,
        correlation_id=correlation_id,
        enrolled_response=results,
    )


def _reason_at(location: Location) -> SearchReason:
    known = {
        "reference_id": SearchReason.REFERENCE_ID_INVALID,
        "timestamp": SearchReason.TIMESTAMP_INVALID,
        "identifier": SearchReason.FILTER_INVALID,
    }
    return known.get(str(location[0]), SearchReason.SEARCH_CRITERIA_INVALID)


async def _result(asking: Asking, item: EnrolledItem | Rejected) -> EnrolledResult:
    if isinstance(item, Rejected):
        return _rejected(item.rejection, item.reference_id, locale="ind")
    permit = await asking.permit(item.authorize, item.consent, bulk=False)
    try:
        found = await _is_enrolled(asking, item, permit)
    except Rejection as rejection:
        return _rejected(rejection, item.reference_id, locale=item.locale)
    return EnrolledResult(
        reference_id=item.reference_id,
        timestamp=clock.now(),
        status=MessageStatus.SUCCEEDED,
        programme_identifier=item.programme_identifier,
        enrolled=found,
        locale=item.locale,
    )


def _scheme(programme: str) -> AidScheme:
    if programme not in set(AidScheme):
        known = ", ".join(AidScheme)
        raise Rejection(SearchReason.SEARCH_CRITERIA_INVALID, UNKNOWN_PROGRAMME, known=known)
    return AidScheme(programme)


async def _is_enrolled(asking: Asking, item: EnrolledItem, permit: Permit) -> bool:
    if not permit.gives(SharedField.PROGRAMMES):
        raise Rejection(
            SearchReason.SEARCH_CRITERIA_INVALID,
            NOT_COVERED,
            field=SharedField.PROGRAMMES.value,
            attribute="programme_identifier",
        )
    narrow = permit.narrowed(ANSWERED)
    found = await queries.whether(
        asking.uow.session,
        receives(_scheme(item.programme_identifier)),
        of=_meant(asking, item, narrow),
    )
    await note_access(
        asking.uow,
        narrow,
        actor=asking.actor,
        action=ACTION,
        household_ids=[household_id for household_id, _ in found],
        fields=ANSWERED,
    )
    return any(yes for _, yes in found)


def _meant(asking: Asking, item: EnrolledItem, permit: Permit) -> list[Condition]:
    """Return the conditions on the family that is meant, if it may be found."""
    number = identifier(item.identifier.identifier_type, item.identifier.identifier_value)
    conditions = Conditions(permit, Entity.GROUP, asking.vault, asking.tokens)
    return [asking.sees(permit), conditions.named(number)]


def _rejected(rejection: Rejection, reference_id: str, *, locale: str) -> EnrolledResult:
    return EnrolledResult(
        reference_id=reference_id,
        timestamp=clock.now(),
        status=MessageStatus.REJECTED,
        status_reason_code=rejection.reason,
        status_reason_message=rejection.told(language_of(locale)),
        locale=locale,
    )
