"""An XLSX file is a ZIP archive from a stranger: looked at from outside before it is opened."""

import io
import struct
import zipfile
from itertools import pairwise

from services.registry.imports.problems import (
    NotAWorkbook,
    WorkbookHasMacros,
    WorkbookNotBelievable,
)

MEBIBYTE = 1024 * 1024
MAX_ENTRIES = 500
MAX_DIRECTORY_BYTES = MEBIBYTE
MAX_UNPACKED = 2048 * MEBIBYTE
"""All sheets and strings of a workbook; 400,000 families of four take about 600 MiB."""
MAX_RATIO = 200
SMALL = MEBIBYTE
"""Of parts below this nobody minds the ratio."""
LOCAL_HEADER_BYTES = 30

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END = b"PK\x05\x06"
END_FORM = "<4s4H2LH"
ENCRYPTED = 0x1
EXPECTED = ("_rels/", "docProps/", "xl/", "customXml/", "[Content_Types].xml")
DANGEROUS = (
    "xl/vbaProject",
    "xl/externalLinks/",
    "xl/macrosheets/",
    "xl/embeddings/",
    "xl/activeX",
)
NEEDED = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
OTHERS = {
    "word/": "Word (.docx)",
    "ppt/": "PowerPoint (.pptx)",
    "mimetype": "OpenDocument (.ods)",
    "xl/workbook.bin": "Excel Binary (.xlsb)",
}


def looks_like_csv(head: bytes) -> bool:
    """Tell whether a file's first bytes are neither an archive's nor another known format's."""
    return not head.startswith((ZIP, OLE, b"%PDF", b"PK")) and not _is_markup(head)


def opened(file: io.BufferedReader) -> zipfile.ZipFile:
    """Open a workbook's archive after a look at its directory.

    Raises:
        NotAWorkbook, WorkbookHasMacros, WorkbookNotBelievable: nothing was unpacked.
    """
    _require_archive(file.peek(512), file)
    _require_small_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise WorkbookNotBelievable from error
    _require_workbook(archive)
    _require_believable(archive.infolist())
    return archive


def _require_archive(head: bytes, file: io.BufferedReader) -> None:
    if head.startswith(OLE):
        sealed = "EncryptedPackage".encode("utf-16-le") in _beginning(file)
        raise NotAWorkbook(found="XLSX, password" if sealed else "Excel 97-2003 (.xls)")
    if head.startswith(b"%PDF"):
        raise NotAWorkbook(found="PDF")
    if _is_markup(head):
        raise NotAWorkbook(found="HTML / XML")
    if not head.startswith(ZIP):
        raise NotAWorkbook(found="?")


def _beginning(file: io.BufferedReader) -> bytes:
    file.seek(0)
    return file.read(MEBIBYTE)


def _is_markup(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _require_small_directory(file: io.BufferedReader) -> None:
    """Look at the archive's last record: `zipfile` would read whatever directory it announces."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < struct.calcsize(END_FORM):
        raise WorkbookNotBelievable
    _, disk, _, _, entries, directory, _, _ = struct.unpack_from(END_FORM, tail, place)
    if disk or entries > MAX_ENTRIES or directory > MAX_DIRECTORY_BYTES:
        raise WorkbookNotBelievable
    file.seek(0)


def _require_workbook(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    other = next((OTHERS[part] for part in OTHERS for name in names if name.startswith(part)), "")
    if other:
        raise NotAWorkbook(found=other)
    if any(name.startswith(DANGEROUS) for name in names):
        raise WorkbookHasMacros
    if not set(names) >= NEEDED:
        raise NotAWorkbook(found="ZIP")
    if len(names) != len(set(names)) or not all(name.startswith(EXPECTED) for name in names):
        raise WorkbookNotBelievable


def _require_believable(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise WorkbookNotBelievable
    for entry in entries:
        packed = entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        inflated = entry.file_size > max(SMALL, MAX_RATIO * entry.compress_size)
        if not packed or inflated or entry.flag_bits & ENCRYPTED:
            raise WorkbookNotBelievable
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    for entry, following in pairwise(in_order):
        least = LOCAL_HEADER_BYTES + len(entry.filename) + entry.compress_size
        if entry.header_offset + least > following.header_offset:
            raise WorkbookNotBelievable  # parts that lie in one another: a bomb
