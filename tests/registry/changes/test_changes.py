"""What decides who a family is changes by two people's word, and only as both saw it."""

import asyncio
from datetime import date

import sqlalchemy as sa

from contracts.registry import HouseholdChanged, HouseholdStatusChanged
from tests.people import BANTUL_OFFICER, KEMENSOS, KEMENSOS_CHECKER, person
from tests.registry.changes.asking import ask, decide, family, patch, refused, shown, version_of
from tests.registry.families import (
    BANTUL_DESA,
    KEBASEN,
    KEDUNGBANTENG,
    everything_stored,
    nik,
    registered,
)
from tests.world import World

OTHER_KK, OTHER_CHECKER = "3302050101990000", person("second-checker", organisation="kemensos")


async def test_a_second_person_approves_and_the_record_changes(world: World) -> None:
    [siti] = await registered(world, 1)
    before = await version_of(world, siti)

    change = await ask(world, siti, kk_number=OTHER_KK)
    applied = await decide(world, change)

    now = await family(world, siti)
    [version] = (await world.registry.read(f"/v1/households/{siti}/versions?cursor={before}"))[
        "items"
    ]
    assert (change["state"], applied["state"]) == ("proposed", "applied")
    assert now["kk_number"] == "3302********0000"
    assert applied["applied_version"] == now["version"] == version["version"]
    assert (version["changed_by"], version["reason"]) == (KEMENSOS.subject, "corrected")
    assert version["effective_on"] == "2025-06-01"


async def test_nothing_changes_before_the_decision(world: World) -> None:
    [siti] = await registered(world, 1)

    await ask(world, siti, desa_code=KEDUNGBANTENG)

    assert (await family(world, siti))["desa_code"] == KEBASEN
    assert await world.published(HouseholdChanged) == []


async def test_the_maker_does_not_decide(world: World) -> None:
    [siti] = await registered(world, 1)
    change = await ask(world, siti, kk_number=OTHER_KK)

    approval = await decide(world, change, as_=KEMENSOS)
    refusal = await decide(world, change, "refuse", as_=KEMENSOS, reason="wrong")

    assert (approval["code"], refusal["code"]) == ("REG-1002", "REG-1002")
    assert (await shown(world, change))["state"] == "proposed"


async def test_a_corrected_member_stays_the_same_person(world: World) -> None:
    [siti] = await registered(world, 1)
    [mother, son] = (await family(world, siti))["members"]
    right_nik = nik(KEBASEN, date(1979, 5, 17), woman=True)
    correction = {
        "member_id": mother["id"],
        "nik": right_nik,
        "name": "Siti Aminah",
        "birth_date": "1979-05-17",
    }

    await decide(world, await ask(world, siti, members=[correction]))

    [mother_now, son_now] = (await family(world, siti))["members"]
    assert (mother_now["id"], mother_now["birth_year"]) == (mother["id"], 1979)
    assert son_now == son
    assert len(await known_of(world, mother["id"])) == 2


async def known_of(world: World, member_id: str) -> list[tuple[int, int | None]]:
    query = sa.text(
        "SELECT since_version, until_version FROM household_members"
        " WHERE id = :id ORDER BY since_version"
    )
    async with world.registry.database.transaction() as uow:
        rows = await uow.execute(query, {"id": member_id})
        return [(row.since_version, row.until_version) for row in rows]


async def test_a_file_told_again_does_not_undo_a_correction(world: World) -> None:
    """What the sender told last stays its fingerprint."""
    [siti] = await registered(world, 1)
    before = await fingerprint(world, siti)

    await decide(world, await ask(world, siti, kk_number=OTHER_KK))

    assert await fingerprint(world, siti) == before


async def fingerprint(world: World, household_id: str) -> bytes:
    query = sa.text("SELECT fingerprint FROM households WHERE id = :id")
    async with world.registry.database.transaction() as uow:
        return bytes((await uow.execute(query, {"id": household_id})).scalar_one())


async def test_a_record_that_changed_meanwhile_makes_a_conflict(world: World) -> None:
    [siti] = await registered(world, 1)
    change = await ask(world, siti, desa_code=KEDUNGBANTENG)
    await patch(world, siti, desa_code=BANTUL_DESA)

    conflicted = await decide(world, change)

    assert conflicted["state"] == "conflicted"
    assert conflicted["values"] == [
        {
            "pointer": "/desa_code",
            "before": KEBASEN,
            "proposed": KEDUNGBANTENG,
            "now": BANTUL_DESA,
            "overtaken": True,
        }
    ]
    assert (await family(world, siti))["desa_code"] == BANTUL_DESA


async def test_its_maker_rebases_a_conflict_and_it_can_be_approved(world: World) -> None:
    [siti] = await registered(world, 1)
    change = await ask(world, siti, desa_code=KEDUNGBANTENG)
    await patch(world, siti, desa_code=BANTUL_DESA)
    await decide(world, change)

    by_another = await decide(world, change, "rebase")
    rebased = await decide(world, change, "rebase", as_=KEMENSOS)
    applied = await decide(world, change)

    assert by_another["code"] == "REG-1003"
    assert (rebased["state"], rebased["values"][0]["before"]) == ("proposed", BANTUL_DESA)
    assert applied["state"] == "applied"
    assert (await family(world, siti))["desa_code"] == KEDUNGBANTENG


