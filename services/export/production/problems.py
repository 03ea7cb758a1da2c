"""What can stand in the way of giving out work and of delivering it."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class WorkOrderNotFound(NotFound):
    """No such work order, or it belongs to another partner's order."""

    code = "EXP-0701"
    title = Text(id="Perintah kerja tidak ditemukan", en="Work order not found")
    detail = Text(
        id="Tidak ada perintah kerja {work_order_id}.", en="There is no work order {work_order_id}."
    )


class LotNotFound(NotFound):
    """No such lot, or it belongs to another partner's order."""

    code = "EXP-0702"
    title = Text(id="Lot tidak ditemukan", en="Lot not found")
    detail = Text(id="Tidak ada lot {lot_id}.", en="There is no lot {lot_id}.")


class DeliveryReferenceTaken(Conflict):
    """A delivery with this reference was recorded before."""

    code = "EXP-0703"
    title = Text(id="Referensi setoran sudah dipakai", en="Delivery reference taken")
    detail = Text(
        id="Setoran 'reference' {reference} sudah tercatat.",
        en="A delivery with the 'reference' {reference} is recorded.",
    )


class WorkOrderNotOpen(Conflict):
    """Nothing more is taken in for a work order that is done or cancelled."""

    code = "EXP-0704"
    title = Text(id="Perintah kerja tidak terbuka", en="Work order not open")
    detail = Text(
        id="Perintah kerja ini sudah '{state}'; tidak ada setoran lagi.",
        en="This work order is '{state}'; no more is taken in.",
    )


class MoreThanOrdered(Conflict):
    """The delivery is larger than what is still to be made."""

    code = "EXP-0705"
    title = Text(id="Melebihi pesanan", en="More than ordered")
    detail = Text(
        id="Setoran {pieces} buah, padahal tinggal {open_pieces} yang harus dibuat.",
        en="{pieces} pieces delivered, only {open_pieces} are still to be made.",
    )


class NotAMember(Conflict):
    """A maker of the delivery does not belong to the work order's group."""

    code = "EXP-0706"
    title = Text(id="Bukan anggota kelompok", en="Not a member of the group")
    detail = Text(
        id="Perajin yang disebut dalam 'errors' bukan anggota kelompok perintah kerja ini.",
        en="The makers named in 'errors' are not members of this work order's group.",
    )


class MakerCountedTwice(Invalid):
    """A maker stands twice in one count."""

    code = "EXP-0707"
    title = Text(id="Perajin tercatat dua kali", en="Maker counted twice")
    detail = Text(
        id="Keluarga {household_id} muncul lebih dari sekali; jumlahkan dulu.",
        en="Household {household_id} appears more than once; add its pieces up first.",
    )


class MoreThanHandsCanMake(Invalid):
    """More pieces than a maker weaves in the days worked (one to three a day)."""

    code = "EXP-0708"
    title = Text(id="Terlalu banyak untuk hari kerjanya", en="Too many for the days worked")
    detail = Text(
        id="Paling banyak {a_day} buah sehari per perajin; periksa jumlah atau hari kerja.",
        en="A maker makes at most {a_day} pieces a day; check the count or the days worked.",
    )


class DeliveredBeforeOpened(Conflict):
    """The delivery's day lies before the work was given out."""

    code = "EXP-0709"
    title = Text(id="Tanggal setoran terlalu awal", en="Delivered before the work was given out")
    detail = Text(
        id="Perintah kerja dibuka pada {opened_on}.", en="The work order was opened on {opened_on}."
    )


class MakerNotInLot(Conflict):
    """A maker is named who has no pieces in the lot."""

    code = "EXP-0710"
    title = Text(id="Perajin tidak ada dalam lot", en="Maker not in the lot")
    detail = Text(
        id="Keluarga {household_id} tidak menyetor untuk lot ini.",
        en="Household {household_id} delivered nothing for this lot.",
    )


class MoreThanMade(Conflict):
    """More pieces of a maker are set aside than that maker has left in the lot."""

    code = "EXP-0711"
    title = Text(id="Melebihi buatan perajin", en="More than the maker made")
    detail = Text(
        id="{pieces} buah disisihkan, padahal tinggal {left} buah dari keluarga {household_id}.",
        en="{pieces} pieces set aside, but only {left} of household {household_id} are left.",
    )


class MoreThanSetAside(Conflict):
    """More pieces of a maker come back repaired than were set aside."""

    code = "EXP-0712"
    title = Text(id="Melebihi yang disisihkan", en="More than was set aside")
    detail = Text(
        id="{pieces} buah diperbaiki, hanya {set_aside} disisihkan dari keluarga {household_id}.",
        en="{pieces} pieces repaired, only {set_aside} of household {household_id} set aside.",
    )


class NothingLeftInLot(Conflict):
    """Every piece of the lot was set aside."""

    code = "EXP-0713"
    title = Text(id="Lot sudah kosong", en="Nothing left in the lot")
    detail = Text(
        id="Semua {pieces} buah sudah disisihkan; apkirkan lot atau kembalikan yang diperbaiki.",
        en="All {pieces} pieces were set aside; scrap the lot or bring repaired pieces back.",
    )


class NotEnoughToPack(Conflict):
    """More pieces of a lot are to be packed than are accepted and unpacked."""

    code = "EXP-0714"
    title = Text(id="Tidak cukup untuk dikemas", en="Not enough to pack")
    detail = Text(
        id="Lot {lot_number}: {pieces} buah diminta, {left} buah diterima dan belum dikemas.",
        en="Lot {lot_number}: {pieces} pieces wanted, {left} accepted and not yet packed.",
    )
