"""What may stand against a file as a whole; what is wrong in a row is in its errors."""

from types import MappingProxyType

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
    """A line of a CSV file is endless, or holds a character that text does not."""

    code = "REG-0604"
    title = Text(id="Berkas tidak terbaca", en="File not readable")
    detail = Text(
        id="Baris {row} bukan teks CSV: terlalu panjang, atau memuat karakter nol.",
        en="Row {row} is not CSV text: it is too long, or holds a null character.",
    )


class ColumnsWrong(Invalid):
    """The first row does not name the columns of a household file."""

    code = "REG-0605"
    title = Text(id="Kolom tidak sesuai", en="Columns not right")
    detail = Text(
        id="Baris pertama menyebut kolom; {wrong} yang salah, lihat 'errors'. Ambil templat di "
        "/v1/household-imports/template.",
        en="The first row names the columns; {wrong} are wrong, see 'errors'. Take the template "
        "from /v1/household-imports/template.",
    )


class NotAFamilyFile(Problem):
    """The body is declared as something else."""

    status = Status.UNSUPPORTED_MEDIA_TYPE
    code = "REG-0606"
    title = Text(id="Bukan CSV atau XLSX", en="Neither CSV nor XLSX")
    detail = Text(
        id="Kirim dengan Content-Type text/csv, atau "
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet untuk XLSX.",
        en="Send it as Content-Type text/csv, or "
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet for XLSX.",
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


class TooManyUploads(Problem):
    """This process takes in as many files as it can."""

    status = Status.UNAVAILABLE
    code = "REG-0640"
    title = Text(id="Terlalu banyak unggahan", en="Too many uploads")
    detail = Text(
        id="Beberapa berkas sedang diterima; ulangi sesaat lagi.",
        en="Several files are being taken in; try again shortly.",
    )
    headers = MappingProxyType({"Retry-After": "10"})


class EncodingWrong(Invalid):
    """A CSV file is not written in UTF-8."""

    code = "REG-0641"
    title = Text(id="Pengodean teks bukan UTF-8", en="Text not encoded in UTF-8")
    detail = Text(
        id="Sel {cell} tampaknya memakai {encoding}. Simpan lagi sebagai 'CSV UTF-8' "
        "(Excel: Save As), atau unggah berkas XLSX.",
        en="Cell {cell} looks like {encoding}. Save the file again as 'CSV UTF-8' "
        "(Excel: Save As), or upload the XLSX file.",
    )


class QuoteOpen(Invalid):
    """A quoted cell of a CSV file does not end."""

    code = "REG-0642"
    title = Text(id="Tanda kutip tidak ditutup", en="A quote is not closed")
    detail = Text(
        id='Di baris {row} ada tanda kutip (") yang dibuka dan tidak ditutup.',
        en='In row {row} a quote (") is opened and never closed.',
    )


class TooManyColumns(Invalid):
    """The file is far wider than a household file."""

    code = "REG-0643"
    title = Text(id="Terlalu banyak kolom", en="Too many columns")
    detail = Text(
        id="Sel {cell} di luar {most} kolom yang dapat dibaca; hapus kolom lain.",
        en="Cell {cell} lies beyond the {most} columns that can be read; delete the others.",
    )


class HeaderElsewhere(Invalid):
    """The names of the columns stand below the first row."""

    code = "REG-0644"
    title = Text(id="Judul kolom bukan di baris pertama", en="Column names not in the first row")
    detail = Text(
        id="Judul kolom ada di baris {row}; hapus baris di atasnya.",
        en="The column names stand in row {row}; delete the rows above.",
    )


class HeaderTwice(Invalid):
    """A second row names columns as well."""

    code = "REG-0645"
    title = Text(id="Dua baris judul", en="Two header rows")
    detail = Text(
        id="Baris {row} menyebut kolom sekali lagi; sisakan satu baris judul.",
        en="Row {row} names the columns once more; keep one header row.",
    )


class NotAWorkbook(Invalid):
    """What was sent as XLSX is another kind of file."""

    code = "REG-0646"
    title = Text(id="Bukan berkas XLSX", en="Not an XLSX file")
    detail = Text(
        id="Isi berkas ini {found}. Buka, lalu simpan sebagai 'Excel Workbook (.xlsx)'.",
        en="The file's content is {found}. Open it, and save it as 'Excel Workbook (.xlsx)'.",
    )


class WorkbookHasMacros(Invalid):
    """The workbook carries programs."""

    code = "REG-0647"
    title = Text(id="Berkas berisi makro", en="The workbook has macros")
    detail = Text(
        id="Berkas ini membawa makro atau sambungan luar; simpan sebagai .xlsx biasa.",
        en="The file carries macros or links to other files; save it as a plain .xlsx.",
    )


class WorkbookNotBelievable(Invalid):
    """The archive is made to fill a memory, or is damaged."""

    code = "REG-0648"
    title = Text(id="Arsip XLSX tidak wajar", en="XLSX archive not believable")
    detail = Text(
        id="Berkas rusak, atau mengembang jauh melebihi ukurannya; simpan ulang dari Excel.",
        en="The file is damaged, or unpacks to far more than its size; save it again from Excel.",
    )


class SheetUnclear(Invalid):
    """None of several sheets has the name that is looked for."""

    code = "REG-0649"
    title = Text(id="Lembar tidak jelas", en="Which sheet is not clear")
    detail = Text(
        id="Beri nama '{wanted}' pada lembar yang berisi keluarga, atau sisakan satu lembar.",
        en="Name the sheet that holds the families '{wanted}', or keep a single sheet.",
    )


class SheetHidden(Invalid):
    """The sheet of families is hidden: nobody would see what is sent."""

    code = "REG-0650"
    title = Text(id="Lembar tersembunyi", en="The sheet is hidden")
    detail = Text(
        id="Tampilkan lembar yang berisi keluarga (Unhide), periksa, lalu unggah lagi.",
        en="Show the sheet that holds the families (Unhide), look at it, and upload again.",
    )


class CellsMerged(Invalid):
    """Merged cells: what they say belongs to one row alone."""

    code = "REG-0651"
    title = Text(id="Sel digabung", en="Cells are merged")
    detail = Text(
        id="Sel {cells} digabung; pisahkan (Unmerge) dan isi setiap baris.",
        en="Cells {cells} are merged; unmerge them and fill every row.",
    )


class TooManyWatchers(Problem):
    """This process has as many event streams open as it can."""

    status = Status.UNAVAILABLE
    code = "REG-0652"
    title = Text(id="Terlalu banyak pengikut", en="Too many followers")
    detail = Text(
        id="Terlalu banyak aliran kejadian terbuka; baca impornya saja.",
        en="Too many event streams are open; read the import itself instead.",
    )
    headers = MappingProxyType({"Retry-After": "10"})


class NothingRejected(NotFound):
    """There are no rows to send back: none was rejected, or they were forgotten since."""

    code = "REG-0653"
    title = Text(id="Tidak ada baris yang ditolak", en="No rejected rows")
    detail = Text(
        id="Tidak ada baris yang ditolak, atau sudah dihapus sesudah {days} hari.",
        en="No row was rejected, or they were forgotten after {days} days.",
    )
