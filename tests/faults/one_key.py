"""The same key fifty times in parallel: one effect, and in the end one answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from cli.story.stage import Answer as Told
from tests.faults.calls import Answer, Command, counted
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.stand import Stand, open_stand
from tests.faults.workshop import FIRST_MONDAY, WEEK, Workshop, furnish, weeks_from
from tests.waiting import let_run
from tests.world import Json

TIMES = 50
LONGEST_SECONDS = 0.15
EARLIEST_VISIT = date(2060, 1, 1)
PIECES, DAYS = 6, 2

ORDERS = "SELECT count(*) AS times FROM purchase_order WHERE partner_order_number = $1"
VISITS = "SELECT count(*) AS times FROM mentoring_visit WHERE planned_on = $1"
EARNINGS = "SELECT count(*) AS times FROM earning WHERE lot_id = $1"


@dataclass(frozen=True)
class Once:
    """A command, and how many rows it makes when it is done once."""

    command: Command
    service: str
    query: str
    mark: Json
    rows: int = 1


@scenario(
    "idempotency race",
    fault="one key 50 times in parallel; then with SIGKILL of the service in the middle",
    invariant="one effect, one answer",
    short=2,
    long=20,
)
async def run(trial: Trial) -> Verdict:
    """Send orders, visits and what makers are paid by; `events` is how many of each."""
    verdict, dice = Verdict(), trial.dice
    async with open_stand() as stand:
        workshop = await furnish(stand.stage)
        for nth in range(trial.events):
            killed = nth % 2 == 1
            some = await _commands(stand, workshop, f"KEY-{trial.seed}-{nth}", dice)
            await stand.grown("export")
            storms = [_storm(stand, each, verdict, killed=killed) for each in some]
            faults = [_kill(stand, dice)] if killed else []
            await asyncio.gather(*storms, *faults)
            verdict.faults += len(faults)
            for each in some:
                await _count(stand, each, verdict)
        verdict.figures = dict(stand.callers.tally)
    return verdict


async def _commands(stand: Stand, workshop: Workshop, name: str, dice: Random) -> list[Once]:
    day = EARLIEST_VISIT + timedelta(days=dice.randrange(14_000))
    body = {
        "group_id": workshop.group_ids[0],
        "kind": "production",
        "planned_on": day.isoformat(),
    }
    visit = Command("kemensos-programmes", "/v1/mentoring-visits", body)
    order = Command(
        "ooa-buyer", "/v1/orders", workshop.order(name, pieces=[PIECES], due_on=FIRST_MONDAY)
    )
    lot_id, result = await _inspected(stand, workshop, f"{name}-LOT", dice)
    return [
        Once(order, "export", ORDERS, name),
        Once(visit, "empowerment", VISITS, day),
        Once(result, "export", EARNINGS, lot_id, rows=len(workshop.makers[workshop.group_ids[0]])),
    ]


async def _storm(stand: Stand, once: Once, verdict: Verdict, *, killed: bool) -> None:
    callers = stand.callers
    first = await callers.at_once(once.command, times=TIMES)
    final = await asyncio.gather(*(callers.insist(once.command) for _ in range(TIMES)))
    verdict.acknowledged += 1
    route = once.command.route
    verdict.broken += counted(
        f"{route}: {answer.told}" for answer in first if not _may_be(answer, killed=killed)
    )
    given = [answer for answer in first if answer.done] + list(final)
    if not all(answer.done for answer in given) or not _all_equal(given):
        verdict.broken.append(f"{route}: not one answer, but {_told(given)}")
    if sum(not answer.replayed for answer in given) > 1:
        verdict.broken.append(f"{route}: done more than once")


def _may_be(answer: Answer, *, killed: bool) -> bool:
    if answer.still_running or answer.status == 503:
        return bool(answer.retry_after)
    return answer.done or (killed and answer.status == 502)


def _all_equal(answers: Sequence[Answer]) -> bool:
    first = answers[0]
    return all((each.status, each.body) == (first.status, first.body) for each in answers)


def _told(answers: Sequence[Answer]) -> str:
    return ", ".join(sorted({answer.told for answer in answers}))


async def _kill(stand: Stand, dice: Random) -> None:
    await let_run(dice.uniform(0, LONGEST_SECONDS))
    await stand.end("export", kill=True)


async def _count(stand: Stand, once: Once, verdict: Verdict) -> None:
    [row] = await stand.rows(once.service, once.query, once.mark)
    verdict.lost += row["times"] < once.rows
    verdict.doubled += row["times"] > once.rows


async def _inspected(
    stand: Stand, workshop: Workshop, number: str, dice: Random
) -> tuple[UUID, Command]:
    """Let a group weave a lot; return it with the command that credits its makers."""
    first, last = weeks_from(FIRST_MONDAY + WEEK * (3_400 - dice.randrange(1_000)), weeks=2)
    group, makers = workshop.group_ids[0], workshop.makers[workshop.group_ids[0]]
    step, stage = number.lower(), stand.stage
    pieces = PIECES * len(makers)
    body = workshop.order(number, pieces=[pieces], due_on=last)
    order = await stage.as_("ooa-buyer").do(step, "/v1/orders", body)
    work_order = await _work_order(stand, order, group=group, pieces=pieces, on=first)
    counts = [{"household_id": each, "pieces": PIECES, "days_worked": DAYS} for each in makers]
    delivery = {
        "reference": number,
        "work_order_id": work_order,
        "delivered_on": first.isoformat(),
        "counts": counts,
    }
    production, quality = stage.as_("ooa-production"), stage.as_("ooa-quality")
    lot = await production.do(f"{step}-delivery", "/v1/deliveries", delivery)
    on = {"inspected_on": first.isoformat()}
    seen = await quality.do(f"{step}-look", f"/v1/lots/{lot['id']}/inspections", on)
    found = {"inspected_pieces": seen["plan"]["sample_size"], "defects": [], "set_aside": []}
    result = Command("ooa-quality", f"/v1/inspections/{seen['id']}/result", found)
    return UUID(lot["id"]), result


async def _work_order(stand: Stand, order: Told, *, group: str, pieces: int, on: date) -> str:
    path, [line], number = (
        f"/v1/orders/{order['id']}",
        order["lines"],
        order["partner_order_number"],
    )
    buyer, office = stand.stage.as_("ooa-buyer"), stand.stage.as_("kemensos-programmes")
    production = stand.stage.as_("ooa-production")
    await buyer.do(f"{number}-submit", f"{path}/submit", {"on": "2025-04-02"})
    answers = [{"line_id": line["id"], "answer": "accepted"}]
    accepted = {"accepted_on": "2025-04-04", "answers": answers}
    await office.do(f"{number}-accept", f"{path}/accept", accepted)
    wanted = {"order_id": order["id"], "line_id": line["id"], "planned_on": on.isoformat()}
    plan = await production.do(f"{number}-plan", "/v1/allocations", wanted)
    shares = {"shares": [{"group_id": group, "pieces": pieces}]}
    await production.do(f"{number}-shares", f"/v1/allocations/{plan['id']}/adjust", shares)
    day = {"accepted_on": on.isoformat()}
    await production.do(f"{number}-promise", f"/v1/allocations/{plan['id']}/accept", day)
    [made] = await production.list(f"/v1/work-orders?order_id={order['id']}")
    return str(made["id"])
