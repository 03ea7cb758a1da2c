"""What may stand against a pendamping's caseload."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


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
        id="{count} keluarga tinggal di luar wilayahnya pada hari itu; lihat 'errors'.",
        en="{count} families live outside the areas of that day; see 'errors'.",
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


class AreaTaken(Conflict):
    """The pendamping works there on some of these days already."""

    code = "REG-0508"
    title = Text(id="Wilayah sudah tercatat", en="Area recorded already")
    detail = Text(
        id="Pendamping ini sudah bertugas di {area_code} pada masa itu.",
        en="This facilitator works in {area_code} in that time already.",
    )


class AreaNotFound(NotFound):
    """The pendamping has no such area."""

    code = "REG-0509"
    title = Text(id="Wilayah tugas tidak ditemukan", en="No such area")
    detail = Text(
        id="Pendamping ini tidak mempunyai wilayah tugas {area_id}.",
        en="This facilitator has no area {area_id}.",
    )


class AreaEndsBeforeItBegan(Invalid):
    """An area ends after its first day."""

    code = "REG-0510"
    title = Text(id="Tanggal akhir terlalu awal", en="Ends too early")
    detail = Text(
        id="'on' harus setelah {valid_from}, awal tugas.",
        en="'on' has to be after {valid_from}, the first day.",
    )


class OutsideYourArea(Forbidden):
    """The region lies outside the caller's area."""

    code = "REG-0515"
    title = Text(id="Di luar wilayah kerja Anda", en="Outside your area")
    detail = Text(
        id="{region_code} tidak termasuk wilayah kerja Anda.",
        en="{region_code} is not in your area.",
    )
