"""An order line is divided over groups: exactly, explained, never above what they can make."""

import asyncio
from uuid import UUID

import httpx
import pytest

from contracts.empowerment import GroupDissolved, SkillGrade
from contracts.export import AllocationAccepted, OrderProductionStarted
from kernel.clock import today
from kernel.ids import new_id
from tests.export.trade import ACCEPTED, WEEKS, Trade, problem_of
from tests.people import OOA, OTHER_PARTNER
from tests.world import Json

ON = {"accepted_on": ACCEPTED}


@pytest.fixture
async def partner(trade: Trade) -> dict[str, Json]:
    return await trade.partner()


@pytest.fixture
async def basket(trade: Trade) -> dict[str, Json]:
    return await trade.product()


async def accept_patiently(trade: Trade, plan: dict[str, Json]) -> httpx.Response:
    """Accept a plan as clients do: a 503 (busy, nothing was changed) is sent again."""
    for _ in range(20):
        answer = await trade.export.post(f"/v1/allocations/{plan['id']}/accept", ON)
        if answer.status_code != 503:
            break
    return answer


async def plans_of(
    trade: Trade,
    partner: dict[str, Json],
    basket: dict[str, Json],
    *,
    orders: int,
    lines: int,
    pieces: int,
) -> list[dict[str, Json]]:
    """Plan every line of so many orders, while nothing is promised yet."""
    asked = [trade.line(basket, pieces) for _ in range(lines)]
    return [
        await trade.plan({**order, "lines": [line]})
        for nth in range(orders)
        for order in [await trade.accepted(partner, *asked, number=f"PO-{nth}")]
        for line in order["lines"]
    ]


def shares_of(allocation: dict[str, Json]) -> dict[UUID, int]:
    return {UUID(share["group_id"]): share["pieces"] for share in allocation["shares"]}


