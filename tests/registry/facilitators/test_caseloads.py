"""Pendamping have caseloads in their own area; a transfer keeps the history."""

import asyncio
from uuid import uuid4

from contracts.registry import CaseloadAssigned
from tests.people import BANTUL_OFFICER
from tests.registry.families import BANTUL_DESA, everything_stored, registered
from tests.world import Json, World


async def pendamping(world: World, number: str, area_code: str = "33.02") -> str:
    body = {"employee_number": number, "name": "Rina Contoh", "area_code": area_code}
    return str((await world.registry.do("/v1/facilitators", body))["id"])


async def entrust(world: World, facilitator: str, *families: str) -> Json:
    body = {"household_ids": list(families), "assigned_on": "2025-02-01"}
    return await world.registry.post(f"/v1/facilitators/{facilitator}/caseload", body)


async def transfer(world: World, giver: str, taker: str, *families: str, on: str) -> Json:
    body = {"household_ids": list(families), "to_facilitator_id": taker, "on": on}
    return await world.registry.post(f"/v1/facilitators/{giver}/transfers", body)


async def caseload(world: World, facilitator: str) -> list[str]:
    page = await world.registry.read(f"/v1/facilitators/{facilitator}/caseload")
    return [each["household_id"] for each in page["items"]]


async def test_a_pendamping_is_shown_with_a_target_of_ten(world: World) -> None:
    rina = await pendamping(world, "P-1")

    shown = await world.registry.read(f"/v1/facilitators/{rina}")

    assert (shown["name"], shown["yearly_target"]) == ("Rina Contoh", 10)
    assert "Rina Contoh" not in await everything_stored(world)


async def test_an_employee_number_is_used_once(world: World) -> None:
    await pendamping(world, "P-1")

    refused = await world.registry.post(
        "/v1/facilitators",
        {"employee_number": "P-1", "name": "Dewi Contoh", "area_code": "33.01"},
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0502")


async def test_pendamping_are_seen_in_their_area(world: World) -> None:
    rina = await pendamping(world, "P-1")

    hidden = await world.registry.get(f"/v1/facilitators/{rina}", as_=BANTUL_OFFICER)

    assert (hidden.status_code, hidden.json()["code"]) == (404, "REG-0501")
    assert (await world.registry.read("/v1/facilitators?area=33"))["items"][0]["id"] == rina


async def test_entrusted_families_are_told_and_shown(world: World) -> None:
    rina = await pendamping(world, "P-1")
    first, second = await registered(world, 1, 2)

    answer = await entrust(world, rina, first, second)
    again = await entrust(world, rina, first)

    assert answer.json() == {"assigned": 2, "unchanged": 0}
    assert again.json() == {"assigned": 0, "unchanged": 1}
    assert await caseload(world, rina) == [first, second]
    shown = await world.registry.read(f"/v1/households/{first}")
    assert shown["facilitator_id"] == rina
    assert len(await world.published(CaseloadAssigned)) == 2


async def test_a_family_has_one_pendamping_however_many_ask_at_once(world: World) -> None:
    many = [await pendamping(world, f"P-{number}") for number in range(5)]
    [family] = await registered(world, 1)

    answers = await asyncio.gather(*(entrust(world, each, family) for each in many))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 4
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "REG-0503"
    assert refused.json()["errors"][0]["pointer"] == "/household_ids/0"


async def test_families_outside_the_area_are_refused_with_all_others(world: World) -> None:
    rina = await pendamping(world, "P-1")
    [near] = await registered(world, 1)
    [far] = await registered(world, 2, desa_code=BANTUL_DESA)

    refused = await entrust(world, rina, near, far)

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0504")
    assert refused.json()["errors"][0]["pointer"] == "/household_ids/1"
    assert await caseload(world, rina) == []


async def test_a_transfer_moves_families_and_keeps_the_history(world: World) -> None:
    rina, dewi = await pendamping(world, "P-1"), await pendamping(world, "P-2")
    first, second = await registered(world, 1, 2)
    await entrust(world, rina, first, second)

    answer = await transfer(world, rina, dewi, first, on="2025-04-01")

    assert answer.json() == {"transferred": 1}
    assert (await caseload(world, rina), await caseload(world, dewi)) == ([second], [first])
    before = await world.registry.read(f"/v1/households/{first}/versions?as_of=2025-03-31")
    assert before["items"][0]["facilitator_id"] == rina


async def test_a_transfer_takes_only_the_givers_families(world: World) -> None:
    rina, dewi = await pendamping(world, "P-1"), await pendamping(world, "P-2")
    [family] = await registered(world, 1)

    refused = await transfer(world, rina, dewi, family, on="2025-04-01")

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0505")


async def test_a_transfer_needs_two(world: World) -> None:
    rina = await pendamping(world, "P-1")

    refused = await transfer(world, rina, rina, str(uuid4()), on="2025-04-01")

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0506")


async def test_a_transfer_is_not_before_the_assignment(world: World) -> None:
    rina, dewi = await pendamping(world, "P-1"), await pendamping(world, "P-2")
    [family] = await registered(world, 1)
    await entrust(world, rina, family)

    refused = await transfer(world, rina, dewi, family, on="2025-01-31")

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0507")
    assert await caseload(world, rina) == [family]


async def test_a_closed_family_leaves_the_caseload(world: World) -> None:
    rina = await pendamping(world, "P-1")
    [family] = await registered(world, 1)
    await entrust(world, rina, family)

    await world.registry.do(
        f"/v1/households/{family}/close", {"reason": "moved", "closed_on": "2025-03-01"}
    )
    await world.settle(deliveries=2)

    assert await caseload(world, rina) == []
