"""What can stand in the way of keeping lenders and their products."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class ProviderNotFound(NotFound):
    """No such lender."""

    code = "FIN-0101"
    title = Text(id="Penyedia tidak ditemukan", en="No such provider")
    detail = Text(id="Tidak ada penyedia {provider_id}.", en="There is no provider {provider_id}.")


class ProductNotFound(NotFound):
    """The lender has no such product."""

    code = "FIN-0102"
    title = Text(id="Produk tidak ditemukan", en="No such product")
    detail = Text(
        id="Penyedia ini tidak punya produk '{product_code}'.",
        en="This provider has no product '{product_code}'.",
    )


class ProviderExists(Conflict):
    """A lender's code and organisation are its own."""

    code = "FIN-0103"
    title = Text(id="Penyedia sudah terdaftar", en="Provider already recorded")
    detail = Text(
        id="Kode atau organisasi '{code_given}' sudah dipakai.",
        en="The code or organisation '{code_given}' is taken.",
    )


class ProductExists(Conflict):
    """A product's code is unique for its lender."""

    code = "FIN-0104"
    title = Text(id="Produk sudah terdaftar", en="Product already recorded")
    detail = Text(
        id="Kode produk '{code_given}' sudah dipakai.",
        en="The product code '{code_given}' is taken.",
    )


class BoundsReversed(Invalid):
    """The smallest loan is larger than the largest."""

    code = "FIN-0105"
    title = Text(id="Batas terbalik", en="Bounds reversed")
    detail = Text(
        id="'minimum' harus lebih dari nol dan tidak melebihi 'maximum', dalam rupiah.",
        en="'minimum' must be more than zero and at most 'maximum', in rupiah.",
    )
