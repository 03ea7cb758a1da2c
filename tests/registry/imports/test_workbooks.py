"""An XLSX file is read as it was meant, or refused naming the cell; never half, never wrongly."""

import re
from datetime import date

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from services.registry.imports import archive
from tests.registry.families import card
from tests.registry.imports.books import altered, bomb, book, overlapping, part_of, rows_of, send
from tests.registry.imports.files import COLUMNS, faults, upload, work
from tests.world import Json, World

SHEET = "xl/worksheets/sheet1.xml"
LARGE = 3_302_054_101_800_000


async def checked(world: World, content: bytes) -> Json:
    job = await send(world, content)
    assert job.status_code == 202, job.text
    await work(world)
    return await world.registry.read(f"/v1/household-imports/{job.json()['id']}")


def place(column: str) -> int:
    return COLUMNS.index(column)


def with_cell(column: str, value: Json) -> bytes:
    rows = rows_of(1, 2)
    rows[2][place(column)] = value
    return book(rows)


async def test_families_of_a_workbook_are_those_of_the_api(world: World) -> None:
    for number in (1, 2):
        await world.registry.do("/v1/households", card(number))

    job = await checked(world, book(rows_of(1, 2)))

    assert (job["state"], job["sheet"]) == ("checked", "keluarga")
    assert job["counts"] == {"rows": 2, "new": 0, "unchanged": 2, "changed": 0, "errors": 0}


async def test_dates_of_excel_are_dates(world: World) -> None:
    await world.registry.do("/v1/households", card(1))
    rows = rows_of(1)
    for column in ("registered_on", "member_1_birth_date", "member_2_birth_date"):
        rows[1][place(column)] = date.fromisoformat(rows[1][place(column)])

    job = await checked(world, book(rows))

    assert job["counts"]["unchanged"] == 1


@pytest.mark.parametrize(
    ("column", "value", "cell", "code"),
    [
        ("kk_number", LARGE, "B3", "number_cell"),
        ("member_1_nik", float(LARGE), "H3", "number_cell"),
        ("phone", 81200000001, "E3", "number_cell"),
        ("desa_code", 33.02, "C3", "number_cell"),
        ("kk_number", "=B2", "B3", "formula_cell"),
        ("decile", "=1+1", "G3", "formula_cell"),
        ("member_1_name", True, "I3", "boolean_cell"),
        ("registered_on", date(1900, 1, 15), "D3", "date_cell"),
        ("registered_on", 45672, "D3", "date_parsing"),
        ("registered_on", "15/01/2025", "D3", "date_parsing"),
    ],
)
async def test_a_cell_that_excel_spoilt_is_named(
    world: World, column: str, value: Json, cell: str, code: str
) -> None:
    job = await checked(world, with_cell(column, value))

    [fault] = await faults(world, job)
    assert (fault["row"], fault["cell"], fault["column"], fault["code"]) == (3, cell, column, code)
    assert str(LARGE) not in str(fault)


async def test_an_error_of_excel_is_named(world: World) -> None:
    content = book(rows_of(1, 2))
    cell = re.compile(rb'<c r="F3" t="s"><v>\d+</v>')
    sheet = cell.sub(b'<c r="F3" t="e"><v>#N/A</v>', part_of(content, SHEET))

    job = await checked(world, altered(content, {SHEET: sheet}))

    assert [(each["cell"], each["code"]) for each in await faults(world, job)] == [
        ("F3", "error_cell")
    ]


async def test_empty_rows_keep_the_numbers_of_those_below(world: World) -> None:
    rows = rows_of(1, 2)
    rows[2:2] = [[], ["", ""], []]
    rows[5][place("kk_number")] = "1"

    job = await checked(world, book(rows))

    assert job["counts"]["rows"] == 2
    assert [each["cell"] for each in await faults(world, job)] == ["B6"]


async def test_the_sheet_of_families_is_found_among_others(world: World) -> None:
    job = await checked(world, book(rows_of(1), sheet="Families", more=["notes", "more"]))

    assert (job["sheet"], job["counts"]["new"]) == ("Families", 1)


