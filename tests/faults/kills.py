"""Scenarios in which one process after another is killed at the worst instruction."""

import asyncio
from collections.abc import Sequence

from tests.faults.limits import at_most
from tests.faults.play import Play, staged
from tests.faults.points import COMMAND, CONSUMER, RELAY
from tests.faults.processes import KILLED
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.writers import STEADY, Shape

ARRIVES_SECONDS = 10.0


async def dies(play: Play, role: str, points: Sequence[str], *, among: range) -> None:
    """Let a process die at each point in turn, at a passing that the dice choose; then live on."""
    dice = play.dice_of(role)
    for point in points:
        process = await play.start(role, points={point: ("kill", dice.choice(among))})
        if await process.wait() != KILLED:
            play.broken.append(f"{role} ended by itself before {point}")
        play.faults += 1
    await play.start(role)


@scenario(
    "kill between commit and publish",
    fault="SIGKILL of web after COMMIT and before the answer; of the relay before it sends",
    invariant="every acknowledged command's event arrives within 10 s; 0 lost",
    short=6_000,
    long=80_000,
)
async def between_commit_and_publish(trial: Trial) -> Verdict:
    """Kill writer and relay where an event is committed and nobody has sent it."""
    deaths = 3 if trial.calm else 12
    async with staged(trial) as play:
        await play.start("receiver")
        play.write(Shape(per_second=STEADY))
        await asyncio.gather(
            dies(play, "web", ["command.after_commit"] * deaths, among=range(5, 40)),
            dies(play, "relay", ["relay.before_send"] * deaths, among=range(2, 12)),
        )
        verdict = await play.finished()
    at_most(verdict, "longest wait s", ARRIVES_SECONDS)
    return verdict


@scenario(
    "kill between publish and mark",
    fault="SIGKILL of the relay after the broker's acknowledgement, and after its mark",
    invariant="duplicates on the log allowed; effects once",
    short=6_000,
    long=80_000,
)
async def between_publish_and_mark(trial: Trial) -> Verdict:
    """Kill the relay where an event was sent and the outbox does not know."""
    deaths = 2 if trial.calm else 10
    async with staged(trial) as play:
        await play.start("receiver")
        await play.start("web")
        play.write(Shape(per_second=STEADY))
        points = ["relay.after_ack", "relay.after_mark"] * deaths
        await dies(play, "relay", points, among=range(2, 8))
        verdict = await play.finished()
    if not verdict.figures["repeated on the log"]:
        verdict.broken.append("nothing was sent twice: the relay did not die where it should")
    return verdict


@scenario(
    "kill the consumer",
    fault="SIGKILL before and after the handler, after COMMIT, after the offset's commit",
    invariant="each effect, and each event it causes, exactly once, in order",
    short=6_000,
    long=80_000,
)
async def kill_the_consumer(trial: Trial) -> Verdict:
    """Kill the receiver at every one of its points."""
    points = CONSUMER * (1 if trial.calm else 3)
    async with staged(trial) as play:
        await play.start("relay")
        await play.start("web")
        play.write(Shape(per_second=STEADY))
        await dies(play, "receiver", points, among=range(1, 4))
        return await play.finished()


@scenario(
    "kill on the embedded log",
    fault="SIGKILL of web, relay and consumer at every point of each, on the embedded log",
    invariant="as on Kafka: 0 lost, effects once, in order",
    short=4_000,
    long=40_000,
)
async def kill_on_the_embedded_log(trial: Trial) -> Verdict:
    """Kill everything everywhere, where the broker is a table."""
    times = 1 if trial.calm else 5
    async with staged(trial, embedded=True) as play:
        play.write(Shape(per_second=STEADY))
        await asyncio.gather(
            dies(play, "receiver", CONSUMER * times, among=range(1, 4)),
            dies(play, "relay", RELAY * times, among=range(2, 8)),
            dies(play, "web", COMMAND * times, among=range(5, 40)),
        )
        return await play.finished()
