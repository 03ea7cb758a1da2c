"""Two hundred orders at once want the last units that a group can make."""

import asyncio
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tests.faults.calls import Answer, Command, counted
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.stand import Stand, open_stand
from tests.faults.workshop import FIRST_MONDAY, WEEK, Workshop, furnish, weeks_from
from tests.waiting import let_run

WEEKS = 2
LINES_AN_ORDER = 5
"""In the short form; in the long one every line is an order of its own."""
LOOK_SECONDS = 0.01
FULL = "EXP-0402"

PROMISED = (
    "SELECT week, group_id, sum(pieces) AS pieces FROM capacity_booking"
    " WHERE week BETWEEN $1 AND $2 GROUP BY week, group_id"
)
MADE = "SELECT count(*) AS work_orders FROM work_order WHERE due_on = $1"


@dataclass
class Weeks:
    """The weeks that this trial fills, what fits into them, and what an observer saw there."""

    stand: Stand
    workshop: Workshop
    days: tuple[date, date]
    looks: int = 0
    above: list[str] = field(default_factory=list)

    @property
    def capacity(self) -> int:
        """Return the pieces that the groups can make in these weeks."""
        return WEEKS * sum(self.workshop.weekly.values())

    async def promised(self) -> int:
        """Look at the promises of every week; keep those above what a group can make."""
        rows = await self.stand.rows("export", PROMISED, *self.days)
        self.looks += 1
        for row in rows:
            if row["pieces"] > self.workshop.weekly[str(row["group_id"])]:
                self.above.append(f"{row['pieces']} pieces in one week")
        return sum(int(row["pieces"]) for row in rows)

    async def observe(self) -> None:
        """Look again and again, while others promise."""
        while True:
            await self.promised()
            await let_run(LOOK_SECONDS)


@scenario(
    "capacity race",
    fault="200 orders at once for the last units",
    invariant="the sum is never above capacity, and exactly full at the end",
    short=200,
    long=200,
)
async def run(trial: Trial) -> Verdict:
    """Fill two weeks up to a rest; let more orders than fit ask for the rest at once."""
    dice = trial.dice
    each = dice.randint(1, 3)
    wanted = dice.randint(40, trial.events // 2)
    async with open_stand() as stand:
        workshop = await furnish(stand.stage)
        days = weeks_from(FIRST_MONDAY + WEEK * WEEKS * dice.randrange(1_000), weeks=WEEKS)
        weeks = Weeks(stand, workshop, days)
        name = f"CAP-{trial.seed}"
        await _fill(weeks, f"{name}-0", weeks.capacity - wanted * each)
        orders = _split(trial, [each] * trial.events)
        accepts = await _asked(weeks, name, orders)
        dice.shuffle(accepts)  # the lines of one order wait for each other; those of others race
        return await _race(weeks, accepts, wanted=wanted)


async def _fill(weeks: Weeks, number: str, pieces: int) -> None:
    [plan] = await _plans(weeks, number, [pieces])
    one, *others = weeks.workshop.group_ids
    full = {each: WEEKS * weeks.workshop.weekly[each] for each in others}
    pieces_of = {**full, one: pieces - sum(full.values())}
    shares = [{"group_id": each, "pieces": share} for each, share in pieces_of.items()]
    callers = weeks.stand.callers
    await callers.do(Command("ooa-production", f"{plan}/adjust", {"shares": shares}))
    await callers.do(_accept(weeks, plan))


def _split(trial: Trial, pieces: list[int]) -> list[list[int]]:
    size = LINES_AN_ORDER if trial.calm else 1
    return [pieces[nth : nth + size] for nth in range(0, len(pieces), size)]


async def _asked(weeks: Weeks, name: str, orders: list[list[int]]) -> list[Command]:
    plans = await asyncio.gather(
        *(_plans(weeks, f"{name}-{nth}", pieces) for nth, pieces in enumerate(orders, start=1))
    )
    return [_accept(weeks, plan) for some in plans for plan in some]


async def _plans(weeks: Weeks, number: str, pieces: list[int]) -> list[str]:
    """Place and accept an order, and plan each of its lines."""
    callers, (first, last) = weeks.stand.callers, weeks.days
    body = weeks.workshop.order(number, pieces=pieces, due_on=last)
    order = await callers.do(Command("ooa-buyer", "/v1/orders", body))
    path = f"/v1/orders/{order['id']}"
    await callers.do(Command("ooa-buyer", f"{path}/submit", {"on": "2025-04-02"}))
    answers = [{"line_id": line["id"], "answer": "accepted"} for line in order["lines"]]
    accepted = {"accepted_on": "2025-04-04", "answers": answers}
    await callers.do(Command("kemensos-programmes", f"{path}/accept", accepted))
    found = []
    for line in order["lines"]:
        plan = {"order_id": order["id"], "line_id": line["id"], "planned_on": first.isoformat()}
        made = await callers.do(Command("ooa-production", "/v1/allocations", plan))
        found.append(f"/v1/allocations/{made['id']}")
    return found


def _accept(weeks: Weeks, plan: str) -> Command:
    body = {"accepted_on": weeks.days[0].isoformat()}
    return Command("ooa-production", f"{plan}/accept", body)


async def _race(weeks: Weeks, accepts: list[Command], *, wanted: int) -> Verdict:
    callers = weeks.stand.callers
    observer = asyncio.create_task(weeks.observe())
    first = await asyncio.gather(*(callers.insist(each) for each in accepts))
    after = await _state(weeks)
    again = await asyncio.gather(*(callers.insist(each) for each in accepts))
    observer.cancel()
    verdict = Verdict(acknowledged=sum(answer.done for answer in first), faults=len(accepts))
    verdict.events = after[1]
    verdict.broken += [*counted(weeks.above), *_wrong(first, wanted=wanted)]
    if after[0] != weeks.capacity:
        verdict.broken.append(f"{after[0]} pieces are promised, {weeks.capacity} can be made")
    if await _state(weeks) != after or [a.body for a in again if a.done] != [
        a.body for a in first if a.done
    ]:
        verdict.broken.append("the same commands again changed something")
    verdict.figures = {"looks of the observer": weeks.looks, "refused": len(accepts) - wanted}
    return verdict


def _wrong(answers: list[Answer], *, wanted: int) -> list[str]:
    refused = {answer.told for answer in answers if not answer.done}
    found = [f"refused by {told}" for told in refused - {f"409 {FULL}"}]
    accepted = sum(answer.done for answer in answers)
    if accepted != wanted:
        found.append(f"{accepted} orders were promised, {wanted} fit")
    return found


async def _state(weeks: Weeks) -> tuple[int, int, int]:
    """Return the pieces promised, the promises told, and the work orders opened."""
    told: dict[UUID, int] = await weeks.stand.told("export", "export.allocation.accepted.v1")
    [made] = await weeks.stand.rows("export", MADE, weeks.days[1])
    return await weeks.promised(), sum(told.values()), made["work_orders"]
