"""What can stand in the way of paying makers."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class PayoutBatchNotFound(NotFound):
    """No such payout batch, or it is another organisation's."""

    code = "EXP-1001"
    title = Text(id="Batch pembayaran tidak ditemukan", en="Payout batch not found")
    detail = Text(
        id="Tidak ada batch pembayaran {batch_id}.", en="There is no payout batch {batch_id}."
    )


class PayoutReferenceTaken(Conflict):
    """A batch with this reference was made before."""

    code = "EXP-1002"
    title = Text(id="Referensi pembayaran sudah dipakai", en="Payout reference taken")
    detail = Text(
        id="Batch dengan 'reference' {reference} sudah ada.",
        en="A batch with the 'reference' {reference} exists.",
    )


class PeriodBackwards(Invalid):
    """The period ends before it begins."""

    code = "EXP-1003"
    title = Text(id="Periode terbalik", en="Period backwards")
    detail = Text(
        id="'period_to' harus pada atau setelah 'period_from'.",
        en="'period_to' must not lie before 'period_from'.",
    )


class NothingToPay(Conflict):
    """No maker has unpaid earnings in the period."""

    code = "EXP-1004"
    title = Text(id="Tidak ada yang harus dibayar", en="Nothing to pay")
    detail = Text(
        id="Tidak ada upah {currency} yang belum dibayar dari {period_from} sampai {period_to}.",
        en="No {currency} earnings from {period_from} to {period_to} are unpaid.",
    )


class SamePerson(Forbidden):
    """Who made the batch cannot approve it."""

    code = "EXP-1005"
    title = Text(id="Harus orang lain", en="Must be another person")
    detail = Text(
        id="Batch disetujui oleh orang yang bukan pembuatnya.",
        en="A batch is approved by somebody who did not make it.",
    )


class DeductionForNobody(Conflict):
    """A deduction names a household that earned nothing in the period."""

    code = "EXP-1006"
    title = Text(id="Potongan tanpa upah", en="Deduction for nobody")
    detail = Text(
        id="Keluarga {household_id} tidak punya upah yang belum dibayar dalam periode ini.",
        en="Household {household_id} has no unpaid earnings in this period.",
    )


class DeductedTooMuch(Conflict):
    """A household's deductions exceed what it earned."""

    code = "EXP-1007"
    title = Text(id="Potongan melebihi upah", en="Deducted too much")
    detail = Text(
        id="Potongan {deducted} lebih besar dari upah {gross} keluarga {household_id}.",
        en="Deductions of {deducted} exceed the {gross} that household {household_id} earned.",
    )
