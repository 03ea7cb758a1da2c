"""A mixed load of commands, and a ledger of what was acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from uuid import NAMESPACE_OID, UUID, uuid5

from tests.faults.calls import Answer, Command, reading
from tests.faults.workshop import Workshop
from tests.registry.families import card
from tests.world import Json

DUE = date(2031, 12, 31)
FIRST_VISIT = date(2040, 1, 1)
LOADS, CARDS_A_LOAD = 10, 3_000
"""Loads in one desa, and the families of each: a family card's number is given once."""

Way = Callable[[Command], Awaitable[Answer]]


@dataclass
class Ledger:
    """What was acknowledged to one load, by the marks that it gave, and what was refused.

    `name` begins the numbers of its orders and families; `visitor` makes its visits.
    """

    name: str
    orders: dict[str, UUID] = field(default_factory=dict)
    visits: dict[date, UUID] = field(default_factory=dict)
    families: dict[str, UUID] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    commands: int = 0

    @property
    def visitor(self) -> UUID:
        """Return who makes the visits of this load and of no other."""
        return uuid5(NAMESPACE_OID, self.name)


class Load:
    """Clients that place orders, plan visits and register families, one command after another.

    `way` is how a command is sent: once, or until its answer stands. `name` and `desa_code` are
    this load's own, so that nothing else has its marks.
    """

    def __init__(self, workshop: Workshop, *, name: str, desa_code: str, way: Way) -> None:
        self.ledger = Ledger(name)
        self._workshop = workshop
        self._desa_code = desa_code
        self._way = way
        self._turns = count(1)

    @asynccontextmanager
    async def running(self, *, clients: int) -> AsyncIterator[None]:
        """Let so many clients work beside the block, and finish what they began after it."""
        enough = asyncio.Event()
        working = asyncio.gather(*(self._work(enough) for _ in range(clients)))
        try:
            yield
        finally:
            enough.set()
            await working

    async def _work(self, enough: asyncio.Event) -> None:
        while not enough.is_set():
            turn = next(self._turns)
            await (self._order, self._visit, self._family)[turn % 3](turn)

    async def _order(self, turn: int) -> None:
        number = f"{self.ledger.name}-{turn:05}"
        body = self._workshop.order(number, pieces=[24], due_on=DUE)
        order = await self._done(Command("ooa-buyer", "/v1/orders", body))
        if order is None:
            return
        path, line = f"/v1/orders/{order['id']}", order["lines"][0]["id"]
        answers = [{"line_id": line, "answer": "accepted"}]
        accepted = {"accepted_on": "2025-04-04", "answers": answers}
        submit = Command("ooa-buyer", f"{path}/submit", {"on": "2025-04-02"})
        accept = Command("kemensos-programmes", f"{path}/accept", accepted)
        for step in (submit, accept, reading("ooa-buyer", path)):
            if await self._done(step) is None:
                return
        self.ledger.orders[number] = UUID(order["id"])

    async def _visit(self, turn: int) -> None:
        day = FIRST_VISIT + timedelta(days=turn)
        body = {
            "group_id": self._workshop.group_ids[0],
            "kind": "production",
            "planned_on": day.isoformat(),
            "facilitator_id": str(self.ledger.visitor),
        }
        visit = await self._done(Command("kemensos-programmes", "/v1/mentoring-visits", body))
        if visit is not None:
            self.ledger.visits[day] = UUID(visit["id"])

    async def _family(self, turn: int) -> None:
        reference = f"{self.ledger.name}-{turn:05}"
        number = CARDS_A_LOAD * (self.ledger.visitor.int % LOADS) + turn
        body = {**card(number, desa_code=self._desa_code), "reference": reference}
        family = await self._done(Command("kemensos-registrar", "/v1/households", body))
        if family is not None:
            self.ledger.families[reference] = UUID(family["id"])

    async def _done(self, command: Command) -> dict[str, Json] | None:
        answer = await self._way(command)
        if not answer.done:
            self.ledger.refused.append(f"{command.route}: {answer.told}")
            return None
        self.ledger.commands += command.method != "GET"
        told: dict[str, Json] = answer.body
        return told
