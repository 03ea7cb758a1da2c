"""Parcels go out in order, a few at a time, and spare a server that fails."""

from kernel.courier import AT_ONCE_TO_ONE, CLAIMED_FOR, FAILURES_BEFORE_REST, LONGEST_REST
from kernel.db import Database
from kernel.testing.clock import FrozenClock
from tests.kernel.outbound.house import courier, given, states
from tests.receiver import Receiver, answer


def bodies(receiver: Receiver) -> list[str]:
    """Return what a server got."""
    return [each.body.decode() for each in receiver.got]


async def test_parcels_of_one_stream_go_one_after_the_other(
    database: Database, receiver: Receiver, frozen: FrozenClock
) -> None:
    first, second, other = await given(database, receiver.url, "a", "a", "b")
    receiver.answers = [answer(500), answer(500)]

    attempts = await courier().run_once(database)
    frozen.advance(seconds=7)
    await courier().run_once(database)
    await courier().run_once(database)

    assert attempts == 2
    assert sorted(bodies(receiver)[:2]) == sorted([first, other])
    assert bodies(receiver)[-1] == second
    assert await states(database) == ["delivered"] * 3


async def test_one_server_gets_a_few_at_a_time(
    database: Database, receiver: Receiver, frozen: FrozenClock
) -> None:
    await given(database, receiver.url, *(str(number) for number in range(10)))

    claimed = await courier().claim(database)
    more = await courier().claim(database)
    frozen.advance(seconds=CLAIMED_FOR.total_seconds() + 1)
    claimed_again = await courier().claim(database)

    assert len(claimed) == len(claimed_again) == AT_ONCE_TO_ONE
    assert list(more) == []
    assert {each.id for each in claimed} == {each.id for each in claimed_again}


async def test_a_server_that_fails_rests_and_is_tried_with_one(
    database: Database, receiver: Receiver, frozen: FrozenClock
) -> None:
    await given(database, receiver.url, *(str(number) for number in range(9)))
    receiver.answers = [answer(503)] * (FAILURES_BEFORE_REST + 4)
    while await courier().run_once(database):
        pass

    failed = len(receiver.got)
    frozen.advance(seconds=LONGEST_REST.total_seconds())
    probes = await courier().run_once(database)

    assert failed >= FAILURES_BEFORE_REST
    assert probes == 1


async def test_a_server_that_recovers_is_trusted_again(
    database: Database, receiver: Receiver, frozen: FrozenClock
) -> None:
    await given(database, receiver.url, *(str(number) for number in range(9)))
    receiver.answers = [answer(503)] * FAILURES_BEFORE_REST
    for _ in range(9):
        await courier().run_once(database)
        frozen.advance(seconds=LONGEST_REST.total_seconds())
    while await courier().run_once(database):
        pass

    assert await states(database) == ["delivered"] * 9


async def test_what_cannot_be_told_or_packed_does_not_stop_the_others(
    database: Database, receiver: Receiver
) -> None:
    _, _, third = await given(database, receiver.url, "nothing", "broken", "c")

    await courier().run_once(database)

    assert await states(database) == ["withdrawn", "waiting", "delivered"]
    assert bodies(receiver) == [third]


async def test_an_outcome_that_comes_too_late_changes_nothing(
    database: Database, receiver: Receiver, frozen: FrozenClock
) -> None:
    await given(database, receiver.url, "a")

    async def claim_runs_out(_: object) -> None:
        receiver.before_answer = None
        frozen.advance(seconds=CLAIMED_FOR.total_seconds() + 1)
        receiver.answers = [answer(200), answer(500)]
        await courier().run_once(database)

    receiver.before_answer = claim_runs_out
    await courier().run_once(database)

    assert len(set(bodies(receiver))) == 1
    assert await states(database) == ["delivered"]
