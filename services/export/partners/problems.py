"""What can stand in the way of recording a partner or a contract."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class PartnerNotFound(NotFound):
    """There is no such partner, or the caller may not see it."""

    code = "EXP-0101"
    title = Text(id="Mitra tidak ditemukan", en="No such partner")
    detail = Text(
        id="Tidak ada mitra '{partner_id}' yang dapat Anda lihat.",
        en="There is no partner '{partner_id}' that you may see.",
    )


class PartnerCodeTaken(Conflict):
    """Another partner has this code."""

    code = "EXP-0102"
    title = Text(id="Kode mitra sudah dipakai", en="Partner code taken")
    detail = Text(
        id="Mitra dengan 'code' {partner_code} sudah ada.",
        en="A partner with the 'code' {partner_code} exists already.",
    )


class NotYourOrganisation(Forbidden):
    """A partner's client can speak for its own organisation alone."""

    code = "EXP-0103"
    title = Text(id="Bukan organisasi Anda", en="Not your organisation")
    detail = Text(
        id="Anda hanya dapat mencatat mitra untuk organisasi Anda sendiri.",
        en="You can record a partner for your own organisation only.",
    )


class ContractNumberTaken(Conflict):
    """Another contract has this number."""

    code = "EXP-0104"
    title = Text(id="Nomor kontrak sudah dipakai", en="Contract number taken")
    detail = Text(
        id="Kontrak dengan 'number' {number} sudah ada.",
        en="A contract with the 'number' {number} exists already.",
    )


class ContractEndsBeforeItStarts(Invalid):
    """`valid_until` lies before `valid_from`."""

    code = "EXP-0105"
    title = Text(id="Masa kontrak terbalik", en="Contract ends before it starts")
    detail = Text(
        id="'valid_until' harus sama dengan atau sesudah 'valid_from'.",
        en="'valid_until' must be the same day as 'valid_from' or later.",
    )
