"""Requests that nobody decided in time end by themselves."""

from datetime import timedelta

from kernel import clock
from kernel.db import UnitOfWork
from kernel.timers import Timer
from services.registry.changes import queries


async def expire_overdue(uow: UnitOfWork) -> None:
    """End the requests that outlived their days."""
    for change in await queries.overdue(uow.session, at=clock.now()):
        change.expire()


TIMER = Timer("registry.changes.expire", timedelta(hours=1), expire_overdue)
