"""The workshop and the warehouse, in their own words: work, lots, control, cartons, pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
import sqlalchemy as sa

from contracts.empowerment import SkillGrade
from kernel.auth import Actor
from kernel.ids import new_id
from tests.export.trade import ACCEPTED, CONTRACT, Trade, activated, passed
from tests.people import OOA, OOA_CHECKER
from tests.world import Json

DELIVERED, INSPECTED, RELEASED = "2025-05-19", "2025-05-20", "2025-09-09"
TIED_BADLY = {"code": "loose_weave", "defect_class": "major"}

# Real check digits (ISO 6346).
CONTAINERS = ("CSQU3054383", "MSKU9070323", "MSCU6639870", "TGHU1234567")


@dataclass
class Group:
    """A group with its makers, and the work order it was given."""

    id: UUID
    makers: list[UUID]
    work_order: str = ""
    order: str = ""
    lots: list[str] = field(default_factory=list)


class Workshop:
    """Drives production, quality, materials, shipments and pay, as OOA's people do."""

    def __init__(self, trade: Trade) -> None:
        self.trade, self.export = trade, trade.export
        self.order: dict[str, Json] = {}

    async def group(
        self, makers: int = 5, *, pieces: int = 200, grade: SkillGrade = SkillGrade.A
    ) -> Group:
        """Give a new group of makers an order of its own to make."""
        families = [new_id() for _ in range(makers)]
        group = Group(id=new_id(), makers=families)
        await self.trade.hear(
            *(passed(family, grade) for family in families), activated(group.id, families)
        )
        await self.give_work(group, pieces=pieces)
        return group

    async def give_work(self, group: Group, *, pieces: int) -> None:
        """Order goods from OOA's contract, and give all of them to the group that is there."""
        partner, product = await self._partner(), await self._product()
        number = f"PO-{uuid4().hex[:8]}"
        self.order = await self.trade.accepted(
            partner, self.trade.line(product, pieces), number=number
        )
        plan = await self.trade.plan(self.order)
        await self.export.do(f"/v1/allocations/{plan['id']}/accept", {"accepted_on": ACCEPTED})
        group.order = self.order["id"]
        query = {"order_id": group.order, "group_id": str(group.id)}
        [work_order] = (await self.export.read("/v1/work-orders", params=query))["items"]
        group.work_order = work_order["id"]

    async def _partner(self) -> dict[str, Json]:
        known = (await self.export.read("/v1/partners", params={"code": "OOA"}))["items"]
        if known:
            return dict(known[0])
        partner = await self.trade.partner()
        await self.export.do(f"/v1/partners/{partner['id']}/contracts", CONTRACT)
        return partner

    async def _product(self) -> dict[str, Json]:
        known = (await self.export.read("/v1/products", params={"sku": "WB-30"}))["items"]
        return dict(known[0]) if known else await self.trade.product()

    def delivery_of(
        self, group: Group, counts: Mapping[UUID, int] | Sequence[int], *, reference: str = ""
    ) -> dict[str, Json]:
        """Return the body of a delivery; `counts` by maker, or in the makers' order."""
        if not isinstance(counts, Mapping):
            counts = dict(zip(group.makers, counts, strict=False))
        return {
            "reference": reference or f"D-{uuid4().hex[:12]}",
            "work_order_id": group.work_order,
            "delivered_on": DELIVERED,
            "counts": [
                {"household_id": str(maker), "pieces": pieces, "days_worked": 7}
                for maker, pieces in counts.items()
            ],
        }

    async def deliver(self, group: Group, *counts: int) -> dict[str, Json]:
        """Bring so many pieces of each maker to the collection point."""
        lot = await self.export.do("/v1/deliveries", self.delivery_of(group, counts), as_=OOA)
        group.lots.append(lot["id"])
        return lot

    async def inspect(self, lot: Mapping[str, Json], *, on: str = INSPECTED) -> dict[str, Json]:
        """Start inspecting a lot."""
        return await self.export.do(
            f"/v1/lots/{lot['id']}/inspections", {"inspected_on": on}, as_=OOA
        )

    async def report(
        self,
        inspection: Mapping[str, Json],
        *,
        major: int = 0,
        set_aside: Mapping[UUID, int] | None = None,
    ) -> httpx.Response:
        """Report so many majorly defective pieces, and what was taken out of the lot."""
        defects = [{**TIED_BADLY, "pieces": major}] if major else []
        taken = [
            {"household_id": str(maker), "pieces": pieces, "code": "loose_weave"}
            for maker, pieces in (set_aside or {}).items()
        ]
        result = {
            "inspected_pieces": inspection["plan"]["sample_size"],
            "defects": defects,
            "set_aside": taken,
        }
        return await self.export.post(f"/v1/inspections/{inspection['id']}/result", result, as_=OOA)

    async def accept(
        self, lot: Mapping[str, Json], *, set_aside: Mapping[UUID, int] | None = None
    ) -> dict[str, Json]:
        """Let a lot pass; the pieces set aside were found beside the sample."""
        response = await self.report(await self.inspect(lot), set_aside=set_aside)
        assert response.is_success, response.text
        return await self.lot(lot)

    async def hold(self, lot: Mapping[str, Json], *, major: int = 5) -> dict[str, Json]:
        """Let a lot fail its inspection."""
        inspection = await self.inspect(lot)
        major = min(major, inspection["plan"]["sample_size"])
        response = await self.report(inspection, major=major)
        assert response.json()["verdict"] == "rejected", response.text
        return await self.lot(lot)

    async def accepted_lot(self, group: Group, *counts: int) -> dict[str, Json]:
        """Deliver a lot that passes."""
        return await self.accept(await self.deliver(group, *counts))

    async def lot(self, lot: Mapping[str, Json]) -> dict[str, Json]:
        """Return a lot with its makers."""
        return await self.export.read(f"/v1/lots/{lot['id']}", as_=OOA)

    async def work_order(self, group: Group) -> dict[str, Json]:
        """Return how far a group is."""
        return await self.export.read(f"/v1/work-orders/{group.work_order}", as_=OOA)

    async def bale(
        self, *, material: str = "eceng gondok", kilograms: float = 500
    ) -> dict[str, Json]:
        """Take a bale of fibre into the store."""
        body = {
            "reference": f"B-{uuid4().hex[:12]}",
            "material": material,
            "source_desa_code": "33.02.23.2010",
            "kilograms": kilograms,
            "received_on": ACCEPTED,
        }
        return await self.export.do("/v1/material-lots", body, as_=OOA)

    async def move_material(
        self, kind: str, group: Group, bale: Mapping[str, Json], kilograms: float, **more: str
    ) -> httpx.Response:
        """Record an issue, a return or waste: `kind` is the path's last word."""
        day = {"issues": "issued_on", "returns": "returned_on", "waste": "wasted_on"}[kind]
        body = {
            "reference": f"M-{uuid4().hex[:12]}",
            "material_lot_id": bale["id"],
            "work_order_id": group.work_order,
            "kilograms": kilograms,
            day: DELIVERED,
            **({"reason": "rotten"} if kind == "waste" else {}),
            **more,
        }
        return await self.export.post(f"/v1/material-{kind}", body, as_=OOA)

    async def balance(self, group: Group, material: str = "eceng gondok") -> dict[str, Json]:
        """Return what became of a material at a group's work order."""
        query = {"work_order_id": group.work_order}
        items = (await self.export.read("/v1/material-balances", params=query, as_=OOA))["items"]
        return next(dict(item) for item in items if item["material"] == material)

    async def shipment(self, group: Group, reference: str = "S-1") -> dict[str, Json]:
        """Plan a shipment of the group's order."""
        body = {"reference": reference, "order_id": group.order, "planned_on": RELEASED}
        return await self.export.do("/v1/shipments", body, as_=OOA)

    async def pack(
        self, shipment: Mapping[str, Json], cartons: Mapping[str, Mapping[str, int]]
    ) -> httpx.Response:
        """Pack cartons: number -> lot id -> pieces."""
        body = [
            {
                "number": number,
                "contents": [{"lot_id": lot, "pieces": pieces} for lot, pieces in lots.items()],
            }
            for number, lots in cartons.items()
        ]
        path = f"/v1/shipments/{shipment['id']}/cartons"
        return await self.export.post(path, {"cartons": body}, as_=OOA)

    async def bring(
        self, shipment: Mapping[str, Json], number: str = CONTAINERS[0]
    ) -> httpx.Response:
        """Bring a container."""
        path = f"/v1/shipments/{shipment['id']}/containers"
        return await self.export.post(path, {"number": number, "size_type": "45G1"}, as_=OOA)

    async def load(
        self, shipment: Mapping[str, Json], *numbers: str, into: str = CONTAINERS[0]
    ) -> httpx.Response:
        """Load cartons into a container."""
        path = f"/v1/shipments/{shipment['id']}/containers/{into}/load"
        return await self.export.post(path, {"carton_numbers": list(numbers)}, as_=OOA)

    async def seal(
        self, shipment: Mapping[str, Json], number: str = CONTAINERS[0]
    ) -> httpx.Response:
        """Seal a container."""
        path = f"/v1/shipments/{shipment['id']}/containers/{number}/seal"
        body = {"seal_number": f"SEAL-{number[4:8]}", "sealed_on": RELEASED}
        return await self.export.post(path, body, as_=OOA)

    async def file(
        self, shipment: Mapping[str, Json], kind: str, *, issued_on: str = "2025-09-05"
    ) -> httpx.Response:
        """Put a paper into the shipment's set."""
        return await self.export.put(
            f"/v1/shipments/{shipment['id']}/documents/{kind}",
            {"number": f"{kind}-1", "issued_on": issued_on},
            as_=OOA,
            headers={"If-Match": "*"},
        )

    async def loaded_shipment(self, group: Group, *, lot: Mapping[str, Json]) -> dict[str, Json]:
        """Pack one accepted lot into a carton, load it and seal the container; papers are filed."""
        shipment = await self.shipment(group)
        for step in (
            await self.pack(shipment, {"1": {lot["id"]: lot["accepted"]}}),
            await self.bring(shipment),
            await self.load(shipment, "1"),
            await self.seal(shipment),
            *[
                await self.file(shipment, kind)
                for kind in ("invoice", "packing_list", "peb", "npe")
            ],
        ):
            assert step.is_success, step.text
        return shipment

    async def step(self, shipment: Mapping[str, Json], verb: str) -> httpx.Response:
        """Release, depart or arrive."""
        day = {"released_on": RELEASED} if verb == "release" else {"on": RELEASED}
        return await self.export.post(f"/v1/shipments/{shipment['id']}/{verb}", day, as_=OOA)

    async def batch(
        self, reference: str = "P-1", *, as_: Actor = OOA, **more: Json
    ) -> httpx.Response:
        """Collect May's unpaid earnings."""
        body = {
            "reference": reference,
            "period_from": "2025-05-01",
            "period_to": "2025-05-31",
            **more,
        }
        return await self.export.post("/v1/payout-batches", body, as_=as_)

    async def settle_batch(
        self, batch: Mapping[str, Json], verb: str, *, as_: Actor = OOA_CHECKER
    ) -> httpx.Response:
        """Approve, pay or discard a batch."""
        body: dict[str, Json] = {"on": "2025-06-02"}
        if verb == "pay":
            body = {"paid_on": "2025-06-03", "proof_reference": "BRI-1"}
        return await self.export.post(f"/v1/payout-batches/{batch['id']}/{verb}", body, as_=as_)

    async def slips(self, batch: Mapping[str, Json]) -> list[dict[str, Json]]:
        """Return a batch's slips."""
        path = f"/v1/payout-batches/{batch['id']}/slips"
        return list((await self.export.read(path, params={"limit": "200"}, as_=OOA))["items"])

    async def count(self, query: str, **values: UUID | str) -> int:
        """Ask the database for one number."""
        async with self.export.database.engine.connect() as connection:
            return int((await connection.execute(sa.text(query), values)).scalar_one() or 0)
