"""Callbacks reach a partner at least once, whatever dies; none goes where it should not."""

import asyncio
import dataclasses
import json
import os
import sys
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from kernel.auth import Actor
from kernel.courier import CLAIMED_FOR, PAUSES
from kernel.testing.clock import FrozenClock
from services.registry.dci import turns
from services.registry.dci.callbacks import Office
from tests.people import KEMENKOPUKM
from tests.receiver import Received, Receiver, answer
from tests.registry.dci.listening import (
    Listening,
    deliveries,
    events_told,
    listening,
    work,
)
from tests.registry.dci.partner import by_number
from tests.registry.families import card, registered
from tests.world import SECRETS, World

DEADLINE_SECONDS = 60.0
KEPT = sa.text(
    "SELECT to_jsonb(t)::text FROM dci_exchanges t"
    " UNION ALL SELECT to_jsonb(t)::text FROM dci_deliveries t"
)


async def asked(partner: Listening) -> None:
    """Let a partner ask for a family."""
    await partner.searches_later(by_number("KK", card(1)["kk_number"]))


def message_ids(receiver: Receiver) -> list[str]:
    """Return the message ids that a server got."""
    return [str(each.json["header"]["message_id"]) for each in receiver.got]


async def test_who_is_killed_before_sending_loses_nothing(
    world: World, frozen: FrozenClock
) -> None:
    app = world.registry.app
    courier = turns.courier(Office.of(app.state.settings, app.state.vault))
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await asked(spmis)
        [claimed] = await courier.claim(world.registry.database)  # and then it dies
        await work(world)
        too_early = len(receiver.got)
        frozen.advance(seconds=CLAIMED_FOR.total_seconds() + 1)
        await work(world)

    assert too_early == 0
    assert message_ids(receiver) == [str(claimed.id)]


