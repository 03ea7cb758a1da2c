"""What a NIK and a KK number tell, and where they disagree with the record.

NIK: PPKKCC DDMMYY SSSS, the place of first registration, the birth date (day + 40 for women) and
a serial. KK: the same with the issue date. Neither has a check digit. Disagreement is never a
reason to refuse a family, only to look again: people move, and offices mistype.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

WOMENS_DAYS = 40
SYNTHETIC_SERIAL = "0000"
DAYS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Sex(StrEnum):
    """As the civil register writes it."""

    FEMALE = "female"
    MALE = "male"


class BirthPrecision(StrEnum):
    """How much of a birth date is known; what is not, is written as 1 (day) or January."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Doubt(StrEnum):
    """How a number disagrees with what the record says."""

    NIK_DATE_IMPOSSIBLE = "nik_date_impossible"
    NIK_BIRTH_DATE_DIFFERS = "nik_birth_date_differs"
    NIK_SEX_DIFFERS = "nik_sex_differs"
    NIK_REGION_DIFFERS = "nik_region_differs"
    NIK_IN_ANOTHER_FAMILY = "nik_in_another_family"
    KK_DATE_IMPOSSIBLE = "kk_date_impossible"
    KK_REGION_DIFFERS = "kk_region_differs"
    BORN_AFTER_REGISTRATION = "born_after_registration"


KNOWN_PARTS = {BirthPrecision.YEAR: 1, BirthPrecision.MONTH: 2, BirthPrecision.DAY: 3}


class IdentityNumber(NamedTuple):
    """The parts of a NIK or KK number of 16 digits."""

    kabupaten: str
    day: int
    month: int
    year: int
    serial: str

    @property
    def synthetic(self) -> bool:
        """Tell whether the number can be no real one: serials of real numbers start at 0001."""
        return self.serial == SYNTHETIC_SERIAL


def parse(number: str) -> IdentityNumber:
    """Take 16 digits apart; `year` has two digits, `day` is as written."""
    return IdentityNumber(
        kabupaten=f"{number[:2]}.{number[2:4]}",
        day=int(number[6:8]),
        month=int(number[8:10]),
        year=int(number[10:12]),
        serial=number[12:],
    )


def doubts_about_nik(
    nik: str,
    *,
    birth_date: date,
    precision: BirthPrecision = BirthPrecision.DAY,
    sex: Sex,
    kabupaten: str,
) -> list[Doubt]:
    """Return where a NIK disagrees with the person's record; none when it fits.

    Of an approximate birth date only what is known of it is compared.
    """
    parts = parse(nik)
    womans = parts.day > WOMENS_DAYS
    day = parts.day - WOMENS_DAYS if womans else parts.day
    found = [_doubt_about_birth(parts, day=day, birth_date=birth_date, precision=precision)]
    if womans != (sex is Sex.FEMALE):
        found.append(Doubt.NIK_SEX_DIFFERS)
    if parts.kabupaten != kabupaten:
        found.append(Doubt.NIK_REGION_DIFFERS)
    return [doubt for doubt in found if doubt]


def doubts_about_kk(kk_number: str, *, kabupaten: str) -> list[Doubt]:
    """Return where a KK number disagrees with the family's desa; none when it fits."""
    parts = parse(kk_number)
    found = []
    if not _is_a_date(parts.day, parts.month, parts.year):
        found.append(Doubt.KK_DATE_IMPOSSIBLE)
    if parts.kabupaten != kabupaten:
        found.append(Doubt.KK_REGION_DIFFERS)
    return found


def _doubt_about_birth(
    parts: IdentityNumber, *, day: int, birth_date: date, precision: BirthPrecision
) -> Doubt | None:
    if not _is_a_date(day, parts.month, parts.year):
        return Doubt.NIK_DATE_IMPOSSIBLE
    written = (parts.year, parts.month, day)
    recorded = (birth_date.year % 100, birth_date.month, birth_date.day)
    known = KNOWN_PARTS[precision]
    if written[:known] != recorded[:known]:
        return Doubt.NIK_BIRTH_DATE_DIFFERS
    return None


def _is_a_date(day: int, month: int, year: int) -> bool:
    # Two digits do not tell the century: 29 February is possible when either has it.
    if not 1 <= month <= 12:
        return False
    last = 29 if month == 2 and year % 4 == 0 else DAYS_OF_MONTHS[month - 1]
    return 1 <= day <= last