async def test_what_changed_elsewhere_in_the_record_is_no_conflict(world: World) -> None:
    [siti] = await registered(world, 1)
    change = await ask(world, siti, desa_code=KEDUNGBANTENG)
    await patch(world, siti, phone="081299999999")

    applied = await decide(world, change)

    assert applied["state"] == "applied"


async def test_two_requests_for_the_same_field_apply_once(world: World) -> None:
    [siti] = await registered(world, 1)
    first = await ask(world, siti, desa_code=KEDUNGBANTENG)
    second = await ask(world, siti, desa_code=BANTUL_DESA)

    states = [(await decide(world, change))["state"] for change in (first, second)]

    assert states == ["applied", "conflicted"]


async def test_two_checkers_at_once_apply_once(world: World) -> None:
    [siti] = await registered(world, 1)
    before = await version_of(world, siti)
    change = await ask(world, siti, kk_number=OTHER_KK)

    answers = await asyncio.gather(decide(world, change), decide(world, change, as_=OTHER_CHECKER))

    outcomes = sorted(str(answer.get("state") or answer["code"]) for answer in answers)
    assert outcomes == ["KER-0003", "applied"]
    assert await version_of(world, siti) == before + 1
    assert len(await world.published(HouseholdChanged)) == 1


async def test_a_status_is_corrected_along_the_lifecycle_only(world: World) -> None:
    [siti] = await registered(world, 1)

    impossible = await refused(world, siti, status="returned")
    await decide(world, await ask(world, siti, status="assisted"))

    [told] = await world.published(HouseholdStatusChanged)
    assert impossible == "KER-0003"
    assert (await family(world, siti))["status"] == "assisted"
    assert (told.status, told.reason) == ("assisted", "status_corrected")


async def test_values_are_sealed_at_rest_and_masked_to_readers(world: World) -> None:
    [siti] = await registered(world, 1)
    [mother, _] = (await family(world, siti))["members"]
    correction = {"member_id": mother["id"], "name": "Siti Aminah", "birth_date": "1979-05-17"}

    change = await ask(world, siti, kk_number=OTHER_KK, phone="081277777123", members=[correction])

    proposed = {value["pointer"].split("/")[-1]: value["proposed"] for value in change["values"]}
    stored = await everything_stored(world)
    assert proposed == {
        "kk_number": "3302********0000",
        "phone": "***123",
        "name": "S*** A***",
        "birth_date": "1979-**-**",
    }
    assert "Aminah" not in stored
    assert OTHER_KK not in stored


async def test_a_request_is_refused_for_a_reason_or_withdrawn_by_its_maker(world: World) -> None:
    [siti] = await registered(world, 1)
    refused_one = await ask(world, siti, kk_number=OTHER_KK)
    withdrawn_one = await ask(world, siti, kk_number=OTHER_KK)

    refusal = await decide(world, refused_one, "refuse", reason="not_proven")
    by_another = await decide(world, withdrawn_one, "withdraw")
    withdrawal = await decide(world, withdrawn_one, "withdraw", as_=KEMENSOS)

    assert (refusal["state"], refusal["refusal"]) == ("refused", "not_proven")
    assert refusal["decided_by"] == KEMENSOS_CHECKER.subject
    assert (by_another["code"], withdrawal["state"]) == ("REG-1003", "withdrawn")


async def test_a_request_must_name_what_the_record_can_become(world: World) -> None:
    [siti, budi] = await registered(world, 1, 2)
    [stranger, *_] = (await family(world, budi))["members"]
    [mother, son] = (await family(world, siti))["members"]
    same_person = nik(KEBASEN, date(2010, 1, 1), woman=False)
    taken = f"330205{date.fromordinal(date(1980, 1, 1).toordinal() + 2):%d%m}100000"

    assert await refused(world, siti) == "REG-1005"
    assert await refused(world, siti, desa_code=KEBASEN) == "REG-1005"
    assert await refused(world, siti, desa_code="33.02.05.2999") == "REG-0102"
    assert await refused(world, siti, kk_number=taken) == "REG-0203"
    assert await refused(world, siti, household_version=999) == "REG-1004"
    assert (
        await refused(world, siti, members=[{"member_id": stranger["id"], "name": "X"}])
        == "REG-1006"
    )
    assert (
        await refused(
            world,
            siti,
            members=[{"member_id": each["id"], "nik": same_person} for each in (mother, son)],
        )
        == "REG-0204"
    )


async def test_a_family_out_of_sight_has_no_requests(world: World) -> None:
    [siti] = await registered(world, 1)
    change = await ask(world, siti, kk_number=OTHER_KK)

    answer = await world.registry.get(f"/v1/household-changes/{change['id']}", as_=BANTUL_OFFICER)
    listed = await world.registry.read("/v1/household-changes", as_=BANTUL_OFFICER)

    assert answer.json()["code"] == "REG-1001"
    assert listed["items"] == []


async def test_requests_are_listed_by_family_and_state(world: World) -> None:
    [siti, budi] = await registered(world, 1, 2)
    waiting = await ask(world, siti, kk_number=OTHER_KK)
    await decide(world, await ask(world, budi, desa_code=KEDUNGBANTENG))

    by_state = await world.registry.read("/v1/household-changes?state=proposed")
    by_family = await world.registry.read(f"/v1/household-changes?household_id={budi}")

    assert [each["id"] for each in by_state["items"]] == [waiting["id"]]
    assert [each["state"] for each in by_family["items"]] == ["applied"]