async def test_a_worker_killed_while_sending_sends_again_under_the_same_id(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await asked(spmis)
        await a_worker_dies_while_sending(world, receiver)
        [halfway] = await deliveries(world)
        with FrozenClock() as clock:
            clock.moment = datetime.now(UTC) + CLAIMED_FOR * 2
            await work(world)

    first, second = message_ids(receiver)
    assert first == second
    assert halfway["state"] == "waiting"


async def a_worker_dies_while_sending(world: World, receiver: Receiver) -> None:
    """Kill a worker once its callback has arrived and before it is answered."""
    arrived, never = asyncio.Event(), asyncio.Event()

    async def hold(_: Received) -> None:
        arrived.set()
        await never.wait()

    receiver.before_answer = hold
    worker = await started_worker(world)
    async with asyncio.timeout(DEADLINE_SECONDS):
        await arrived.wait()
    worker.kill()
    await worker.wait()
    receiver.before_answer = None
    never.set()


async def started_worker(world: World) -> asyncio.subprocess.Process:
    """Start a worker that carries the callbacks of the world's registry."""
    told = {name.upper(): value for name, value in SECRETS.items()}
    environment = {
        **os.environ,
        **{name: v if isinstance(v, str) else json.dumps(v) for name, v in told.items()},
        "DATABASE_URL": world.registry.database.url,
        "INTERNAL_JWKS": '{"keys": []}',
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.registry.dci.carrier", env=environment
    )


async def test_a_receiver_that_was_down_is_told_later(world: World, frozen: FrozenClock) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await asked(spmis)
        await receiver.stop()
        await work(world)
        [down] = await deliveries(world)
        await receiver.start()
        await work(world)
        still_pausing = len(receiver.got)
        frozen.advance(seconds=7)
        await work(world)

    [up] = await deliveries(world)
    assert (down["state"], down["last_error"], down["attempts"]) == ("waiting", "connection", 1)
    assert still_pausing == 0
    assert (up["state"], up["last_status"], up["attempts"]) == ("delivered", 200, 2)


async def test_after_ten_attempts_it_is_given_up_and_can_be_sent_again(
    world: World, frozen: FrozenClock
) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await asked(spmis)
        receiver.answers = [answer(500)] * (len(PAUSES) + 1)
        for pause in (*PAUSES, PAUSES[0]):
            await work(world)
            frozen.advance(seconds=pause.total_seconds() * 1.3 + 601)
        [given_up] = await deliveries(world)
        resent = await world.registry.do(f"/v1/dci-deliveries/{given_up['id']}/resend")
        await work(world)

    [after] = await deliveries(world)
    assert (given_up["state"], given_up["attempts"]) == ("failed", 10)
    assert (given_up["last_status"], resent["state"]) == (500, "waiting")
    assert after["state"] == "delivered"
    assert len(set(message_ids(receiver))) == 1


async def test_an_address_that_is_gone_gets_nothing_more(world: World, frozen: FrozenClock) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.subscribed()
        receiver.answers = [answer(410)]
        await registered(world, 1)
        await events_told(world)
        before = len(receiver.got)
        frozen.advance(hours=1)
        await registered(world, 2)
        await events_told(world)

        silent = len(receiver.got)
        await asked(spmis)
        await work(world)
    states = [each["state"] for each in await deliveries(world)]
    assert (before, silent, len(receiver.got)) == (2, 2, 3)
    assert states == ["delivered", "failed", "delivered"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(world: World, status: int) -> None:
    async with Receiver() as elsewhere, Receiver() as receiver:
        spmis = await listening(world, receiver)
        receiver.answers = [answer(status, f"Location: {elsewhere.url}")]
        await asked(spmis)
        await work(world)

    [delivery] = await deliveries(world)
    assert (delivery["state"], delivery["last_status"]) == ("waiting", status)
    assert elsewhere.got == []


async def test_a_partner_sees_and_resends_only_its_own(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await asked(spmis)
        await work(world)
    [delivery] = await deliveries(world)
    path = f"/v1/dci-deliveries/{delivery['id']}/resend"

    own = await world.registry.read("/v1/dci-deliveries", as_=looking(spmis.actor))
    others = await world.registry.read("/v1/dci-deliveries", as_=KEMENKOPUKM)
    foreign = await world.registry.post(path, as_=KEMENKOPUKM)
    resent = await world.registry.post(path, as_=looking(spmis.actor))
    again = await world.registry.post(path, as_=looking(spmis.actor))

    assert [each["id"] for each in own["items"]] == [delivery["id"]]
    assert others["items"] == []
    assert (foreign.status_code, foreign.json()["code"]) == (404, "REG-0950")
    assert resent.json()["state"] == "waiting"
    assert (again.status_code, again.json()["code"]) == (409, "REG-0951")


async def test_what_is_kept_of_a_callback_names_nobody(world: World) -> None:
    await registered(world, 1)
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await asked(spmis)
        await work(world)

    told = str(await deliveries(world)) + await stored(world)
    assert card(1)["kk_number"] not in told
    assert card(1)["members"][0]["nik"] not in told
    assert "Contoh" not in told


async def stored(world: World) -> str:
    """Return all that is kept of exchanges and callbacks, as text."""
    async with world.registry.database.engine.connect() as connection:
        rows = await connection.execute(KEPT)
        return "\n".join(rows.scalars())


def looking(actor: Actor) -> Actor:
    """Return somebody as the desk that looks after callbacks."""
    scopes = frozenset({"registry.dci-deliveries:read", "registry.dci-deliveries:write"})
    return dataclasses.replace(actor, scopes=scopes)


async def test_a_sender_suspended_in_between_is_told_nothing(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await asked(spmis)
        await suspended(world)
        await work(world)

    [delivery] = await deliveries(world)
    assert receiver.got == []
    assert (delivery["state"], delivery["last_error"]) == ("withdrawn", "sender_suspended")


async def suspended(world: World) -> None:
    """Suspend the one sender that is registered."""
    [sender] = (await world.registry.read("/v1/dci-senders"))["items"]
    response = await world.registry.patch(
        f"/v1/dci-senders/{sender['id']}", {"suspended": True}, headers={"If-Match": "*"}
    )
    assert response.is_success, response.text


async def test_what_ended_long_ago_is_forgotten(world: World, frozen: FrozenClock) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await asked(spmis)
        await work(world)
        frozen.advance(days=13)
        await work(world)
        kept = await stored(world)
        frozen.advance(days=2)
        await work(world)

    assert len(kept.splitlines()) == 2
    assert await stored(world) == ""
