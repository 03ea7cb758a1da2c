"""Scenarios in which a server goes away: the broker, the database, single database sessions."""

import signal
import time

from tests.faults.evidence import rows
from tests.faults.limits import at_most, only
from tests.faults.play import Play, staged
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.stage import crash, revive
from tests.faults.writers import Shape
from tests.waiting import let_run, until

WARM_SECONDS = 2.0
DRAIN_SECONDS = 60.0
RECOVERY_SECONDS = 5.0
PATIENCE = 120.0
KNOWN_ANSWERS = {"2xx", "503"}
SLOW_POLL_SECONDS = 10.0
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    " AND datname LIKE $1 ORDER BY random() LIMIT 1"
)


@scenario(
    "broker down",
    fault="the broker stopped or killed, and started again after 120 s (short form: 8 s)",
    invariant="API writes stay 2xx; the backlog drains within 60 s; order per key",
    short=4_000,
    long=90_000,
)
async def broker_down(trial: Trial) -> Verdict:
    """Take the broker away from everybody."""
    away, pace = (8.0, 400.0) if trial.calm else (120.0, 700.0)
    async with staged(trial) as play:
        kafka = await trial.stage.kafka()
        await play.start_all()
        load = play.write(Shape(per_second=pace))
        await let_run(WARM_SECONDS)
        await kafka.strike(play.dice.choice([signal.SIGTERM, signal.SIGKILL]))
        play.faults += 1
        await let_run(away)
        await kafka.revive()
        await load.reach(trial.events)
        verdict = await play.finished()
    only(verdict, {"2xx"})
    at_most(verdict, "settled after s", DRAIN_SECONDS)
    return verdict


@scenario(
    "PostgreSQL restart",
    fault="immediate stop of the durable server under load, then start",
    invariant="0 acknowledged writes lost; only 2xx and 503; 95 % of the pace within 5 s of the"
    " server being up; LISTEN works again",
    short=5_000,
    long=60_000,
)
async def postgres_restart(trial: Trial) -> Verdict:
    """Crash the database of both sides."""
    pace = 500.0 if trial.calm else 1_000.0
    async with staged(trial) as play:
        await play.start("relay", poll_seconds=SLOW_POLL_SECONDS)
        await play.start("receiver", poll_seconds=SLOW_POLL_SECONDS)
        await play.start("web")
        load = play.write(Shape(per_second=pace))
        for _ in range(1 if trial.calm else 5):
            await let_run(WARM_SECONDS)
            await crash_once(play, pace)
        await load.reach(trial.events)
        await load.finish()
        await play.settled()
        play.worst("a new event arrives after s", await play.one_more())
        verdict = await play.verdict()
    only(verdict, KNOWN_ANSWERS)
    at_most(verdict, "95 % after s", RECOVERY_SECONDS)
    at_most(verdict, "a new event arrives after s", SLOW_POLL_SECONDS / 4)
    return verdict


async def crash_once(play: Play, pace: float) -> None:
    """Crash the server under load, start it, and see the load come back."""
    server = await play.stage.postgres()
    await crash(server)
    play.faults += 1
    play.worst("server up after s", await revive(server))
    play.worst("95 % after s", await back_to_pace(play, pace))


@scenario(
    "sessions ended",
    fault="pg_terminate_backend five times a second, for 60 s (short form: 8 s)",
    invariant="only 2xx, or 503 with Retry-After; no effect doubled",
    short=4_000,
    long=60_000,
)
async def backend_kill(trial: Trial) -> Verdict:
    """End database sessions of both sides, at random."""
    seconds, each = (8.0, 0.2) if trial.calm else (60.0, 0.2)
    async with staged(trial) as play:
        await play.start_all()
        play.write(Shape(per_second=800.0))
        deadline = time.monotonic() + seconds
        server = (await trial.stage.postgres()).url("postgres", "postgres")
        while time.monotonic() < deadline:
            play.faults += len(await rows(server, TERMINATE, f"{play.run}\\_%"))
            await let_run(each)
        verdict = await play.finished()
    only(verdict, KNOWN_ANSWERS)
    return verdict


async def back_to_pace(play: Play, pace: float) -> float:
    """Return how long it took until one second brought 95 % of what it should."""
    began, seen = time.monotonic(), [(time.monotonic(), play.ledger.moves)]

    async def back() -> bool:
        now = time.monotonic()
        seen.append((now, play.ledger.moves))
        old = [moves for at, moves in seen if at <= now - 1.0]
        return bool(old) and play.ledger.moves - old[-1] >= 0.95 * pace

    await until(back, seconds=PATIENCE)
    return time.monotonic() - began - 1.0
