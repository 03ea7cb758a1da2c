"""The turns that chain the access ledger and sign its head."""

from datetime import timedelta
from uuid import UUID

from contracts.registry import AccessLedgerSealed
from kernel.audit import HeadSigner
from kernel.db import UnitOfWork
from kernel.sealing import Signed
from kernel.timers import Timer
from services.registry.settings import Settings
from services.registry.sharing.ledger.models import LEDGER
from services.registry.vault import bytes_of

EVERY_SECOND, EVERY_MINUTE = timedelta(seconds=1), timedelta(minutes=1)
THE_LEDGER = UUID("01920000-0000-7000-8000-000000000801")
"""The key of the ledger's events: there is one ledger."""


def signer_of(settings: Settings) -> HeadSigner:
    """Return what signs the heads."""
    return HeadSigner(bytes_of(settings.ledger_signing_key))


async def seal(uow: UnitOfWork) -> None:
    """Chain what was read since the last turn."""
    await LEDGER.seal(uow)


async def publish_head(uow: UnitOfWork, signer: HeadSigner) -> Signed | None:
    """Sign the newest row, unless it is, and tell the world, who keeps it where we cannot reach."""
    signed = await LEDGER.sign(uow, signer)
    if signed is not None:
        told = AccessLedgerSealed(**signed.head._asdict(), head=signed.token)
        uow.publish(told, key=THE_LEDGER)
    return signed


def timers(settings: Settings) -> tuple[Timer, ...]:
    """Return the ledger's timers: sealed every second, signed every minute."""
    signer = signer_of(settings)

    async def sign(uow: UnitOfWork) -> None:
        await publish_head(uow, signer)

    return (
        Timer("registry.accesses.seal", EVERY_SECOND, seal),
        Timer("registry.accesses.sign", EVERY_MINUTE, sign),
    )
