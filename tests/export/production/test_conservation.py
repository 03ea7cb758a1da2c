"""No piece appears or vanishes: delivered = accepted + rejected + pending, always."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.problems import Problem
from services.export.production.lifecycle import LotState
from services.export.production.models import Lot, LotMaker, WorkOrder

ON = date(2025, 5, 20)
FINAL = {LotState.ACCEPTED, LotState.SCRAPPED}


def delivered(counts: list[int]) -> tuple[Lot, list[LotMaker]]:
    lot = Lot(
        lot_number="L250519-000001",
        reference="D-1",
        work_order_id=new_id(),
        order_id=new_id(),
        product_id=new_id(),
        group_id=new_id(),
        pieces=sum(counts),
        delivered_on=ON,
    )
    makers = [
        LotMaker(lot_id=lot.id, household_id=new_id(), pieces=pieces, days_worked=7)
        for pieces in counts
    ]
    return lot, makers


Step = tuple[str, int, int]
steps = st.tuples(
    st.sampled_from(["inspect", "accept", "hold", "rework", "scrap", "put_aside", "pack"]),
    st.integers(0, 4),
    st.integers(0, 30),
)


def play(lot: Lot, makers: list[LotMaker], step: Step) -> None:
    verb, which, pieces = step
    maker = makers[which % len(makers)].household_id
    verbs: dict[str, Callable[[], object]] = {
        "inspect": lot.inspect,
        "accept": lambda: lot.accept(makers, on=ON),
        "hold": lambda: lot.hold(on=ON, defects=()),
        "rework": lambda: lot.rework(makers, repaired={maker: pieces}),
        "scrap": lambda: lot.scrap(makers, on=ON, reason="mouldy", defects=()),
        "put_aside": lambda: lot.put_aside(makers, {maker: 0 if lot.state in FINAL else pieces}),
        "pack": lambda: lot.pack(pieces),
    }
    verbs[verb]()


def check(lot: Lot, makers: list[LotMaker]) -> None:
    assert lot.pieces == sum(maker.pieces for maker in makers)
    assert lot.set_aside == sum(maker.set_aside for maker in makers)
    assert lot.accepted == sum(maker.accepted for maker in makers)
    assert lot.rejected == sum(maker.rejected for maker in makers)
    settled = lot.pieces if lot.state in FINAL else 0
    assert lot.accepted + lot.rejected == settled
    for maker in makers:
        assert 0 <= maker.set_aside <= maker.pieces
        assert maker.accepted + maker.rejected == (maker.pieces if lot.state in FINAL else 0)
    assert 0 <= lot.packed <= lot.accepted


@given(st.lists(st.integers(1, 21), min_size=1, max_size=5), st.lists(steps, max_size=30))
def test_a_lot_keeps_every_piece_whatever_happens_to_it(
    counts: list[int], history: list[Step]
) -> None:
    lot, makers = delivered(counts)

    for step in history:
        with suppress(Problem):
            play(lot, makers, step)
        check(lot, makers)


moves = st.tuples(st.sampled_from(["take", "settle"]), st.integers(0, 60), st.integers(0, 60))


@given(st.integers(1, 100), st.lists(moves, max_size=30))
def test_a_work_order_never_has_more_in_hand_than_was_ordered(
    pieces: int, history: list[tuple[str, int, int]]
) -> None:
    order = WorkOrder(
        order_id=new_id(),
        line_id=new_id(),
        product_id=new_id(),
        group_id=new_id(),
        pieces=pieces,
        opened_on=ON,
        due_on=ON,
    )

    for verb, first, second in history:
        pending = order.delivered - order.accepted - order.rejected
        if verb == "settle" and first + second <= pending:
            order.settle(accepted=first, rejected=second)
        if verb == "take":
            with suppress(Problem):
                order.take(first, on=ON)
        pending = order.delivered - order.accepted - order.rejected
        assert pending >= 0
        assert order.accepted + pending <= pieces
        assert order.open_pieces == pieces - order.accepted - pending
