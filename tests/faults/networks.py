"""Scenarios in which the network is at fault, between the processes and both their servers."""

from collections.abc import Sequence

from tests.faults.limits import at_most
from tests.faults.play import Play, staged
from tests.faults.proxy import Direction, Proxy
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.writers import Shape
from tests.waiting import let_run

DRAIN_SECONDS = 60.0
PACE = 400.0
LATENCY_SECONDS = 0.01
DRIP = 300_000
BREATHE_SECONDS = 0.5
BOTH: Sequence[Direction] = ("up", "down")


@scenario(
    "bad network",
    fault="latency, a drip of 300 kB/s, resets, one direction cut, a black hole; before the broker"
    " and before PostgreSQL",
    invariant="0 lost, nothing doubled, order per key; drains within 60 s of the network's return",
    short=4_000,
    long=60_000,
)
async def bad_network(trial: Trial) -> Verdict:
    """Put every weather between the processes and their servers."""
    async with staged(trial) as play:
        stage = trial.stage
        play.behind_proxies()
        await play.start_all()
        play.write(Shape(per_second=PACE))
        await let_run(BREATHE_SECONDS)
        for proxy in (stage.kafka_proxy, stage.postgres_proxy):
            await weathers(play, proxy, seconds=1.0 if trial.calm else 15.0)
        verdict = await play.finished()
    at_most(verdict, "settled after s", DRAIN_SECONDS)
    return verdict


async def weathers(play: Play, proxy: Proxy, *, seconds: float) -> None:
    """Let every weather pass over, in an order that the dice choose, with a pause after each."""
    for weather in play.dice.sample(WEATHERS, len(WEATHERS)):
        await weather(play, proxy, seconds)
        proxy.calm()
        play.faults += 1
        await let_run(BREATHE_SECONDS)


async def slow(_: Play, proxy: Proxy, seconds: float) -> None:
    """Be far away."""
    proxy.latency = LATENCY_SECONDS
    await let_run(seconds)


async def dripping(_: Play, proxy: Proxy, seconds: float) -> None:
    """Be narrow."""
    proxy.drip = DRIP
    await let_run(seconds)


async def resets(play: Play, proxy: Proxy, seconds: float) -> None:
    """Cut every connection, and again."""
    for _ in range(2):
        play.faults += proxy.reset()
        await let_run(seconds / 2)


async def deaf(play: Play, proxy: Proxy, seconds: float) -> None:
    """Pass on what goes one way, and nothing that comes back."""
    proxy.hold(play.dice.choice(BOTH))
    await let_run(seconds)


async def black_hole(_: Play, proxy: Proxy, seconds: float) -> None:
    """Accept everything and answer nothing; in the end those who hang are cut."""
    proxy.hold(*BOTH)
    await let_run(seconds)
    proxy.reset()


WEATHERS = (slow, dripping, resets, deaf, black_hole)
