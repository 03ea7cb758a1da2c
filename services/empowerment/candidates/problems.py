"""What may stand in the way with a family."""

from kernel.problems import Conflict, NotFound, Text


class CandidateNotFound(NotFound):
    """The registry has not told of the family, or the caller may not see it."""

    code = "EMP-1101"
    title = Text(id="Keluarga tidak ditemukan", en="No such family")
    detail = Text(
        id="Keluarga {household_id} belum dikenal di sini; data dari registri menyusul.",
        en="The family {household_id} is not known here yet; the registry's data follow.",
    )


class FamilyClosed(Conflict):
    """The family's record was closed: moved, deceased or merged."""

    code = "EMP-1102"
    title = Text(id="Data keluarga sudah ditutup", en="The family's record is closed")
    detail = Text(
        id="Data keluarga {household_id} sudah ditutup di registri.",
        en="The record of the family {household_id} was closed in the registry.",
    )
