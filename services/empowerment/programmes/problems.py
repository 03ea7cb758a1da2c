"""What may stand in the way with a programme."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class ProgrammeNotFound(NotFound):
    """No programme has this id."""

    code = "EMP-0201"
    title = Text(id="Program tidak ditemukan", en="No such programme")
    detail = Text(
        id="Tidak ada program {programme_id}.", en="There is no programme {programme_id}."
    )


class ProgrammeCodeTaken(Conflict):
    """Another programme has the code."""

    code = "EMP-0202"
    title = Text(id="Kode program sudah dipakai", en="Programme code in use")
    detail = Text(
        id="Program dengan kode '{programme}' sudah ada.",
        en="A programme with the code '{programme}' exists.",
    )


class ProgrammeNotOpen(Conflict):
    """Only an open programme takes families."""

    code = "EMP-0203"
    title = Text(id="Program tidak terbuka", en="Programme not open")
    detail = Text(
        id="Program '{programme}' tidak menerima keluarga; keadaannya: {current}.",
        en="The programme '{programme}' takes no families; its state: {current}.",
    )


class ProgrammeOver(Conflict):
    """The day lies after the programme's last."""

    code = "EMP-0204"
    title = Text(id="Program sudah selesai", en="Programme over")
    detail = Text(
        id="Program '{programme}' selesai pada {ends_on}.",
        en="The programme '{programme}' ended on {ends_on}.",
    )


class QuotaExhausted(Conflict):
    """Every place is taken."""

    code = "EMP-0205"
    title = Text(id="Kuota program habis", en="Programme full")
    detail = Text(
        id="Semua {quota} tempat pada program '{programme}' sudah terisi.",
        en="All {quota} places of the programme '{programme}' are taken.",
    )


class PeriodReversed(Invalid):
    """A programme ends after it starts."""

    code = "EMP-0206"
    title = Text(id="Masa program terbalik", en="Period reversed")
    detail = Text(
        id="Tanggal selesai {ends_on} mendahului tanggal mulai {starts_on}.",
        en="The last day {ends_on} lies before the first, {starts_on}.",
    )
