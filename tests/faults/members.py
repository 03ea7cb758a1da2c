"""Scenarios about processes that come, go, stop as asked, or silently stand still."""

import time

from tests.faults.limits import at_most
from tests.faults.play import IMPATIENT_MS, Play, staged
from tests.faults.processes import Process
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.writers import STEADY, Shape
from tests.waiting import let_run

TURN_SECONDS = 2.0
IDLE_SECONDS = 15.0
STOP_SECONDS = 10.0
STALLED_SECONDS = 3.0
ENDS_SECONDS = 15.0
BY_ITS_SIGNAL = (0, -15)
"""A web server ends by the signal that it was sent, once it has answered everybody."""


@scenario(
    "rebalance mid-batch",
    fault="every 2 s a consumer added or another killed, in a group that misses one after 1.5 s",
    invariant="effects once, in order; no partition idle over 15 s",
    short=6_000,
    long=90_000,
)
async def rebalance(trial: Trial) -> Verdict:
    """Never let the group rest."""
    rounds = 3 if trial.calm else 30
    async with staged(trial) as play:
        await play.start("relay")
        await play.start("web")
        # Members that die faster than the group misses them would keep it from ever forming.
        impatient = {"session_ms": IMPATIENT_MS}
        members = [await play.start("receiver", **impatient)]
        play.write(Shape(per_second=STEADY))
        for _ in range(rounds):
            await let_run(TURN_SECONDS)
            members.append(await play.start("receiver", **impatient))
            await let_run(TURN_SECONDS)
            await members.pop(play.dice.randrange(len(members))).kill()
            play.faults += 1
        verdict = await play.finished()
    at_most(verdict, "longest idle s", IDLE_SECONDS)
    return verdict


@scenario(
    "graceful stop",
    fault="SIGTERM of web, relay and consumer in turn, under load",
    invariant="each ends within 10 s, by itself; nothing lost or doubled",
    short=6_000,
    long=60_000,
)
async def graceful_stop(trial: Trial) -> Verdict:
    """Ask every process to end while it has work in flight, and start it again."""
    async with staged(trial) as play:
        running = {role: await play.start(role) for role in ("relay", "receiver", "web")}
        play.write(Shape(per_second=STEADY))
        for role in [*running] * (1 if trial.calm else 6):
            await let_run(0.5 + play.dice.random())
            await stop_politely(play, running[role])
            running[role] = await play.start(role)
        return await play.finished()


async def stop_politely(play: Play, process: Process) -> None:
    """Send SIGTERM, and note how the process took it."""
    began = time.monotonic()
    code = await process.terminate()
    play.faults += 1
    play.worst("ends after s", time.monotonic() - began)
    allowed = BY_ITS_SIGNAL if process.order.role == "web" else (0,)
    if code not in allowed:
        play.broken.append(f"{process.order.role} ended with {code}")
    if time.monotonic() - began > STOP_SECONDS:
        play.broken.append(f"{process.order.role} took too long to end")


@scenario(
    "a consumer that silently stops",
    fault="the consumer's fetch hangs for ever, as two open issues of its client describe",
    invariant="the watchdog ends the process with an error in time; a new one goes on",
    short=4_000,
    long=40_000,
)
async def silent_stop(trial: Trial) -> Verdict:
    """Let the client hang, and see the process end itself."""
    async with staged(trial) as play:
        await play.start("relay")
        await play.start("web")
        play.write(Shape(per_second=STEADY))
        for _ in range(1 if trial.calm else 4):
            hang = {"consumer.fetch": ("hang", play.dice.randint(3, 12))}
            process = await play.start("receiver", points=hang, stalled_seconds=STALLED_SECONDS)
            began = time.monotonic()
            code = await process.wait()
            play.faults += 1
            play.worst("noticed after s", time.monotonic() - began)
            if code <= 0:
                play.broken.append(f"the process ended with {code}, which is no error")
        await play.start("receiver", stalled_seconds=STALLED_SECONDS)
        verdict = await play.finished()
    at_most(verdict, "noticed after s", ENDS_SECONDS)
    return verdict
