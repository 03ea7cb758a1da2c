"""What can stand in the way of a score."""

from kernel.problems import NotFound, Text


class NoEvidence(NotFound):
    """Nothing was heard of this family, or it is not the caller's to see."""

    code = "FIN-0301"
    title = Text(id="Belum ada bukti", en="No evidence yet")
    detail = Text(
        id="Belum ada kabar tentang keluarga {household_id}.",
        en="Nothing is known of the household {household_id}.",
    )