async def test_a_line_is_divided_fairly_per_maker(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    ten, five = await trade.group(10), await trade.group(5)
    order = await trade.accepted(partner, trade.line(basket, 301))

    plan = await trade.plan(order)

    shares = shares_of(plan)
    assert (plan["state"], plan["pieces"], sum(shares.values())) == ("planned", 301, 301)
    assert shares[ten] in {200, 201}
    assert shares[five] in {100, 101}


async def test_a_share_is_explained_in_both_languages(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    await trade.group(5)
    order = await trade.accepted(partner, trade.line(basket, 100))
    plan = await trade.plan(order)

    path = f"/v1/allocations/{plan['id']}"
    english = await trade.export.read(path, headers={"Accept-Language": "en"})

    [share] = english["shares"]
    assert [reason["code"] for reason in share["reasons"]] == ["ability", "earlier_work", "fair"]
    assert share["reasons"][0]["text"] == (
        "5 skilled makers, 50 pieces a week; 800 pieces can still be made before the due day."
    )
    assert "pengrajin terampil" in plan["shares"][0]["reasons"][0]["text"]


async def test_accepting_promises_the_weeks_gives_work_out_and_starts_the_order(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    ten, five = await trade.group(10), await trade.group(5)
    order = await trade.accepted(partner, trade.line(basket, 300))
    plan = await trade.plan(order)

    accepted = await trade.export.do(f"/v1/allocations/{plan['id']}/accept", ON)

    [told] = await trade.told(AllocationAccepted)
    [started] = await trade.told(OrderProductionStarted)
    assert (accepted["state"], accepted["accepted_on"]) == ("accepted", ACCEPTED)
    assert (told.groups, told.pieces, str(started.order_id)) == (2, 300, order["id"])
    assert (await trade.export.read(f"/v1/orders/{order['id']}"))["state"] == "in_production"
    assert (await trade.capacity(ten))["committed_pieces"] == 200
    assert (await trade.capacity(five))["committed_pieces"] == 100
    assert await work_of(trade, order) == {ten: 200, five: 100}


async def work_of(trade: Trade, order: dict[str, Json]) -> dict[UUID, int]:
    page = await trade.export.read("/v1/work-orders", params={"order_id": order["id"]})
    return {UUID(work["group_id"]): work["pieces"] for work in page["items"]}


async def test_only_the_first_accepted_line_starts_the_order(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    group = await trade.group(5)
    order = await trade.accepted(partner, trade.line(basket, 100), trade.line(basket, 200))
    first = await trade.plan(order)
    second = await trade.plan({**order, "lines": order["lines"][1:]})

    for plan in (first, second):
        await trade.export.do(f"/v1/allocations/{plan['id']}/accept", ON)

    assert len(await trade.told(OrderProductionStarted)) == 1
    assert (await trade.capacity(group))["committed_pieces"] == 300
    assert (await trade.capacity(group, since="2025-06-02"))["committed_pieces"] == 150


async def test_who_was_given_more_before_is_given_less(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    busy = await trade.group(5)
    first = await trade.plan(await trade.accepted(partner, trade.line(basket, 100)))
    await trade.export.do(f"/v1/allocations/{first['id']}/accept", ON)
    idle = await trade.group(5)

    second = await trade.plan(await trade.accepted(partner, trade.line(basket, 300), number="PO-2"))

    assert shares_of(second) == {busy: 100, idle: 200}


async def test_weeks_promised_before_leave_the_weeks_after_them_free(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    await trade.group(5)
    soon = trade.line(basket, 150, due_on="2025-06-01")
    first = await trade.plan(await trade.accepted(partner, soon))
    await trade.export.do(f"/v1/allocations/{first['id']}/accept", ON)
    order = await trade.accepted(partner, trade.line(basket, 50 * (WEEKS - 3)), number="PO-2")

    later = await trade.export.do(
        "/v1/allocations",
        {
            "order_id": order["id"],
            "line_id": order["lines"][0]["id"],
            "planned_on": "2025-06-02",
        },
    )

    [share] = later["shares"]
    assert (share["pieces"], share["free_pieces"], share["earlier_pieces"]) == (650, 650, 150)


async def test_makers_without_the_skill_are_given_nothing(
    trade: Trade, partner: dict[str, Json]
) -> None:
    await trade.group(5)
    chair = await trade.product(sku="CH-1", skill="rotan")
    order = await trade.accepted(partner, trade.line(chair, 10))

    refused = await trade.export.post(
        "/v1/allocations",
        {"order_id": order["id"], "line_id": order["lines"][0]["id"], "planned_on": ACCEPTED},
    )

    assert problem_of(refused) == (409, "EXP-0504")
    assert (refused.json()["wanted"], refused.json()["free"]) == (10, 0)


async def test_a_line_that_cannot_be_made_in_time_is_not_planned(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    group = await trade.group(5)
    exactly = await trade.accepted(partner, trade.line(basket, 50 * WEEKS))
    above = await trade.accepted(partner, trade.line(basket, 50 * WEEKS + 1), number="PO-2")

    plan = await trade.plan(exactly)
    refused = await trade.export.post(
        "/v1/allocations",
        {"order_id": above["id"], "line_id": above["lines"][0]["id"], "planned_on": ACCEPTED},
    )

    assert shares_of(plan) == {group: 50 * WEEKS}
    assert plan["shares"][0]["basis"] == "full"
    assert problem_of(refused) == (409, "EXP-0504")


async def test_a_line_has_one_plan_until_it_is_discarded(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    await trade.group(5)
    order = await trade.accepted(partner, trade.line(basket, 100))
    body = {"order_id": order["id"], "line_id": order["lines"][0]["id"], "planned_on": ACCEPTED}

    answers = await asyncio.gather(*(trade.export.post("/v1/allocations", body) for _ in range(6)))
    [plan] = [answer.json() for answer in answers if answer.status_code == 201]
    refused = {problem_of(answer) for answer in answers if answer.status_code != 201}
    discarded = await trade.export.do(f"/v1/allocations/{plan['id']}/discard")
    anew = await trade.plan(order)

    listed = await trade.export.read("/v1/allocations", params={"order_id": order["id"]})
    assert refused == {(409, "EXP-0502")}
    assert discarded["state"] == "discarded"
    assert [each["id"] for each in listed["items"]] == [plan["id"], anew["id"]]


async def test_only_what_is_to_be_made_is_planned(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    draft = await trade.draft(partner, trade.line(basket, 100))
    body = {"order_id": draft["id"], "line_id": draft["lines"][0]["id"], "planned_on": ACCEPTED}

    not_accepted = await trade.export.post("/v1/allocations", body)
    no_line = await trade.export.post("/v1/allocations", {**body, "line_id": str(UUID(int=1))})
    no_order = await trade.export.post("/v1/allocations", {**body, "order_id": str(UUID(int=1))})

    assert problem_of(not_accepted) == (409, "EXP-0503")
    assert problem_of(no_line) == (404, "EXP-0302")
    assert problem_of(no_order) == (404, "EXP-0301")


async def test_an_order_cancelled_after_the_plan_is_given_to_nobody(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    group = await trade.group(5)
    order = await trade.accepted(partner, trade.line(basket, 100))
    plan = await trade.plan(order)
    await trade.move(order, "cancel", on=ACCEPTED, reason="Buyer withdrew")

    refused = await trade.export.post(f"/v1/allocations/{plan['id']}/accept", ON)

    assert problem_of(refused) == (409, "EXP-0503")
    assert (await trade.capacity(group))["committed_pieces"] == 0


async def test_a_person_may_choose_other_shares(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    one, two = await trade.group(5), await trade.group(5)
    plan = await trade.plan(await trade.accepted(partner, trade.line(basket, 100)))
    chosen = [{"group_id": str(one), "pieces": 70}, {"group_id": str(two), "pieces": 30}]

    adjusted = await trade.export.do(f"/v1/allocations/{plan['id']}/adjust", {"shares": chosen})

    assert shares_of(adjusted) == {one: 70, two: 30}
    assert {share["basis"] for share in adjusted["shares"]} == {"by_hand"}
    assert adjusted["version"] == plan["version"] + 1
    assert await trade.export.read(f"/v1/allocations/{plan['id']}") == adjusted


@pytest.mark.parametrize(
    ("chosen", "status", "code"),
    [
        ([("one", 99)], 400, "EXP-0505"),
        ([("one", 101)], 400, "EXP-0505"),
        ([("one", 50), ("one", 50)], 400, "EXP-0506"),
        ([("nobody", 100)], 409, "EXP-0401"),
        ([("small", 100)], 409, "EXP-0402"),
        ([("one", 0), ("small", 100)], 422, "KER-0009"),
    ],
)
async def test_shares_that_cannot_be_are_refused(
    trade: Trade,
    partner: dict[str, Json],
    basket: dict[str, Json],
    chosen: list[tuple[str, int]],
    status: int,
    code: str,
) -> None:
    ids = {"one": await trade.group(5), "small": await trade.unskilled_group(), "nobody": new_id()}
    plan = await trade.plan(await trade.accepted(partner, trade.line(basket, 100)))
    shares = [{"group_id": str(ids[name]), "pieces": pieces} for name, pieces in chosen]

    refused = await trade.export.post(f"/v1/allocations/{plan['id']}/adjust", {"shares": shares})

    assert problem_of(refused) == (status, code)
    assert await trade.export.read(f"/v1/allocations/{plan['id']}") == plan


async def test_a_group_dissolved_after_the_plan_stops_it(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    group = await trade.group(5)
    plan = await trade.plan(await trade.accepted(partner, trade.line(basket, 100)))
    await trade.hear(GroupDissolved(group_id=group, dissolved_on=today()))

    refused = await trade.export.post(f"/v1/allocations/{plan['id']}/accept", ON)

    assert problem_of(refused) == (409, "EXP-0401")


async def test_a_partners_client_sees_the_allocations_of_its_own_orders_alone(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    await trade.group(5)
    plan = await trade.plan(await trade.accepted(partner, trade.line(basket, 100)))
    path = f"/v1/allocations/{plan['id']}"

    own = await trade.export.get(path, as_=OOA)
    foreign = await trade.export.get(path, as_=OTHER_PARTNER)
    accepted = await trade.export.post(f"{path}/accept", ON, as_=OTHER_PARTNER)
    listed = await trade.export.read("/v1/allocations", as_=OTHER_PARTNER)

    assert own.status_code == 200
    assert problem_of(foreign) == problem_of(accepted) == (404, "EXP-0501")
    assert listed["items"] == []


async def test_sixty_acceptances_at_once_fill_a_group_exactly_and_never_above(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    """Each of 60 plans fits alone; only 32 of them fit together."""
    group = await trade.group(5)
    plans = await plans_of(trade, partner, basket, orders=10, lines=6, pieces=25)

    answers = await asyncio.gather(*(accept_patiently(trade, plan) for plan in plans))

    full = 50 * WEEKS
    accepted = [answer for answer in answers if answer.status_code == 200]
    refused = {problem_of(answer) for answer in answers if answer.status_code != 200}
    assert len(accepted) == full // 25 == 32
    assert refused == {(409, "EXP-0402")}
    assert (await trade.capacity(group))["committed_pieces"] == full
    assert max((await trade.pieces_by_week(group)).values()) == 50


async def test_plans_over_the_same_groups_never_wait_for_each_other_in_a_circle(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    groups = [await trade.group(5, grade=SkillGrade.A) for _ in range(6)]
    plans = await plans_of(trade, partner, basket, orders=10, lines=5, pieces=60)

    answers = await asyncio.gather(*(accept_patiently(trade, plan) for plan in plans))

    committed = [(await trade.capacity(group))["committed_pieces"] for group in groups]
    assert {answer.status_code for answer in answers} == {200}
    assert sum(committed) == 50 * 60


async def test_a_plan_accepted_fifty_times_at_once_is_accepted_once(
    trade: Trade, partner: dict[str, Json], basket: dict[str, Json]
) -> None:
    group = await trade.group(5)
    plan = await trade.plan(await trade.accepted(partner, trade.line(basket, 100)))

    answers = await asyncio.gather(*(accept_patiently(trade, plan) for _ in range(50)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    assert (await trade.capacity(group))["committed_pieces"] == 100
    assert len(await trade.told(AllocationAccepted)) == 1
