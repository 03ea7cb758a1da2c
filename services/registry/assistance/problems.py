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


class MemberOnlyForPbi(Invalid):
    """Only the health insurance is a single person's."""

    code = "REG-0406"
    title = Text(id="Penerima perorangan hanya untuk PBI JKN", en="A person is PBI JKN's")
    detail = Text(
        id="'member_id' tidak berlaku untuk {scheme}.", en="'member_id' does not apply to {scheme}."
    )


class MemberUnknown(Conflict):
    """The person is not, or no more, of the family."""

    code = "REG-0407"
    title = Text(id="Bukan anggota keluarga ini", en="Not of this family")
    detail = Text(
        id="Keluarga {household_id} tidak mempunyai anggota {member_id}.",
        en="The family {household_id} has no member {member_id}.",
    )


class TooManyPersons(Conflict):
    """PKH supports four persons of a family at most."""

    code = "REG-0408"
    title = Text(id="Lebih dari empat orang", en="More than four persons")
    detail = Text(
        id="PKH mendukung paling banyak {most} orang dalam satu keluarga pada waktu yang sama.",
        en="PKH supports at most {most} persons of a family at the same time.",
    )


class ComponentDoesNotFit(Conflict):
    """The person's age or sex is not the component's."""

    code = "REG-0409"
    title = Text(id="Komponen tidak sesuai", en="The component does not fit")
    detail = Text(
        id="Umur atau jenis kelamin anggota ini tidak sesuai dengan {component} pada {on}.",
        en="This member's age or sex is not that of {component} on {on}.",
    )


class ComponentTwice(Conflict):
    """The person is supported by this component in some of these days."""

    code = "REG-0410"
    title = Text(id="Komponen sudah tercatat", en="Component recorded already")
    detail = Text(
        id="Anggota ini sudah mempunyai {component} pada masa itu.",
        en="This member has {component} in that time already.",
    )


class ComponentNotFound(NotFound):
    """The aid has no such component."""

    code = "REG-0411"
    title = Text(id="Komponen tidak ditemukan", en="No such component")
    detail = Text(
        id="Bantuan ini tidak mempunyai komponen {component_id}.",
        en="This aid has no component {component_id}.",
    )


class PregnancyNeedsEnd(Invalid):
    """A pregnancy ends: the day is expected from the start."""

    code = "REG-0412"
    title = Text(id="Akhir kehamilan belum disebut", en="The pregnancy's end is not named")
    detail = Text(
        id="Isi 'ends_on', paling lama {days} hari setelah 'starts_on'.",
        en="Give 'ends_on', at most {days} days after 'starts_on'.",
    )


class ComponentHasEnded(Conflict):
    """What has ended does not end later."""

    code = "REG-0413"
    title = Text(id="Komponen sudah berakhir", en="The component has ended")
    detail = Text(id="Komponen berakhir {ended_on}.", en="The component ended on {ended_on}.")
