"""The match policies: which registered family a row is about, and what becomes of a known one.

The policy is pinned on the import with its version when the file is uploaded; whoever approves the
file approves the policy too. Common to all of them:

1. No such family -> new; what another family holds already, reference or KK number, is an error.
2. The sender tells the same as last time -> unchanged, whatever was edited here since.
3. Anything else -> changed, as long as the family is live, the organisation's own, and lives in
   the uploader's area: nobody takes a family over from another region by telling that it moved.
4. Of two rows with one reference or KK number the first counts.
5. A family keeps the reference that it was registered with.
"""

from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import Text

VERSION = 1
"""Rises when a policy comes to mean something else; older imports keep theirs."""


class MatchPolicy(StrEnum):
    """By what a row finds its family."""

    REFERENCE = "reference"
    REFERENCE_OR_KK = "reference_or_kk"
    KK = "kk"


class OnConflict(StrEnum):
    """What becomes of a family that is registered already and told of otherwise."""

    UPDATE = "update"
    ONLY_NEW = "only_new"


@dataclass(frozen=True)
class Policy:
    """What one file was uploaded under."""

    match: MatchPolicy = MatchPolicy.REFERENCE
    on_conflict: OnConflict = OnConflict.UPDATE
    version: int = VERSION


MATCHES = {
    MatchPolicy.REFERENCE: Text(
        id="Baris adalah tentang keluarga dengan 'reference' yang sama, bukan yang lain. Nomor KK "
        "milik keluarga lain adalah kesalahan.",
        en="A row is about the family with its 'reference', and no other. A KK number of another "
        "family is an error.",
    ),
    MatchPolicy.REFERENCE_OR_KK: Text(
        id="Baris adalah tentang keluarga dengan 'reference' yang sama; bila tidak ada, tentang "
        "keluarga aktif dengan nomor KK yang sama.",
        en="A row is about the family with its 'reference'; where there is none, about the live "
        "family with its KK number.",
    ),
    MatchPolicy.KK: Text(
        id="Baris adalah tentang keluarga aktif dengan nomor KK yang sama, bukan yang lain. "
        "'reference' milik keluarga lain adalah kesalahan.",
        en="A row is about the live family with its KK number, and no other. A 'reference' of "
        "another family is an error.",
    ),
}
CONFLICTS = {
    OnConflict.UPDATE: Text(
        id="Keluarga yang sudah terdaftar diperbarui menurut berkas.",
        en="A family that is registered is brought to what the file tells.",
    ),
    OnConflict.ONLY_NEW: Text(
        id="Keluarga yang sudah terdaftar tidak diubah; hanya yang baru didaftarkan.",
        en="A family that is registered is left as it is; only new ones are registered.",
    ),
}
