"""The template is a file that can be filled in and sent: by Excel's rules, and by ours."""

import io

import pytest
import python_calamine

from services.registry.households.registration import Relation
from services.registry.imports.columns import KNOWN, OURS
from services.registry.imports.template import COLUMNS
from tests.registry.families import card
from tests.registry.imports.books import part_of, send
from tests.registry.imports.files import line, upload, work
from tests.world import World

TEMPLATE = "/v1/household-imports/template"


async def template(world: World, language: str = "en") -> bytes:
    answer = await world.registry.get(f"{TEMPLATE}?format=xlsx&language={language}")
    assert answer.status_code == 200
    return bytes(answer.content)


async def test_the_template_names_every_column_and_lists_the_codes(world: World) -> None:
    book = python_calamine.load_workbook(io.BytesIO(await template(world)))

    families, codes, guide = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)

    assert set(families[0]) == {*KNOWN} - {*OURS}
    assert str(families[1][COLUMNS.index("kk_number")]).endswith("0000")
    relations = [row[codes[0].index("relation")] for row in codes[1:]]
    assert [each for each in relations if each] == [each.value for each in Relation]
    assert any("NIK" in str(cell) for row in guide for cell in row)


async def test_digits_are_text_and_choices_drop_down(world: World) -> None:
    content = await template(world)

    sheet = part_of(content, "xl/worksheets/sheet1.xml").decode()
    assert '<dataValidation type="list"' in sheet
    assert 'numFmtId="49"' in part_of(content, "xl/styles.xml").decode()
    assert "<cols><col " in sheet


@pytest.mark.parametrize(
    ("language", "word"), [("en", "16 digits, as text"), ("id", "sebagai teks")]
)
async def test_comments_are_in_the_language_asked_for(
    world: World, language: str, word: str
) -> None:
    comments = part_of(await template(world, language), "xl/comments1.xml").decode()

    assert word in comments


@pytest.mark.parametrize("form", ["xlsx", "csv"])
async def test_an_untouched_template_holds_no_family(world: World, form: str) -> None:
    content = (await world.registry.get(f"{TEMPLATE}?format={form}")).content

    sent = await (send if form == "xlsx" else upload)(world, content)
    await work(world)

    job = await world.registry.read(f"/v1/household-imports/{sent.json()['id']}")
    assert (job["state"], job["total"]) == ("failed", 0)


async def test_a_filled_template_brings_all_that_a_family_can_tell(world: World) -> None:
    answer = await world.registry.get(f"{TEMPLATE}?format=csv")
    told = {
        **line(card(1)),
        "skills": "weaving|sewing",
        "productive_members": "2",
        "micro_business": "yes",
        "business": "warung",
        "assets": "loom",
        "member_1_education": "sma",
        "member_1_marital_status": "widowed",
        "member_1_disabilities": "physical|sensory",
        "member_2_birth_precision": "year",
        "member_2_occupation": "pelajar",
    }
    row = ",".join(told.get(name, "") for name in COLUMNS)

    sent = await upload(world, answer.text + row + "\r\n")
    await work(world)

    job = await world.registry.read(f"/v1/household-imports/{sent.json()['id']}")
    assert (job["counts"]["new"], job["counts"]["errors"], job["total"]) == (1, 0, 1)
