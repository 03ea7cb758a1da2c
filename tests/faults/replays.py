"""A scenario in which a projection goes wrong and is made anew, under load and under fire."""

from collections import Counter

from tests.faults.evidence import rows
from tests.faults.play import Play, staged
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.writers import STEADY, Shape
from tests.waiting import let_run, until

PATIENCE = 300.0
SPOILING = (
    "UPDATE whereabouts SET last = last - 1 WHERE parcel_id::text < '4'",
    "DELETE FROM whereabouts WHERE parcel_id::text > 'c'",
    "INSERT INTO whereabouts SELECT gen_random_uuid(), 1, 1 FROM generate_series(1, 5)",
)
MAPPED = "SELECT parcel_id::text, last, moves FROM whereabouts"


@scenario(
    "replay",
    fault="a projection's rows changed, deleted and invented; its rebuild killed, then run again",
    invariant="the rebuilt projection is the ledger's fold, though traffic never stopped",
    short=4_000,
    long=60_000,
)
async def replay(trial: Trial) -> Verdict:
    """Spoil a projection while it is written, and rebuild it."""
    async with staged(trial) as play:
        for role in ("relay", "web"):
            await play.start(role)
        await play.start("receiver", maps=True)
        load = play.write(Shape(per_second=STEADY / 2))
        await load.reach(trial.events // 2)
        await spoil(play)
        await rebuilt(play)
        await load.reach(trial.events)
        await load.finish()
        await play.settled()
        await compared(play)
        return await play.verdict()


async def spoil(play: Play) -> None:
    """Change rows, delete some, and invent some."""
    for statement in SPOILING:
        await rows(play.urls["receiver"], statement)
        play.faults += 1


async def rebuilt(play: Play) -> None:
    """Kill a rebuild in the middle, then let another one end."""
    first = await play.start("rebuild")
    await let_run(play.dice.random())
    await first.kill()
    play.faults += 1
    second = await play.start("rebuild")
    if await second.wait(seconds=PATIENCE):
        play.broken.append("the rebuild failed")


async def compared(play: Play) -> None:
    """Compare the projection with the ledger, once all of it has arrived."""
    moves = play.ledger.acknowledged.values()
    fold = Counter(parcel for each in moves for parcel, _ in each)

    async def arrived() -> bool:
        found = await rows(play.urls["receiver"], MAPPED)
        return {parcel: moves for parcel, _, moves in found} == dict(fold)

    try:
        await until(arrived, seconds=PATIENCE / 10)
    except TimeoutError:
        play.broken.append("the rebuilt projection is not the ledger's fold")
    found = await rows(play.urls["receiver"], MAPPED)
    wrong = sum(last != moves for _, last, moves in found)
    if wrong:
        play.broken.append(f"{wrong} parcels are not where they were last")
