"""Deliveries to others' servers: claimed, sent outside any transaction, and recorded.

1. A row is written with what it tells of     -> it is due at once.
2. A turn claims it for a minute, and commits -> a worker killed from here on loses nothing.
3. It is packed: what may be told now         -> nothing may any more: it is withdrawn.
4. It is sent, with its own id every time     -> the receiver can tell a repetition.
5. The outcome is recorded                    -> delivered, tried again later, or given up.

Rows of one stream go out one after the other. A target that fails again and again rests, and is
then tried with one delivery; one that answered 410 gets nothing more.
"""

import asyncio
import random
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import distinct_on, insert

from kernel import clock
from kernel.db import Database, UnitOfWork
from kernel.outbound import Outbound, Outcome
from kernel.parcels import Parcel, ParcelState, Target
from kernel.timers import TRY_LOCK

log = structlog.get_logger("courier")

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Between the ten attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
JITTER = 0.2
CLAIMED_FOR = timedelta(seconds=60)
AT_ONCE = 16
AT_ONCE_TO_ONE = 4
FAILURES_BEFORE_REST = 5
REST, LONGEST_REST = timedelta(seconds=15), timedelta(minutes=10)
NOT_PACKED = "not_packed"
COURIER = 0x636F75  # the class of the advisory locks; their number stands for the table


@dataclass(frozen=True)
class Letter:
    """What one attempt sends."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class NothingToTell(Exception):
    """What the delivery was to tell may not be told any more; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


Pack = Callable[[Database, Any], Awaitable[Letter]]
"""Makes an attempt's letter from its row, in transactions of its own; may raise NothingToTell."""


