"""Families that may be one are found, and people decide, once."""

import asyncio
import json
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.registry.duplicates import actions, jobs, queries
from services.registry.duplicates.models import Ticket
from tests.people import BANTUL_OFFICER, KEMENSOS_CHECKER, person
from tests.registry.duplicates.pairs import (
    TICKETS,
    again,
    compare,
    pair,
    register,
    the_ticket,
    tickets,
    tracer_of,
)
from tests.registry.families import BANTUL_DESA, card, registered
from tests.world import Json, World

COLLEAGUE = person("kemensos-colleague", organisation="kemensos")


def codes(ticket: dict[str, Json]) -> set[str]:
    return {reason["code"] for reason in ticket["reasons"]}


async def test_a_family_registered_twice_is_found_by_its_niks(world: World) -> None:
    first, second, _ = await pair(world)

    ticket = await the_ticket(world)

    assert set(ticket["household_ids"]) == {first, second}
    assert {"same_nik", "same_name", "same_birth_date"} <= codes(ticket)
    assert (ticket["state"], ticket["score"]) == ("open", "1.00")


async def test_mistyped_niks_and_another_spelling_do_not_hide_a_family(world: World) -> None:
    told = card(1)
    told["members"][0]["name"] = "Siti Chotimah"
    other = again(told, 1, niks=False)
    other["members"][0]["name"] = "Hj. Sitti Hotimah"
    await register(world, told)
    await register(world, other)

    await compare(world)

    ticket = await the_ticket(world)
    assert {"same_name", "differing_niks", "another_member_agrees"} <= codes(ticket)
    weights = {reason["code"]: float(reason["weight"]) for reason in ticket["reasons"]}
    assert weights["differing_niks"] < 0 < weights["same_name"]
    assert 0.5 <= float(ticket["score"]) < 1


async def test_other_families_are_no_duplicates(world: World) -> None:
    await registered(world, *range(1, 6000, 400))

    await compare(world)

    assert await tickets(world) == []


async def test_a_ticket_tells_nothing_of_who_the_families_are(world: World) -> None:
    await pair(world)

    told = json.dumps(await the_ticket(world))

    for secret in ("Contoh", card(1)["kk_number"], card(1)["members"][0]["nik"], "1980-01"):
        assert secret not in told


async def test_the_same_evidence_does_not_ask_twice(world: World) -> None:
    _, second, ticket = await pair(world)
    await world.registry.do(f"{TICKETS}/{ticket}/dismiss", {"reason": "relatives"})

    await world.registry.patch(
        f"/v1/households/{second}", {"address": None}, headers={"If-Match": "*"}
    )
    await scan(world)

    assert [each["state"] for each in await tickets(world)] == ["dismissed"]


async def test_new_evidence_asks_again_and_names_the_ticket_before(world: World) -> None:
    _, second, ticket = await pair(world)
    await world.registry.do(f"{TICKETS}/{ticket}/dismiss", {"reason": "relatives"})

    phone = {"phone": card(1)["phone"]}
    await world.registry.patch(f"/v1/households/{second}", phone, headers={"If-Match": "*"})
    await scan(world)

    [_, again_open] = await tickets(world)
    assert (again_open["state"], again_open["follows"]) == ("open", ticket)
    assert "same_phone" in codes(again_open)


async def scan(world: World) -> dict[str, Json]:
    started = await world.registry.do("/v1/duplicate-scans")
    await jobs.run_pending(world.registry.database, tracer_of(world))
    return await world.registry.read(f"/v1/duplicate-scans/{started['id']}")


async def test_a_scan_compares_families_of_before(world: World) -> None:
    await register(world, card(1))
    await register(world, again(card(1), 1))

    done = await scan(world)

    assert (done["state"], done["done"], done["total"], done["tickets"]) == ("finished", 2, 2, 1)


async def test_one_scan_runs_at_a_time(world: World) -> None:
    await world.registry.do("/v1/duplicate-scans")

    refused = await world.registry.post("/v1/duplicate-scans")

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0710")


async def test_an_unknown_scan_is_not_there(world: World) -> None:
    answer = await world.registry.get(f"/v1/duplicate-scans/{uuid4()}")

    assert (answer.status_code, answer.json()["code"]) == (404, "REG-0711")


async def test_a_scan_goes_on_where_it_was(world: World) -> None:
    for number in range(3):
        await register(world, card(number * 50 + 1))
        await register(world, again(card(number * 50 + 1), number))
    await world.registry.do("/v1/duplicate-scans")

    turns = 0
    more = True
    while more:
        async with world.registry.database.transaction() as uow:
            more = await jobs.scan_on(uow, tracer=tracer_of(world), chunk=2)
        turns += more

    assert turns == 4  # three chunks, and the end
    assert len(await tickets(world)) == 3


async def test_workers_at_the_same_time_open_one_ticket(world: World) -> None:
    first, second, _ = await pair(world)
    async with world.registry.database.transaction() as uow:
        await uow.execute(sa.delete(Ticket))

    async def find() -> int:
        async with world.registry.database.transaction() as uow:
            families = await queries.live(uow.session, [UUID(first), UUID(second)])
            found = await actions.find_duplicates(uow, [each.id for each in families], below=False)
            return found.tickets

    opened = await asyncio.gather(*(find() for _ in range(6)))

    assert sum(opened) == 1
    assert len(await tickets(world)) == 1


async def test_one_person_holds_a_ticket(world: World) -> None:
    _, _, ticket = await pair(world)
    path = f"{TICKETS}/{ticket}"

    answers = await asyncio.gather(
        world.registry.post(f"{path}/take"), world.registry.post(f"{path}/take", as_=COLLEAGUE)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_supervisor_gives_a_ticket_to_another(world: World) -> None:
    _, _, ticket = await pair(world)
    path = f"{TICKETS}/{ticket}"
    await world.registry.do(f"{path}/take")

    given = {"assignee": COLLEAGUE.subject}
    await world.registry.do(f"{path}/assign", given, as_=KEMENSOS_CHECKER)
    refused = await world.registry.post(f"{path}/dismiss", {"reason": "relatives"})
    done = await world.registry.do(f"{path}/dismiss", {"reason": "relatives"}, as_=COLLEAGUE)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0702")
    assert (done["state"], done["dismissal"]) == ("dismissed", "relatives")


async def test_a_pair_is_seen_by_those_who_may_see_both(world: World) -> None:
    told = card(1)
    moved = again(told, 1) | {"desa_code": BANTUL_DESA}
    await register(world, told)
    await register(world, moved)
    await compare(world)

    ticket = await the_ticket(world)
    seen = await world.registry.get(f"{TICKETS}/{ticket['id']}", as_=BANTUL_OFFICER)
    queue = await world.registry.read(TICKETS, as_=BANTUL_OFFICER)

    assert (seen.status_code, seen.json()["code"], queue["items"]) == (404, "REG-0701", [])


async def test_the_queue_is_narrowed_by_place_score_and_state(world: World) -> None:
    await pair(world)

    async def count(query: str) -> int:
        return len(await tickets(world, query))

    assert [await count("?region=33.02"), await count("?region=34")] == [1, 0]
    assert [await count("?min_score=0.9"), await count("?state=dismissed")] == [1, 0]


async def test_a_family_that_leaves_takes_its_tickets_with_it(world: World) -> None:
    first, _, _ = await pair(world)

    closing = {"reason": "moved", "closed_on": "2025-06-01"}
    await world.registry.do(f"/v1/households/{first}/close", closing)
    await world.settle(deliveries=2)

    assert (await the_ticket(world))["state"] == "lapsed"
    assert await world.dead_letters() == []
