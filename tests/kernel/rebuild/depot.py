"""A depot: a service whose one consumer does nothing but keep what events said of parcels."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from kernel import clock
from kernel.db import NAMING_CONVENTION, Aggregate, Database, UnitOfWork
from kernel.events import Event
from kernel.inbox import Runner
from kernel.messaging_tables import add_messaging_tables
from kernel.outbox import Relay
from kernel.rebuilding import Rebuild
from kernel.subscriptions import Subscriptions
from kernel.transport.interface import Transport
from tests.waiting import until
from tests.world import Json

PARCELS = [uuid4() for _ in range(12)]
Rows = dict[str, list[tuple[Json, ...]]]

CATALOGUE = sa.text(
    "SELECT relname, relkind::text, pg_get_userbyid(relowner), relacl::text, reloptions::text"
    " FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " UNION ALL SELECT conname, contype::text, conrelid::regclass::text,"
    " pg_get_constraintdef(oid), NULL FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace"
    " UNION ALL SELECT indexrelid::regclass::text, 'index', indrelid::regclass::text,"
    " pg_get_indexdef(indexrelid), NULL FROM pg_index"
    " WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    " UNION ALL SELECT attname, format_type(atttypid, atttypmod), attrelid::regclass::text,"
    " attnotnull::text, attnum::text FROM pg_attribute WHERE attnum > 0"
    " AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    " ORDER BY 1, 2, 3, 4, 5"
)


class Table(SQLModel):
    """The depot's tables."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)


add_messaging_tables(Table.metadata)


class Parcel(Aggregate, Table, table=True):
    """Where a parcel is, how often it moved, and what it weighs."""

    __table_args__ = (sa.CheckConstraint("moves >= 0", name="moves"),)

    moves: int = 0
    last: int | None = Field(default=None, index=True)
    grams: int | None = None


class Stop(Table, table=True):
    """A move of a parcel that is not delivered yet."""

    parcel_id: UUID = Field(foreign_key="parcel.id", primary_key=True)
    number: int = Field(primary_key=True)


class Shelf(Table, table=True):
    """Where somebody put a parcel: no event tells of it."""

    parcel_id: UUID = Field(foreign_key="parcel.id", primary_key=True)


class ParcelEvent(Event):
    """Something happened to a parcel."""

    parcel_id: UUID


class Moved(ParcelEvent):
    """A parcel moved for the `number`-th time."""

    number: int


class Delivered(ParcelEvent):
    """A parcel arrived: nobody asks for its stops any more."""


class Weighed(ParcelEvent):
    """A parcel was weighed; another topic tells it."""

    grams: int


