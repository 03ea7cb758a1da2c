"""No rupiah appears or vanishes: the slips sum up to the batch, and to the earnings."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.money import rupiah
from kernel.problems import Problem
from services.export.earnings.models import Deduction, PayoutBatch, Unpaid, deduct, slips_for

ON = date(2025, 5, 20)
FAMILIES = [new_id() for _ in range(5)]
RATE = rupiah(30_000)

amounts = st.decimals(Decimal("0.01"), Decimal(500_000), places=2)
deductions = st.builds(
    Deduction, household_id=st.sampled_from(FAMILIES), reason=st.just("BPJS"), amount=amounts
)
pieces = st.lists(st.tuples(st.sampled_from(FAMILIES), st.integers(1, 60)), min_size=1, max_size=40)


def unpaid(made: list[tuple[UUID, int]]) -> list[Unpaid]:
    return [
        Unpaid(
            earning_id=new_id(),
            household_id=family,
            accepted_pieces=count,
            earned_amount=(RATE * count).amount,
        )
        for family, count in made
    ]


def batch_of_may() -> PayoutBatch:
    return PayoutBatch(
        reference="P-1",
        organisation="ooa",
        period_from=ON,
        period_to=ON,
        currency="IDR",
        made_by="ooa-buyer",
    )


@given(pieces, st.lists(deductions, max_size=10))
def test_slips_sum_up_to_their_batch(made: list[tuple[UUID, int]], wanted: list[Deduction]) -> None:
    batch = batch_of_may()
    slips = slips_for(unpaid(made), batch)

    for deduction in wanted:
        with suppress(Problem):
            deduct(slips, [deduction])
    batch.fill(slips.values())

    count = sum(count for _, count in made)
    assert sum(slip.accepted_pieces for slip in slips.values()) == count
    assert sum(slip.gross_amount for slip in slips.values()) == (RATE * count).amount
    assert batch.total_amount == sum(slip.net_amount for slip in slips.values())
    for slip in slips.values():
        taken = sum(Decimal(line["amount"]) for line in slip.deductions)
        assert slip.gross_amount - taken == slip.net_amount >= 0
        assert slip.gross == RATE * slip.accepted_pieces
