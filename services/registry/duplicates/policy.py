"""What speaks for and against two families being one: weights that people set, with a version."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import Text


class Reason(StrEnum):
    """One thing seen of two families, by the two members who are most alike."""

    SAME_NIK = "same_nik"
    DIFFERING_NIKS = "differing_niks"
    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    DIFFERING_NAMES = "differing_names"
    SAME_BIRTH_DATE = "same_birth_date"
    DAY_AND_MONTH_SWAPPED = "day_and_month_swapped"
    COMPATIBLE_BIRTH_DATES = "compatible_birth_dates"
    DIFFERING_BIRTH_DATES = "differing_birth_dates"
    SAME_DESA = "same_desa"
    SAME_KECAMATAN = "same_kecamatan"
    SAME_PHONE = "same_phone"
    ANOTHER_MEMBER_AGREES = "another_member_agrees"
    OTHER_MEMBERS_DIFFER = "other_members_differ"


@dataclass(frozen=True)
class Policy:
    """Weights in hundredths (negative: against), and the score from which on people decide.

    Names are the same, or similar, from a share of common trigrams on (Dice: 0 to 1).
    """

    version: str
    weights: Mapping[Reason, int]
    ticket_from: int
    same_name_from: float
    similar_name_from: float

    def weigh(self, reasons: Collection[Reason]) -> int:
        """Return the sum of the reasons' weights, in hundredths."""
        return sum(self.weights[reason] for reason in reasons)

    def score(self, reasons: Collection[Reason]) -> int:
        """Return how far the reasons speak for one family, from 0 to 100."""
        return min(100, max(0, self.weigh(reasons)))


CURRENT = Policy(
    version="2025-1",
    weights={
        Reason.SAME_NIK: 50,
        Reason.DIFFERING_NIKS: -25,
        Reason.SAME_NAME: 35,
        Reason.SIMILAR_NAME: 20,
        Reason.DIFFERING_NAMES: -35,
        Reason.SAME_BIRTH_DATE: 30,
        Reason.DAY_AND_MONTH_SWAPPED: 20,
        Reason.COMPATIBLE_BIRTH_DATES: 15,
        Reason.DIFFERING_BIRTH_DATES: -25,
        Reason.SAME_DESA: 15,
        Reason.SAME_KECAMATAN: 8,
        Reason.SAME_PHONE: 20,
        Reason.ANOTHER_MEMBER_AGREES: 25,
        Reason.OTHER_MEMBERS_DIFFER: -20,
    },
    ticket_from=50,
    same_name_from=0.9,
    similar_name_from=0.6,
)

POLICIES = {CURRENT.version: CURRENT}
"""Every policy that a ticket may name."""

WORDS = {
    Reason.SAME_NIK: Text(
        id="Satu NIK tercatat di kedua keluarga.", en="One NIK stands in both families."
    ),
    Reason.DIFFERING_NIKS: Text(
        id="NIK kedua orang yang paling mirip berbeda.",
        en="The two persons who are most alike have differing NIKs.",
    ),
    Reason.SAME_NAME: Text(id="Namanya sama.", en="Their names are the same."),
    Reason.SIMILAR_NAME: Text(id="Namanya mirip.", en="Their names are similar."),
    Reason.DIFFERING_NAMES: Text(id="Namanya berbeda.", en="Their names differ."),
    Reason.SAME_BIRTH_DATE: Text(id="Tanggal lahirnya sama.", en="Their birth dates are the same."),
    Reason.DAY_AND_MONTH_SWAPPED: Text(
        id="Hari dan bulan lahirnya tertukar.", en="Day and month of birth are swapped."
    ),
    Reason.COMPATIBLE_BIRTH_DATES: Text(
        id="Tanggal lahir perkiraannya cocok.", en="Their approximate birth dates agree."
    ),
    Reason.DIFFERING_BIRTH_DATES: Text(
        id="Tanggal lahirnya berbeda.", en="Their birth dates differ."
    ),
    Reason.SAME_DESA: Text(
        id="Kedua keluarga tinggal di desa yang sama.", en="Both families live in one desa."
    ),
    Reason.SAME_KECAMATAN: Text(
        id="Kedua keluarga tinggal di kecamatan yang sama.",
        en="Both families live in one kecamatan.",
    ),
    Reason.SAME_PHONE: Text(
        id="Nomor teleponnya sama.", en="Both are reached by one phone number."
    ),
    Reason.ANOTHER_MEMBER_AGREES: Text(
        id="Ada anggota lain yang juga cocok.", en="Another member agrees as well."
    ),
    Reason.OTHER_MEMBERS_DIFFER: Text(
        id="Anggota lainnya tidak ada yang cocok.", en="None of the other members agrees."
    ),
}
