"""Subscriptions: what happens to families is told to those who asked, as far as they may know."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from contracts.registry import HouseholdMerged, HouseholdUnmerged
from kernel.testing.clock import FrozenClock
from services.registry.households import actions, queries
from services.registry.households.models import Why
from services.registry.households.registration import HouseholdIn
from tests.receiver import Receiver
from tests.registry.dci.listening import (
    Listening,
    deliveries,
    events_told,
    listening,
    wish,
    work,
)
from tests.registry.families import BANTUL_DESA, KEBASEN, KEDUNGBANTENG, card, member, registered
from tests.registry.sharing.partners import accesses, consented
from tests.world import Json, World

PERIOD = {"start_time": "2025-01-01T00:00:00Z", "end_time": "2099-01-01T00:00:00Z"}
OF_BANTUL = {"type": "NoSql", "value": {"expression": {"query": {"location": "34.02"}}}}


async def unsubscribed(partner: Listening, *codes: str) -> Json:
    """End subscriptions, and return what became of it."""
    message = {
        "transaction_id": "txn-u",
        "timestamp": wish()["timestamp"],
        "subscription_codes": list(codes),
    }
    await partner.asks("/registry/unsubscribe", message)
    await work(partner.world)
    return partner.got("on-unsubscribe")[-1]["message"]


async def test_a_registration_is_told(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        code = await spmis.subscribed()
        [family] = await registered(world, 1)

        await events_told(world)

        [told] = spmis.got("notify")
        await spmis.check_signatures()
    assert told["header"]["meta"]["subscription_code"] == code
    [event] = told["message"]["notify_event"]
    assert (event["reference_id"], event["data"]["reg_event_type"]) == ("sub-1", "REGISTER")
    assert event["data"]["reg_records"]["group_size"] == 2
    [access] = await accesses(world, family)
    assert access["action"] == "dci.notify"


async def test_notifications_go_to_the_sister_of_on_subscribe(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        spmis.sender_uri = f"{receiver.url}/registry/on-subscribe"
        await spmis.subscribed()
        await registered(world, 1)

        await events_told(world)

    assert [each.path for each in receiver.got] == ["/registry/on-subscribe", "/registry/notify"]


async def test_a_filter_is_looked_at_when_it_happens(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.subscribed(query=OF_BANTUL)
        await registered(world, 1)
        await registered(world, 2, desa_code=BANTUL_DESA)

        await events_told(world)

        notes = spmis.got("notify")
    [event] = [each for note in notes for each in note["message"]["notify_event"]]
    assert event["data"]["reg_records"]["place"]["place_code"] == BANTUL_DESA


@pytest.mark.parametrize(
    "kind",
    ["UPDATE", "STATUS_CHANGE", "POVERTY_SCORE_CHANGE", "ENROLMENT", "EXIT", "MERGE", "UNMERGE"],
)
async def test_every_kind_of_event_is_told(world: World, kind: str) -> None:
    [family] = await registered(world, 1)
    await world.settle()
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.subscribed(kind=f"spdci-common:RegistryEventType:{kind}")
        await much_happens(world, family)

        await events_told(world)

        notes = spmis.got("notify")
    kinds = {
        event["data"]["reg_event_type"]
        for note in notes
        for event in note["message"]["notify_event"]
    }
    assert kinds == {kind}


async def much_happens(world: World, family: str) -> None:
    """Let a family be ranked, receive aid until it ends, move, take another in and let it go."""
    await ranked(world, family, 1)
    aid = await aided(world, family)
    ended = {"ended_on": "2025-03-01", "reason": "no_component"}
    await world.registry.do(f"/v1/assistance/{aid}/end", ended)
    await moved(world, family)
    other, on = UUID(int=1), date(2025, 3, 2)
    merged = HouseholdMerged(household_id=other, into_household_id=UUID(family), merged_on=on)
    await world.announce(merged, key=other)
    unmerged = HouseholdUnmerged(household_id=UUID(family), from_household_id=other, unmerged_on=on)
    await world.announce(unmerged, key=UUID(family))


async def ranked(world: World, family: str, decile: int, *, cycle: str = "2025Q1") -> None:
    """Record the decile of a family."""
    body = {
        "items": [{"household_id": family, "decile": decile}],
        "reference_date": "2025-03-01",
        "source": "BPS",
    }
    await world.registry.do(f"/v1/welfare-cycles/{cycle}/deciles", body)


async def aided(world: World, family: str) -> str:
    """Let a family receive aid, and return the aid's id."""
    told = {"household_id": family, "scheme": "pkh", "started_on": "2025-02-01"}
    return str((await world.registry.do("/v1/assistance", told))["id"])


