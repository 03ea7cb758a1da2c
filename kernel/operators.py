"""Who may look at a service's messaging and who may act on it, and the consumers they name."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from pydantic import StringConstraints

from kernel.auth import Actor, allow
from kernel.db import UnitOfWork
from kernel.problems import NotFound, Text

MayRead = Annotated[Actor, allow("operations:read")]
MayWrite = Annotated[Actor, allow("operations:write")]

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ConsumerQuery = Annotated[Name | None, Query(description="One consumer, `financing.referrals`.")]

# A worker writes its consumers' lag; one that the code forgot may still have something to redrive.
IS_KNOWN = sa.text(
    "SELECT EXISTS (SELECT FROM consumer_lag WHERE consumer = :consumer)"
    " OR EXISTS (SELECT FROM parked WHERE consumer = :consumer)"
    " OR EXISTS (SELECT FROM dead_letter WHERE consumer = :consumer AND redriven_at IS NULL)"
)
NAMES = sa.text("SELECT consumer FROM consumer_lag ORDER BY consumer")


class ConsumerUnknown(NotFound):
    """No consumer of this service is called that; a misspelt name must not look like peace."""

    code = "KER-0041"
    title = Text(id="Konsumen tidak dikenal", en="No such consumer")
    detail = Text(
        id="Konsumen layanan ini: {known}.", en="The consumers of this service are: {known}."
    )


async def require_known(uow: UnitOfWork, consumer: str | None) -> None:
    """Guard a question about one consumer; None asks about all.

    Raises:
        ConsumerUnknown: it never ran here, and nothing of it waits.
    """
    if consumer is None or (await uow.execute(IS_KNOWN, {"consumer": consumer})).scalar_one():
        return
    known = (await uow.execute(NAMES)).scalars()
    raise ConsumerUnknown(known=", ".join(known) or "-")
