"""Workbooks of tests: as people make them, and as nobody should."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.registry.families import card
from tests.registry.imports.files import COLUMNS, line
from tests.world import Json, World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Draw = Callable[[xlsxwriter.Workbook, Worksheet], None]


def rows_of(*numbers: int, **cells: str) -> list[list[Json]]:
    """Return the header and families as a sheet's rows; `cells` are written otherwise."""
    told = [line(card(number), **cells) for number in numbers]
    return [[*COLUMNS], *([each.get(name, "") for name in COLUMNS] for each in told)]


def book(
    rows: Sequence[Sequence[Json]],
    *,
    sheet: str = "keluarga",
    more: Sequence[str] = (),
    draw: Draw | None = None,
) -> bytes:
    """Return a workbook of rows: text as text, numbers as numbers, "=..." as formulas."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        first = made.add_worksheet(sheet)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                given = (value, day) if hasattr(value, "isoformat") else (value,)
                first.write(row, column, *given)
        for name in more:
            made.add_worksheet(name)
        if draw is not None:
            draw(made, first)
    return file.getvalue()


def altered(content: bytes, parts: Mapping[str, bytes | None], *, compressed: bool = True) -> bytes:
    """Return a workbook with parts replaced, added, or, where None, left out."""
    file = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", kind) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return file.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    """Return a part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


async def send(world: World, content: bytes, **rest: Json) -> Json:
    """Send a workbook, and return the response."""
    language = {"Accept-Language": "en"}
    return await world.registry.call(
        "POST",
        "/v1/household-imports?filename=families.xlsx",
        content=content,
        headers={"Content-Type": XLSX, **language},
        **rest,
    )


def bomb(unpacked: int) -> bytes:
    """Return an archive whose sheet is nothing but spaces."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * unpacked)
    return file.getvalue()


def overlapping(content: bytes) -> bytes:
    """Return a workbook with a second name for the bytes of its first part."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/again.xml", b"<again/>")
        archive.filelist[-1].header_offset = archive.filelist[0].header_offset
    return file.getvalue()
