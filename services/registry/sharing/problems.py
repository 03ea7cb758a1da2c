"""What may stand in the way of sharing a family's data."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class NoAgreement(Forbidden):
    """No agreement in force today names the organisation."""

    code = "REG-0801"
    title = Text(id="Tidak ada perjanjian berbagi data", en="No data-sharing agreement")
    detail = Text(
        id="Tidak ada perjanjian yang berlaku hari ini dengan '{organisation}' sebagai pihak. "
        "Buat perjanjian lewat /v1/sharing-agreements.",
        en="No agreement in force today has '{organisation}' as a party. "
        "Make one at /v1/sharing-agreements.",
    )


class PurposeNotCovered(Forbidden):
    """The organisation's agreements name other purposes."""

    code = "REG-0802"
    title = Text(id="Tujuan tidak tercakup", en="Purpose not covered")
    detail = Text(
        id="Perjanjian dengan '{organisation}' tidak mencakup tujuan '{purpose}'; "
        "yang tercakup: {covered}.",
        en="The agreements with '{organisation}' do not cover the purpose '{purpose}'; "
        "they cover: {covered}.",
    )


class BulkNotCovered(Forbidden):
    """The agreement gives one family at a time."""

    code = "REG-0803"
    title = Text(id="Pembacaan massal tidak tercakup", en="Reading in bulk not covered")
    detail = Text(
        id="Perjanjian dengan '{organisation}' untuk tujuan '{purpose}' hanya mengizinkan "
        "membaca satu keluarga setiap kali.",
        en="The agreement with '{organisation}' for the purpose '{purpose}' allows to read "
        "one family at a time only.",
    )


class FieldsNotCovered(Forbidden):
    """The agreement does not give these fields."""

    code = "REG-0804"
    title = Text(id="Bidang data tidak tercakup", en="Fields not covered")
    detail = Text(
        id="Perjanjian tidak memberi: {missing}. Yang diberikan: {covered}.",
        en="The agreement does not give: {missing}. It gives: {covered}.",
    )


class AgreementNotFound(NotFound):
    """No such agreement, or the caller is no party to it."""

    code = "REG-0805"
    title = Text(id="Perjanjian tidak ditemukan", en="No such agreement")
    detail = Text(
        id="Tidak ada perjanjian {agreement_id}.", en="There is no agreement {agreement_id}."
    )


class NumberTaken(Conflict):
    """An agreement of this number exists."""

    code = "REG-0806"
    title = Text(id="Nomor perjanjian sudah dipakai", en="Agreement number in use")
    detail = Text(
        id="Perjanjian bernomor {number} sudah ada.", en="There is an agreement numbered {number}."
    )


class SecondPersonNeeded(Forbidden):
    """Who proposes does not decide."""

    code = "REG-0807"
    title = Text(id="Perlu orang kedua", en="A second person is needed")
    detail = Text(
        id="Yang mengusulkan tidak boleh memutuskan.", en="Who proposed it may not decide on it."
    )


class TermsNotProposed(Conflict):
    """The terms with this number do not wait for a decision."""

    code = "REG-0808"
    title = Text(id="Tidak ada usulan dengan nomor itu", en="No such proposal")
    detail = Text(
        id="Ketentuan nomor {terms} tidak sedang diusulkan.",
        en="The terms with the number {terms} are not proposed.",
    )


class EndsBeforeItStarts(Invalid):
    """The period is reversed."""

    code = "REG-0809"
    title = Text(id="Masa berlaku terbalik", en="Period reversed")
    detail = Text(
        id="Hari terakhir tidak boleh sebelum hari pertama.",
        en="The last day must not lie before the first.",
    )


class GrantsContradict(Invalid):
    """The field sets do not fit together."""

    code = "REG-0810"
    title = Text(id="Himpunan bidang tidak cocok", en="Field sets contradict")
    detail = Text(
        id="Setiap tujuan disebut sekali; 'full' hanya berisi nik, kk_number atau phone yang juga "
        "ada di 'fields'.",
        en="Each purpose stands once; 'full' names only nik, kk_number or phone, and only those "
        "that 'fields' names too.",
    )


class SubjectNotFound(NotFound):
    """No family of this token, or none that the agreement covers."""

    code = "REG-0813"
    title = Text(id="Keluarga tidak ditemukan", en="No such family")
    detail = Text(
        id="Tidak ada keluarga dengan tanda itu yang tercakup perjanjian dan persetujuan untuk "
        "tujuan '{purpose}'.",
        en="There is no family of this token that the agreement and a consent cover for the "
        "purpose '{purpose}'.",
    )
