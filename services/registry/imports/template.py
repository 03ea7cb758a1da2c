"""An empty file of families to fill in: columns of text where digits count, lists of codes."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kernel.problems import Language, Text
from services.registry.imports.choices import ABOUT, about, example_of
from services.registry.imports.columns import (
    KNOWN,
    OURS,
    REQUIRED,
    is_of_digits,
    kind_of,
    member_columns,
)
from services.registry.imports.workbook import SHEET_NAMES

ROWS = 20_000
"""Rows that have drop-downs; the text format holds for the whole column."""
COLUMNS = tuple(name for name in KNOWN if name not in OURS)
NEEDED = frozenset({*REQUIRED, *member_columns(1)})
CODES_SHEET, GUIDE_SHEET = "kode-codes", "petunjuk-guide"
WIDE, NARROW = 20, 12
TEXT = 49
"""The number of Excel's own format for text, `@`."""

GUIDE = (
    Text(
        id="Satu baris satu keluarga, di lembar '{sheet}'.", en="A row is a family, on '{sheet}'."
    ),
    Text(
        id="Jangan ubah baris pertama; kolom yang tidak dipakai boleh dihapus.",
        en="Leave the first row as it is; columns that you do not use may be deleted.",
    ),
    Text(
        id="Baris contoh tidak dibaca: hapus atau biarkan.",
        en="The example row is never read: delete it or leave it.",
    ),
    Text(
        id="NIK, nomor KK, telepon dan kode desa adalah teks. Angka 16 digit rusak di Excel.",
        en="NIK, KK number, telephone and desa code are text. Excel damages numbers of 16 digits.",
    ),
    Text(
        id="Tanggal: TTTT-BB-HH, atau tanggal Excel. Tanpa rumus, tanpa sel gabungan.",
        en="Dates: YYYY-MM-DD, or a date of Excel. No formulas, no merged cells.",
    ),
    Text(
        id="Tidak tahu kode desa? Isi desa_name, kecamatan_name, kabupaten_name.",
        en="No desa code at hand? Fill in desa_name, kecamatan_name, kabupaten_name.",
    ),
    Text(
        id="Baris yang ditolak dapat diunduh sebagai XLSX, dibetulkan, dan diunggah lagi.",
        en="Rejected rows can be downloaded as XLSX, corrected, and uploaded again.",
    ),
)


def as_csv() -> bytes:
    """Return the template as CSV, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerow(example_of(name) for name in COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(language: Language) -> bytes:
    """Return the template as a workbook; comments in `language`, the guide in both."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        needed = book.add_format({"bold": True, "bg_color": "#FCE4D6"})
        text = book.add_format({"num_format": TEXT})
        families = book.add_worksheet(SHEET_NAMES[0])
        families.freeze_panes(1, 1)
        for position, name in enumerate(COLUMNS):
            _column(families, position, name, text=text)
            families.write_string(0, position, name, needed if name in NEEDED else bold)
            families.write_comment(0, position, about(name).meaning.to(language, {}))
        _example(families, book.add_format({"num_format": TEXT, "italic": True, "color": "gray"}))
        _codes(book.add_worksheet(CODES_SHEET), bold)
        _guide(book.add_worksheet(GUIDE_SHEET), bold)
    return file.getvalue()


def _column(sheet: Worksheet, position: int, name: str, *, text: Format) -> None:
    sheet.set_column(position, position, WIDE if is_of_digits(name) else NARROW, text)
    said = about(name)
    if said.choices and not said.several:
        allowed = {"validate": "list", "source": [*said.choices], "error_type": "warning"}
        sheet.data_validation(1, position, ROWS, position, allowed)


def _example(sheet: Worksheet, form: Format) -> None:
    for position, name in enumerate(COLUMNS):
        sheet.write_string(1, position, example_of(name), form)


def _codes(sheet: Worksheet, bold: Format) -> None:
    """Write the codes that columns may hold, a column each."""
    sheet.set_column(0, len(ABOUT), WIDE)
    with_choices = [(name, said.choices) for name, said in ABOUT.items() if said.choices]
    for position, (name, choices) in enumerate(with_choices):
        _downwards(sheet, position, [name, *choices], bold)


def _downwards(sheet: Worksheet, position: int, words: Sequence[str], bold: Format) -> None:
    sheet.write_string(0, position, words[0], bold)
    for row, word in enumerate(words[1:], start=1):
        sheet.write_string(row, position, word)


def _guide(sheet: Worksheet, bold: Format) -> None:
    """Write the instructions, then what each column means: Indonesian beside English."""
    sheet.set_column(0, 2, 60)
    sheet.write_row(0, 0, ["Bahasa Indonesia", "English", ""], bold)
    names = {"sheet": SHEET_NAMES[0]}
    row = 1
    for said in GUIDE:
        sheet.write_row(row, 0, [said.to("id", names), said.to("en", names)])
        row += 1
    for name in dict.fromkeys(kind_of(column) for column in COLUMNS):
        meaning = ABOUT[name].meaning
        sheet.write_row(row + 1, 0, [meaning.to("id", {}), meaning.to("en", {}), name])
        row += 1
