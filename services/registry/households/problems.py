"""What may stand in a family's way in the registry."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class HouseholdNotFound(NotFound):
    """No such family, or not in the caller's sight."""

    code = "REG-0201"
    title = Text(id="Keluarga tidak ditemukan", en="No such family")
    detail = Text(
        id="Tidak ada keluarga {household_id} yang dapat Anda lihat.",
        en="There is no family {household_id} that you may see.",
    )


class ReferenceTaken(Conflict):
    """The sender's number belongs to a family already."""

    code = "REG-0202"
    title = Text(id="Nomor rujukan sudah dipakai", en="Reference in use")
    detail = Text(
        id="Keluarga dengan 'reference' {reference} sudah terdaftar.",
        en="A family with the 'reference' {reference} is registered.",
    )


class FamilyCardTaken(Conflict):
    """A family with this KK number is registered and not closed."""

    code = "REG-0203"
    title = Text(id="Nomor KK sudah terdaftar", en="KK number registered")
    detail = Text(
        id="Keluarga lain yang belum ditutup memakai 'kk_number' ini.",
        en="Another family that is not closed has this 'kk_number'.",
    )


class SamePersonTwice(Invalid):
    """One family names a NIK twice."""

    code = "REG-0204"
    title = Text(id="NIK ganda dalam satu keluarga", en="NIK twice in one family")
    detail = Text(
        id="Setiap anggota mempunyai 'nik' sendiri.", en="Every member has a 'nik' of their own."
    )


class OneHeadNeeded(Invalid):
    """A family card names exactly one head."""

    code = "REG-0205"
    title = Text(id="Harus ada satu kepala keluarga", en="One head of family needed")
    detail = Text(
        id="Tepat satu anggota mempunyai 'relation' head; ada {heads}.",
        en="Exactly one member has the 'relation' head; there are {heads}.",
    )


class OutsideYourRegion(Forbidden):
    """The desa lies outside the caller's area."""

    code = "REG-0206"
    title = Text(id="Di luar wilayah kerja Anda", en="Outside your area")
    detail = Text(
        id="Desa {desa_code} tidak termasuk wilayah kerja Anda.",
        en="The desa {desa_code} is not in your area.",
    )


class HouseholdIsClosed(Conflict):
    """Nothing more happens to a closed family."""

    code = "REG-0207"
    title = Text(id="Keluarga sudah ditutup", en="The family is closed")
    detail = Text(
        id="Keluarga {household_id} sudah ditutup; datanya tidak berubah lagi.",
        en="The family {household_id} is closed; its record does not change any more.",
    )


class HouseholdsUnknown(NotFound):
    """Some of the families named do not exist, or are not in the caller's sight."""

    code = "REG-0208"
    title = Text(id="Ada keluarga yang tidak ditemukan", en="Some families not found")
    detail = Text(
        id="{count} keluarga tidak ditemukan; 'errors' menyebut yang mana.",
        en="{count} families were not found; 'errors' names them.",
    )


class ClosedBeforeRegistered(Invalid):
    """A family cannot leave before it came."""

    code = "REG-0209"
    title = Text(id="Tanggal penutupan terlalu awal", en="Closed too early")
    detail = Text(
        id="'closed_on' tidak boleh sebelum {registered_on}, tanggal pendaftaran.",
        en="'closed_on' may not be before {registered_on}, the day of registration.",
    )


class NotYetKnown(NotFound):
    """The registry did not know the family on that day."""

    code = "REG-0211"
    title = Text(id="Belum tercatat", en="Not yet known")
    detail = Text(
        id="Pada {day} keluarga ini belum tercatat, atau belum diketahui saat itu.",
        en="On {day} this family was not registered, or not yet known at that moment.",
    )


UNKNOWN_ITEM = Text(id="Keluarga ini tidak ditemukan.", en="This family was not found.")
