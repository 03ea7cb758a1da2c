"""A random season: afterwards every piece and gram is in one place, and paid once."""

import random
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from tests.export.workshop import INSPECTED, Group, Workshop
from tests.people import OOA
from tests.world import Json

# Each of these counts what must never be: they are all nought.
NEVER = {
    "a lot's makers do not add up to it": """
        SELECT count(*) FROM product_lot l JOIN (
            SELECT lot_id, sum(pieces) AS p, sum(set_aside) AS s, sum(accepted) AS a,
                   sum(rejected) AS r FROM lot_maker GROUP BY lot_id) m ON m.lot_id = l.id
        WHERE (l.pieces, l.set_aside, l.accepted, l.rejected) <> (m.p, m.s, m.a, m.r)""",
    "a work order's lots do not add up to it": """
        SELECT count(*) FROM work_order w JOIN (
            SELECT work_order_id, sum(pieces) AS p, sum(accepted) AS a, sum(rejected) AS r
            FROM product_lot GROUP BY work_order_id) l ON l.work_order_id = w.id
        WHERE (w.delivered, w.accepted, w.rejected) <> (l.p, l.a, l.r)""",
    "cartons hold other pieces than were packed": """
        SELECT count(*) FROM product_lot l LEFT JOIN (
            SELECT lot_id, sum(pieces) AS p FROM carton_content GROUP BY lot_id) c
        ON c.lot_id = l.id
        WHERE l.packed <> coalesce(c.p, 0) OR l.packed > l.accepted""",
    "an accepted piece is not earned once": """
        SELECT count(*) FROM lot_maker m JOIN product_lot l ON l.id = m.lot_id
        LEFT JOIN earning e ON e.lot_id = m.lot_id AND e.household_id = m.household_id
        WHERE l.settled_on IS NOT NULL AND (
            e.id IS NULL OR (e.accepted_pieces, e.rejected_pieces) <> (m.accepted, m.rejected)
            OR e.earned_amount <> 30000 * m.accepted)""",
    "a slip is not the sum of its earnings": """
        SELECT count(*) FROM payout_slip s JOIN (
            SELECT slip_id, sum(accepted_pieces) AS p, sum(earned_amount) AS m FROM earning
            GROUP BY slip_id) e ON e.slip_id = s.id
        WHERE (s.accepted_pieces, s.gross_amount) <> (e.p, e.m)""",
    "a batch is not the sum of its slips": """
        SELECT count(*) FROM payout_batch b JOIN (
            SELECT batch_id, count(*) AS n, sum(net_amount) AS m FROM payout_slip
            GROUP BY batch_id) s ON s.batch_id = b.id
        WHERE (b.slips, b.total_amount) <> (s.n, s.m)""",
    "settled pieces hold other material than the product takes": """
        SELECT count(*) FROM product_lot l
        WHERE l.settled_on IS NOT NULL AND l.pieces * (750 + 151) <>
            coalesce((SELECT sum(accepted_grams + rejected_grams) FROM material_use u
                      WHERE u.lot_id = l.id), 0)
          + coalesce((SELECT sum(grams) FROM material_unissued_use u WHERE u.lot_id = l.id), 0)""",
    "a bale's grams are not all somewhere": """
        SELECT count(*) FROM material_lot b LEFT JOIN (
            SELECT material_lot_id, sum(issued - returned) AS out FROM material_holding
            GROUP BY material_lot_id) h ON h.material_lot_id = b.id
        WHERE b.received_grams <> b.in_store_grams + coalesce(h.out, 0)""",
}


class Season:
    """One group's season, at random."""

    def __init__(self, workshop: Workshop, group: Group, seed: int) -> None:
        self.workshop, self.group = workshop, group
        self.chance = random.Random(seed)  # noqa: S311 - a test's dice
        self.lots: list[dict[str, Json]] = []
        self.cartons = 0

    async def deliver(self) -> None:
        counts = {maker: self.chance.randint(1, 9) for maker in self.group.makers}
        body = self.workshop.delivery_of(self.group, counts)
        answer = await self.workshop.export.post("/v1/deliveries", body, as_=OOA)
        if answer.is_success:
            self.lots.append(answer.json())

    async def inspect(self) -> None:
        lot = self.chance.choice(self.lots)
        path = f"/v1/lots/{lot['id']}/inspections"
        answer = await self.workshop.export.post(path, {"inspected_on": INSPECTED}, as_=OOA)
        if answer.is_success:
            major = self.chance.choice([0, 0, 2])
            await self.workshop.report(answer.json(), major=major, set_aside=self._some())

    async def rework_or_scrap(self) -> None:
        lot = self.chance.choice(self.lots)
        if self.chance.random() < 0.3:
            await self._try(f"/v1/lots/{lot['id']}/scrap", scrapped_on=INSPECTED, reason="mould")
            return
        repaired = [{"household_id": str(m), "pieces": n} for m, n in self._some().items()]
        await self._try(f"/v1/lots/{lot['id']}/rework", reworked_on=INSPECTED, repaired=repaired)

    async def issue(self) -> None:
        material = self.chance.choice(["eceng gondok", "mendong"])
        bale = await self.workshop.bale(material=material, kilograms=20)
        for kind in ("issues", "returns", "waste"):
            kilograms = self.chance.randint(1, 24)
            await self.workshop.move_material(kind, self.group, bale, kilograms)

    async def pack(self) -> None:
        shipment = await self.workshop.shipment(self.group, f"S-{self.cartons}")
        self.cartons += 1
        lot = self.chance.choice(self.lots)
        await self.workshop.pack(shipment, {"1": {lot["id"]: self.chance.randint(1, 20)}})

    async def pay(self) -> None:
        batch = await self.workshop.batch(f"P-{self.chance.random()}")
        if batch.is_success and self.chance.random() < 0.5:
            await self.workshop.settle_batch(batch.json(), "discard")

    def _some(self) -> dict[UUID, int]:
        return {maker: 1 for maker in self.group.makers if self.chance.random() < 0.2}

    async def _try(self, path: str, **body: Json) -> None:
        answer = await self.workshop.export.post(path, body, as_=OOA)
        assert answer.status_code < 500


@pytest.mark.parametrize("seed", range(2))
async def test_every_piece_and_every_gram_is_in_one_place(workshop: Workshop, seed: int) -> None:
    season = Season(workshop, await workshop.group(pieces=150), seed)
    await season.deliver()
    steps: list[Callable[[], Awaitable[None]]] = [
        season.deliver,
        season.inspect,
        season.inspect,
        season.rework_or_scrap,
        season.issue,
        season.pack,
        season.pay,
    ]

    for _ in range(40):
        await season.chance.choice(steps)()

    broken = {fact: await workshop.count(query) for fact, query in NEVER.items()}
    assert broken == dict.fromkeys(NEVER, 0)
    assert await workshop.count("SELECT count(*) FROM earning") > 0
