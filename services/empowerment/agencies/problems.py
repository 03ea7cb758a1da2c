"""What may stand in the way of agencies and their agreements."""

from kernel.problems import Conflict, NotFound, Text


class AgencyNotFound(NotFound):
    """No agency has this id or code."""

    code = "EMP-0101"
    title = Text(id="Lembaga tidak ditemukan", en="No such agency")
    detail = Text(
        id="Tidak ada lembaga '{agency}' pada tanggal itu.", en="No agency '{agency}' on that day."
    )


class AgencyCodeTaken(Conflict):
    """Another agency has the code."""

    code = "EMP-0102"
    title = Text(id="Kode lembaga sudah dipakai", en="Agency code in use")
    detail = Text(
        id="Kode '{agency}' sudah dipakai; kode lembaga tidak pernah dipakai ulang.",
        en="The code '{agency}' is in use; agency codes are never used again.",
    )


class AgencyAlreadySucceeded(Conflict):
    """The agency ended; its successors act."""

    code = "EMP-0103"
    title = Text(id="Lembaga sudah digantikan", en="Agency already succeeded")
    detail = Text(
        id="Lembaga '{agency}' sudah berakhir; gunakan penggantinya.",
        en="The agency '{agency}' has ended; use its successors.",
    )


class SuccessionTooEarly(Conflict):
    """An agency cannot end before it began."""

    code = "EMP-0104"
    title = Text(id="Tanggal penggantian terlalu awal", en="Succession too early")
    detail = Text(
        id="Lembaga '{agency}' baru ada sejak {valid_from}.",
        en="The agency '{agency}' exists since {valid_from} only.",
    )


class AgreementNotFound(NotFound):
    """No agreement has this id."""

    code = "EMP-0105"
    title = Text(id="Perjanjian tidak ditemukan", en="No such agreement")
    detail = Text(
        id="Tidak ada perjanjian {agreement_id}.", en="There is no agreement {agreement_id}."
    )


class AgreementNumberTaken(Conflict):
    """Another agreement has the number."""

    code = "EMP-0106"
    title = Text(id="Nomor perjanjian sudah dipakai", en="Agreement number in use")
    detail = Text(
        id="Perjanjian nomor '{number}' sudah tercatat.",
        en="An agreement with the number '{number}' is on record.",
    )
