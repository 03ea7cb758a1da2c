"""What may stand in the way of a change request."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class ChangeNotFound(NotFound):
    """No such request, or for a family out of the caller's sight."""

    code = "REG-1001"
    title = Text(id="Permohonan perubahan tidak ditemukan", en="No such change request")
    detail = Text(
        id="Tidak ada permohonan perubahan {change_id} yang dapat Anda lihat.",
        en="There is no change request {change_id} that you may see.",
    )


class MakerMayNotDecide(Forbidden):
    """Who asked for a change does not decide about it."""

    code = "REG-1002"
    title = Text(id="Harus orang kedua", en="A second person is needed")
    detail = Text(
        id="Permohonan diputuskan oleh orang lain, bukan oleh pemohonnya.",
        en="A request is decided about by another person than the one who made it.",
    )


class NotYourRequest(Forbidden):
    """Only its maker takes a request back, or renews it."""

    code = "REG-1003"
    title = Text(id="Bukan permohonan Anda", en="Not your request")
    detail = Text(
        id="Hanya pemohonnya yang dapat menarik atau memperbarui permohonan ini.",
        en="Only the person who made this request can withdraw or rebase it.",
    )


class RecordMovedOn(Conflict):
    """The maker looked at an older version of the family."""

    code = "REG-1004"
    title = Text(id="Data keluarga sudah berubah", en="The family's record moved on")
    detail = Text(
        id="Anda melihat versi {seen}, sekarang versi {current}; baca lagi, lalu ajukan ulang.",
        en="You looked at version {seen}, it is {current} now; read it again, then ask again.",
    )


class NothingProposed(Invalid):
    """Every value proposed is the one on record."""

    code = "REG-1005"
    title = Text(id="Tidak ada yang berubah", en="Nothing would change")
    detail = Text(
        id="Sebutkan paling sedikit satu nilai yang berbeda dari yang tercatat.",
        en="Name at least one value that differs from the one on record.",
    )


class MemberNotInFamily(Invalid):
    """A correction names a person who is no member of the family now."""

    code = "REG-1006"
    title = Text(id="Bukan anggota keluarga ini", en="Not a member of this family")
    detail = Text(
        id="Keluarga ini tidak mempunyai anggota {member_id}.",
        en="This family has no member {member_id}.",
    )


class RequestTooOld(Conflict):
    """The request outlived the days that its policy gives it."""

    code = "REG-1007"
    title = Text(id="Permohonan kedaluwarsa", en="The request is too old")
    detail = Text(
        id="Permohonan ini berlaku sampai {expires_on}; ajukan yang baru.",
        en="This request was good until {expires_on}; make a new one.",
    )


class PolicyTooEarly(Invalid):
    """A policy may not say how past requests should have been judged."""

    code = "REG-1008"
    title = Text(id="Aturan berlaku surut", en="A policy in the past")
    detail = Text(
        id="'in_force_from' paling awal {earliest}.", en="'in_force_from' is {earliest} or later."
    )
