"""A file is checked, approved by a second person, and applied; the same again changes nothing."""

import pytest

from contracts.registry import DecileRecorded, HouseholdChanged, HouseholdRegistered
from tests.people import BANTUL_OFFICER, KEMENSOS_CHECKER, OOA
from tests.registry.families import KEDUNGBANTENG, card, everything_stored, registered
from tests.registry.imports.files import (
    applied,
    checked,
    families,
    faults,
    file_of,
    line,
    timer,
    upload,
    work,
)
from tests.world import World

NO_ROWS = {"new": 0, "unchanged": 0, "changed": 0, "errors": 0}


async def test_a_checked_file_has_changed_nothing_yet(world: World) -> None:
    job = await checked(world, families(1, 2))

    assert (job["state"], job["phase"], job["done"], job["total"]) == ("checked", "check", 2, 2)
    assert job["counts"] == NO_ROWS | {"rows": 2, "new": 2}
    assert (await world.registry.read("/v1/households"))["items"] == []


async def test_an_approved_file_registers_its_families(world: World) -> None:
    job = await applied(world, families(1, 2))

    assert (job["state"], job["phase"], job["done"]) == ("applied", "apply", 2)
    assert job["counts"] == NO_ROWS | {"rows": 2, "new": 2}
    assert job["rate"] > 0
    page = await world.registry.read("/v1/households")
    assert [family["reference"] for family in page["items"]] == ["OOA-0001", "OOA-0002"]
    assert len(await world.published(HouseholdRegistered)) == 2


async def test_a_family_of_a_file_is_as_one_of_the_api(world: World) -> None:
    by_hand = await world.registry.do("/v1/households", card(1))

    job = await checked(world, families(1))

    assert job["counts"] == NO_ROWS | {"rows": 1, "unchanged": 1}
    assert by_hand["version"] == 1


async def test_the_same_file_again_is_the_same_import(world: World) -> None:
    first = await upload(world, families(1))
    await work(world)

    again = await upload(world, families(1))

    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["Location"] == first.headers["Location"]
    assert again.json()["state"] == "checked"


async def test_a_later_file_brings_what_is_new_and_what_changed(world: World) -> None:
    await applied(world, families(1, 2))
    later = file_of(
        [line(card(1)), line(card(2), desa_code=KEDUNGBANTENG), line(card(3), phone="")]
    )

    job = await applied(world, later)

    assert job["counts"] == NO_ROWS | {"rows": 3, "new": 1, "unchanged": 1, "changed": 1}
    page = await world.registry.read(f"/v1/households?region={KEDUNGBANTENG}")
    assert [family["reference"] for family in page["items"]] == ["OOA-0002"]
    assert len(await world.published(HouseholdChanged)) == 1


async def test_a_member_who_stays_keeps_their_id(world: World) -> None:
    await applied(world, families(1))
    before = (await world.registry.read("/v1/households"))["items"][0]

    await applied(world, file_of([line(card(1), member_1_name="Siti Baru")]))

    after = (await world.registry.read("/v1/households"))["items"][0]
    assert after["version"] == before["version"] + 1
    assert after["members"] == before["members"]


async def test_deciles_of_a_file_go_to_the_ledger(world: World) -> None:
    await applied(world, file_of([line(card(1), decile="2"), line(card(2))]))

    [event] = await world.published(DecileRecorded)
    assert (event.cycle, event.decile) == ("2025Q1", 2)
    page = await world.registry.read("/v1/households")
    assert [family["decile"] for family in page["items"]] == [2, None]


async def test_a_decile_that_differs_from_the_ledger_is_an_error(world: World) -> None:
    await applied(world, file_of([line(card(1), decile="2")]))

    job = await checked(world, file_of([line(card(1), decile="3"), line(card(2))]))

    assert [(each["row"], each["column"], each["code"]) for each in await faults(world, job)] == [
        (2, "decile", "decile_differs")
    ]


async def test_errors_name_row_and_column_in_both_languages_and_never_the_value(
    world: World,
) -> None:
    wrong = line(card(1), kk_number="3302050201", member_2_birth_date="17-8-1945")
    strange = line(card(2), desa_code="33.02.05.9999", decile="11")

    job = await checked(world, file_of([wrong, strange, line(card(3))]))

    found = await faults(world, job)
    assert job["state"] == "checked"
    assert job["counts"] == NO_ROWS | {"rows": 3, "new": 1, "errors": 2}
    assert {(each["row"], each["column"]) for each in found} == {
        (2, "kk_number"),
        (2, "member_2_birth_date"),
        (3, "decile"),
    }
    assert found[0]["detail"] != (await faults(world, job, language="id"))[0]["detail"]
    assert "3302050201" not in str(found)
    assert "1945" not in str(found)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"desa_code": "33.02.05.9999"}, "desa_code", "desa_unknown"),
        ({"member_2_relation": "head"}, "member_1_relation", "one_head_needed"),
        ({"member_2_nik": card(9)["members"][0]["nik"]}, "member_1_nik", "nik_twice_in_family"),
        ({"member_2_name": ""}, "member_2_name", "missing"),
        ({"member_1_nik": "3.30205E+15"}, "member_1_nik", "string_pattern_mismatch"),
        ({"registered_on": "1999-12-31"}, "registered_on", "value_error"),
        ({"reference": "OOA-0001"}, "reference", "reference_twice_in_file"),
        ({"kk_number": card(1)["kk_number"]}, "kk_number", "kk_twice_in_file"),
    ],
)
async def test_what_is_wrong_in_a_row_is_told(
    world: World, cells: dict[str, str], column: str, code: str
) -> None:
    job = await checked(world, file_of([line(card(1)), line(card(9), **cells)]))

    assert [(each["row"], each["column"], each["code"]) for each in await faults(world, job)] == [
        (3, column, code)
    ]


