"""The trade, spoken to in its own words: partners, products, orders, groups that make goods."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

import httpx
import sqlalchemy as sa

from contracts.empowerment import GroupActivated, SkillGrade, TrainingCompleted
from kernel.events import Event
from kernel.ids import new_id
from services.export.app import SERVICE
from tests.people import KEMENSOS
from tests.world import Json, World

E = TypeVar("E", bound=Event)

WEAVING = "anyaman eceng gondok"
ORDERED, ACCEPTED, DUE = "2025-05-05", "2025-05-12", "2025-08-31"
"""A Monday, the next one, and a Sunday: between the last two lie 16 full weeks."""
WEEKS = 16

WASTE_BASKET: dict[str, Json] = {
    "sku": "WB-30",
    "name": "Keranjang sampah",
    "length_mm": 300,
    "width_mm": 300,
    "height_mm": 350,
    "weight_grams": 900,
    "hs_code": "4602.19.1800",
    "skill": WEAVING,
    "materials": [
        {"material": "eceng gondok", "grams_per_piece": 750},
        {"material": "mendong", "grams_per_piece": 151},
    ],
    "piece_rate": {"amount": "30000.00", "currency": "IDR"},
    "minimum_piece_rate": {"amount": "25000.00", "currency": "IDR"},
    "minutes_per_piece": 180,
}
CONTRACT: dict[str, Json] = {
    "number": "OOA-2025-01",
    "currency": "IDR",
    "payment_terms_days": 30,
    "sampling": {"level": "II", "aql": {"critical": "0", "major": "2.5", "minor": "4.0"}},
    "tolerance_percent": "2.5",
    "valid_from": "2025-03-01",
    "valid_until": "2025-12-31",
}


class Trade:
    """Drives the export service; everything happens in 2025 and in rupiah."""

    def __init__(self, world: World) -> None:
        self.export = world.export

    async def partner(self, code: str = "OOA", *, organisation: str = "ooa") -> dict[str, Json]:
        """Record an offtaker."""
        body = {"code": code, "name": f"PT {code}", "organisation": organisation, "country": "ID"}
        return await self.export.do("/v1/partners", body)

    async def product(self, **changed: Json) -> dict[str, Json]:
        """Record a product; the waste basket, unless something is changed."""
        return await self.export.do("/v1/products", {**WASTE_BASKET, **changed})

    def line(self, product: dict[str, Json], pieces: int, *, due_on: str = DUE) -> dict[str, Json]:
        """Return an order line at Rp 88,550 a piece."""
        price = {"amount": "88550.00", "currency": "IDR"}
        return {
            "product_id": product["id"],
            "pieces": pieces,
            "unit_price": price,
            "due_on": due_on,
        }

    def order_of(
        self, partner: dict[str, Json], *lines: dict[str, Json], number: str = "PO-1"
    ) -> dict[str, Json]:
        """Return the body of an order."""
        return {
            "partner_id": partner["id"],
            "partner_order_number": number,
            "ordered_on": ORDERED,
            "lines": list(lines),
        }

    async def draft(
        self, partner: dict[str, Json], *lines: dict[str, Json], number: str = "PO-1"
    ) -> dict[str, Json]:
        """Record an order."""
        return await self.export.do(
            "/v1/orders", self.order_of(partner, *lines, number=number), as_=KEMENSOS
        )

    async def move(self, order: dict[str, Json], verb: str, **body: Json) -> dict[str, Json]:
        """Let a verb happen to an order."""
        return await self.export.do(f"/v1/orders/{order['id']}/{verb}", body)

    async def accept(self, order: dict[str, Json]) -> dict[str, Json]:
        """Submit a draft and accept every line of it as asked."""
        await self.move(order, "submit", on=ORDERED)
        answers = [{"line_id": line["id"], "answer": "accepted"} for line in order["lines"]]
        return await self.move(order, "accept", accepted_on=ACCEPTED, answers=answers)

    async def accepted(
        self, partner: dict[str, Json], *lines: dict[str, Json], number: str = "PO-1"
    ) -> dict[str, Json]:
        """Return an order that is to be made."""
        return await self.accept(await self.draft(partner, *lines, number=number))

    async def plan(self, order: dict[str, Json]) -> dict[str, Json]:
        """Divide an order's first line over the groups."""
        body = {
            "order_id": order["id"],
            "line_id": order["lines"][0]["id"],
            "planned_on": ACCEPTED,
        }
        return await self.export.do("/v1/allocations", body)

    async def hear(self, *events: Event) -> None:
        """Let every reaction of the service to the events happen, as its worker would."""
        async with self.export.database.transaction() as uow:
            for event in events:
                for reactions in SERVICE.subscriptions:
                    if event.event_type in reactions.handlers:
                        await reactions.react(event, uow)

    async def group(
        self, makers: int = 5, *, grade: SkillGrade = SkillGrade.C, desa_code: str = "33.02.05.2007"
    ) -> UUID:
        """Let a group start whose makers all passed the course; 5 makers make 50 a week."""
        group_id, families = new_id(), [new_id() for _ in range(makers)]
        await self.hear(
            *(passed(family, grade) for family in families),
            activated(group_id, families, desa_code=desa_code),
        )
        return group_id

    async def unskilled_group(self) -> UUID:
        """Let a group start whose members have passed no course yet."""
        group_id = new_id()
        await self.hear(activated(group_id, [new_id() for _ in range(5)]))
        return group_id

    async def pieces_by_week(self, group_id: UUID) -> dict[date, int]:
        """Return the pieces that a group has promised, by the Monday of the week."""
        query = sa.text(
            "SELECT week, sum(pieces) AS pieces FROM capacity_booking"
            " WHERE group_id = :group GROUP BY week"
        )
        async with self.export.database.engine.connect() as connection:
            rows = (await connection.execute(query, {"group": group_id})).all()
            return {row.week: row.pieces for row in rows}

    async def capacity(self, group_id: UUID, **filters: str) -> dict[str, Json]:
        """Return what a group can make and has promised."""
        found = await self.export.read(
            "/v1/capacity", params={"group_id": str(group_id), **filters}
        )
        group: dict[str, Json] = found["items"][0]
        return group

    async def told(self, fact: type[E]) -> list[E]:
        """Return the events of a kind that were published, in their order."""
        query = sa.text("SELECT payload FROM outbox WHERE type = :type ORDER BY seq")
        async with self.export.database.engine.connect() as connection:
            payloads = (await connection.execute(query, {"type": fact.event_type})).scalars()
            return [fact.model_validate_json(payload) for payload in payloads]


def passed(
    household_id: UUID, grade: SkillGrade = SkillGrade.C, *, skill: str = WEAVING
) -> TrainingCompleted:
    """Return the news that a family's maker passed a course."""
    return TrainingCompleted(
        training_id=new_id(),
        household_id=household_id,
        course_code="AN-1",
        skill=skill,
        grade=grade,
        completed_on=date(2025, 3, 20),
    )


def activated(
    group_id: UUID, families: Sequence[UUID], *, desa_code: str = "33.02.05.2007"
) -> GroupActivated:
    """Return the news that a group started."""
    return GroupActivated(
        group_id=group_id,
        desa_code=desa_code,
        leader_household_id=families[0],
        member_household_ids=tuple(families),
        activated_on=date(2025, 4, 1),
    )


def problem_of(response: httpx.Response) -> tuple[int, str]:
    """Return an answer's status and the code of its problem."""
    return response.status_code, response.json()["code"]
