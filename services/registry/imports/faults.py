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
    HOUSEHOLD_CLOSED = "household_closed"
    ANOTHER_ORGANISATIONS = "another_organisations"
    DESA_UNKNOWN = "desa_unknown"
    OUTSIDE_YOUR_REGION = "outside_your_region"
    DECILE_DIFFERS = "decile_differs"


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
}


def words(code: str) -> Text:
    """Return the sentence of a row's fault or of a value's."""
    if code in WORDS:
        return WORDS[Fault(code)]
    return ADVICE.get(code, OTHER_ADVICE)
