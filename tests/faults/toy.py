"""Two toy services: a sender whose commands move parcels, and a receiver that tracks every move."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import pydantic
import sqlalchemy as sa
from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from kernel.auth import Actor, allow
from kernel.db import NAMING_CONVENTION, UnitOfWork
from kernel.events import Event
from kernel.idempotency import IDEMPOTENCY_KEY_REQUIRED
from kernel.messaging_tables import add_messaging_tables
from kernel.problems import Conflict, Text
from kernel.service import Service
from kernel.subscriptions import Subscriptions
from kernel.web import Body, Uow, slice_router
from tests.faults.points import Points

SCOPE = "faults.moves:write"
MOST_PARCELS = 50

SENDER, RECEIVER = MetaData(naming_convention=NAMING_CONVENTION), MetaData()
add_messaging_tables(SENDER)
add_messaging_tables(RECEIVER)
ID, NUMBER = ("parcel_id", sa.Uuid), ("number", sa.Integer)
PARCEL = sa.Table("parcel", SENDER, sa.Column("id", sa.Uuid, primary_key=True), sa.Column(*NUMBER))
MOVED = sa.Table(
    "move",
    SENDER,
    sa.Column(*ID, primary_key=True),
    sa.Column(*NUMBER, primary_key=True),
    sa.Column("command_id", sa.Uuid, nullable=False),
)
EFFECT = sa.Table(
    "effect",
    RECEIVER,
    sa.Column("nth", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column(*ID, nullable=False),
    sa.Column(*NUMBER, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp()),
)
TRACKING = sa.Table(
    "tracking",
    RECEIVER,
    sa.Column(*ID, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("moves", sa.Integer, nullable=False),
)


class ReceiverTable(SQLModel):
    """The base of the tables that are classes."""

    metadata = RECEIVER


class Whereabouts(ReceiverTable, table=True):
    """A projection that can be made anew from its events."""

    parcel_id: UUID = Field(primary_key=True)
    last: int
    moves: int


TROUBLE = sa.Table(
    "trouble", RECEIVER, sa.Column(*ID, primary_key=True), sa.Column("final", sa.Boolean)
)

# In one order for all, so that no two commands wait for each other.
MOVE = sa.text(
    "WITH moved AS (INSERT INTO parcel (id, number) SELECT id, 1 FROM unnest(:ids) AS g(id)"
    " ORDER BY id ON CONFLICT (id) DO UPDATE SET number = parcel.number + 1 RETURNING id, number)"
    " INSERT INTO move (parcel_id, number, command_id) SELECT id, number, :command_id FROM moved"
    " RETURNING parcel_id, number"
).bindparams(sa.bindparam("ids", type_=ARRAY(sa.Uuid())), sa.bindparam("command_id", type_=sa.Uuid))
RUN = (
    sa.bindparam("ids", type_=ARRAY(sa.Uuid())),
    sa.bindparam("numbers", type_=ARRAY(sa.Integer())),
)
TAKE_EFFECT = sa.text(
    "INSERT INTO effect (parcel_id, number) SELECT id, number FROM unnest(:ids, :numbers)"
    " WITH ORDINALITY AS g(id, number, nth) ORDER BY nth"
).bindparams(*RUN)
FOLD = (
    "INSERT INTO {} AS t (parcel_id, last, moves)"
    " SELECT id, (array_agg(number ORDER BY nth DESC))[1], count(*)"
    " FROM unnest(:ids, :numbers) WITH ORDINALITY AS g(id, number, nth) GROUP BY id ORDER BY id"
    " ON CONFLICT (parcel_id) DO UPDATE SET last = excluded.last, moves = t.moves + excluded.moves"
)
TRACK, MAP = (sa.text(FOLD.format(name)).bindparams(*RUN) for name in ("tracking", "whereabouts"))
IN_TROUBLE = sa.text("SELECT bool_and(final) FROM trouble WHERE parcel_id = ANY(:ids)").bindparams(
    RUN[0]
)


class ParcelMoved(Event, type="faults.parcel.moved.v1"):
    """A parcel moved for the `number`-th time."""

    parcel_id: UUID
    number: int
    command_id: UUID


class ParcelSeen(Event, type="faults.sighting.seen.v1"):
    """What the receiver tells in turn."""

    parcel_id: UUID
    number: int


class CommandRefused(Conflict):
    """The command asked to be taken back, after all its writing."""

    code = "TST-0010"
    title = Text(id="Ditolak", en="Refused")
    detail = Text(id="Diminta untuk ditolak.", en="It asked to be refused.")


class ParcelRefused(Conflict):
    """The receiver will have nothing of this parcel."""

    code = "TST-0011"
    title = Text(id="Ditolak", en="Refused")
    detail = Text(id="Paket ditolak.", en="The parcel was refused.")


class Moves(Body):
    """Parcels to move; the pauses, in ms, make a slow business of it."""

    command_id: UUID
    parcels: Annotated[list[UUID], pydantic.Field(min_length=1, max_length=MOST_PARCELS)]
    before: int = 0
    after: int = 0
    refused: bool = False


router = slice_router("/moves", tag="moves")
MayMove = Annotated[Actor, allow(SCOPE)]


@router.post("", status_code=201, dependencies=[IDEMPOTENCY_KEY_REQUIRED])
async def move(body: Moves, actor: MayMove, uow: Uow) -> list[tuple[UUID, int]]:
    """Move every parcel, each one event; with a pause on either side of the outbox's insert."""
    rows = await uow.execute(MOVE, {"ids": sorted(body.parcels), "command_id": body.command_id})
    moved = [(row.parcel_id, row.number) for row in rows]
    await asyncio.sleep(body.before / 1000)
    for parcel, number in moved:
        event = ParcelMoved(parcel_id=parcel, number=number, command_id=body.command_id)
        uow.publish(event, key=parcel)
    if body.after or body.refused:
        await uow.write_events()
        await asyncio.sleep(body.after / 1000)
    if body.refused:
        raise CommandRefused
    return moved