async def test_a_new_member_is_told_once(world: World) -> None:
    [before, family] = await registered(world, 1, 2)
    await with_a_baby(world, before, number=1)
    await world.settle()
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.subscribed(kind="NewHouseHoldMember")
        for each in (before, family):
            await moved(world, each)
        await events_told(world)
        moves = len(spmis.got("notify"))
        await with_a_baby(world, family, number=2)
        await events_told(world)
        await moved(world, family, to=KEBASEN)
        await events_told(world)

        notes = spmis.got("notify")
    assert (moves, len(notes)) == (0, 1)
    assert notes[0]["message"]["notify_event"][0]["data"]["reg_records"]["group_size"] == 3


async def moved(world: World, family: str, *, to: str = KEDUNGBANTENG) -> None:
    """Let a family move."""
    response = await world.registry.patch(
        f"/v1/households/{family}", {"desa_code": to}, headers={"If-Match": "*"}
    )
    assert response.is_success, response.text


async def with_a_baby(world: World, family: str, *, number: int) -> None:
    """Let a child join a family, as a file that tells the family again would."""
    told = card(number)
    told["members"].append(member(KEBASEN, date(2025, 1, 3), relation="child"))
    async with world.registry.database.transaction() as uow:
        known = await queries.get(uow.session, UUID(family), for_change=True)
        retold = HouseholdIn.model_validate(told)
        vault = world.registry.app.state.vault
        await actions.replace(uow, [(known, retold)], vault=vault, why=Why("test", "imported"))


async def test_the_events_of_a_family_are_told_in_order(world: World) -> None:
    [family] = await registered(world, 1)
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.subscribed(kind="POVERTY_SCORE_CHANGE")
        for decile, cycle in ((3, "2025Q1"), (2, "2025Q2"), (1, "2025Q3")):
            await ranked(world, family, decile, cycle=cycle)
            await events_told(world)

        scores = [
            event["data"]["reg_records"]["poverty_score"]
            for note in spmis.got("notify")
            for event in note["message"]["notify_event"]
        ]
    assert scores == [3, 2, 1]


async def test_a_consent_withdrawn_in_between_stops_it_at_once(
    world: World, frozen: FrozenClock
) -> None:
    [family] = await registered(world, 1)
    await world.settle()
    consent = await consented(world, family)
    fields = ["name", "nik", "birth_year", "members", "desa_code", "status", "decile"]
    async with Receiver() as receiver:
        spmis = await listening(world, receiver, fields=fields, full=[], needs_consent=True)
        await spmis.subscribed(kind="ENROLMENT")
        await aided(world, family)
        await receiver.stop()
        await events_told(world)
        await receiver.start()
        withdrawal = {"withdrawn_on": "2025-02-28"}
        await world.registry.do(f"/v1/sharing-consents/{consent}/withdraw", withdrawal)
        frozen.advance(minutes=1)
        await work(world)

        notes = spmis.got("notify")
    [delivery] = await deliveries(world, state="withdrawn")
    assert notes == []
    assert (delivery["action"], delivery["last_error"]) == ("notify", "not_permitted")


async def test_without_a_consent_nothing_is_told(world: World) -> None:
    async with Receiver() as receiver:
        fields = ["members", "desa_code"]
        spmis = await listening(world, receiver, fields=fields, full=[], needs_consent=True)
        await spmis.subscribed()
        await registered(world, 1)

        await events_told(world)

        notes = spmis.got("notify")
    assert notes == []
    assert len(await deliveries(world)) == 1  # the answer to the subscription


