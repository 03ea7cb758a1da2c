"""What may be wrong in a row, in words that never repeat the value."""

from enum import StrEnum

from kernel.faults import ADVICE, OTHER_ADVICE
from kernel.problems import Text


class Fault(StrEnum):
    """Why a row is left out, beside the faults of single values."""

    CELL_COUNT = "cell_count"
    ONE_HEAD_NEEDED = "one_head_needed"
    NIK_TWICE_IN_FAMILY = "nik_twice_in_family"
    REFERENCE_TWICE_IN_FILE = "reference_twice_in_file"
    KK_TWICE_IN_FILE = "kk_twice_in_file"
    KK_TAKEN = "kk_taken"
    REFERENCE_TAKEN = "reference_taken"
    CHANGED_SINCE_CHECK = "changed_since_check"
    HOUSEHOLD_CLOSED = "household_closed"
    HOUSEHOLD_ERASED = "household_erased"
    ANOTHER_ORGANISATIONS = "another_organisations"
    DESA_UNKNOWN = "desa_unknown"
    OUTSIDE_YOUR_REGION = "outside_your_region"
    DECILE_DIFFERS = "decile_differs"
    NUMBER_CELL = "number_cell"
    FORMULA_CELL = "formula_cell"
    ERROR_CELL = "error_cell"
    BOOLEAN_CELL = "boolean_cell"
    DATE_CELL = "date_cell"
    DESA_AMBIGUOUS = "desa_ambiguous"
    PLACE_UNKNOWN = "place_unknown"


WORDS = {
    Fault.CELL_COUNT: Text(
        id="Jumlah sel berbeda dari jumlah kolom; periksa tanda koma dan kutip.",
        en="There are more or fewer cells than columns; look at commas and quotes.",
    ),
    Fault.ONE_HEAD_NEEDED: Text(
        id="Tepat satu anggota harus menjadi kepala keluarga (head).",
        en="Exactly one member must be the head of the family (head).",
    ),
    Fault.NIK_TWICE_IN_FAMILY: Text(
        id="NIK disebut dua kali dalam keluarga ini.", en="A NIK stands twice in this family."
    ),
    Fault.REFERENCE_TWICE_IN_FILE: Text(
        id="Nomor rujukan ini sudah ada di baris lain; baris pertama yang dipakai.",
        en="Another row has this reference; the first one counts.",
    ),
    Fault.KK_TWICE_IN_FILE: Text(
        id="Nomor KK ini sudah ada di baris lain; baris pertama yang dipakai.",
        en="Another row has this KK number; the first one counts.",
    ),
    Fault.KK_TAKEN: Text(
        id="Nomor KK ini milik keluarga terdaftar dengan rujukan lain.",
        en="A registered family with another reference has this KK number.",
    ),
    Fault.REFERENCE_TAKEN: Text(
        id="Rujukan ini milik keluarga terdaftar dengan nomor KK lain.",
        en="A registered family with another KK number has this reference.",
    ),
    Fault.CHANGED_SINCE_CHECK: Text(
        id="Keluarga ini berubah sejak berkas diperiksa; unggah barisnya lagi.",
        en="This family changed since the file was checked; upload its row again.",
    ),
    Fault.HOUSEHOLD_ERASED: Text(
        id="Data keluarga dengan rujukan ini telah dihapus atas permintaan.",
        en="The data of the family with this reference was erased on request.",
    ),
    Fault.HOUSEHOLD_CLOSED: Text(
        id="Keluarga dengan rujukan ini sudah ditutup.",
        en="The family with this reference is closed.",
    ),
    Fault.ANOTHER_ORGANISATIONS: Text(
        id="Keluarga dengan rujukan ini didaftarkan organisasi lain.",
        en="The family with this reference was registered by another organisation.",
    ),
    Fault.DESA_UNKNOWN: Text(
        id="Tidak ada desa berkode ini; cari di /v1/region-candidates.",
        en="No desa has this code; look it up at /v1/region-candidates.",
    ),
    Fault.OUTSIDE_YOUR_REGION: Text(
        id="Desa atau keluarga ini di luar wilayah kerja pengunggah.",
        en="This desa or family is outside the uploader's area.",
    ),
    Fault.DECILE_DIFFERS: Text(
        id="Ledger siklus ini mencatat desil lain untuk keluarga ini.",
        en="This cycle's ledger holds another decile for this family.",
    ),
    Fault.NUMBER_CELL: Text(
        id="Sel ini berupa angka: Excel membuang digitnya. Jadikan format Teks, lalu ketik ulang "
        "semua digitnya.",
        en="This cell is a number: Excel drops digits of it. Format it as Text, then type all "
        "digits again.",
    ),
    Fault.FORMULA_CELL: Text(
        id="Sel ini berisi rumus; tempel nilainya (Paste Special, Values).",
        en="This cell holds a formula; paste its value (Paste Special, Values).",
    ),
    Fault.ERROR_CELL: Text(
        id="Sel ini berisi kesalahan Excel seperti #N/A; isi nilainya.",
        en="This cell holds an Excel error like #N/A; fill in the value.",
    ),
    Fault.BOOLEAN_CELL: Text(
        id="Sel ini berisi TRUE/FALSE; isi nilainya sebagai teks.",
        en="This cell holds TRUE/FALSE; fill in the value as text.",
    ),
    Fault.DATE_CELL: Text(
        id="Tanggal ini tidak ada dalam kalender Excel; tulis TTTT-BB-HH sebagai teks.",
        en="Excel's calendar has no such day; write YYYY-MM-DD as text.",
    ),
    Fault.DESA_AMBIGUOUS: Text(
        id="Beberapa desa bernama ini: {hint}. Isi desa_code.",
        en="Several desa have this name: {hint}. Fill in desa_code.",
    ),
    Fault.PLACE_UNKNOWN: Text(
        id="Tidak ada tempat bernama ini di sana. Mungkin maksudnya: {hint}.",
        en="There is no place of this name there. Perhaps meant: {hint}.",
    ),
}


def words(code: str) -> Text:
    """Return the sentence of a row's fault or of a value's."""
    if code in WORDS:
        return WORDS[Fault(code)]
    return ADVICE.get(code, OTHER_ADVICE)
