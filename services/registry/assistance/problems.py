"""What may stand against aid."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class AssistanceNotFound(NotFound):
    """No such aid, or its family is not in the caller's sight."""

    code = "REG-0401"
    title = Text(id="Bantuan tidak ditemukan", en="No such assistance")
    detail = Text(
        id="Tidak ada bantuan {assistance_id} yang dapat Anda lihat.",
        en="There is no assistance {assistance_id} that you may see.",
    )


class AlreadyReceives(Conflict):
    """The family receives aid of this scheme."""

    code = "REG-0402"
    title = Text(id="Sudah menerima bantuan ini", en="Receives this aid already")
    detail = Text(
        id="Keluarga {household_id} masih menerima {scheme}; akhiri dulu sebelum memulai lagi.",
        en="The family {household_id} receives {scheme}; end it before it starts again.",
    )


class GraduatedFromAid(Conflict):
    """A graduated family gets PKH and staple food again only after its graduation is reversed."""

    code = "REG-0403"
    title = Text(id="Keluarga sudah graduasi", en="The family has graduated")
    detail = Text(
        id="Keluarga {household_id} sudah graduasi; {scheme} baru dapat dimulai bila dibatalkan.",
        en="The family {household_id} has graduated; {scheme} needs the graduation reversed first.",
    )


class EndsBeforeStart(Invalid):
    """Aid cannot end before it started."""

    code = "REG-0404"
    title = Text(id="Tanggal akhir terlalu awal", en="Ends too early")
    detail = Text(
        id="'ended_on' tidak boleh sebelum {started_on}, awal bantuan.",
        en="'ended_on' may not be before {started_on}, the start of the aid.",
    )


class ComponentsOnlyForPkh(Invalid):
    """Only PKH is made of components."""

    code = "REG-0405"
    title = Text(id="Komponen hanya untuk PKH", en="Components are PKH's")
    detail = Text(
        id="'components' tidak berlaku untuk {scheme}.",
        en="'components' do not apply to {scheme}.",
    )
