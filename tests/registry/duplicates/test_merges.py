"""Two families become one by two people, and two again without loss."""

import asyncio
from datetime import date
from uuid import UUID

from contracts.registry import HouseholdMerged, HouseholdStatusChanged, HouseholdUnmerged
from services.registry.households import actions, queries
from services.registry.households.models import Why
from services.registry.households.registration import HouseholdIn
from tests.people import KEMENSOS_CHECKER
from tests.registry.duplicates.pairs import (
    TICKETS,
    again,
    child,
    compare,
    merged,
    pair,
    picture,
    register,
    the_ticket,
    tickets,
    tracer_of,
    undone,
)
from tests.registry.families import KEBASEN, Card, card
from tests.world import Json, World

CLERK = {"employee_number": "P-1", "name": "Rini Contoh", "area_code": "33.02", "yearly_target": 10}


async def with_a_daughter_more(world: World) -> tuple[str, str, str]:
    """Return a family, the same with one more child, and the ticket."""
    told = card(1)
    other = again(told, 1)
    other["members"].append(child(date(2012, 4, 6), "Joko Contoh"))
    first, second = await register(world, told), await register(world, other)
    await compare(world)
    return first, second, (await the_ticket(world))["id"]


async def members(world: World, household_id: str) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = (await world.registry.read(f"/v1/households/{household_id}"))[
        "members"
    ]
    return found


async def receives(world: World, household_id: str) -> list[str]:
    page = await world.registry.read(f"/v1/assistance?household_id={household_id}&active=true")
    return sorted(aid["scheme"] for aid in page["items"])


async def aid(world: World, household_id: str, *schemes: str) -> None:
    for scheme in schemes:
        told = {"household_id": household_id, "scheme": scheme, "started_on": "2025-02-01"}
        await world.registry.do("/v1/assistance", told)


async def youngest(world: World, household_id: str) -> dict[str, str]:
    [*_, last] = await members(world, household_id)
    return {"member_id": last["id"], "relation": "child"}


async def test_who_proposes_does_not_confirm(world: World) -> None:
    first, _, ticket = await pair(world)
    await world.registry.do(f"{TICKETS}/{ticket}/propose-merge", {"survivor_id": first})

    refused = await world.registry.post(f"{TICKETS}/{ticket}/confirm-merge")

    assert (refused.status_code, refused.json()["code"]) == (403, "REG-0703")


async def test_an_absorbed_family_tells_where_it_went(world: World) -> None:
    first, second, ticket = await pair(world)

    done = await merged(world, ticket, into=first)
    await world.settle(deliveries=2)

    gone = await world.registry.read(f"/v1/households/{second}")
    assert (gone["status"], gone["closing_reason"]) == ("closed", "merged")
    assert (gone["merged_into"], done["state"]) == (first, "merged")
    assert len(done["merge"]["united"]) == 2
    [event] = await world.published(HouseholdMerged)
    assert (event.household_id, event.into_household_id) == (UUID(second), UUID(first))
    assert await world.dead_letters() == []


async def test_a_member_comes_over_sealed_with_the_survivors_key(world: World) -> None:
    first, second, ticket = await with_a_daughter_more(world)

    await merged(world, ticket, into=first, moves=[await youngest(world, second)])

    [*_, came] = await members(world, first)
    family = await world.registry.read(f"/v1/households/{first}")
    assert (came["birth_year"], came["nik"][:6], family["member_count"]) == (2012, "3302**", 3)


