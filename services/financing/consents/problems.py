"""What can stand in the way of a consent."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class ConsentNotFound(NotFound):
    """No such consent, or not the caller's to see."""

    code = "FIN-0201"
    title = Text(id="Persetujuan tidak ditemukan", en="No such consent")
    detail = Text(id="Tidak ada persetujuan {consent_id}.", en="There is no consent {consent_id}.")


class ConsentExists(Conflict):
    """A family has one live consent towards a lender."""

    code = "FIN-0202"
    title = Text(id="Persetujuan masih berlaku", en="A consent is live already")
    detail = Text(
        id="Cabut persetujuan yang berlaku sebelum mencatat yang baru.",
        en="Withdraw the live consent before recording a new one.",
    )


class ConsentMissing(Forbidden):
    """Without a live consent for the purpose, nothing is shown and nothing moves."""

    code = "FIN-0203"
    title = Text(id="Tidak ada persetujuan yang berlaku", en="No live consent")
    detail = Text(
        id="Keluarga ini tidak (lagi) mengizinkan penyedia melihat datanya untuk '{purpose}'.",
        en="The family does not, or no longer, let the provider see its data for '{purpose}'.",
    )


class EndsBeforeItBegins(Invalid):
    """The period is reversed."""

    code = "FIN-0204"
    title = Text(id="Masa berlaku terbalik", en="Period reversed")
    detail = Text(
        id="'valid_until' tidak boleh sebelum 'given_on'.",
        en="'valid_until' must not lie before 'given_on'.",
    )


class WithdrawnBeforeGiven(Invalid):
    """A consent cannot end before it began."""

    code = "FIN-0205"
    title = Text(id="Tanggal pencabutan salah", en="Withdrawal date not valid")
    detail = Text(
        id="'withdrawn_on' tidak boleh sebelum tanggal persetujuan.",
        en="'withdrawn_on' must not lie before the consent.",
    )
