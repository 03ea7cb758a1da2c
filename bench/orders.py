"""T9: how much of pgbench's speed is left when an order is placed in workshops, over HTTP.

The command is the one in which capacity, outbox and idempotency meet: the plan of an order's line
is accepted. In one transaction it claims its key, locks the groups, checks that the line fits into
their free weeks, promises those weeks, gives the work out, starts the order, tells of it, and keeps
its answer. pgbench runs the same statements, which the server logged, without the service.

Beside it stand the same command with two web processes, and the one that records a partner's draft
(no capacity, no event).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

from bench import http_load, pgbench, statements, trade
from bench.ground import Ground
from bench.served import bearer, served
from bench.target import Round, Target
from bench.trade import Kind, named
from kernel import migrations
from kernel.auth import Actor
from kernel.line import Line

CLIENTS = 10
CREATED, OK = 201, 200

PLANNER = Actor(
    subject="ooa-planner",
    client_id="ooa",
    organisation="ooa",
    kind="partner",
    scopes=frozenset({"export.allocation:approve", "export.orders:write"}),
)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
COUNTED = (
    "SELECT (SELECT count(*) FROM order_line), (SELECT count(*) FROM idempotency_key),"
    " (SELECT coalesce(sum(pieces), 0) FROM capacity_booking"
    f" WHERE week >= '{trade.PLANNED_ON}'),"
    " (SELECT coalesce(sum(pieces), 0) FROM work_order), (SELECT count(*) FROM outbox)"
)


@dataclass(frozen=True)
class Command:
    """What is sent over HTTP, and what it leaves behind when it was done `times` times."""

    path: Callable[[int], str]
    body: Callable[[int], dict[str, object]]
    status: int
    times: int
    promised_pieces: int = 0
    events: int = 0

    @property
    def plans(self) -> int:
        """Return how many plans must wait for it."""
        return self.times if self.promised_pieces else 0

    def request(self, number: int) -> bytes:
        """Return the request of that number, under a key of its own."""
        headers = {
            "Authorization": AUTHORISED,
            "Idempotency-Key": str(named(Kind.KEY, number)),
            "traceparent": TRACE,
        }
        body = json.dumps(self.body(number)).encode()
        return http_load.post(self.path(number), body, headers=headers)

    async def verify(self, url: str) -> None:
        """Make sure that it was done `times` times, no more and no less."""
        line = await Line.open(url, name="bench")
        [found] = await line.rows(COUNTED)
        await line.close()
        pieces, events = self.times * self.promised_pieces, self.times * self.events
        assert tuple(found) == (self.times, self.times, pieces, pieces, events), found


AUTHORISED = bearer(PLANNER, service="export")
PLACE = Command(
    path=lambda n: f"/v1/allocations/{named(Kind.ALLOCATION, n)}/accept",
    body=lambda _: {"accepted_on": trade.PLANNED_ON},
    status=OK,
    times=1_000,
    promised_pieces=trade.PIECES,
    events=2,
)
DRAFT = Command(
    path=lambda _: "/v1/orders",
    body=lambda n: {
        "partner_id": str(named(Kind.PARTNER)),
        "partner_order_number": f"PO-{named(Kind.ORDER, n)}",
        "ordered_on": "2025-05-05",
        "lines": [
            {
                "product_id": str(named(Kind.PRODUCT)),
                "pieces": trade.PIECES,
                "unit_price": {"amount": "88550.00", "currency": "IDR"},
                "due_on": trade.DUE_ON,
            }
        ],
    },
    status=CREATED,
    times=3_000,
)
VARIANTS = {
    "one web process": (PLACE, 1),
    "two web processes": (PLACE, 2),
    "a draft, one web process": (DRAFT, 1),
    "a draft, two web processes": (DRAFT, 2),
}


async def rounds(ground: Ground, variant: str, count: int) -> AsyncIterator[Round]:
    """Send the command over HTTP, and run its SQL by pgbench, in turns."""
    command, workers = VARIANTS[variant]
    url = ground.fresh_database("export")
    await asyncio.to_thread(migrations.upgrade, "services.export", url=url)
    await trade.open_up(url)
    script = ground.folder / "orders.sql"
    script.write_text(await recorded(ground, command, url))
    with served("export", url=url, folder=ground.folder, workers=workers) as service:
        for turn in range(count + 1):
            ours = await done_over_http(service.port, command, url)
            bare = await done_by_pgbench(ground, command, url, script=script)
            if turn:  # the first warms up
                yield Round(ours, bare)


async def done_over_http(port: int, command: Command, url: str) -> float:
    """Send every request; return commands a second."""
    await trade.begin_anew(url, plans=command.plans)
    requests = [command.request(number) for number in range(command.times)]
    sent = http_load.load(port, requests, connections=CLIENTS)
    assert sent.statuses == {command.status: command.times}, sent.statuses
    await command.verify(url)
    return command.times / sent.seconds


async def done_by_pgbench(ground: Ground, command: Command, url: str, *, script: Path) -> float:
    """Run the SQL alone, as often; return commands a second."""
    await trade.begin_anew(url, plans=command.plans)
    speed = pgbench.speed(ground.postgres, script, url=url, clients=CLIENTS, times=command.times)
    await command.verify(url)
    return speed


async def recorded(ground: Ground, command: Command, url: str) -> str:
    """Return the SQL of one command as a script that does it for any number.

    It is the second of its connection: the driver asks for types before the first.
    """
    await trade.begin_anew(url, plans=2 if command.plans else 0)
    with (
        statements.recorded(ground.postgres, role="export") as logged,
        served("export", url=url, folder=ground.folder) as service,
    ):
        sent = http_load.load(service.port, [*map(command.request, range(2))], connections=1)
        assert sent.statuses == {command.status: 2}, sent.statuses
    about = str(named(Kind.KEY, 1))
    return statements.script(statements.transaction(logged, about=about), written=written_by_n())


def written_by_n() -> Callable[[str], str | None]:
    """Return how the ids in the statements of command 1 are written for command `n`."""
    made = count(Kind.MADE_BY_THE_SERVICE)
    names: dict[str, str | None] = {}

    def written(text: str) -> str | None:
        if text not in names:
            names[text] = _written(UUID(text), made)
        return names[text]

    return written


def _written(id_: UUID, made: "count[int]") -> str | None:
    number, kind = divmod(id_.int, 256)
    if id_.version == 7:
        return f"named({next(made)}, :n)::text"
    if kind == Kind.GROUP:
        nth = number - trade.GROUPS_A_LINE
        of_line = f"(:n * {trade.GROUPS_A_LINE} + {nth}) % {trade.GROUPS}"
        return f"named({kind}, {of_line})::text"
    if kind in (Kind.PARTNER, Kind.PRODUCT):
        return None
    return f"named({kind}, :n)::text"


TARGET = Target(
    name="T9",
    what="an order placed in workshops: capacity, outbox, idempotency, over HTTP",
    yardstick="pgbench with the same SQL, prepared, in one transaction",
    unit="orders/s",
    floor=0.50,
    aim=0.70,
    variants=tuple(VARIANTS),
    rounds=rounds,
)
