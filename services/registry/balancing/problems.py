"""What may stand against evening out caseloads."""

from kernel.problems import Conflict, Forbidden, NotFound, Text


class ProposalNotFound(NotFound):
    """No such proposal, or not in the caller's area."""

    code = "REG-0511"
    title = Text(id="Usulan tidak ditemukan", en="No such proposal")
    detail = Text(
        id="Tidak ada usulan {proposal_id} yang dapat Anda lihat.",
        en="There is no proposal {proposal_id} that you may see.",
    )


class SecondPersonNeeded(Forbidden):
    """Who asked for a proposal does not apply it."""

    code = "REG-0512"
    title = Text(id="Perlu orang kedua", en="A second person is needed")
    detail = Text(
        id="Usulan diterapkan oleh orang lain dari yang memintanya.",
        en="A proposal is applied by another person than the one who asked for it.",
    )


class ProposalOutdated(Conflict):
    """Families moved since the proposal was made; nothing is changed."""

    code = "REG-0513"
    title = Text(id="Usulan sudah usang", en="The proposal is out of date")
    detail = Text(
        id="{count} keluarga sudah berpindah sejak itu; tolak usulan ini dan buat yang baru.",
        en="{count} families moved since then; refuse this proposal and make another.",
    )


class TooManyFacilitators(Conflict):
    """A proposal is made for a region that people can oversee."""

    code = "REG-0514"
    title = Text(id="Terlalu banyak pendamping", en="Too many facilitators")
    detail = Text(
        id="Ada {count} pendamping di {within}; paling banyak {most}. Pilih wilayah lebih kecil.",
        en="There are {count} facilitators in {within}, at most {most}. Choose a smaller region.",
    )
