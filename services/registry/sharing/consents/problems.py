"""What can stand in the way of a consent."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class ConsentNotFound(NotFound):
    """No such consent, or of a family that the caller may not see."""

    code = "REG-0820"
    title = Text(id="Persetujuan tidak ditemukan", en="No such consent")
    detail = Text(id="Tidak ada persetujuan {consent_id}.", en="There is no consent {consent_id}.")


class WithdrawnBeforeGiven(Invalid):
    """A consent cannot end before it began."""

    code = "REG-0821"
    title = Text(id="Tanggal pencabutan salah", en="Withdrawal date not valid")
    detail = Text(
        id="'withdrawn_on' tidak boleh sebelum tanggal persetujuan.",
        en="'withdrawn_on' must not lie before the consent.",
    )


class NotOfTheFamily(Invalid):
    """Only a member says yes for a family, and a grown-up one."""

    code = "REG-0822"
    title = Text(id="Pemberi persetujuan tidak sah", en="Not one who can consent")
    detail = Text(
        id="'given_by' harus anggota dewasa dari keluarga ini.",
        en="'given_by' must be an adult member of this family.",
    )


class ReceiptTaken(Conflict):
    """A receipt's number is given once."""

    code = "REG-0823"
    title = Text(id="Nomor tanda terima sudah dipakai", en="Receipt number in use")
    detail = Text(
        id="Tanda terima {receipt_number} sudah tercatat.",
        en="The receipt {receipt_number} is recorded.",
    )
