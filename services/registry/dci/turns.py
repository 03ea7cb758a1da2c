"""What the registry's worker does for partners: match events, carry callbacks, forget."""

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from kernel import clock
from kernel.courier import Courier
from kernel.db import Database, UnitOfWork
from kernel.outbound import Outbound
from kernel.timers import Errand, Recurring, Timer
from services.registry.dci.callbacks import Office
from services.registry.dci.deliveries.models import CallbackTarget, Delivery
from services.registry.dci.exchanges.models import Exchange
from services.registry.dci.subscriptions.models import Collected, Subscription
from services.registry.dci.subscriptions.spreading import Spreader
from services.registry.settings import Settings
from services.registry.vault import Vault

EVERY, FORGET_EVERY = timedelta(seconds=1), timedelta(minutes=10)
KEPT, SUBSCRIPTIONS_KEPT = timedelta(days=14), timedelta(days=365)
MOST_ROUNDS = 100


def courier(office: Office) -> Courier:
    """Return who carries the callbacks."""
    return Courier(Delivery, CallbackTarget, pack=office.pack, outbound=Outbound())


def timers(settings: Settings, vault: Vault) -> tuple[Recurring, ...]:
    """Return the worker's turns."""
    office = Office.of(settings, vault)
    carrier = courier(office)

    async def carry(database: Database) -> None:
        for _ in range(MOST_ROUNDS):
            if not await carrier.run_once(database):
                return

    return (
        Timer("registry.dci.spread", EVERY, Spreader(office.asking).spread),
        Errand(EVERY, carry),
        Timer("registry.dci.forget", FORGET_EVERY, forget),
    )


async def forget(uow: UnitOfWork) -> None:
    """Delete what ended long ago: callbacks, what was asked, and subscriptions."""
    now = clock.now()
    before = now - KEPT
    ended = col(Delivery.ended_at) < before
    await uow.execute(sa.delete(Delivery).where(ended))
    of_exchange = sa.exists().where(col(Delivery.exchange_id) == col(Exchange.id))
    of_subscription = sa.exists().where(col(Delivery.subscription_id) == col(Subscription.id))
    old = col(Exchange.recorded_at) < before
    await uow.execute(sa.delete(Exchange).where(old, sa.not_(of_exchange)))
    over = col(Subscription.ended_at) < now - SUBSCRIPTIONS_KEPT
    gone = sa.select(col(Subscription.id)).where(over)
    await uow.execute(sa.delete(Collected).where(col(Collected.subscription_id).in_(gone)))
    await uow.execute(sa.delete(Subscription).where(over, sa.not_(of_subscription)))
    quiet = sa.func.coalesce(CallbackTarget.gone_at, CallbackTarget.rests_until, before) < before
    await uow.execute(sa.delete(CallbackTarget).where(quiet))
