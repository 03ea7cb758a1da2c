"""A company's client sees its own organisation's rows, whatever kind of company it is."""

import pytest

from kernel.auth import Actor
from tests.export.workshop import Workshop
from tests.people import BANTUL_OFFICER, OTHER_PARTNER, PNM, person
from tests.world import Json

LISTS = (
    *("partners", "orders", "allocations", "work-orders", "lots"),
    *("earnings", "payout-batches", "shipments", "material-lots"),
)


@pytest.mark.parametrize("stranger", [OTHER_PARTNER, PNM])
async def test_a_stranger_finds_nothing_of_another_companys_trade(
    workshop: Workshop, stranger: Actor
) -> None:
    paths, export = await _a_trade(workshop), workshop.export

    lists = [(await export.read(f"/v1/{name}", as_=stranger))["items"] for name in LISTS]
    hidden = [await export.get(path, as_=stranger) for path in paths]

    assert lists == [[] for _ in LISTS]
    assert [each.status_code for each in hidden] == [404] * len(paths)


@pytest.mark.parametrize("stranger", [OTHER_PARTNER, PNM])
async def test_a_strangers_figures_count_nothing_of_another_companys_trade(
    workshop: Workshop, stranger: Actor
) -> None:
    await _a_trade(workshop)
    balances = f"/v1/material-balances?order_id={workshop.order['id']}"

    balance = await workshop.export.read(balances, as_=stranger)
    answer = await workshop.export.read("/v1/summaries/export", as_=stranger)

    figures: Json = answer["figures"]
    assert (balance["items"], figures["orders"], figures["slips"]) == ([], 0, 0)


async def _a_trade(workshop: Workshop) -> list[str]:
    """Let OOA's order be made and its pay be drafted; return where each thing is shown."""
    group = await workshop.group()
    await workshop.accepted_lot(group, 10)
    batch = (await workshop.batch("P-1")).json()
    await workshop.bale()
    return [
        f"/v1/orders/{group.order}",
        f"/v1/work-orders/{group.work_order}",
        f"/v1/lots/{group.lots[0]}",
        f"/v1/lots/{group.lots[0]}/trace",
        f"/v1/lots/{group.lots[0]}/inspections",
        f"/v1/group-severities/{group.id}",
        f"/v1/payout-batches/{batch['id']}",
        f"/v1/payout-batches/{batch['id']}/slips",
    ]


async def test_an_officer_sees_the_work_of_the_own_region_alone(workshop: Workshop) -> None:
    group = await workshop.group()  # in Banyumas
    await workshop.accepted_lot(group, 10)
    neighbour = person("banyumas-officer", organisation="kemensos", regions=("33.02",))
    paths = (
        f"/v1/work-orders/{group.work_order}",
        f"/v1/lots/{group.lots[0]}",
        f"/v1/group-severities/{group.id}",
    )

    hidden = [await workshop.export.get(path, as_=BANTUL_OFFICER) for path in paths]
    shown = [await workshop.export.get(path, as_=neighbour) for path in paths]
    lists = {
        name: [
            len((await workshop.export.read(f"/v1/{name}", as_=each))["items"])
            for each in (BANTUL_OFFICER, neighbour)
        ]
        for name in ("work-orders", "lots", "earnings")
    }

    assert [each.status_code for each in hidden] == [404] * 3
    assert [each.status_code for each in shown] == [200] * 3
    assert lists == {name: [0, 1] for name in lists}
