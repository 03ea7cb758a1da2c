"""A house that sends parcels: the smallest user of the courier."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel, select

from kernel.courier import Courier, Letter, NothingToTell
from kernel.db import Database
from kernel.messaging_tables import add_messaging_tables
from kernel.outbound import Outbound
from kernel.parcels import Parcel, Target

TABLES = MetaData()
add_messaging_tables(TABLES)


class Table(SQLModel):
    """The base of the house's tables."""

    metadata = TABLES


class Gift(Parcel, Table, table=True):
    """A parcel; its stream is what it says."""

    __tablename__ = "gifts"


class Friend(Target, Table, table=True):
    """An address."""

    __tablename__ = "friends"


async def packed(_: Database, gift: Gift) -> Letter:
    """Pack a gift, unless it is to say nothing."""
    if gift.stream == "nothing":
        raise NothingToTell("nothing")
    if gift.stream == "broken":
        raise RuntimeError
    return Letter(f"{gift.id}".encode())


def courier() -> Courier:
    """Return who carries the gifts."""
    return Courier(Gift, Friend, pack=packed, outbound=Outbound())


async def given(database: Database, url: str, *streams: str) -> list[str]:
    """Write gifts to a server of this machine, and return their ids in order."""
    gifts = [Gift(stream=stream, owner="friend", url=url, sandbox=True) for stream in streams]
    async with database.transaction() as uow:
        uow.add(*gifts)
    return [str(gift.id) for gift in gifts]


async def states(database: Database) -> list[str]:
    """Return where the gifts stand, in order."""
    async with database.transaction() as uow:
        gifts = (await uow.session.exec(select(Gift).order_by("id"))).all()
    return [gift.state.value for gift in gifts]