async def test_rows_with_errors_are_left_out(world: World) -> None:
    job = await applied(world, file_of([line(card(1)), line(card(2), kk_number="1")]))

    assert job["counts"] == NO_ROWS | {"rows": 2, "new": 1, "errors": 1}
    page = await world.registry.read("/v1/households")
    assert [family["reference"] for family in page["items"]] == ["OOA-0001"]


async def test_what_happens_between_check_and_apply_is_not_run_over(world: World) -> None:
    job = await checked(world, families(1, 2))
    await world.registry.do("/v1/households", card(1) | {"reference": "OOA-0009"})

    path = f"/v1/household-imports/{job['id']}"
    await world.registry.do(f"{path}/approve", as_=KEMENSOS_CHECKER)
    await work(world)

    after = await world.registry.read(path)
    assert after["counts"] == NO_ROWS | {"rows": 2, "new": 1, "errors": 1}
    assert [each["code"] for each in await faults(world, after)] == ["kk_taken"]


async def test_a_file_changes_only_its_organisations_families(world: World) -> None:
    await world.registry.do("/v1/households", card(1), as_=OOA)

    job = await checked(world, file_of([line(card(1), phone=""), line(card(2))]))

    assert [each["code"] for each in await faults(world, job)] == ["another_organisations"]


async def test_a_closed_family_is_not_changed_by_a_file(world: World) -> None:
    [family] = await registered(world, 1)
    await world.registry.do(
        f"/v1/households/{family}/close", {"reason": "moved", "closed_on": "2025-03-01"}
    )

    job = await checked(world, families(1, 2))

    assert [each["code"] for each in await faults(world, job)] == ["household_closed"]


async def test_an_officers_file_is_about_their_own_area(world: World) -> None:
    job = (await upload(world, families(1), as_=BANTUL_OFFICER)).json()
    await work(world)

    found = await faults(world, job)
    assert [each["code"] for each in found] == ["outside_your_region"]
    assert (await world.registry.read(f"/v1/household-imports/{job['id']}"))["state"] == "failed"


async def test_who_uploads_does_not_decide(world: World) -> None:
    job = await checked(world, families(1))

    approved = await world.registry.post(f"/v1/household-imports/{job['id']}/approve")
    refused = await world.registry.post(f"/v1/household-imports/{job['id']}/refuse")

    assert [approved.status_code, refused.status_code] == [403, 403]
    assert approved.json()["code"] == "REG-0602"


async def test_a_file_is_decided_about_once_it_is_checked(world: World) -> None:
    job = (await upload(world, families(1))).json()

    early = await world.registry.post(
        f"/v1/household-imports/{job['id']}/approve", as_=KEMENSOS_CHECKER
    )

    assert (early.status_code, early.json()["code"]) == (409, "KER-0003")


@pytest.mark.parametrize("decision", ["approve", "refuse"])
async def test_a_file_is_sealed_while_it_waits_and_forgotten_afterwards(
    world: World, decision: str
) -> None:
    job = await checked(world, families(1))
    waiting = await everything_stored(world)

    await world.registry.do(f"/v1/household-imports/{job['id']}/{decision}", as_=KEMENSOS_CHECKER)
    await work(world)

    async with world.registry.database.engine.connect() as connection:
        left = await connection.exec_driver_sql("SELECT count(*) FROM import_chunks")
        assert left.scalar_one() == 0
    assert card(1)["kk_number"] not in waiting
    assert card(1)["kk_number"].encode().hex() not in waiting


async def test_semicolons_and_a_byte_order_mark_are_read(world: World) -> None:
    text = "\ufeff" + file_of([line(card(1))], delimiter=";") + "\r\n"

    job = await checked(world, text)

    assert job["counts"] == NO_ROWS | {"rows": 1, "new": 1}


async def test_a_file_of_other_columns_is_refused_without_repeating_them(world: World) -> None:
    refused = await upload(world, "reference,3302054101800000\nx,y\n")

    pointers = {each["pointer"] for each in refused.json()["errors"]}
    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0605")
    assert {"/columns/kk_number", "/columns/1"} <= pointers
    assert "3302054101800000" not in refused.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a" * 70_000])
async def test_what_is_no_text_is_refused(world: World, body: bytes) -> None:
    refused = await upload(world, body)

    assert (refused.status_code, refused.json()["code"]) in {
        (400, "REG-0604"),
        (400, "REG-0605"),
        (400, "REG-0641"),
    }


async def test_what_is_no_csv_is_refused(world: World) -> None:
    refused = await world.registry.post("/v1/household-imports?filename=x.csv", {"a": 1})

    assert (refused.status_code, refused.json()["code"]) == (415, "REG-0606")


async def test_a_file_of_another_organisation_is_not_seen(world: World) -> None:
    job = (await upload(world, families(1))).json()

    hidden = await world.registry.get(f"/v1/household-imports/{job['id']}", as_=OOA)

    assert (hidden.status_code, hidden.json()["code"]) == (404, "REG-0601")
    assert len((await world.registry.read("/v1/household-imports"))["items"]) == 1


async def test_a_file_without_rows_has_failed(world: World) -> None:
    job = await checked(world, file_of([]))

    assert (job["state"], job["total"]) == ("failed", 0)


async def test_the_workers_timer_moves_files_on(world: World) -> None:
    job = (await upload(world, families(1))).json()

    await timer(world).run_once(world.registry.database)

    shown = await world.registry.read(f"/v1/household-imports/{job['id']}")
    assert shown["state"] == "checked"
