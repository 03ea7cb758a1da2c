"""What a template says of each column: its meaning in both languages, its width, its choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import Text
from services.registry.households.identity_numbers import BirthPrecision, Sex
from services.registry.households.registration import (
    Disability,
    Education,
    MaritalStatus,
    Relation,
)
from services.registry.imports.columns import EXAMPLE, MAX_MEMBERS, MEMBERS, kind_of

YES_OR_NO = ("yes", "no")


@dataclass(frozen=True)
class About:
    """A kind of column: what it means, what the example row says, and the codes it may hold."""

    meaning: Text
    example: str = ""
    choices: Sequence[str] = ()
    several: bool = False


def _codes(codes: type[StrEnum]) -> tuple[str, ...]:
    return tuple(code.value for code in codes)


ABOUT = {
    "reference": About(
        Text(id="Nomor Anda untuk keluarga ini; wajib.", en="Your number of the family; required."),
        EXAMPLE,
    ),
    "kk_number": About(
        Text(id="Nomor KK, 16 digit, sebagai teks.", en="KK number, 16 digits, as text."),
        "3302050107150000",
    ),
    "desa_code": About(
        Text(
            id="Kode desa Kemendagri; atau kosongkan dan isi nama desa, kecamatan, kabupaten.",
            en="Kemendagri code of the desa; or name desa, kecamatan and kabupaten instead.",
        ),
        "33.02.05.2007",
    ),
    "desa_name": About(Text(id="Nama desa, bila tanpa kode.", en="Desa's name, without a code.")),
    "kecamatan_name": About(Text(id="Nama kecamatan.", en="Name of the kecamatan.")),
    "kabupaten_name": About(Text(id="Nama kabupaten/kota.", en="Name of the kabupaten or kota.")),
    "registered_on": About(
        Text(id="Tanggal pendataan, TTTT-BB-HH.", en="Day of registration, YYYY-MM-DD."),
        "2025-01-15",
    ),
    "phone": About(Text(id="Telepon, sebagai teks.", en="Telephone, as text."), "081200000000"),
    "address": About(Text(id="Alamat.", en="Address."), "Jalan Contoh 1"),
    "decile": About(
        Text(id="Desil DTSEN dari BPS, 1-10.", en="DTSEN decile by BPS, 1-10."),
        "2",
        tuple(str(decile) for decile in range(1, 11)),
    ),
    "skills": About(
        Text(id="Keterampilan, dipisah '|'.", en="Skills, separated by '|'."), "weaving|sewing"
    ),
    "productive_members": About(
        Text(id="Berapa orang mampu bekerja.", en="How many people can work."), "2"
    ),
    "micro_business": About(
        Text(id="Sudah berusaha?", en="Has a business already?"), "yes", YES_OR_NO
    ),
    "business": About(Text(id="Usaha apa.", en="Which business."), "warung"),
    "assets": About(
        Text(id="Alat dan aset, dipisah '|'.", en="Tools and assets, separated by '|'."), "loom"
    ),
    "nik": About(Text(id="NIK, 16 digit, sebagai teks.", en="NIK, 16 digits, as text.")),
    "name": About(Text(id="Nama lengkap.", en="Full name.")),
    "sex": About(Text(id="Jenis kelamin.", en="Sex."), "", _codes(Sex)),
    "birth_date": About(Text(id="Tanggal lahir, TTTT-BB-HH.", en="Date of birth, YYYY-MM-DD.")),
    "relation": About(
        Text(id="Hubungan; tepat satu head.", en="Relation; exactly one head."),
        "",
        _codes(Relation),
    ),
    "birth_precision": About(
        Text(id="Ketepatan tanggal lahir.", en="How exact the birth date is."),
        "",
        _codes(BirthPrecision),
    ),
    "education": About(
        Text(id="Pendidikan tertinggi.", en="Highest school completed."), "", _codes(Education)
    ),
    "marital_status": About(
        Text(id="Status perkawinan.", en="Marital status."), "", _codes(MaritalStatus)
    ),
    "disabilities": About(
        Text(id="Disabilitas, dipisah '|'.", en="Disabilities, separated by '|'."),
        "",
        _codes(Disability),
        several=True,
    ),
    "occupation": About(Text(id="Pekerjaan.", en="Occupation.")),
}

EXAMPLE_MEMBERS = (
    {
        "nik": "3302054107900000",
        "name": "Siti Contoh",
        "sex": Sex.FEMALE.value,
        "birth_date": "1990-07-01",
        "relation": Relation.HEAD.value,
        "education": Education.UPPER_SECONDARY.value,
        "marital_status": MaritalStatus.WIDOWED.value,
    },
    {
        "nik": "3302051203150000",
        "name": "Budi Contoh",
        "sex": Sex.MALE.value,
        "birth_date": "2015-03-12",
        "relation": Relation.CHILD.value,
    },
)
"""Invented, with the serial 0000 that no person has."""


def about(column: str) -> About:
    """Return what is said of a column, whichever member's it is."""
    return ABOUT[kind_of(column)]


def example_of(column: str) -> str:
    """Return what the example row has in a column."""
    for number in range(1, MAX_MEMBERS + 1):
        if column in MEMBERS[number]:
            told = EXAMPLE_MEMBERS[number - 1] if number <= len(EXAMPLE_MEMBERS) else {}
            return told.get(kind_of(column), "")
    return about(column).example
