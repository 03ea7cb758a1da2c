"""What can stand in the way of asking a group for work."""

from kernel.problems import Conflict, Text


class GroupNotActive(Conflict):
    """The group is not known, or has been dissolved."""

    code = "EXP-0401"
    title = Text(id="Kelompok tidak aktif", en="Group not active")
    detail = Text(
        id="Tidak ada kelompok '{group_id}' yang sedang aktif.",
        en="There is no active group '{group_id}'.",
    )


class GroupFull(Conflict):
    """A group's share does not fit into its free weeks."""

    code = "EXP-0402"
    title = Text(id="Kelompok tidak sanggup lagi", en="Group is full")
    detail = Text(
        id="Kelompok '{group_id}' hanya sanggup {free} dari {pieces} buah sampai {due_on}.",
        en="The group '{group_id}' can make {free} of {pieces} pieces by {due_on}.",
    )