async def test_who_cannot_move_is_named(world: World) -> None:
    first, second, ticket = await with_a_daughter_more(world)
    [mother, _, son] = await members(world, second)
    moves = [
        {"member_id": mother["id"], "relation": "spouse"},
        {"member_id": son["id"], "relation": "head"},
        {"member_id": first, "relation": "child"},
    ]

    refused = await world.registry.post(
        f"{TICKETS}/{ticket}/propose-merge", {"survivor_id": first, "moves": moves}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0705")
    assert [error["pointer"] for error in refused.json()["errors"]] == [
        "/moves/0/member_id",
        "/moves/1/relation",
        "/moves/2/member_id",
    ]


async def test_a_stranger_does_not_survive(world: World) -> None:
    _, _, ticket = await pair(world)
    stranger = await register(world, card(900))

    refused = await world.registry.post(
        f"{TICKETS}/{ticket}/propose-merge", {"survivor_id": stranger}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0704")


async def test_a_family_that_changed_since_is_looked_at_again(world: World) -> None:
    first, second, ticket = await pair(world)
    await world.registry.do(f"{TICKETS}/{ticket}/propose-merge", {"survivor_id": first})
    await world.registry.patch(
        f"/v1/households/{second}", {"phone": None}, headers={"If-Match": "*"}
    )

    path = f"{TICKETS}/{ticket}"
    refused = await world.registry.post(f"{path}/confirm-merge", as_=KEMENSOS_CHECKER)
    back = await world.registry.do(f"{path}/send-back", as_=KEMENSOS_CHECKER)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0707")
    assert (back["state"], back["proposal"]) == ("open", None)


async def test_two_confirmations_merge_once(world: World) -> None:
    first, _, ticket = await pair(world)
    path = f"{TICKETS}/{ticket}"
    await world.registry.do(f"{path}/propose-merge", {"survivor_id": first})

    answers = await asyncio.gather(
        *(world.registry.post(f"{path}/confirm-merge", as_=KEMENSOS_CHECKER) for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert len(await world.published(HouseholdMerged)) == 1


async def test_aid_goes_on_once_and_no_kind_of_it_twice(world: World) -> None:
    first, second, ticket = await pair(world)
    await aid(world, first, "pkh")
    await aid(world, second, "pkh", "sembako")

    done = await merged(world, ticket, into=first)
    await world.settle(deliveries=2)

    assert await receives(world, first) == ["pkh", "sembako"]
    assert await receives(world, second) == []
    assert (done["merge"]["aid_ended"], done["merge"]["aid_started"]) == (2, 1)


async def test_an_undone_merge_leaves_both_as_they_were(world: World) -> None:
    first, second, ticket = await with_a_daughter_more(world)
    clerk = (await world.registry.do("/v1/facilitators", CLERK))["id"]
    entrusted = {"household_ids": [second], "assigned_on": "2025-02-01"}
    await world.registry.do(f"/v1/facilitators/{clerk}/caseload", entrusted)
    await aid(world, second, "pkh", "sembako", "pbi_jkn")
    before = await picture(world, first, second)

    await merged(world, ticket, into=first, moves=[await youngest(world, second)])
    await world.settle()
    between = await picture(world, first, second)
    back = await undone(world, ticket)
    await world.settle(deliveries=2)

    assert between != before
    assert await picture(world, first, second) == before
    assert (back["state"], back["merge"]["undone_at"] is None) == ("undone", False)
    assert len(await world.published(HouseholdUnmerged)) == 1
    told = [
        (event.household_id, event.status)
        for event in await world.published(HouseholdStatusChanged)
    ]
    assert told[-2:] == [(UUID(second), "assisted"), (UUID(first), "registered")]
    assert await world.dead_letters() == []


async def test_a_closing_that_is_heard_after_the_undoing_ends_nothing(world: World) -> None:
    first, second, ticket = await pair(world)
    await aid(world, second, "pkh")
    await merged(world, ticket, into=first)
    await undone(world, ticket)

    await world.settle(order="reversed", deliveries=2)

    assert await receives(world, second) == ["pkh"]


async def test_what_changed_since_stays_with_the_survivor(world: World) -> None:
    first, second, ticket = await with_a_daughter_more(world)
    await merged(world, ticket, into=first, moves=[await youngest(world, second)])
    moved = {"desa_code": "33.02.23.2010"}
    await world.registry.patch(f"/v1/households/{first}", moved, headers={"If-Match": "*"})

    await undone(world, ticket)

    now = await world.registry.read(f"/v1/households/{first}")
    back = await world.registry.read(f"/v1/households/{second}")
    assert (now["desa_code"], now["member_count"]) == ("33.02.23.2010", 2)
    assert (back["desa_code"], back["member_count"], back["merged_into"]) == (KEBASEN, 3, None)


async def test_a_card_that_another_family_has_by_now_stands_in_the_way(world: World) -> None:
    first, second, ticket = await pair(world)
    await merged(world, ticket, into=first)
    newcomer: Card = {**card(900), "kk_number": again(card(1), 1)["kk_number"]}
    await register(world, newcomer)

    refused = await world.registry.post(f"{TICKETS}/{ticket}/undo-merge", as_=KEMENSOS_CHECKER)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0203")
    assert (await world.registry.read(f"/v1/households/{second}"))["status"] == "closed"


async def test_a_survivor_that_left_stands_in_the_way(world: World) -> None:
    first, _, ticket = await pair(world)
    await merged(world, ticket, into=first)
    closing = {"reason": "deceased", "closed_on": "2026-06-01"}
    await world.registry.do(f"/v1/households/{first}/close", closing)

    refused = await world.registry.post(f"{TICKETS}/{ticket}/undo-merge", as_=KEMENSOS_CHECKER)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0708")


async def test_a_member_whom_the_sender_changed_since_is_not_lost(world: World) -> None:
    first, second, ticket = await with_a_daughter_more(world)
    await merged(world, ticket, into=first, moves=[await youngest(world, second)])
    async with world.registry.database.transaction() as uow:
        family = await queries.get(uow.session, UUID(first), for_change=True)
        told = HouseholdIn.model_validate(card(1))
        why = Why("kemensos-registrar", "import")
        await actions.replace(uow, [(family, told)], vault=tracer_of(world).vault, why=why)

    refused = await world.registry.post(f"{TICKETS}/{ticket}/undo-merge", as_=KEMENSOS_CHECKER)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0709")


async def test_an_erased_family_does_not_come_back(world: World) -> None:
    first, second, ticket = await pair(world)
    await merged(world, ticket, into=first)
    async with world.registry.database.transaction() as uow:
        (await queries.get(uow.session, UUID(second), for_change=True)).data_key = None

    refused = await world.registry.post(f"{TICKETS}/{ticket}/undo-merge", as_=KEMENSOS_CHECKER)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0712")


async def test_a_family_does_not_outgrow_its_card(world: World) -> None:
    told = card(1)
    told["members"] += [child(date(2000, 1, 1 + nth), "Joko Contoh") for nth in range(28)]
    other = again(card(1), 1)
    other["members"].append(child(date(2012, 4, 6), "Joko Contoh"))
    first, second = await register(world, told), await register(world, other)
    await compare(world)
    ticket, moving = (await the_ticket(world))["id"], await youngest(world, second)

    refused = await world.registry.post(
        f"{TICKETS}/{ticket}/propose-merge", {"survivor_id": first, "moves": [moving]}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0706")


async def test_an_undone_pair_is_not_asked_about_again(world: World) -> None:
    first, _, ticket = await pair(world)
    await merged(world, ticket, into=first)
    await undone(world, ticket)

    await compare(world)

    assert [each["state"] for each in await tickets(world)] == ["undone"]
