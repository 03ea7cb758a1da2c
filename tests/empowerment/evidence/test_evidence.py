"""What counts as evidence, and that it counts once."""

from datetime import date

import pytest

from kernel.testing.mischief import Order
from tests.empowerment.ministry import Ministry


@pytest.mark.parametrize(("deliveries", "order"), [(1, "as sent"), (3, "reversed")])
async def test_every_slip_and_piece_counts_once_whatever_arrives_when(
    ministry: Ministry, deliveries: int, order: Order
) -> None:
    siti = await ministry.family()
    for month in (7, 8, 9):
        await ministry.judged(siti, accepted=9, rejected=1, on=date(2025, month, 10))
        await ministry.paid(siti, 300_000, on=date(2025, month, 20))
        await ministry.paid(siti, 100_000, on=date(2025, month, 28))

    await ministry.world.settle(deliveries=deliveries, order=order)

    seen = await _seen(ministry, siti)
    assert (seen["paid_income_monthly_idr"], seen["paid_months"]) == (400_000, 3)
    assert seen["quality_pass_rate"] == 0.9


async def test_pay_of_a_year_ago_and_of_tomorrow_is_no_evidence_today(ministry: Ministry) -> None:
    siti = await ministry.family()
    await ministry.paid(siti, 900_000, on=date(2024, 9, 30))
    await ministry.paid(siti, 300_000, on=date(2025, 10, 2))
    await ministry.world.settle()

    seen = await _seen(ministry, siti)

    assert (seen["paid_income_monthly_idr"], seen["paid_months"]) == (0, 0)


async def test_the_latest_verification_of_a_source_counts(ministry: Ministry) -> None:
    siti = await ministry.family()
    await ministry.verified(siti, 900_000, document="SKU-1")

    await ministry.verified(siti, 400_000, document="SKU-2")

    seen = await _seen(ministry, siti)
    assert seen["verified_income_monthly_idr"] == 400_000
    listed = await ministry.http.read(f"/v1/income-verifications?household_id={siti}")
    assert [each["monthly_amount"]["amount"] for each in listed["items"]] == [
        "900000.00",
        "400000.00",
    ]


async def test_a_document_proves_one_verification_and_income_is_in_rupiah(
    ministry: Ministry,
) -> None:
    siti, ani = await ministry.families(2)
    await ministry.verified(siti, 900_000, document="SKU-1")

    again = await ministry.verified(ani, 900_000, document="SKU-1")
    nothing = await ministry.verified(ani, 0, document="SKU-2")

    assert (again.status_code, again.json()["code"]) == (409, "EMP-1301")
    assert nothing.status_code == 422


async def _seen(ministry: Ministry, household_id: str) -> dict[str, object]:
    readiness = await ministry.readiness(household_id, on="2025-10-01")
    return {reason["criterion"]: reason["seen"] for reason in readiness["reasons"]}
