"""A company's client sees its own organisation's rows, whatever kind of company it is."""

import pytest

from kernel.auth import Actor
from tests.export.workshop import Workshop
from tests.people import OTHER_PARTNER, PNM
from tests.world import Json

LISTS = ("partners", "orders", "allocations", "work-orders", "lots", "earnings", "payout-batches")


@pytest.mark.parametrize("stranger", [OTHER_PARTNER, PNM])
async def test_a_stranger_finds_nothing_of_another_companys_trade(
    workshop: Workshop, stranger: Actor
) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 10)
    batch = (await workshop.batch("P-1")).json()
    await workshop.bale()
    export, [lot] = workshop.export, group.lots

    lists = {
        name: await export.read(f"/v1/{name}", as_=stranger)
        for name in (*LISTS, "shipments", "material-lots")
    }
    hidden = [
        await export.get(path, as_=stranger)
        for path in (
            f"/v1/orders/{group.order}",
            f"/v1/work-orders/{group.work_order}",
            f"/v1/lots/{lot}",
            f"/v1/lots/{lot}/trace",
            f"/v1/lots/{lot}/inspections",
            f"/v1/group-severities/{group.id}",
            f"/v1/payout-batches/{batch['id']}",
            f"/v1/payout-batches/{batch['id']}/slips",
        )
    ]
    balance = await export.read(f"/v1/material-balances?order_id={group.order}", as_=stranger)
    figures: Json = (await export.read("/v1/summaries/export", as_=stranger))["figures"]

    assert {name: page["items"] for name, page in lists.items()} == {name: [] for name in lists}
    assert [each.status_code for each in hidden] == [404] * len(hidden)
    assert (balance["items"], figures["orders"], figures["slips"]) == ([], 0, 0)
