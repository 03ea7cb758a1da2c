"""What may stand in the way of a graduation."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class ProposalNotFound(NotFound):
    """No proposal has this id, or the caller may not see it."""

    code = "EMP-1001"
    title = Text(id="Usulan tidak ditemukan", en="No such proposal")
    detail = Text(
        id="Tidak ada usulan graduasi {proposal_id}.",
        en="There is no graduation proposal {proposal_id}.",
    )


class NotReady(Conflict):
    """The evidence does not carry a graduation yet; `reasons` tells each criterion."""

    code = "EMP-1002"
    title = Text(id="Keluarga belum siap", en="Family not ready")
    detail = Text(
        id="Kesiapan {readiness} dari paling sedikit {minimum_readiness}, atau ada syarat wajib"
        " yang belum terpenuhi; lihat 'reasons'.",
        en="The readiness is {readiness} of at least {minimum_readiness}, or a required criterion"
        " does not pass; see 'reasons'.",
    )


class AlreadyProposed(Conflict):
    """A family has one live proposal, or has graduated."""

    code = "EMP-1003"
    title = Text(id="Sudah diusulkan", en="Already proposed")
    detail = Text(
        id="Keluarga {household_id} sudah mempunyai usulan {proposal_id} ({current}).",
        en="The family {household_id} has the proposal {proposal_id} ({current}).",
    )


class SamePerson(Forbidden):
    """Who proposed does not decide."""

    code = "EMP-1004"
    title = Text(id="Perlu orang kedua", en="A second person is needed")
    detail = Text(
        id="Pengusul tidak boleh memutuskan usulannya sendiri.",
        en="Whoever proposed does not decide on the proposal.",
    )


class DecidedTooEarly(Conflict):
    """A decision follows what it decides on."""

    code = "EMP-1005"
    title = Text(id="Tanggal keputusan terlalu awal", en="Decided too early")
    detail = Text(
        id="Keputusan paling awal bertanggal {since}.", en="The earliest day to decide is {since}."
    )


class CriteriaVersionTaken(Conflict):
    """A set of criteria is never changed: record another version."""

    code = "EMP-1006"
    title = Text(id="Versi kriteria sudah ada", en="Criteria version on record")
    detail = Text(
        id="Kriteria versi '{edition}' sudah tercatat dan tidak diubah; catat versi baru.",
        en="The criteria version '{edition}' is on record and never changes; record a new one.",
    )


class CriteriaWeightless(Invalid):
    """Criteria must weigh something, each named once."""

    code = "EMP-1007"
    title = Text(id="Kriteria tidak sah", en="Criteria not valid")
    detail = Text(
        id="Sebut setiap kriteria satu kali, dan beri bobot pada paling sedikit satu.",
        en="Name each criterion once, and give at least one a weight.",
    )
