"""Caseloads are as even as the areas allow, with as few moves as possible: against brute force."""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.balancing.plans import Move, Takers, balance

RINA, DEWI, SARI = (UUID(int=number) for number in (1, 2, 3))
Family = tuple[UUID, Takers]
Worth = tuple[int, int, int]


def planned(caseloads: dict[UUID, int], families: Sequence[Family]) -> list[Move]:
    return balance(caseloads, Counter(families))


def worth(caseloads: dict[UUID, int], families: list[Family], holders: list[UUID]) -> Worth:
    """Return what a plan is judged by: outside the areas, unevenness, families moved."""
    loads = Counter(caseloads)
    for (origin, _), holder in zip(families, holders, strict=True):
        loads[origin] -= 1
        loads[holder] += 1
    outside = sum(
        holder not in takers for (_, takers), holder in zip(families, holders, strict=True)
    )
    moved = sum(origin != holder for (origin, _), holder in zip(families, holders, strict=True))
    return outside, sum(load * load for load in loads.values()), moved


def holders_after(families: list[Family], moves: list[Move]) -> list[UUID]:
    """Return who holds each family when the moves were made."""
    to_go = Counter({(move.giver, move.takers, move.taker): move.families for move in moves})
    holders = []
    for giver, takers in families:
        taker = next((t for t in (RINA, DEWI, SARI) if to_go[giver, takers, t]), giver)
        to_go[giver, takers, taker] -= 1
        holders.append(taker)
    return holders


def test_the_fuller_caseload_gives_to_the_emptier() -> None:
    moves = planned({RINA: 10, DEWI: 2}, [(RINA, (RINA, DEWI))] * 10 + [(DEWI, (RINA, DEWI))] * 2)

    assert moves == [Move((RINA, DEWI), RINA, DEWI, 4)]


def test_even_caseloads_stay() -> None:
    assert planned({RINA: 5, DEWI: 4}, [(RINA, (RINA, DEWI))] * 5 + [(DEWI, (DEWI,))] * 4) == []


def test_families_pass_on_through_a_neighbours_area() -> None:
    families = [(RINA, (RINA, DEWI))] * 9 + [(DEWI, (DEWI, SARI))] * 6

    moves = planned({RINA: 9, DEWI: 6, SARI: 0}, families)

    assert moves == [Move((RINA, DEWI), RINA, DEWI, 4), Move((DEWI, SARI), DEWI, SARI, 5)]


def test_families_outside_the_areas_move_even_to_a_fuller_caseload() -> None:
    assert planned({RINA: 1, DEWI: 8}, [(RINA, (DEWI,))]) == [Move((DEWI,), RINA, DEWI, 1)]


FAMILY = st.tuples(
    st.sampled_from([RINA, DEWI, SARI]),
    st.sets(st.sampled_from([RINA, DEWI, SARI])).map(lambda takers: tuple(sorted(takers))),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(FAMILY, max_size=6), st.tuples(*[st.integers(0, 4)] * 3))
def test_no_other_plan_is_better(families: list[Family], elsewhere: tuple[int, int, int]) -> None:
    caseloads = dict(zip((RINA, DEWI, SARI), elsewhere, strict=True))
    for origin, _ in families:
        caseloads[origin] += 1

    holders = holders_after(families, planned(caseloads, families))

    possible = product(*({origin, *takers} for origin, takers in families))
    best = min(worth(caseloads, families, list(plan)) for plan in possible)
    assert worth(caseloads, families, holders) == best