async def test_an_agreement_that_ended_stops_notifications(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.subscribed()
        await world.registry.do(f"/v1/sharing-agreements/{spmis.agreement}/end")
        await registered(world, 1)

        await events_told(world)

        notes = spmis.got("notify")
    assert notes == []


async def test_the_same_wish_is_subscribed_to_once(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.subscribed()

        [again] = await spmis.subscribes(wish())
        [other] = await spmis.subscribes(wish(kind="UPDATE"))

    assert again["status_reason_code"] == "rjct.event.already_subscribed"
    assert other["status"] == "succ"


async def test_who_unsubscribes_hears_no_more(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        code = await spmis.subscribed()

        ended = await unsubscribed(spmis, code)
        again = await unsubscribed(spmis, code)
        await registered(world, 1)
        await events_told(world)

        notes = spmis.got("notify")
    assert ended["status"] == "succ"
    assert ended["subscription_status"] == [{"code": code, "status": "unsubscribe"}]
    assert again["status_reason_code"] == "rjct.event.already_unsubscribed"
    assert notes == []


async def test_only_ones_own_subscriptions_can_be_ended(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        other = await listening(world, receiver, sender_id="spmis.other")
        code = await spmis.subscribed()

        foreign = await unsubscribed(other, code)
        unknown = await unsubscribed(spmis, "no-code-of-ours")
        await registered(world, 1)
        await events_told(world)

        notes = spmis.got("notify")
    assert foreign["status_reason_code"] == "rjct.requester.invalid"
    assert "subscription_status" not in foreign or foreign["subscription_status"] == []
    assert unknown["status_reason_code"] == "rjct.subscription_code.invalid"
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("criteria", "reason"),
    [
        ({"kind": "LiveBirth"}, "rjct.notify_types.invalid"),
        ({"notify_record_type": "Ship"}, "rjct.notify_types.invalid"),
        ({"filter_type": "graphql"}, "rjct.notify_details.invalid"),
        ({"query": {"value": "nothing"}}, "rjct.notify_details.invalid"),
        ({"authorize": {"purpose": {"code": "curiosity"}}}, "rjct.notify_details.invalid"),
        ({"frequency": {"frequency": "x"}}, "rjct.notify_details.invalid"),
        ({"frequency": {**PERIOD, "frequency": "0 0 L * *"}}, "rjct.notify_details.invalid"),
    ],
)
async def test_what_we_do_not_tell_is_rejected(world: World, criteria: Json, reason: str) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        [result] = await spmis.subscribes(wish(**criteria))

    assert (result["status"], result["status_reason_code"]) == ("rjct", reason)
    assert result["status_reason_message"]


async def test_collected_notifications_go_out_when_the_timetable_rings(
    world: World, frozen: FrozenClock
) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        frequency = {
            "start_time": frozen.moment.isoformat(),
            "end_time": "2025-03-03T00:00:00Z",
            "frequency": "0 0 18 * * ? *",
        }
        await spmis.subscribed(frequency=frequency)
        await registered(world, 1, 2)
        await events_told(world)
        at_once = len(spmis.got("notify"))
        frozen.moment = datetime(2025, 3, 1, 11, 0, 1, tzinfo=UTC)  # 18:00 in Jakarta
        await work(world)
        at_six = len(spmis.got("notify"))
        await registered(world, 3)
        await events_told(world)
        frozen.advance(days=2)
        await work(world)
        await registered(world, 4)
        await events_told(world)

        told = [len(each["message"]["notify_event"]) for each in spmis.got("notify")]
    assert (at_once, at_six) == (0, 1)
    assert told == [2, 1]


async def test_persons_are_told_one_by_one(world: World) -> None:
    async with Receiver() as receiver:
        spmis = await listening(world, receiver)
        await spmis.subscribed(notify_record_type="spdci-extensions-dci:Member")
        await registered(world, 1)
        await events_told(world)

        [told] = spmis.got("notify")
    types = {each["data"]["reg_records"]["@type"] for each in told["message"]["notify_event"]}
    assert (types, len(told["message"]["notify_event"])) == ({"Member"}, 2)