class Courier:
    """Carries the rows of one table; any number of workers may."""

    def __init__(
        self, parcels: type[Parcel], targets: type[Target], *, pack: Pack, outbound: Outbound
    ) -> None:
        self._parcels: sa.Table = parcels.__table__  # type: ignore[attr-defined]  # it is a table
        self._targets: sa.Table = targets.__table__  # type: ignore[attr-defined]
        self._pack = pack
        self._outbound = outbound

    async def run_once(self, database: Database) -> int:
        """Carry what is due, as much as one turn takes; return how many attempts were made."""
        claimed = await self.claim(database)
        await asyncio.gather(*(self._carry(database, parcel) for parcel in claimed))
        return len(claimed)

    async def claim(self, database: Database) -> Sequence[Any]:
        """Take the next rows for a minute: what is not recorded by then is due again."""
        now = clock.now()
        number = zlib.crc32(self._parcels.name.encode()) - 2**31
        async with database.transaction() as uow:
            if not (await uow.execute(TRY_LOCK, {"class": COURIER, "number": number})).scalar_one():
                return ()
            parcels = self._parcels.c
            taking = (
                sa.update(self._parcels)
                .where(parcels.id.in_(self._ready(now)))
                .values(claimed_until=now + CLAIMED_FOR, attempts=parcels.attempts + 1)
                .values(**self._changed(now))
                .returning(self._parcels)
            )
            return (await uow.execute(taking)).all()

    def _ready(self, now: datetime) -> sa.Select[Any]:
        """Select the ids to take: heads of their streams, few to each target."""
        parcels, target = self._parcels.c, self._targets.c
        waiting = parcels.state == ParcelState.WAITING
        heads = (
            sa.select(parcels.id, parcels.owner, parcels.url, parcels.due_at)
            .add_columns(parcels.claimed_until)
            .where(waiting)
            .ext(distinct_on(parcels.stream))
            .order_by(parcels.stream, parcels.id)
            .subquery()
        )
        nth = sa.func.row_number().over(
            partition_by=(heads.c.owner, heads.c.url),
            order_by=(sa.nulls_last(heads.c.claimed_until.desc()), heads.c.due_at, heads.c.id),
        )
        at_once = sa.case((target.failures >= FAILURES_BEFORE_REST, 1), else_=AT_ONCE_TO_ONE)
        ranked = (
            sa.select(heads, nth.label("nth"), at_once.label("at_once"))
            .select_from(heads.outerjoin(self._targets, self._same_target(heads.c)))
            .where(heads.c.due_at <= now, target.gone_at.is_(None))
            .where(sa.or_(target.rests_until.is_(None), target.rests_until <= now))
            .subquery()
        )
        free = sa.or_(ranked.c.claimed_until.is_(None), ranked.c.claimed_until <= now)
        return sa.select(ranked.c.id).where(ranked.c.nth <= ranked.c.at_once, free).limit(AT_ONCE)

    def _same_target(self, columns: Any) -> sa.ColumnElement[bool]:
        target = self._targets.c
        return sa.and_(target.owner == columns.owner, target.url == columns.url)

    async def _carry(self, database: Database, parcel: Any) -> None:
        try:
            letter = await self._pack(database, parcel)
        except NothingToTell as nothing:
            await self._end(database, parcel, ParcelState.WITHDRAWN, error=nothing.code)
            return
        except Exception as error:  # a fault of ours: the others go on, and it is tried again
            name = type(error).__name__
            log.error("courier.not_packed", parcel=str(parcel.id), error_class=name)
            await self._record(database, parcel, Outcome(error=NOT_PACKED))
            return
        outcome = await self._outbound.post(
            parcel.url, letter.body, headers=letter.headers, sandbox=parcel.sandbox
        )
        await self._record(database, parcel, outcome)

    async def _record(self, database: Database, parcel: Any, outcome: Outcome) -> None:
        """Note how the attempt ended, for the delivery and for its target."""
        if outcome.delivered:
            await self._end(database, parcel, ParcelState.DELIVERED, status=outcome.status)
            return
        log.info("courier.not_delivered", parcel=str(parcel.id), **_facts(outcome))
        if outcome.gone:
            await self._give_the_target_up(database, parcel)
        elif parcel.attempts > len(PAUSES):
            await self._end(database, parcel, ParcelState.FAILED, **_facts(outcome))
        else:
            await self._postpone(database, parcel, outcome)

    async def _end(
        self,
        database: Database,
        parcel: Any,
        state: ParcelState,
        *,
        status: int | None = None,
        error: str | None = None,
    ) -> None:
        async with database.transaction() as uow:
            await self._note(
                uow,
                parcel,
                state=state,
                ended_at=clock.now(),
                last_status=status,
                last_error=error,
            )
            if state is ParcelState.DELIVERED:
                await uow.execute(sa.delete(self._targets).where(self._same_target(parcel)))

    async def _postpone(self, database: Database, parcel: Any, outcome: Outcome) -> None:
        due_at = clock.now() + _spread(PAUSES[parcel.attempts - 1])
        async with database.transaction() as uow:
            await self._note(
                uow,
                parcel,
                due_at=due_at,
                last_status=outcome.status,
                last_error=outcome.error,
            )
            if outcome.error != NOT_PACKED:
                await self._count_failure(uow, parcel)

    async def _give_the_target_up(self, database: Database, parcel: Any) -> None:
        """Stop whatever waits for an address that answered 410."""
        now, parcels = clock.now(), self._parcels.c
        async with database.transaction() as uow:
            await self._note_target(uow, parcel, gone_at=now)
            await uow.execute(
                sa.update(self._parcels)
                .where(parcels.owner == parcel.owner, parcels.url == parcel.url)
                .where(parcels.state == ParcelState.WAITING)
                .values(
                    state=ParcelState.FAILED,
                    ended_at=now,
                    claimed_until=None,
                    last_status=410,
                    last_error="gone",
                    **self._changed(now),
                )
            )

    async def _note(self, uow: UnitOfWork, parcel: Any, **values: Any) -> None:
        """Write the outcome, unless the claim ran out and another worker has it by now."""
        parcels = self._parcels.c
        await uow.execute(
            sa.update(self._parcels)
            .where(parcels.id == parcel.id, parcels.claimed_until == parcel.claimed_until)
            .values(claimed_until=None, **values, **self._changed(clock.now()))
        )

    def _changed(self, now: datetime) -> dict[str, Any]:
        return {"version": self._parcels.c.version + 1, "changed_at": now}

    async def _note_target(self, uow: UnitOfWork, parcel: Any, **values: Any) -> None:
        await uow.execute(
            insert(self._targets)
            .values(owner=parcel.owner, url=parcel.url, **{"failures": 0, **values})
            .on_conflict_do_update(index_elements=["owner", "url"], set_=values)
        )

    async def _count_failure(self, uow: UnitOfWork, parcel: Any) -> None:
        failures = self._targets.c.failures + 1
        counting = (
            insert(self._targets)
            .values(owner=parcel.owner, url=parcel.url, failures=1)
            .on_conflict_do_update(index_elements=["owner", "url"], set_={"failures": failures})
            .returning(self._targets.c.failures)
        )
        counted: int = (await uow.execute(counting)).scalar_one()
        if counted >= FAILURES_BEFORE_REST:
            rest = min(REST * 2 ** min(counted - FAILURES_BEFORE_REST, 10), LONGEST_REST)
            await self._note_target(uow, parcel, failures=counted, rests_until=clock.now() + rest)


def _spread(pause: timedelta) -> timedelta:
    """Make it longer by up to a fifth, so that what failed together does not come together."""
    return pause * random.uniform(1, 1 + JITTER)  # noqa: S311 - no secret


def _facts(outcome: Outcome) -> dict[str, Any]:
    return {"status": outcome.status, "error": outcome.error}
