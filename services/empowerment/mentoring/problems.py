"""What may stand in the way of a visit."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class VisitNotFound(NotFound):
    """No visit has this id, or the caller may not see it."""

    code = "EMP-0501"
    title = Text(id="Kunjungan tidak ditemukan", en="No such visit")
    detail = Text(id="Tidak ada kunjungan {visit_id}.", en="There is no visit {visit_id}.")


class VisitsNobody(Invalid):
    """A visit is to one family or to one group."""

    code = "EMP-0502"
    title = Text(id="Siapa yang dikunjungi?", en="Whom to visit?")
    detail = Text(
        id="Sebutkan salah satu: household_id atau group_id.",
        en="Name one of the two: household_id or group_id.",
    )


class ClosedTooEarly(Conflict):
    """A visit ends after it was made."""

    code = "EMP-0503"
    title = Text(id="Tanggal penutupan terlalu awal", en="Closed too early")
    detail = Text(
        id="Kunjungan dilakukan pada {visited_on}.", en="The visit was made on {visited_on}."
    )
