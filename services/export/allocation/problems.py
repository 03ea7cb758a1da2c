"""What can stand in the way of dividing an order line over groups."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class AllocationNotFound(NotFound):
    """There is no such allocation, or the caller may not see it."""

    code = "EXP-0501"
    title = Text(id="Pembagian kerja tidak ditemukan", en="No such allocation")
    detail = Text(
        id="Tidak ada pembagian kerja '{allocation_id}' yang dapat Anda lihat.",
        en="There is no allocation '{allocation_id}' that you may see.",
    )


class LineAllocated(Conflict):
    """The line has a plan that is not discarded."""

    code = "EXP-0502"
    title = Text(id="Baris ini sudah dibagi", en="Line already allocated")
    detail = Text(
        id="Baris '{line_id}' sudah memiliki pembagian kerja; buang rencananya lebih dulu.",
        en="The line '{line_id}' has an allocation already; discard its plan first.",
    )


class OrderNotToBeMade(Conflict):
    """Only an accepted order, and a line that was not rejected, is given out as work."""

    code = "EXP-0503"
    title = Text(id="Pesanan ini tidak untuk dikerjakan", en="Nothing to make for this line")
    detail = Text(
        id="Pesanan berstatus {state} dan baris ini memuat {pieces} buah untuk dikerjakan.",
        en="The order is {state} and this line has {pieces} pieces to make.",
    )


class CapacityTooSmall(Conflict):
    """All groups together cannot make the line in time."""

    code = "EXP-0504"
    title = Text(id="Kapasitas tidak cukup", en="Not enough capacity")
    detail = Text(
        id="{wanted} buah diminta sampai {due_on}; {free} dapat dibuat dengan keahlian '{skill}'.",
        en="{wanted} pieces are wanted by {due_on}; {free} can be made with the skill '{skill}'.",
    )


class SharesDoNotSum(Invalid):
    """The shares together must be the line's pieces, exactly."""

    code = "EXP-0505"
    title = Text(id="Jumlah bagian tidak tepat", en="Shares do not add up")
    detail = Text(
        id="Jumlah bagian {given} buah; baris ini {pieces} buah.",
        en="The shares are {given} pieces together; the line is {pieces} pieces.",
    )


class GroupNamedTwice(Invalid):
    """A group has one share."""

    code = "EXP-0506"
    title = Text(id="Kelompok disebut dua kali", en="Group named twice")
    detail = Text(
        id="Kelompok '{group_id}' hanya boleh memiliki satu bagian.",
        en="The group '{group_id}' can have one share only.",
    )
