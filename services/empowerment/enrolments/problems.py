"""What may stand in the way of an enrolment."""

from kernel.problems import Conflict, NotFound, Text


class EnrolmentNotFound(NotFound):
    """No enrolment has this id, or the caller may not see it."""

    code = "EMP-0301"
    title = Text(id="Keikutsertaan tidak ditemukan", en="No such enrolment")
    detail = Text(
        id="Tidak ada keikutsertaan {enrolment_id}.", en="There is no enrolment {enrolment_id}."
    )


class NotEligible(Conflict):
    """The family does not pass every rule of the programme; `eligibility` tells which."""

    code = "EMP-0302"
    title = Text(id="Keluarga belum memenuhi syarat", en="Family not eligible")
    detail = Text(
        id="Keluarga {household_id} tidak memenuhi semua syarat program; lihat 'eligibility'.",
        en="The family {household_id} does not pass every rule of the programme;"
        " see 'eligibility'.",
    )


class AlreadyEnrolled(Conflict):
    """The family is in the programme."""

    code = "EMP-0303"
    title = Text(id="Keluarga sudah terdaftar", en="Family already enrolled")
    detail = Text(
        id="Keluarga {household_id} sudah ada dalam program ini: {enrolment_id}.",
        en="The family {household_id} is in this programme: {enrolment_id}.",
    )


class MoveTooEarly(Conflict):
    """A step cannot be dated before the one it follows."""

    code = "EMP-0304"
    title = Text(id="Tanggal terlalu awal", en="Date too early")
    detail = Text(
        id="Langkah sebelumnya bertanggal {moved_on}.", en="The step before was on {moved_on}."
    )
