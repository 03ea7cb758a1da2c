"""What may stand against a file as a whole; what is wrong in a row is in its errors."""

from kernel.problems import Forbidden, Invalid, NotFound, Problem, Status, Text


class ImportNotFound(NotFound):
    """No such import of the caller's organisation."""

    code = "REG-0601"
    title = Text(id="Impor tidak ditemukan", en="No such import")
    detail = Text(
        id="Organisasi Anda tidak mempunyai impor {import_id}.",
        en="Your organisation has no import {import_id}.",
    )


class SamePerson(Forbidden):
    """Who uploaded a file does not decide about it."""

    code = "REG-0602"
    title = Text(id="Harus orang kedua", en="A second person is needed")
    detail = Text(
        id="Berkas diputuskan oleh orang lain, bukan oleh pengunggahnya.",
        en="A file is decided about by another person than the one who uploaded it.",
    )


class FileTooLarge(Problem):
    """The file is larger than an import takes."""

    status = Status.TOO_LARGE
    code = "REG-0603"
    title = Text(id="Berkas terlalu besar", en="File too large")
    detail = Text(
        id="Paling besar {mebibytes} MiB; bagi berkas menjadi beberapa.",
        en="At most {mebibytes} MiB; split the file.",
    )


class FileNotReadable(Invalid):
    """The body is no CSV text."""

    code = "REG-0604"
    title = Text(id="Berkas tidak terbaca", en="File not readable")
    detail = Text(
        id="Baris {row} bukan teks CSV berkode UTF-8.", en="Row {row} is not CSV text in UTF-8."
    )


class ColumnsWrong(Invalid):
    """The first row does not name the columns of a household file."""

    code = "REG-0605"
    title = Text(id="Kolom tidak sesuai", en="Columns not right")
    detail = Text(
        id="Baris pertama menyebut kolom; lihat 'errors' dan panduan impor.",
        en="The first row names the columns; see 'errors' and the import guide.",
    )


class NotCsv(Problem):
    """The body is declared as something else."""

    status = Status.UNSUPPORTED_MEDIA_TYPE
    code = "REG-0606"
    title = Text(id="Bukan CSV", en="Not CSV")
    detail = Text(
        id="Kirim dengan Content-Type: text/csv.", en="Send it as Content-Type: text/csv."
    )


class RowsStuck(Problem):
    """A fault of ours stopped a file; those before these rows were dealt with."""

    code = "REG-0607"
    title = Text(id="Berkas terhenti", en="The file stopped")
    detail = Text(
        id="Baris {first_row} sampai {last_row} tidak dapat diolah karena kesalahan di pihak kami; "
        "baris sebelumnya selesai. Sesudah diperbaiki, unggah berkas yang sama lagi.",
        en="Rows {first_row} to {last_row} could not be dealt with, by a fault of ours; those "
        "before are done. Once it is mended, upload the same file again.",
    )


MISSING_COLUMN = Text(id="Kolom wajib ini tidak ada.", en="This required column is missing.")
UNKNOWN_COLUMN = Text(id="Kolom ini tidak dikenal.", en="This column is unknown.")
REPEATED_COLUMN = Text(id="Kolom ini disebut dua kali.", en="This column is named twice.")
