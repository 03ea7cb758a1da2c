"""Rejected rows come back as a workbook: marked, harmless, for a while; corrected, they pass."""

import io
from datetime import timedelta

import pytest
import python_calamine
import sqlalchemy as sa

from services.registry.imports import rejected
from tests.people import KEMENSOS_CHECKER, OOA, person
from tests.registry.families import card, everything_stored
from tests.registry.imports.books import book, part_of, rows_of, send
from tests.registry.imports.files import COLUMNS, checked, file_of, line, work
from tests.world import Json, World

READER = person(
    "kemensos-reader", organisation="kemensos", scopes=frozenset({"registry.imports:read"})
)
LONG_AGO = sa.text("UPDATE household_imports SET changed_at = changed_at - interval '8 days'")


def wrong_file() -> str:
    return file_of(
        [
            line(card(1)),
            line(card(2), kk_number="12", address="=HYPERLINK(1)"),
            line(card(3), member_1_birth_date="1-1-1980", phone="+628120000"),
        ]
    )


async def workbook(world: World, job: Json, **rest: Json) -> Json:
    return await world.registry.get(f"/v1/household-imports/{job['id']}/workbook", **rest)


def rows(content: bytes) -> list[list[str]]:
    sheet = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


async def test_rejected_rows_come_back_with_words_and_marks(world: World) -> None:
    job = await checked(world, wrong_file())

    answer = await workbook(world, job, headers={"Accept-Language": "en"})

    header, *sent = rows(answer.content)
    assert answer.headers["Cache-Control"] == "no-store"
    assert header == [*COLUMNS, "error"]
    assert [row[0] for row in sent] == ["OOA-0002", "OOA-0003"]
    assert sent[0][-1] == "Row 3, kk_number: Does not match the pattern."
    comments = part_of(answer.content, "xl/comments1.xml").decode()
    assert 'ref="B2"' in comments
    assert f'ref="{chr(ord("A") + COLUMNS.index("member_1_birth_date"))}3"' in comments


async def test_what_looks_like_a_formula_stays_text(world: World) -> None:
    job = await checked(world, wrong_file())

    content = (await workbook(world, job)).content

    assert "<f>" not in part_of(content, "xl/worksheets/sheet1.xml").decode()
    assert 'quotePrefix="1"' in part_of(content, "xl/styles.xml").decode()
    assert rows(content)[1][COLUMNS.index("address")] == "=HYPERLINK(1)"


async def test_corrected_and_sent_again_the_rows_pass(world: World) -> None:
    given = rows_of(1, 2)
    given[2][COLUMNS.index("kk_number")] = 3302050107150000
    job = (await send(world, book(given))).json()
    await work(world)
    header, row = rows((await workbook(world, job)).content)

    row[COLUMNS.index("kk_number")] = card(2)["kk_number"]
    again = await send(world, book([header, row]))
    await work(world)

    after = await world.registry.read(f"/v1/household-imports/{again.json()['id']}")
    assert (after["counts"]["new"], after["counts"]["errors"]) == (1, 0)


async def test_the_workbook_is_for_those_who_may_upload_in_the_organisation(world: World) -> None:
    job = await checked(world, wrong_file())

    strangers = await workbook(world, job, as_=OOA)
    readers = await workbook(world, job, as_=READER)

    assert (strangers.status_code, readers.status_code) == (404, 403)


async def test_the_workbook_outlives_the_import_by_a_week(world: World) -> None:
    job = await checked(world, wrong_file())
    await world.registry.do(f"/v1/household-imports/{job['id']}/approve", as_=KEMENSOS_CHECKER)
    await work(world)
    still = await workbook(world, job)

    async with world.registry.database.engine.begin() as connection:
        await connection.execute(LONG_AGO)
    await rejected.timer().run_once(world.registry.database)
    gone = await workbook(world, job, headers={"Accept-Language": "en"})

    assert (still.status_code, gone.status_code) == (200, 404)
    assert (gone.json()["code"], timedelta(days=7)) == ("REG-0653", rejected.KEPT)


async def test_rejected_rows_are_kept_sealed(world: World) -> None:
    await checked(world, wrong_file())

    stored = await everything_stored(world)

    assert card(3)["kk_number"] not in stored
    assert card(3)["kk_number"].encode().hex() not in stored


@pytest.mark.parametrize(("language", "name"), [("id", "kesalahan"), ("en", "error")])
async def test_a_file_without_rejected_rows_has_no_workbook(
    world: World, language: str, name: str
) -> None:
    job = await checked(world, file_of([line(card(1))]))

    answer = await workbook(world, job, headers={"Accept-Language": language})

    assert (answer.status_code, answer.json()["code"]) == (404, "REG-0653")
