"""What can stand in the way of a referral."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class ReferralNotFound(NotFound):
    """No such referral, or not the caller's to see."""

    code = "FIN-0401"
    title = Text(id="Rujukan tidak ditemukan", en="No such referral")
    detail = Text(id="Tidak ada rujukan {referral_id}.", en="There is no referral {referral_id}.")


class ReferralExists(Conflict):
    """A family has one open referral to a lender."""

    code = "FIN-0402"
    title = Text(id="Rujukan sudah terbuka", en="A referral is open already")
    detail = Text(
        id="Keluarga ini sudah punya rujukan terbuka {referral_id} ke penyedia ini.",
        en="The family has the open referral {referral_id} to this provider.",
    )


class RulesNotMet(Conflict):
    """The product's own rules stand against it; each is told."""

    code = "FIN-0403"
    title = Text(id="Syarat produk belum terpenuhi", en="The product's rules are not met")
    detail = Text(
        id="Lihat 'rules': tiap syarat dengan nilai yang terlihat dan yang diminta.",
        en="See 'rules': each with the value seen and the value wanted.",
    )


class ReferralIncomplete(Conflict):
    """A referral needs a product and an amount before it leaves."""

    code = "FIN-0404"
    title = Text(id="Rujukan belum lengkap", en="Referral incomplete")
    detail = Text(
        id="Isi 'product_code' dan 'amount' sebelum merujuk.",
        en="Give 'product_code' and 'amount' before referring.",
    )


class ProviderReferenceTaken(Conflict):
    """A lender's own number belongs to one referral."""

    code = "FIN-0405"
    title = Text(id="Nomor penyedia sudah dipakai", en="Provider's number taken")
    detail = Text(
        id="Nomor '{provider_reference}' milik rujukan lain.",
        en="The number '{provider_reference}' belongs to another referral.",
    )


class NotTheProvider(Forbidden):
    """Only the lender itself takes this step."""

    code = "FIN-0406"
    title = Text(id="Hanya untuk penyedia", en="For the provider alone")
    detail = Text(
        id="Langkah ini dilakukan oleh penyedia yang dirujuk.",
        en="The provider that was referred to takes this step.",
    )


class NotTheReferrer(Forbidden):
    """A lender does not act for the family."""

    code = "FIN-0407"
    title = Text(id="Bukan untuk penyedia", en="Not for a provider")
    detail = Text(
        id="Langkah ini dilakukan oleh instansi yang merujuk, atas nama keluarga.",
        en="The referring agency takes this step, for the family.",
    )


class AmountNotInRupiah(Invalid):
    """Loans are in rupiah."""

    code = "FIN-0408"
    title = Text(id="Mata uang salah", en="Wrong currency")
    detail = Text(
        id="Jumlah harus dalam IDR, lebih dari nol.", en="Amounts are in IDR, above zero."
    )
