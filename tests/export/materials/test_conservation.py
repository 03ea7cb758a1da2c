"""No gram appears or vanishes: issued = consumed (both) + returned + wasted + on hand."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.problems import Problem
from services.export.materials.models import Holding, MaterialLot, use_up

GRAMS = st.integers(0, 5_000)


def holding(issued: int) -> Holding:
    return Holding(
        work_order_id=new_id(),
        material_lot_id=new_id(),
        order_id=new_id(),
        material="mendong",
        issued=issued,
    )


def accounted(held: Holding) -> int:
    used = held.consumed_accepted + held.consumed_rejected
    return used + held.returned + held.wasted + held.on_hand


steps = st.tuples(
    st.sampled_from(["issue", "return", "waste", "consume"]), st.integers(1, 5_000), GRAMS
)


def bale_of(grams: int) -> MaterialLot:
    return MaterialLot(
        reference="B-1",
        organisation="ooa",
        material="mendong",
        source_desa_code="33.02.05.2007",
        received_on=date(2025, 5, 12),
        received_grams=grams,
        in_store_grams=grams,
    )


def issue(bale: MaterialLot, held: Holding, grams: int) -> None:
    bale.issue(grams)
    held.receive(grams)


def give_back(bale: MaterialLot, held: Holding, grams: int) -> None:
    held.give_back(grams)
    bale.take_back(grams)


@given(st.integers(1, 20_000), st.lists(steps, max_size=40))
def test_a_bale_is_accounted_for_to_the_gram(
    received: int, history: list[tuple[str, int, int]]
) -> None:
    bale, held = bale_of(received), holding(issued=0)
    verbs: dict[str, Callable[[int, int], None]] = {
        "issue": lambda grams, _: issue(bale, held, grams),
        "return": lambda grams, _: give_back(bale, held, grams),
        "waste": lambda grams, _: held.waste(grams),
        "consume": lambda good, bad: held.consume(accepted=good, rejected=bad),
    }

    for verb, first, second in history:
        with suppress(Problem):
            verbs[verb](first, second)

        assert held.issued == accounted(held)
        assert held.on_hand >= 0
        assert bale.in_store_grams + held.issued - held.returned == received


@given(st.lists(GRAMS, max_size=6), GRAMS, GRAMS)
def test_a_lots_material_comes_from_the_oldest_bales_and_no_more_than_there_is(
    issued: list[int], accepted: int, rejected: int
) -> None:
    holdings = [holding(grams) for grams in issued]

    uses = list(use_up(holdings, lot_id=new_id(), accepted=accepted, rejected=rejected))

    used = sum(use.accepted_grams + use.rejected_grams for use in uses)
    assert used == min(sum(issued), accepted + rejected)
    assert sum(use.accepted_grams for use in uses) == min(sum(issued), accepted)
    assert all(held.issued == accounted(held) and held.on_hand >= 0 for held in holdings)
    untouched = [held for held in holdings if held.on_hand == held.issued and held.issued]
    emptied = [held for held in holdings if held.on_hand == 0]
    assert not untouched or holdings.index(untouched[0]) >= len(emptied) - issued.count(0)
