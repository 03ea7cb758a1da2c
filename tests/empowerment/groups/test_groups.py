"""Families that work together."""

import asyncio
from uuid import UUID

from contracts.empowerment import GroupActivated, GroupChanged, GroupDissolved
from tests.empowerment.ministry import SUMBERAGUNG, Ministry


async def test_a_group_of_neighbours_begins_and_the_world_is_told(ministry: Ministry) -> None:
    families = await ministry.families(7)

    group = await ministry.working_group(families)

    (told,) = await ministry.world.published(GroupActivated)
    assert told.group_id == UUID(group["id"])
    assert told.leader_household_id == UUID(families[0])
    assert {str(each) for each in told.member_household_ids} == set(families)


async def test_a_group_needs_five_families_and_three_officers(ministry: Ministry) -> None:
    families = await ministry.families(5)
    group = await ministry.group()
    await ministry.join(group, families[:4])

    too_few = await ministry.activate(group)
    await ministry.join(group, families[4:])
    no_officers = await ministry.activate(group)

    assert [a.json()["code"] for a in (too_few, no_officers)] == ["EMP-0605", "EMP-0606"]
    assert await ministry.world.published(GroupActivated) == []


async def test_a_group_has_twenty_families_at_most_however_many_join_at_once(
    ministry: Ministry,
) -> None:
    families = await ministry.families(24)
    group = await ministry.group()

    answers = await asyncio.gather(*(ministry.join(group, [each]) for each in families))

    assert sorted(answer.status_code for answer in answers) == [200] * 20 + [409] * 4
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"EMP-0604"}


async def test_a_family_is_in_one_live_group_however_many_want_it(ministry: Ministry) -> None:
    families = await ministry.families(5)
    groups = [await ministry.group(f"KUBE-{nth:02}") for nth in range(6)]

    answers = await asyncio.gather(
        *(
            ministry.join(group, families if nth % 2 else families[::-1])
            for nth, group in enumerate(groups)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    refusals = [answer.json() for answer in answers if answer.status_code == 409]
    assert {refusal["code"] for refusal in refusals} == {"EMP-0608"}
    assert all(set(refusal["household_ids"]) == set(families) for refusal in refusals)


async def test_families_from_another_kabupaten_do_not_join(ministry: Ministry) -> None:
    neighbour, stranger = await ministry.family(), await ministry.family(desa_code=SUMBERAGUNG)
    group = await ministry.group()

    refused = await ministry.join(group, [neighbour, stranger])

    problem = refused.json()
    assert (problem["code"], problem["household_ids"]) == ("EMP-0607", [stranger])


async def test_a_change_of_a_working_group_is_told(ministry: Ministry) -> None:
    families = await ministry.families(7)
    group = await ministry.working_group(families[:6])

    await ministry.join(group, families[6:])
    left = await _leave(ministry, group["id"], families[3])

    assert left["members"][-1]["reason"] == "pindah kerja"
    told = await ministry.world.published(GroupChanged)
    assert [len(event.member_household_ids) for event in told] == [7, 6]
    assert UUID(families[3]) not in told[-1].member_household_ids


async def test_an_officer_is_replaced_before_leaving(ministry: Ministry) -> None:
    families = await ministry.families(6)
    group = await ministry.working_group(families)
    path = f"/v1/groups/{group['id']}/members/{families[0]}/leave"
    body = {"left_on": "2025-06-01", "reason": "pindah"}

    refused = await ministry.http.post(path, body)
    await ministry.govern(group, families[3:6])
    allowed = await ministry.http.post(path, body)

    assert (refused.status_code, refused.json()["code"]) == (409, "EMP-0610")
    assert allowed.status_code == 200


async def test_officers_are_members(ministry: Ministry) -> None:
    families = await ministry.families(6)
    group = await ministry.group()
    await ministry.join(group, families[:5])

    refused = await ministry.govern(group, families[3:6])

    assert (refused.status_code, refused.json()["code"]) == (409, "EMP-0609")


async def test_a_dissolved_group_frees_its_families(ministry: Ministry) -> None:
    families = await ministry.families(5)
    first = await ministry.working_group(families)
    body = {"dissolved_on": "2025-08-01"}

    await ministry.http.do(f"/v1/groups/{first['id']}/dissolve", body)
    second = await ministry.working_group(families, "KUBE-02")

    assert len(await ministry.world.published(GroupDissolved)) == 1
    shown = await ministry.http.read(f"/v1/groups/{second['id']}")
    assert len(shown["members"]) == 5
    refused = await ministry.join(first, [await ministry.family()])
    assert (refused.status_code, refused.json()["code"]) == (409, "EMP-0603")


async def test_a_number_is_used_once_and_finds_its_group(ministry: Ministry) -> None:
    group = await ministry.group("KUBE-07")

    again = await ministry.http.post(
        "/v1/groups",
        {"number": "KUBE-07", "name": "Lain", "desa_code": SUMBERAGUNG, "formed_on": "2025-04-01"},
    )

    assert (again.status_code, again.json()["code"]) == (409, "EMP-0602")
    found = await ministry.http.read("/v1/groups?number=KUBE-07&region=33.02&state=forming")
    assert [each["id"] for each in found["items"]] == [group["id"]]


async def _leave(
    ministry: Ministry, group_id: str, household_id: str
) -> dict[str, list[dict[str, str]]]:
    body = {"left_on": "2025-06-01", "reason": "pindah kerja"}
    return await ministry.http.do(f"/v1/groups/{group_id}/members/{household_id}/leave", body)
