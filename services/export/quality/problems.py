"""What can stand in the way of inspecting a lot."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class InspectionNotFound(NotFound):
    """No such inspection, or its lot belongs to another partner's order."""

    code = "EXP-0801"
    title = Text(id="Pemeriksaan tidak ditemukan", en="Inspection not found")
    detail = Text(
        id="Tidak ada pemeriksaan {inspection_id}.", en="There is no inspection {inspection_id}."
    )


class NoContractInForce(Conflict):
    """Lots are sampled as the partner's contract says; none is in force on the day."""

    code = "EXP-0802"
    title = Text(id="Tidak ada kontrak yang berlaku", en="No contract in force")
    detail = Text(
        id="Mitra pesanan ini tidak punya kontrak yang berlaku pada {on}; AQL tidak diketahui.",
        en="This order's partner has no contract in force on {on}; the AQL is not known.",
    )


class InspectionDiscontinued(Conflict):
    """Too many lots of the group failed; improve first (ISO 2859-1, 9.4)."""

    code = "EXP-0803"
    title = Text(id="Pemeriksaan dihentikan", en="Inspection discontinued")
    detail = Text(
        id="Lima lot kelompok ini gagal pada pemeriksaan ketat; perbaiki dulu, lalu lanjutkan.",
        en="Five lots of this group failed under tightened inspection; improve, then resume.",
    )


class SampleTooSmall(Invalid):
    """Fewer pieces were looked at than the plan asks for."""

    code = "EXP-0804"
    title = Text(id="Sampel terlalu kecil", en="Sample too small")
    detail = Text(
        id="'inspected_pieces' {inspected}; rencana meminta {sample_size}.",
        en="'inspected_pieces' is {inspected}; the plan asks for {sample_size}.",
    )


class MoreThanInLot(Invalid):
    """More pieces are reported than lie in the lot, or in the sample."""

    code = "EXP-0805"
    title = Text(id="Melebihi isi lot", en="More than in the lot")
    detail = Text(
        id="{pieces} buah dilaporkan, padahal hanya ada {present}.",
        en="{pieces} pieces reported, but there are only {present}.",
    )


class DefectivesNotSetAside(Conflict):
    """A lot is accepted without the critical and major defectives that were found in it."""

    code = "EXP-0806"
    title = Text(id="Buah cacat belum disisihkan", en="Defective pieces not set aside")
    detail = Text(
        id="{defective} buah cacat kritis atau mayor ditemukan, {set_aside} disisihkan.",
        en="{defective} critically or majorly defective pieces found, {set_aside} set aside.",
    )


class NotSteadyEnough(Conflict):
    """Reduced inspection needs an unbroken row of accepted lots."""

    code = "EXP-0807"
    title = Text(id="Belum cukup ajek", en="Not steady enough")
    detail = Text(
        id="Pemeriksaan longgar butuh {needed} lot diterima berturut-turut; sekarang {in_a_row}.",
        en="Reduced inspection needs {needed} lots accepted in a row; now {in_a_row}.",
    )


class GroupNotInspected(NotFound):
    """No lot of the group has been inspected yet."""

    code = "EXP-0808"
    title = Text(id="Kelompok belum pernah diperiksa", en="Group not inspected yet")
    detail = Text(
        id="Belum ada hasil pemeriksaan untuk kelompok {group_id}.",
        en="There is no inspection result for the group {group_id}.",
    )
