"""What may stand in the way of dealing with families that may be one."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class TicketNotFound(NotFound):
    """No such pair, or not both families are in the caller's sight."""

    code = "REG-0701"
    title = Text(id="Tiket duplikat tidak ditemukan", en="No such duplicate ticket")
    detail = Text(
        id="Tidak ada tiket duplikat {ticket_id} yang dapat Anda lihat.",
        en="There is no duplicate ticket {ticket_id} that you may see.",
    )


class HeldByAnother(Conflict):
    """Another person looks at the pair."""

    code = "REG-0702"
    title = Text(id="Sedang ditangani orang lain", en="Another person deals with it")
    detail = Text(
        id="Tiket ini dipegang orang lain; minta penyelia mengalihkannya.",
        en="Another person holds this ticket; ask a supervisor to reassign it.",
    )


class SecondPersonNeeded(Forbidden):
    """Who proposed a merge does not confirm it."""

    code = "REG-0703"
    title = Text(id="Harus orang kedua", en="A second person is needed")
    detail = Text(
        id="Penggabungan disahkan oleh orang lain, bukan oleh pengusulnya.",
        en="A merge is confirmed by another person than the one who proposed it.",
    )


class NotOfThePair(Invalid):
    """The survivor is neither of the two families."""

    code = "REG-0704"
    title = Text(id="Bukan salah satu dari keduanya", en="Neither of the two")
    detail = Text(
        id="'survivor_id' adalah salah satu dari kedua keluarga tiket ini.",
        en="'survivor_id' is one of the two families of this ticket.",
    )


class MemberCannotMove(Invalid):
    """A person is not there to be moved, or is one of the survivor's already."""

    code = "REG-0705"
    title = Text(id="Anggota tidak dapat dipindahkan", en="A member cannot move")
    detail = Text(
        id="{count} anggota tidak dapat dipindahkan; lihat 'errors'.",
        en="{count} members cannot move; see 'errors'.",
    )


class TooManyMembers(Conflict):
    """The survivor would be larger than a family card."""

    code = "REG-0706"
    title = Text(id="Anggota terlalu banyak", en="Too many members")
    detail = Text(
        id="Keluarga gabungan akan mempunyai lebih dari {most} anggota.",
        en="The merged family would have more than {most} members.",
    )


class ChangedSinceProposed(Conflict):
    """A family is not as the proposer saw it."""

    code = "REG-0707"
    title = Text(id="Keluarga berubah sesudah usulan", en="A family changed since the proposal")
    detail = Text(
        id="Kembalikan usulan ini agar diperiksa lagi dengan data terbaru.",
        en="Send the proposal back, to be looked at again with the record as it is now.",
    )


class MergedOnward(Conflict):
    """The survivor has left the registry since, or was merged itself."""

    code = "REG-0708"
    title = Text(id="Keluarga penerima sudah ditutup", en="The survivor has left")
    detail = Text(
        id="Keluarga {household_id} sudah ditutup; batalkan dulu penutupan atau penggabungannya.",
        en="The family {household_id} is closed; undo its closing or its own merge first.",
    )


class MovedMembersChanged(Conflict):
    """A person who came with the merge was changed, or left, since."""

    code = "REG-0709"
    title = Text(id="Anggota pindahan sudah berubah", en="Moved members changed since")
    detail = Text(
        id="{count} anggota yang ikut pindah telah diubah atau keluar sesudah penggabungan; "
        "pembatalan akan menghilangkan perubahan itu.",
        en="{count} members who came with the merge were changed or left since; undoing it would "
        "lose that change.",
    )


class ScanIsRunning(Conflict):
    """All families are being compared already."""

    code = "REG-0710"
    title = Text(id="Pemindaian sedang berjalan", en="A scan is running")
    detail = Text(
        id="Pemindaian {scan_id} belum selesai.", en="The scan {scan_id} has not finished."
    )


class ScanNotFound(NotFound):
    """No such comparison of all families."""

    code = "REG-0711"
    title = Text(id="Pemindaian tidak ditemukan", en="No such scan")
    detail = Text(id="Tidak ada pemindaian {scan_id}.", en="There is no scan {scan_id}.")


class AbsorbedErased(Conflict):
    """What named the absorbed family was destroyed; it cannot come back."""

    code = "REG-0712"
    title = Text(id="Data keluarga sudah dimusnahkan", en="The family's data were destroyed")
    detail = Text(
        id="Data keluarga {household_id} sudah dimusnahkan; penggabungan tidak dapat dibatalkan.",
        en="The data of the family {household_id} were destroyed; the merge cannot be undone.",
    )


NOT_A_MEMBER = Text(
    id="Bukan anggota keluarga yang digabungkan.", en="Not a member of the absorbed family."
)
SAME_PERSON = Text(
    id="Orang dengan NIK ini sudah menjadi anggota keluarga penerima.",
    en="A person with this NIK is a member of the survivor already.",
)
TOLD_TWICE = Text(id="Anggota ini disebut dua kali.", en="This member is named twice.")
ONE_HEAD = Text(
    id="Keluarga penerima sudah mempunyai kepala.", en="The survivor has a head already."
)
