"""Why a share is what it is, in words."""

from kernel.problems import Language, Text
from services.export.allocation.models import AllocationShare
from services.export.allocation.shares import Basis

ABILITY = Text(
    id="{makers} pengrajin terampil, {weekly_pieces} buah seminggu; {free_pieces} buah masih dapat"
    " dibuat sebelum jatuh tempo.",
    en="{makers} skilled makers, {weekly_pieces} pieces a week; {free_pieces} pieces can still be"
    " made before the due day.",
)
EARLIER = Text(
    id="{earlier_pieces} buah sudah diberikan kepada kelompok ini sebelumnya.",
    en="{earlier_pieces} pieces were given to this group earlier.",
)
DECISION = {
    Basis.FAIR: Text(
        id="Bagian ini membuat pengrajin semua kelompok mendapat buah yang sama banyak.",
        en="With this share makers of all groups get equally many pieces.",
    ),
    Basis.FULL: Text(
        id="Kelompok ini mendapat semua yang dapat dibuatnya.",
        en="The group gets all that it can make.",
    ),
    Basis.BY_HAND: Text(id="Ditentukan oleh petugas.", en="Chosen by a person."),
}


def reasons(share: AllocationShare, *, language: Language) -> dict[str, str]:
    """Return the sentences that explain a share, each under its code."""
    figures = share.model_dump()
    return {
        "ability": ABILITY.to(language, figures),
        "earlier_work": EARLIER.to(language, figures),
        share.basis.value: DECISION[share.basis].to(language, figures),
    }