def hide(made: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    made.worksheets()[1].activate()
    made.worksheets()[1].set_first_sheet()
    sheet.hide()


def merge(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    sheet.merge_range("F2:F3", "Jalan Contoh 1")


def junk() -> list[list[Json]]:
    return [[f"column {number}" for number in range(100)], ["x"] * 100]


REFUSED: list[tuple[str, bytes, str, str]] = [
    ("two sheets of other names", book(rows_of(1), sheet="a", more=["b"]), "REG-0649", "keluarga"),
    ("a hidden sheet", book(rows_of(1), more=["b"], draw=hide), "REG-0650", "Unhide"),
    ("merged cells", book(rows_of(1, 2), draw=merge), "REG-0651", "F2:F3"),
    ("a title above", book([["Data KPM 2025"], *rows_of(1)]), "REG-0644", "row 2"),
    ("two header rows", book([[*COLUMNS], *rows_of(1)]), "REG-0645", "Row 2"),
    ("junk of 100 columns", book(junk()), "REG-0605", "template"),
    ("a cell far away", book([[*COLUMNS], [""] * 400 + ["x"]]), "REG-0643", "OK2"),
    ("an empty sheet", book([]), "REG-0605", "template"),
    ("an old Excel file", archive.OLE + b"\0" * 2000, "REG-0646", ".xls"),
    (
        "a locked file",
        archive.OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000,
        "REG-0646",
        "password",
    ),
    ("a web page", b"<html><table><tr><td>reference</td></tr></table></html>", "REG-0646", "HTML"),
    ("a PDF", b"%PDF-1.7 reference", "REG-0646", "PDF"),
    ("a Word file", altered(book(rows_of(1)), {"word/document.xml": b"<w/>"}), "REG-0646", "Word"),
    ("an OpenDocument", altered(book(rows_of(1)), {"mimetype": b"x"}), "REG-0646", "OpenDocument"),
    ("a binary workbook", altered(book(rows_of(1)), {"xl/workbook.bin": b"x"}), "REG-0646", "xlsb"),
    ("a plain archive", altered(book(rows_of(1)), {"xl/workbook.xml": None}), "REG-0646", "ZIP"),
    ("macros", altered(book(rows_of(1)), {"xl/vbaProject.bin": b"x"}), "REG-0647", "macros"),
    (
        "links to other files",
        altered(book(rows_of(1)), {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "REG-0647",
        "links",
    ),
    ("a strange part", altered(book(rows_of(1)), {"run.exe": b"x"}), "REG-0648", "damaged"),
    ("half a file", book(rows_of(1))[:3000], "REG-0648", "damaged"),
    ("a bomb", bomb(30 * 1024 * 1024), "REG-0648", "unpacks"),
    (
        "entities that grow",
        altered(
            book(rows_of(1)),
            {SHEET: b'<!DOCTYPE a [<!ENTITY x "xxxx">]><worksheet>&x;</worksheet>'},
        ),
        "REG-0648",
        "damaged",
    ),
    (
        "a sheet that ends early",
        altered(book(rows_of(1)), {SHEET: part_of(book(rows_of(1)), SHEET)[:900]}),
        "REG-0648",
        "damaged",
    ),
    (
        "a shared text that is not there",
        altered(book(rows_of(1)), {"xl/sharedStrings.xml": b"<sst/>"}),
        "REG-0648",
        "damaged",
    ),
    (
        "a tag without end",
        altered(book(rows_of(1)), {SHEET: b'<worksheet a="' + b"x" * (6 << 20)}, compressed=False),
        "REG-0648",
        "damaged",
    ),
    ("parts that lie in one another", overlapping(book(rows_of(1))), "REG-0648", "unpacks"),
    ("many parts", altered(book([]), {f"xl/a{n}.xml": b"" for n in range(600)}), "REG-0648", ""),
]


@pytest.mark.parametrize(
    ("content", "code", "told"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
)
async def test_a_workbook_that_cannot_be_read_is_refused(
    world: World, content: bytes, code: str, told: str
) -> None:
    refused = await send(world, content)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (400, code)
    assert told in problem["detail"]
    assert (await world.registry.read("/v1/household-imports"))["items"] == []


async def test_junk_is_told_of_cell_by_cell_up_to_a_number(world: World) -> None:
    refused = await send(world, book(junk()))

    errors = refused.json()["errors"]
    assert len(errors) == 30
    assert any("A1: this column is unknown" in each["detail"] for each in errors)


async def test_a_misspelt_column_is_recognised(world: World) -> None:
    rows = rows_of(1)
    rows[0][place("kk_number")] = "KK Numbr"

    refused = await send(world, book(rows))

    assert "B1: this column is unknown; is 'kk_number' meant?" in str(refused.json()["errors"])


async def test_a_workbook_named_csv_is_read_as_what_it_is(world: World) -> None:
    job = await upload(world, book(rows_of(1)))

    assert (job.status_code, job.json()["sheet"]) == (202, "keluarga")


async def test_text_with_line_ends_and_commas_stays_one_cell(world: World) -> None:
    job = await checked(world, book(rows_of(1, address='Jalan "Contoh", RT 1\nRW 2')))

    assert job["counts"]["new"] == 1
