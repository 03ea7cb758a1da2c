"""The dry run tells of each row what it would do; only what was shown is applied."""

from contracts.registry import HouseholdChanged
from tests.people import KEMENSOS_CHECKER, OOA
from tests.registry.families import KEDUNGBANTENG, card
from tests.registry.imports.files import (
    applied,
    checked,
    families,
    faults,
    file_of,
    line,
    work,
)
from tests.world import Json, World

MOVED = file_of(
    [
        line(card(1), desa_code=KEDUNGBANTENG, phone="0813", member_1_name="Siti Baru", decile="3"),
        line(card(2)),
        line(card(3)),
        line(card(4), kk_number="1"),
    ]
)


async def test_every_row_says_what_it_would_do(world: World) -> None:
    await applied(world, families(1, 2))

    job = await checked(world, MOVED.replace(",0813,", ",081300000000,"))

    rows = await report(world, job)
    assert [(row["row"], row["outcome"]) for row in rows] == [
        (2, "changed"),
        (3, "unchanged"),
        (4, "new"),
        (5, "error"),
    ]
    assert [each["code"] for each in rows[3]["errors"]] == ["string_pattern_mismatch"]
    assert rows[2]["household_id"] is None


async def test_a_change_names_its_fields_and_shows_only_what_names_nobody(world: World) -> None:
    await applied(world, families(1))
    text = MOVED.replace(",0813,", ",081300000000,")

    job = await checked(world, text)

    [changed] = await report(world, job, "?outcome=changed")
    found = {each["field"]: (each["old"], each["new"]) for each in changed["differences"]}
    assert found == {
        "desa_code": (card(1)["desa_code"], KEDUNGBANTENG),
        "phone": (None, None),
        "members/1/name": (None, None),
        "decile": (None, 3),
    }
    assert "Siti" not in str(changed)
    assert "0813" not in str(changed)


async def test_members_who_come_and_go_are_counted(world: World) -> None:
    await applied(world, families(1))
    other = card(60)["members"][1]
    cells = {f"member_2_{name}": str(value) for name, value in other.items()}

    job = await checked(world, file_of([line(card(1), **cells)]))

    [changed] = await report(world, job)
    found = {each["field"]: (each["old"], each["new"]) for each in changed["differences"]}
    assert found == {"members/added": (None, 1), "members/removed": (1, None)}


async def test_the_report_is_read_page_by_page(world: World) -> None:
    job = await checked(world, families(1, 2, 3))
    path = f"/v1/household-imports/{job['id']}/rows?outcome=new&limit=2"

    first = await world.registry.read(path)
    second = await world.registry.read(f"{path}&cursor={first['next']}")

    assert [row["row"] for row in (*first["items"], *second["items"])] == [2, 3, 4]
    assert second["next"] is None


async def test_the_report_is_of_ones_own_organisation(world: World) -> None:
    job = await checked(world, families(1))

    hidden = await world.registry.get(f"/v1/household-imports/{job['id']}/rows", as_=OOA)

    assert (hidden.status_code, hidden.json()["code"]) == (404, "REG-0601")


async def test_a_family_that_changed_since_the_check_is_left_as_it_is(world: World) -> None:
    await applied(world, families(1, 2))
    job = await checked(world, file_of([line(card(n), address="Jalan Baru") for n in (1, 2)]))
    await applied(world, file_of([line(card(1), address="Jalan Lain")]))

    after = await decided(world, job)

    assert (after["counts"]["changed"], after["counts"]["errors"]) == (1, 1)
    [fault] = await faults(world, after)
    assert (fault["row"], fault["code"]) == (2, "changed_since_check")
    assert len(await world.published(HouseholdChanged)) == 2


async def test_a_family_that_came_since_the_check_is_left_as_it_is(world: World) -> None:
    job = await checked(world, families(1, 2))
    await world.registry.do("/v1/households", card(1) | {"phone": "081999999999"})

    after = await decided(world, job)

    assert (after["counts"]["new"], after["counts"]["errors"]) == (1, 1)
    [fault] = await faults(world, after)
    assert (fault["row"], fault["column"], fault["code"]) == (2, "reference", "changed_since_check")


async def report(world: World, job: Json, query: str = "") -> list[Json]:
    page = await world.registry.read(f"/v1/household-imports/{job['id']}/rows{query}")
    items: list[Json] = page["items"]
    return items


async def decided(world: World, job: Json) -> Json:
    path = f"/v1/household-imports/{job['id']}"
    await world.registry.do(f"{path}/approve", as_=KEMENSOS_CHECKER)
    await work(world)
    return await world.registry.read(path)
