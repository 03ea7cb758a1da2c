"""What may stand against a pendamping's caseload."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class FacilitatorNotFound(NotFound):
    """No such pendamping, or not in the caller's sight."""

    code = "REG-0501"
    title = Text(id="Pendamping tidak ditemukan", en="No such facilitator")
    detail = Text(
        id="Tidak ada pendamping {facilitator_id} yang dapat Anda lihat.",
        en="There is no facilitator {facilitator_id} that you may see.",
    )


class EmployeeNumberTaken(Conflict):
    """The employee number belongs to a pendamping already."""

    code = "REG-0502"
    title = Text(id="Nomor pegawai sudah dipakai", en="Employee number in use")
    detail = Text(
        id="Pendamping dengan 'employee_number' {employee_number} sudah terdaftar.",
        en="A facilitator with the 'employee_number' {employee_number} is registered.",
    )


class HasAnotherFacilitator(Conflict):
    """Families are in another caseload; a transfer moves them."""

    code = "REG-0503"
    title = Text(id="Sudah mempunyai pendamping lain", en="Another facilitator is responsible")
    detail = Text(
        id="{count} keluarga punya pendamping lain; gunakan /transfers. Lihat 'errors'.",
        en="{count} families have another facilitator; use /transfers. See 'errors'.",
    )


class OutsideTheArea(Conflict):
    """Families live outside the pendamping's area."""

    code = "REG-0504"
    title = Text(id="Di luar wilayah pendamping", en="Outside the facilitator's area")
    detail = Text(
        id="{count} keluarga tinggal di luar {area_code}; lihat 'errors'.",
        en="{count} families live outside {area_code}; see 'errors'.",
    )


class NotInTheCaseload(Conflict):
    """Families that are to leave a caseload are not in it."""

    code = "REG-0505"
    title = Text(id="Bukan dampingan pendamping ini", en="Not in this caseload")
    detail = Text(
        id="{count} keluarga bukan dampingan pendamping ini; lihat 'errors'.",
        en="{count} families are not in this caseload; see 'errors'.",
    )


class SameFacilitator(Invalid):
    """A transfer needs two."""

    code = "REG-0506"
    title = Text(id="Pendamping yang sama", en="The same facilitator")
    detail = Text(
        id="'to_facilitator_id' harus pendamping lain.",
        en="'to_facilitator_id' must be another facilitator.",
    )


class EndsBeforeAssignment(Invalid):
    """A family cannot leave a caseload before it came."""

    code = "REG-0507"
    title = Text(id="Tanggal pindah terlalu awal", en="Transferred too early")
    detail = Text(
        id="'on' tidak boleh sebelum {assigned_on}, tanggal penugasan.",
        en="'on' may not be before {assigned_on}, the day of the assignment.",
    )
