"""A notification: the families that something happened to, as they may be shown at this moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from kernel.courier import NothingToTell
from kernel.problems import Forbidden
from services.registry.dci import records
from services.registry.dci.asking import Asking, withheld_by
from services.registry.dci.deliveries.models import Delivery, Told
from services.registry.dci.envelope import Refused
from services.registry.dci.event_messages import NotifiedData, NotifyEvent, NotifyRequest
from services.registry.dci.filters import Filter, filter_of
from services.registry.dci.items import Rejection
from services.registry.dci.messages import Entity, Record, SearchCriteria
from services.registry.dci.subscriptions.lifecycle import Ending
from services.registry.dci.subscriptions.models import PLACE, Subscription
from services.registry.dci.subscriptions.wishes import is_bulk, meant
from services.registry.households.models import Household
from services.registry.households.queries import members_of, visible
from services.registry.households.registration import Relation
from services.registry.sharing.fields import SharedField
from services.registry.sharing.permits import Permit, note_access, within
from services.registry.sharing.reads.queries import programmes_of
from services.registry.sharing.reads.views import Reader
from services.registry.vault import Vault

ACTION = "dci.notify"


@dataclass(frozen=True)
class Note:
    """What is told, and the fields that were withheld in it."""

    message: NotifyRequest
    withheld: list[str]


async def note(asking: Asking, subscription: Subscription, delivery: Delivery) -> Note:
    """Return what may be told now, and enter it into the access ledger.

    Raises:
        NothingToTell: the subscription, the agreement, or every consent ended.
    """
    if subscription.ending not in (None, Ending.PERIOD_OVER):
        raise NothingToTell("unsubscribed")
    given = await permit_of(asking, subscription)
    ids = [UUID(each["household_id"]) for each in delivery.about]
    shown = await _records(asking, subscription, given, ids=ids) if given else {}
    if not shown or given is None:
        raise NothingToTell("not_permitted")
    await note_access(
        asking.uow,
        given,
        actor=asking.actor,
        action=ACTION,
        household_ids=list(shown),
        fields=given.fields,
        request_id=str(delivery.id),
    )
    message = NotifyRequest(
        transaction_id=subscription.transaction_id,
        notify_event=list(_events(subscription, delivery.about, shown)),
    )
    return Note(message, withheld_by(given))


async def permit_of(asking: Asking, subscription: Subscription) -> Permit | None:
    """Return what may be told of a subscription at this moment; None: nothing."""
    try:
        return await asking.permit(bulk=is_bulk(_filter(subscription, asking.vault)))
    except (Forbidden, Refused):
        return None


async def matching(
    asking: Asking, subscription: Subscription, ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Return those of the families that the filter means, and that may be told of."""
    given = await permit_of(asking, subscription)
    if given is None:
        return ()
    try:
        asked = meant(asking, _filter(subscription, asking.vault), given)
    except Rejection:  # the agreement gives less than when the partner subscribed
        return ()
    query = select(Household.id).where(_seen(asking, given, ids), asked)
    return (await asking.uow.session.exec(query)).all()


def _filter(subscription: Subscription, vault: Vault) -> Filter:
    text = vault.open(subscription.criteria, place=PLACE, row_id=subscription.id)
    return filter_of(SearchCriteria.model_validate_json(text))


def _seen(asking: Asking, permit: Permit, ids: Sequence[UUID]) -> sa.ColumnElement[bool]:
    return sa.and_(col(Household.id).in_(ids), visible(asking.actor), within(permit))


async def _records(
    asking: Asking, subscription: Subscription, permit: Permit, *, ids: Sequence[UUID]
) -> Mapping[UUID, list[Record]]:
    """Return each family that may be shown: itself, or its persons."""
    session = asking.uow.session
    query = select(Household).where(_seen(asking, permit, ids))
    found = (await session.exec(query)).all()
    members = await members_of(session, [each.id for each in found])
    programmes = await programmes_of(session, [each.id for each in found])
    reader = Reader(asking.actor, permit, asking.vault, asking.tokens)
    if subscription.record_type is Entity.GROUP:
        return {
            each.id: [records.group(reader, each, members[each.id], programmes=programmes[each.id])]
            for each in found
        }
    everyone = permit.gives(SharedField.MEMBERS)
    return {
        each.id: [
            records.member(reader, who, each)
            for who in members[each.id]
            if everyone or who.relation is Relation.HEAD
        ]
        for each in found
    }


def _events(
    subscription: Subscription, about: Sequence[Told], shown: Mapping[UUID, list[Record]]
) -> Iterator[NotifyEvent]:
    for told in about:
        for record in shown.get(UUID(told["household_id"]), ()):
            yield NotifyEvent(
                reference_id=subscription.reference_id,
                timestamp=datetime.fromisoformat(told["at"]),
                data=NotifiedData(
                    reg_event_type=subscription.kind.value,
                    reg_record_type=subscription.record_type.value,
                    reg_records=record,
                ),
                locale=subscription.locale,
            )
