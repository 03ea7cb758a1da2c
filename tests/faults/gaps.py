"""Scenarios around the outbox's order: late commits, take-backs, and two relays at once."""

import signal

from kernel.outbox import RELAY
from tests.faults.evidence import rows
from tests.faults.play import Play, staged
from tests.faults.processes import PATIENCE
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.writers import STEADY, Shape
from tests.waiting import until

A_GOOD_DEAL = 300
HOLDER = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = $1::int::oid"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND pid <> $2"
)
PUBLISHED = "SELECT count(*) FROM outbox WHERE published_at IS NOT NULL"


@scenario(
    "outbox gap",
    fault="16 writers on few keys, random pauses on either side of the insert, 20 % rollbacks",
    invariant="0 lost, 0 inverted",
    short=1_500,
    long=40_000,
)
async def outbox_gap(trial: Trial) -> Verdict:
    """Commit in any order but that of the sequence."""
    async with staged(trial) as play:
        await play.start_all()
        play.write(Shape(writers=16, parcels=80, batch=6, dawdle_ms=20, refused=0.2))
        verdict = await play.finished(quiet=3.0)
    verdict.faults += len(play.ledger.refused)
    return verdict


@scenario(
    "two relays",
    fault="SIGSTOP of the relay that holds the shard, its session ended, SIGCONT as another works",
    invariant="never interleaved: the first neither marks nor inverts, the second keeps the shard",
    short=6_000,
    long=80_000,
)
async def two_relays(trial: Trial) -> Verdict:
    """Freeze the holder where it has work in flight, and wake it when it is too late."""
    return await frozen_and_resumed(trial, embedded=False)


@scenario(
    "two relays on the embedded log",
    fault="as two relays",
    invariant="as two relays",
    short=4_000,
    long=40_000,
)
async def two_relays_on_the_embedded_log(trial: Trial) -> Verdict:
    """Do so where the broker is a table."""
    return await frozen_and_resumed(trial, embedded=True)


async def frozen_and_resumed(trial: Trial, *, embedded: bool) -> Verdict:
    """Let one relay after another freeze in mid-work, and resume behind the next one's back."""
    rounds = 1 if trial.calm else 5
    async with staged(trial, embedded=embedded) as play:
        await play.start("receiver")
        await play.start("web")
        play.write(Shape(per_second=STEADY))
        for point in ("relay.after_ack", "relay.before_send") * rounds:
            await freeze_once(play, point)
        await play.start("relay")
        return await play.finished()


async def freeze_once(play: Play, point: str) -> None:
    """Freeze a relay at a point, let another work for a while, and thaw the first."""
    first = await play.start("relay", points={point: ("stop", play.dice.randint(3, 8))})
    await first.frozen()
    play.faults += 1
    holder = await holder_of_the_shard(play)
    second = await play.start("relay")
    await rows(play.urls["sender"], "SELECT pg_terminate_backend($1)", holder)
    successor = await holder_of_the_shard(play, but=holder)
    await published_more(play)
    first.send(signal.SIGCONT)
    await published_more(play)
    if await holder_of_the_shard(play) != successor:
        play.broken.append("the relay that resumed took the shard back")
    await first.kill()
    await second.kill()


async def holder_of_the_shard(play: Play, *, but: int = 0) -> int:
    """Wait until a session holds the shard's lock, and return its process id."""
    found: list[int] = []

    async def held() -> bool:
        found[:] = [pid for (pid,) in await rows(play.urls["sender"], HOLDER, RELAY, but)]
        return bool(found)

    await until(held, seconds=PATIENCE)
    return found[0]


async def published_more(play: Play) -> None:
    """Wait until the relay that works has published a good deal more."""
    (before,) = (await rows(play.urls["sender"], PUBLISHED))[0]

    async def more() -> bool:
        (now,) = (await rows(play.urls["sender"], PUBLISHED))[0]
        return bool(now > before + A_GOOD_DEAL)

    await until(more, seconds=PATIENCE)
