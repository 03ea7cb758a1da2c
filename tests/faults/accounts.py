"""Compares what a load was told with the tables, the events and the projections of all services."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from uuid import UUID

from tests.faults.calls import counted
from tests.faults.load import Ledger
from tests.faults.scenario import Verdict
from tests.faults.stand import SETTLED_SECONDS, Stand
from tests.waiting import until
from tests.world import Json

MATERIALS_OF_AN_ORDER = 2

ORDERS = (
    "SELECT partner_order_number AS mark, id FROM purchase_order"
    " WHERE partner_order_number LIKE $1 AND state = 'accepted'"
)
VISITS = "SELECT planned_on AS mark, id FROM mentoring_visit WHERE facilitator_id = $1"
FAMILIES = "SELECT reference AS mark, id FROM households WHERE reference LIKE $1"

CANDIDATES = "SELECT id FROM candidate WHERE desa_code IS NOT NULL"
DEMANDS = "SELECT order_id FROM material_demand"


async def verdict_on(ledger: Ledger, stand: Stand) -> Verdict:
    """Count what was lost, what happened twice, and where the services disagree."""
    with suppress(TimeoutError):  # what does not arrive is counted below
        await until(lambda: _agree(ledger, stand), seconds=SETTLED_SECONDS)
    verdict = Verdict(acknowledged=ledger.commands, broken=counted(ledger.refused))
    like = f"{ledger.name}-%"
    _compare(verdict, ledger.orders, await stand.rows("export", ORDERS, like))
    _compare(verdict, ledger.visits, await stand.rows("empowerment", VISITS, ledger.visitor))
    _compare(verdict, ledger.families, await stand.rows("registry", FAMILIES, like))
    await _count_events(verdict, ledger, stand)
    if missing := await _missing(ledger, stand):
        verdict.broken.append(f"{missing} rows of other services' projections are missing")
    trouble = (await stand.trouble()).items()
    verdict.broken += [f"{events} events {what}" for what, events in trouble if events]
    return verdict


async def _agree(ledger: Ledger, stand: Stand) -> bool:
    found = await stand.trouble()
    waiting = found["unpublished"] + found["parked"]
    return not waiting and not await _missing(ledger, stand)


def _compare(verdict: Verdict, wanted: Mapping[Json, UUID], found: Iterable[Json]) -> None:
    rows = [(row["mark"], row["id"]) for row in found]
    times = Counter(mark for mark, _ in rows)
    verdict.lost += len(set(wanted.items()) - set(rows))
    verdict.doubled += sum(number > 1 for number in times.values())
    if strange := times.keys() - wanted.keys():
        verdict.broken.append(f"{len(strange)} done of which nobody was told: {min(strange)}")


async def _count_events(verdict: Verdict, ledger: Ledger, stand: Stand) -> None:
    for service, event_type, aggregates in (
        ("export", "export.order.submitted.v1", ledger.orders.values()),
        ("export", "export.order.accepted.v1", ledger.orders.values()),
        ("registry", "registry.household.registered.v1", ledger.families.values()),
    ):
        told = await stand.told(service, event_type)
        verdict.events += sum(told.get(each, 0) for each in aggregates)
        verdict.lost += sum(each not in told for each in aggregates)
        verdict.doubled += sum(told.get(each, 0) > 1 for each in aggregates)


async def _missing(ledger: Ledger, stand: Stand) -> int:
    """Count what the empowerment service should know by now of families and orders."""
    families = {row["id"] for row in await stand.rows("empowerment", CANDIDATES)}
    demands = Counter(row["order_id"] for row in await stand.rows("empowerment", DEMANDS))
    return sum(each not in families for each in ledger.families.values()) + sum(
        demands[each] != MATERIALS_OF_AN_ORDER for each in ledger.orders.values()
    )