class Depot:
    """Drives the depot on a database and a log; its name makes its topics its own."""

    def __init__(self, database: Database, transport: Transport, *, name: str = "") -> None:
        self.name = name or f"depot{uuid4().hex[:8]}"
        self.database, self.transport = database, transport
        self.trouble: dict[int, Exception] = {}
        self.moved, self.delivered, self.weighed = events_of(self.name)
        self.when = Subscriptions(f"{self.name}.parcels", projection=(Stop, Parcel))
        self.when.runs(self.moved)(self.follow)
        self.when(self.delivered)(self.forget_the_stops)
        self.when(self.weighed)(self.note_the_weight)
        self.relay = Relay(database.url, service=self.name, transport=transport)
        self.runner = Runner(database, self.when, transport)

    async def follow(self, events: Sequence[Moved], uow: UnitOfWork) -> None:
        """Count the moves, which finds out who takes one twice; stumble if the test wants it."""
        for event in events:
            if event.number in self.trouble:
                raise self.trouble[event.number]
        last = {event.parcel_id: event.number for event in events}
        moves = Counter(event.parcel_id for event in events)
        for parcel in sorted(last):
            await self._keep(uow, parcel, moves=moves[parcel], last=last[parcel])
        stops = [{"parcel_id": event.parcel_id, "number": event.number} for event in events]
        await uow.execute(insert(Stop).values(stops))

    async def forget_the_stops(self, event: Delivered, uow: UnitOfWork) -> None:
        """Delete them."""
        await uow.execute(sa.delete(Stop).where(col(Stop.parcel_id) == event.parcel_id))

    async def note_the_weight(self, event: Weighed, uow: UnitOfWork) -> None:
        """Keep the weight that was told last."""
        await self._keep(uow, event.parcel_id, grams=event.grams)

    async def _keep(self, uow: UnitOfWork, parcel: UUID, **facts: int) -> None:
        added = {"moves": col(Parcel.moves) + facts.get("moves", 0)}
        counted = {"version": col(Parcel.version) + 1, "changed_at": clock.now()}
        made = insert(Parcel).values(id=parcel, **facts)
        await uow.execute(
            made.on_conflict_do_update(index_elements=["id"], set_={**facts, **added, **counted})
        )

    async def tell(self, *events: ParcelEvent) -> None:
        """Publish events, one transaction for each."""
        for event in events:
            async with self.database.transaction() as uow:
                uow.publish(event, key=event.parcel_id)

    async def history(self, parcels: Sequence[UUID], *, moves: range) -> None:
        """Let each parcel move and be weighed now and then; every third is delivered on the way."""
        for number in moves:
            for nth, parcel in enumerate(parcels):
                await self.tell(self.moved(parcel_id=parcel, number=number))
                if number % 2:
                    await self.tell(self.weighed(parcel_id=parcel, grams=number))
                if nth % 3 == 0 and number == moves[-2]:
                    await self.tell(self.delivered(parcel_id=parcel))

    async def pump(self, *, early: bool = False) -> None:
        """Relay and consume until nothing moves."""
        while await self.relay.run_once() + await self.runner.run_once(retry_early=early):
            pass

    async def settle(self) -> None:
        """Relay and consume until the projection holds all that was told."""

        async def settled() -> bool:
            await self.pump(early=True)
            return await self.facts() == await self.told()

        await until(settled, seconds=60)

    def rebuild(self, *, replay: str = "", allow_gaps: bool = False) -> Rebuild:
        """Return a rebuild of the projection."""
        return Rebuild(
            self.database, self.when, self.transport, replay=replay, allow_gaps=allow_gaps
        )

    async def facts(self) -> Rows:
        """Return what the projection holds, but for the books that rows keep of themselves."""
        facts = {
            "parcel": "SELECT id, moves, last, grams FROM parcel ORDER BY id",
            "stop": "SELECT parcel_id, number FROM stop ORDER BY parcel_id, number",
        }
        return {name: await self.rows(query) for name, query in facts.items()}

    async def told(self) -> Rows:
        """Return what the projection should hold: the fold of everything that was published."""
        parcels: dict[UUID, dict[str, int | None]] = {}
        stops: set[tuple[UUID, int]] = set()
        for event in await self._published():
            facts = parcels.setdefault(event.parcel_id, {"moves": 0, "last": None, "grams": None})
            if isinstance(event, Moved):
                facts |= {"moves": (facts["moves"] or 0) + 1, "last": event.number}
                stops.add((event.parcel_id, event.number))
            elif isinstance(event, Weighed):
                facts["grams"] = event.grams
            else:
                stops = {stop for stop in stops if stop[0] != event.parcel_id}
        rows = [(parcel, *facts.values()) for parcel, facts in parcels.items()]
        return {"parcel": sorted(rows), "stop": sorted(stops)}

    async def _published(self) -> list[ParcelEvent]:
        kinds = {kind.event_type: kind for kind in (self.moved, self.delivered, self.weighed)}
        rows = await self.rows("SELECT type, payload FROM outbox ORDER BY seq")
        return [kinds[str(kind)].model_validate_json(bytes(payload)) for kind, payload in rows]

    async def rows(self, query: str) -> list[tuple[Json, ...]]:
        """Return the rows of a query."""
        async with self.database.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(sa.text(query))]

    async def count(self, what: str) -> int:
        """Count rows: a table, and a condition if you like."""
        ((number,),) = await self.rows(f"SELECT count(*) FROM {what}")  # noqa: S608 - a test's own words
        return int(str(number))

    async def spoil(self, statement: str, parcel: UUID | None = None) -> None:
        """Do to the tables what no event tells of; `:parcel` is its id."""
        async with self.database.engine.begin() as connection:
            await connection.execute(sa.text(statement), {"parcel": parcel} if parcel else None)

    async def catalogue(self) -> list[tuple[Json, ...]]:
        """Return every table, constraint, index and column of the database."""
        async with self.database.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(CATALOGUE)]

    async def close(self) -> None:
        """Close relay and runner."""
        await self.runner.close()
        await self.relay.close()


def events_of(name: str) -> tuple[type[Moved], type[Delivered], type[Weighed]]:
    """Return the events of one depot, on topics of its own."""

    class ParcelMoved(Moved, type=f"{name}.parcel.moved.v1"):
        """In this depot."""

    class ParcelDelivered(Delivered, type=f"{name}.parcel.delivered.v1"):
        """In this depot."""

    class ParcelWeighed(Weighed, type=f"{name}.scale.weighed.v1"):
        """In this depot."""

    return ParcelMoved, ParcelDelivered, ParcelWeighed
