"""The division is exact, within every group's free pieces, and fair to the makers."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.export.allocation.shares import Offer, fair_shares

OFFERS = st.lists(
    st.builds(
        lambda makers, free, earlier: (makers, free, earlier),
        st.integers(0, 20),
        st.integers(0, 2_000),
        st.integers(0, 3_000),
    ),
    min_size=1,
    max_size=40,
).map(lambda rows: [Offer(UUID(int=nth), *row) for nth, row in enumerate(rows)])


def able(offers: list[Offer]) -> list[Offer]:
    return [offer for offer in offers if offer.makers and offer.free_pieces]


@st.composite
def divisions(draw: st.DrawFn) -> tuple[int, list[Offer]]:
    offers = draw(OFFERS.filter(able))
    return draw(st.integers(1, sum(offer.free_pieces for offer in able(offers)))), offers


@given(divisions())
def test_the_shares_are_the_line_exactly_and_no_group_gets_more_than_it_can_make(
    division: tuple[int, list[Offer]],
) -> None:
    pieces, offers = division

    shares = fair_shares(pieces, offers)

    free = {offer.group_id: offer.free_pieces for offer in able(offers)}
    assert sum(shares.values()) == pieces
    assert all(1 <= share <= free[group] for group, share in shares.items())


@given(divisions())
def test_no_maker_could_be_better_off_at_the_cost_of_a_richer_one(
    division: tuple[int, list[Offer]],
) -> None:
    """Moving a piece a maker between any two groups never narrows the gap between them."""
    pieces, offers = division

    shares = fair_shares(pieces, offers)

    for poor in (o for o in able(offers) if shares.get(o.group_id, 0) < o.free_pieces):
        for rich in (o for o in able(offers) if shares.get(o.group_id, 0) > 0):
            level_of_rich = (rich.earlier_pieces + shares[rich.group_id] - 1) / rich.makers
            level_of_poor = (poor.earlier_pieces + shares.get(poor.group_id, 0) + 1) / poor.makers
            assert level_of_rich <= level_of_poor + 1e-9


@given(divisions())
def test_the_same_question_has_the_same_answer_in_any_order(
    division: tuple[int, list[Offer]],
) -> None:
    pieces, offers = division

    assert fair_shares(pieces, offers) == fair_shares(pieces, offers[::-1])


def test_makers_get_equally_many_pieces_whatever_the_size_of_their_group() -> None:
    ten, five = Offer(UUID(int=1), 10, 900, 0), Offer(UUID(int=2), 5, 900, 0)

    assert fair_shares(300, [ten, five]) == {ten.group_id: 200, five.group_id: 100}


def test_who_had_more_earlier_gets_less_now() -> None:
    busy, idle = Offer(UUID(int=1), 5, 900, 100), Offer(UUID(int=2), 5, 900, 0)

    assert fair_shares(200, [busy, idle]) == {busy.group_id: 50, idle.group_id: 150}


def test_a_full_group_leaves_the_rest_to_the_others() -> None:
    small, large = Offer(UUID(int=1), 5, 30, 0), Offer(UUID(int=2), 5, 900, 0)

    assert fair_shares(200, [small, large]) == {small.group_id: 30, large.group_id: 170}


def test_whole_pieces_go_by_the_largest_remainder() -> None:
    groups = [Offer(UUID(int=nth), makers, 900, 0) for nth, makers in ((1, 1), (2, 1), (3, 5))]

    assert list(fair_shares(10, groups).values()) == [2, 1, 7]  # exactly 1.43, 1.43 and 7.14


def test_ten_thousand_groups_share_a_million_pieces() -> None:
    groups = [Offer(UUID(int=nth), 5 + nth % 16, 160, nth % 97) for nth in range(10_000)]

    assert sum(fair_shares(1_000_000, groups).values()) == 1_000_000
