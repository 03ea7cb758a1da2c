"""What can stand in the way of forgetting a family."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class ErasureNotFound(NotFound):
    """No such request."""

    code = "REG-0830"
    title = Text(id="Permintaan penghapusan tidak ditemukan", en="No such erasure request")
    detail = Text(id="Tidak ada permintaan {erasure_id}.", en="There is no request {erasure_id}.")


class ErasureAsked(Conflict):
    """The family's erasure waits for a decision already."""

    code = "REG-0831"
    title = Text(id="Penghapusan sudah diminta", en="Erasure requested already")
    detail = Text(
        id="Permintaan penghapusan keluarga ini menunggu keputusan.",
        en="An erasure of this family waits for a decision.",
    )


class UnderLegalHold(Conflict):
    """The law needs the data for as long as the hold lasts."""

    code = "REG-0832"
    title = Text(id="Data ditahan demi hukum", en="Under legal hold")
    detail = Text(
        id="Data keluarga ini ditahan berdasarkan {reference}; tunggu sampai dicabut.",
        en="The family's data is held under {reference}; erasure waits until that is lifted.",
    )


class HoldNotFound(NotFound):
    """No such hold."""

    code = "REG-0833"
    title = Text(id="Penahanan tidak ditemukan", en="No such hold")
    detail = Text(id="Tidak ada penahanan {hold_id}.", en="There is no hold {hold_id}.")


class RuleNotFound(NotFound):
    """No such retention rule."""

    code = "REG-0834"
    title = Text(id="Aturan retensi tidak ditemukan", en="No such retention rule")
    detail = Text(id="Tidak ada aturan retensi {rule_id}.", en="There is no rule {rule_id}.")


class RuleEndsTooEarly(Invalid):
    """A rule cannot end before it began."""

    code = "REG-0835"
    title = Text(id="Hari akhir aturan salah", en="Last day not valid")
    detail = Text(
        id="Aturan berlaku sejak {valid_from}; hari terakhirnya tidak boleh sebelum itu.",
        en="The rule holds from {valid_from} on; its last day must not lie before.",
    )
