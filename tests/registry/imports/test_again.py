"""A file that failed may come again; one that cannot be dealt with gives up, and says where."""

import sqlalchemy as sa

from services.registry.imports.actions import LINES_A_CHUNK
from tests.people import BANTUL_OFFICER, KEMENSOS_CHECKER, person
from tests.registry.families import BANTUL_DESA, card
from tests.registry.imports.files import checked, families, file_of, line, timer, upload, work
from tests.world import Json, World

OFFICERS = (
    BANTUL_OFFICER,
    person("banyumas-officer", organisation="kemensos", regions=("33.02",)),
)
ROWS = LINES_A_CHUNK + 20
SPOIL = sa.text("UPDATE import_chunks SET lines = 'spoiled' WHERE import_id = :job AND number = 1")


async def test_a_colleague_may_upload_what_failed_for_an_officer(world: World) -> None:
    failed = await upload(world, families(1), as_=BANTUL_OFFICER)
    await work(world)

    colleagues = await upload(world, families(1), as_=OFFICERS[1])
    await work(world)

    assert (failed.status_code, colleagues.status_code) == (202, 202)
    assert await state_of(world, failed.json()) == "failed"
    assert await state_of(world, colleagues.json()) == "checked"


async def test_two_officers_bring_their_areas_families_from_one_file(world: World) -> None:
    text = file_of([line(card(1)), line(card(2, desa_code=BANTUL_DESA))])

    jobs = [(await upload(world, text, as_=each)).json() for each in OFFICERS]
    await work(world)
    for job in jobs:
        await approve(world, job)

    page = await world.registry.read("/v1/households")
    assert sorted(family["reference"] for family in page["items"]) == ["OOA-0001", "OOA-0002"]


async def test_a_file_that_we_cannot_check_fails_and_names_the_rows(world: World) -> None:
    job = (await upload(world, families(*range(1, ROWS + 1)))).json()
    await spoil(world, job)

    await work(world)

    after = await world.registry.read(path_of(job), headers={"Accept-Language": "en"})
    stuck = after["stuck"]
    assert (after["state"], stuck["code"]) == ("failed", "REG-0607")
    assert (stuck["first_row"], stuck["last_row"]) == (LINES_A_CHUNK + 2, ROWS + 1)
    assert f"Rows {LINES_A_CHUNK + 2} to {ROWS + 1}" in stuck["detail"]


async def test_a_file_that_we_cannot_apply_fails_and_may_come_again(world: World) -> None:
    text = families(*range(1, ROWS + 1))
    job = await checked(world, text)
    await spoil(world, job)

    await approve(world, job)
    again = await checked(world, text)

    assert await state_of(world, job) == "failed"
    assert again["id"] != job["id"]
    assert again["counts"]["unchanged"] == LINES_A_CHUNK
    assert again["counts"]["new"] == ROWS - LINES_A_CHUNK
    assert again["stuck"] is None


async def test_a_file_that_fails_holds_up_no_other(world: World) -> None:
    bad = (await upload(world, families(*range(1, ROWS + 1)))).json()
    await spoil(world, bad)
    good = (await upload(world, families(ROWS + 1))).json()

    await timer(world).run_once(world.registry.database)

    assert await state_of(world, bad) == "checking"
    assert await state_of(world, good) == "checked"


async def approve(world: World, job: Json) -> None:
    await world.registry.do(f"{path_of(job)}/approve", as_=KEMENSOS_CHECKER)
    await work(world)


async def spoil(world: World, job: Json) -> None:
    """Damage what is kept of the second chunk, so that nobody can open it."""
    async with world.registry.database.engine.begin() as connection:
        await connection.execute(SPOIL, {"job": job["id"]})


async def state_of(world: World, job: Json) -> str:
    return str((await world.registry.read(path_of(job)))["state"])


def path_of(job: Json) -> str:
    return f"/v1/household-imports/{job['id']}"
