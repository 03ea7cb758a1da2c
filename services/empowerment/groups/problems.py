"""What may stand in the way of a group."""

from kernel.problems import Conflict, NotFound, Text


class GroupNotFound(NotFound):
    """No group has this id, or the caller may not see it."""

    code = "EMP-0601"
    title = Text(id="Kelompok tidak ditemukan", en="No such group")
    detail = Text(id="Tidak ada kelompok {group_id}.", en="There is no group {group_id}.")


class GroupNumberTaken(Conflict):
    """Another group has the number."""

    code = "EMP-0602"
    title = Text(id="Nomor kelompok sudah dipakai", en="Group number in use")
    detail = Text(
        id="Kelompok nomor '{group}' sudah ada.", en="A group with the number '{group}' exists."
    )


class GroupDissolvedAlready(Conflict):
    """The group ended."""

    code = "EMP-0603"
    title = Text(id="Kelompok sudah bubar", en="Group dissolved")
    detail = Text(id="Kelompok '{group}' sudah bubar.", en="The group '{group}' was dissolved.")


class GroupFull(Conflict):
    """A group has at most 20 families."""

    code = "EMP-0604"
    title = Text(id="Kelompok penuh", en="Group full")
    detail = Text(
        id="Kelompok '{group}' paling banyak {most} keluarga; sekarang {members}.",
        en="The group '{group}' has at most {most} families; it has {members} now.",
    )


class TooFewMembers(Conflict):
    """A group begins to work with at least 5 families."""

    code = "EMP-0605"
    title = Text(id="Anggota kurang", en="Too few members")
    detail = Text(
        id="Kelompok '{group}' memerlukan paling sedikit {least} keluarga; sekarang {members}.",
        en="The group '{group}' needs at least {least} families; it has {members}.",
    )


class OfficersMissing(Conflict):
    """Chair, secretary and treasurer are named before a group begins."""

    code = "EMP-0606"
    title = Text(id="Pengurus belum lengkap", en="Officers missing")
    detail = Text(
        id="Tentukan ketua, sekretaris dan bendahara kelompok '{group}'.",
        en="Name the chair, secretary and treasurer of the group '{group}'.",
    )


class OutsideKabupaten(Conflict):
    """Every family of a group lives in the group's kabupaten; `household_ids` names the others."""

    code = "EMP-0607"
    title = Text(id="Di luar kabupaten kelompok", en="Outside the group's kabupaten")
    detail = Text(
        id="{count} keluarga tinggal di luar kabupaten {kabupaten}; lihat 'household_ids'.",
        en="{count} families live outside the kabupaten {kabupaten}; see 'household_ids'.",
    )


class AlreadyInAGroup(Conflict):
    """A family is in one live group at most; `household_ids` names those that are in one."""

    code = "EMP-0608"
    title = Text(id="Sudah menjadi anggota kelompok", en="Already in a group")
    detail = Text(
        id="{count} keluarga sudah menjadi anggota suatu kelompok; lihat 'household_ids'.",
        en="{count} families are members of a group already; see 'household_ids'.",
    )


class NotAMember(Conflict):
    """The family is not in the group."""

    code = "EMP-0609"
    title = Text(id="Bukan anggota", en="Not a member")
    detail = Text(
        id="Keluarga {household_id} bukan anggota kelompok '{group}'.",
        en="The family {household_id} is not a member of the group '{group}'.",
    )


class HoldsAnOffice(Conflict):
    """An officer is replaced before leaving."""

    code = "EMP-0610"
    title = Text(id="Masih menjadi pengurus", en="Holds an office")
    detail = Text(
        id="Tunjuk pengganti keluarga {household_id} sebelum keluar dari kelompok '{group}'.",
        en="Replace the family {household_id} as an officer before it leaves the group '{group}'.",
    )


class LeaveTooEarly(Conflict):
    """Nobody leaves before joining."""

    code = "EMP-0611"
    title = Text(id="Tanggal keluar terlalu awal", en="Leave too early")
    detail = Text(
        id="Keluarga ini bergabung pada {joined_on}.", en="This family joined on {joined_on}."
    )
