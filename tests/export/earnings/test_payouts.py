"""Makers earn for accepted pieces, and every one of those is paid once, by two people."""

import asyncio
from decimal import Decimal

from contracts.export import PayoutCompleted, SlipPaid
from tests.export.trade import problem_of
from tests.export.workshop import Workshop
from tests.people import OOA, OTHER_PARTNER


async def test_a_batch_pays_each_family_what_its_pieces_earned(workshop: Workshop) -> None:
    group = await workshop.group()
    siti, dewi = group.makers[:2]
    await workshop.accepted_lot(group, 10, 8)
    await workshop.accept(await workshop.deliver(group, 5), set_aside={siti: 1})

    batch = (await workshop.batch()).json()
    approved = await workshop.settle_batch(batch, "approve")
    paid = await workshop.settle_batch(batch, "pay")

    assert (batch["slips"], batch["total"]["amount"]) == (2, "660000.00")
    assert approved.json()["state"] == "approved"
    assert (paid.json()["state"], paid.json()["proof_reference"]) == ("paid", "BRI-1")
    slips = {each.household_id: each for each in await workshop.trade.told(SlipPaid)}
    assert (slips[siti].accepted_pieces, slips[siti].amount.amount) == (14, Decimal("420000.00"))
    assert slips[dewi].amount.amount == Decimal("240000.00")
    [completed] = await workshop.trade.told(PayoutCompleted)
    assert (completed.slips, completed.total.amount) == (2, Decimal("660000.00"))


async def test_a_piece_is_paid_once(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 10)
    await workshop.batch("P-1")

    second = await workshop.batch("P-2")

    assert problem_of(second) == (409, "EXP-1004")


async def test_a_piece_is_paid_once_by_however_many_batches(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 10, 10, 10)

    answers = await asyncio.gather(*(workshop.batch(f"P-{n}") for n in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 4
    assert await workshop.count("SELECT count(*) FROM payout_slip") == 3


async def test_a_discarded_batch_gives_its_earnings_free(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 10)
    first = (await workshop.batch("P-1")).json()
    await workshop.settle_batch(first, "discard")

    second = await workshop.batch("P-2")

    assert second.json()["total"] == first["total"]
    earning = (await workshop.export.read("/v1/earnings", as_=OOA))["items"][0]
    [slip] = await workshop.slips(second.json())
    assert earning["slip_id"] == slip["id"]


async def test_who_makes_a_batch_does_not_approve_it(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 10)
    batch = (await workshop.batch()).json()

    response = await workshop.settle_batch(batch, "approve", as_=OOA)

    assert problem_of(response) == (403, "EXP-1005")


async def test_a_batch_is_not_paid_before_it_is_approved(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 10)
    batch = (await workshop.batch()).json()

    response = await workshop.settle_batch(batch, "pay")

    assert problem_of(response) == (409, "KER-0003")
    assert await workshop.trade.told(SlipPaid) == []


async def test_deductions_are_seen_on_the_slip(workshop: Workshop) -> None:
    group = await workshop.group()
    siti = str(group.makers[0])
    await workshop.accepted_lot(group, 10)
    less = {"household_id": siti, "reason": "BPJS", "amount": "16800.00"}

    batch = (await workshop.batch(deductions=[less])).json()

    [slip] = await workshop.slips(batch)
    assert (slip["gross"]["amount"], slip["amount"]["amount"]) == ("300000.00", "283200.00")
    assert slip["deductions"] == [{"reason": "BPJS", "amount": "16800.00"}]
    assert batch["total"]["amount"] == "283200.00"


async def test_nothing_is_deducted_that_was_not_earned(workshop: Workshop) -> None:
    group = await workshop.group()
    siti, dewi = (str(maker) for maker in group.makers[:2])
    await workshop.accepted_lot(group, 1)

    too_much = await workshop.batch(
        deductions=[{"household_id": siti, "reason": "BPJS", "amount": "30000.01"}]
    )
    nobody = await workshop.batch(
        deductions=[{"household_id": dewi, "reason": "BPJS", "amount": "1"}]
    )

    assert problem_of(too_much) == (409, "EXP-1007")
    assert problem_of(nobody) == (409, "EXP-1006")


async def test_a_batch_has_a_reference_and_a_period_of_its_own(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 10)
    await workshop.batch("P-1")
    await workshop.accepted_lot(group, 10)

    again = await workshop.batch("P-1")
    backwards = await workshop.batch("P-2", period_to="2025-04-30")
    other_month = await workshop.batch("P-3", period_from="2025-05-21")

    assert problem_of(again) == (409, "EXP-1002")
    assert problem_of(backwards) == (400, "EXP-1003")
    assert problem_of(other_month) == (409, "EXP-1004")


async def test_another_partner_pays_and_sees_its_own_makers_only(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 10)

    theirs = await workshop.batch("P-1", as_=OTHER_PARTNER)
    batch = (await workshop.batch("P-2")).json()
    shown = await workshop.export.get(f"/v1/payout-batches/{batch['id']}", as_=OTHER_PARTNER)

    assert problem_of(theirs) == (409, "EXP-1004")
    assert problem_of(shown) == (404, "EXP-1001")


async def test_earnings_are_listed_by_family_and_batches_by_state(workshop: Workshop) -> None:
    group = await workshop.group()
    dewi = group.makers[1]
    await workshop.accepted_lot(group, 10, 8)
    batch = (await workshop.batch()).json()

    earned = await workshop.export.read(
        "/v1/earnings", params={"household_id": str(dewi), "order_id": group.order}, as_=OOA
    )
    drafts = await workshop.export.read("/v1/payout-batches", params={"state": "draft"}, as_=OOA)

    assert [each["accepted_pieces"] for each in earned["items"]] == [8]
    assert [each["id"] for each in drafts["items"]] == [batch["id"]]