class Table(SQLModel):
    """The base that a service names."""

    metadata = SENDER


SERVICE = Service(name="faults", title="Faults", tables=Table, routers=(router,))


def use_topics_of(run: str) -> None:
    """Let each run write and read topics of its own, on a broker that all runs share."""
    ParcelMoved.topic, ParcelSeen.topic = topics_of(run)


def topics_of(run: str) -> tuple[str, str]:
    """Return where moves and sightings go."""
    return f"{run}.parcel", f"{run}.sighting"


def tracking(run: str, points: Points) -> Subscriptions:
    """Return the receiver's one consumer."""
    when = Subscriptions(f"{run}.tracking")

    @when.runs(ParcelMoved)
    async def track(events: Sequence[ParcelMoved], uow: UnitOfWork) -> None:
        parcels = [event.parcel_id for event in events]
        names = {"ids": parcels, "numbers": [event.number for event in events]}
        await stumble(uow, parcels)
        await uow.execute(TAKE_EFFECT, names)
        await uow.execute(TRACK, names)
        for event in events:
            seen = ParcelSeen(parcel_id=event.parcel_id, number=event.number)
            uow.publish(seen, key=event.parcel_id)
        await points.reach("consumer.after_handle")

    return when


def mapping(run: str) -> Subscriptions:
    """Return the consumer that only keeps a projection."""
    when = Subscriptions(f"{run}.map", projection=(Whereabouts,))

    @when.runs(ParcelMoved)
    async def locate(events: Sequence[ParcelMoved], uow: UnitOfWork) -> None:
        parcels = [event.parcel_id for event in events]
        await uow.execute(MAP, {"ids": parcels, "numbers": [event.number for event in events]})

    return when


async def stumble(uow: UnitOfWork, parcels: Sequence[UUID]) -> None:
    """Fail as the table of troubles says.

    Raises:
        ParcelRefused: for good.
        RuntimeError: for now.
    """
    final = (await uow.execute(IN_TROUBLE, {"ids": list(parcels)})).scalar()
    if final is not None:
        raise ParcelRefused if final else RuntimeError
