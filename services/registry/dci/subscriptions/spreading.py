"""From what happened to what is told: each event is matched with the subscriptions to its kind.

1. An event of a family happened       -> a row, if anybody subscribed to its kind.
2. A turn takes the next rows          -> for each subscription: does its filter mean the family
                                          now, and may the partner be told of it?
3. It does, and is told at once        -> a notification, in the order of the family's events.
4. It does, and is told by a timetable -> collected, and told when the timetable rings.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from kernel import clock
from kernel.courier import NothingToTell
from kernel.db import UnitOfWork
from kernel.faults import is_passing
from services.registry.dci.asking import Asking
from services.registry.dci.deliveries.models import Delivery, Told
from services.registry.dci.envelope import Object
from services.registry.dci.exchanges.models import actor_of
from services.registry.dci.header import Action
from services.registry.dci.subscriptions import notes, queries
from services.registry.dci.subscriptions.lifecycle import Ending
from services.registry.dci.subscriptions.models import Change, Collected, Subscription

log = structlog.get_logger("dci")

MOST_ROUNDS = 20

AskingFor = Callable[..., AbstractAsyncContextManager[Asking]]


class Spreader:
    """Matches events with subscriptions; `asking` says who asks, with what it may see."""

    def __init__(self, asking: AskingFor) -> None:
        self._asking = asking

    async def spread(self, uow: UnitOfWork) -> None:
        """Take the events that wait, and the timetables that ring."""
        await queries.end_where_gone(uow, at=clock.now())
        for _ in range(MOST_ROUNDS):
            if not await self._spread_some(uow):
                break
        for subscription in await queries.ringing(uow.session, at=clock.now()):
            await _ring(uow, subscription)

    async def _spread_some(self, uow: UnitOfWork) -> bool:
        changes = await queries.next_changes(uow.session)
        kinds = {each.kind for each in changes}
        for subscription in await queries.wanting(uow.session, kinds) if changes else ():
            told = [each for each in changes if _concerns(each, subscription)]
            if told:
                await self._tell(uow, subscription, told)
        done = [each.id for each in changes]
        await uow.execute(sa.delete(Change).where(col(Change.id).in_(done)))
        return len(changes) == queries.CHANGES_A_TURN

    async def _tell(
        self, uow: UnitOfWork, subscription: Subscription, changes: Sequence[Change]
    ) -> None:
        meant = await self._meant(uow, subscription, {each.household_id for each in changes})
        told = [each for each in changes if each.household_id in meant]
        if subscription.cron is None:
            for each in told:
                stream = f"{subscription.id} {each.household_id}"
                uow.add(_delivery(subscription, [_told(each)], stream=stream))
        elif told:
            await _collect(uow, subscription, told)

    async def _meant(
        self, uow: UnitOfWork, subscription: Subscription, ids: set[UUID]
    ) -> set[UUID]:
        actor, sender_id = actor_of(subscription.asker), subscription.sender_id
        meta: Object = {"purpose": subscription.purpose}
        try:
            async with uow.savepoint(), self._asking(uow, actor, sender_id, meta=meta) as asking:
                return set(await notes.matching(asking, subscription, list(ids)))
        except NothingToTell:
            return set()
        except Exception as error:  # a fault of ours with one filter: the other partners go on
            if is_passing(error):
                raise
            name = type(error).__name__
            log.error("dci.not_matched", subscription=subscription.code, error_class=name)
            return set()


def _concerns(change: Change, subscription: Subscription) -> bool:
    """Tell whether an event is of the kind and the time that a subscription is about."""
    begin = max(subscription.recorded_at, subscription.starts_at or subscription.recorded_at)
    ended = subscription.ends_at is not None and change.at > subscription.ends_at
    return change.kind is subscription.kind and begin <= change.at and not ended


async def _ring(uow: UnitOfWork, subscription: Subscription) -> None:
    """Send what was collected; at the end of its period, end the subscription."""
    while collected := await queries.collected_for(uow.session, subscription.id):
        about = [_told(each) for each in collected]
        uow.add(_delivery(subscription, about, stream=subscription.code))
        ids = [each.household_id for each in collected]
        await uow.execute(
            sa.delete(Collected).where(
                col(Collected.subscription_id) == subscription.id,
                col(Collected.household_id).in_(ids),
            )
        )
    now = clock.now()
    if subscription.ends_at is not None and subscription.ends_at <= now:
        subscription.end(Ending.PERIOD_OVER, at=now)
    else:
        subscription.schedule(after=now)


async def _collect(uow: UnitOfWork, subscription: Subscription, changes: Sequence[Change]) -> None:
    rows = {each.household_id: each.at for each in changes}
    adding = insert(Collected).values(
        [
            {"subscription_id": subscription.id, "household_id": family, "at": at}
            for family, at in rows.items()
        ]
    )
    await uow.execute(
        adding.on_conflict_do_update(
            index_elements=["subscription_id", "household_id"],
            set_={"at": adding.excluded.at},
        )
    )


def _delivery(subscription: Subscription, about: list[Told], *, stream: str) -> Delivery:
    return Delivery(
        stream=stream,
        owner=subscription.sender_id,
        url=subscription.url,
        sandbox=subscription.sandbox,
        organisation=subscription.organisation,
        action=Action.NOTIFY.value,
        subscription_id=subscription.id,
        about=about,
    )


def _told(event: Change | Collected) -> Told:
    return Told(household_id=str(event.household_id), at=event.at.isoformat())
