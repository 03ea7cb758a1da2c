"""What can stand in the way of recording a product."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class ProductNotFound(NotFound):
    """There is no such product."""

    code = "EXP-0201"
    title = Text(id="Produk tidak ditemukan", en="No such product")
    detail = Text(id="Tidak ada produk '{product_id}'.", en="There is no product '{product_id}'.")


class SkuTaken(Conflict):
    """Another product has this SKU."""

    code = "EXP-0202"
    title = Text(id="SKU sudah dipakai", en="SKU taken")
    detail = Text(
        id="Produk dengan 'sku' {sku} sudah ada.",
        en="A product with the 'sku' {sku} exists already.",
    )


class PieceRateBelowMinimum(Invalid):
    """Makers would be paid less than the least that is allowed."""

    code = "EXP-0203"
    title = Text(id="Upah per buah di bawah batas", en="Piece rate below the minimum")
    detail = Text(
        id="'piece_rate' harus sama dengan atau lebih dari 'minimum_piece_rate'.",
        en="'piece_rate' must be the 'minimum_piece_rate' or more.",
    )


class PieceRatesInTwoCurrencies(Invalid):
    """A rate and its minimum can be compared in one currency only."""

    code = "EXP-0204"
    title = Text(id="Upah dalam dua mata uang", en="Piece rates in two currencies")
    detail = Text(
        id="'piece_rate' dan 'minimum_piece_rate' harus dalam mata uang yang sama.",
        en="'piece_rate' and 'minimum_piece_rate' must be in the same currency.",
    )


class MaterialNamedTwice(Invalid):
    """A product lists a material once, with all its grams."""

    code = "EXP-0205"
    title = Text(id="Bahan disebut dua kali", en="Material named twice")
    detail = Text(
        id="Sebut bahan '{material}' satu kali saja, dengan seluruh gramnya.",
        en="Name the material '{material}' once, with all its grams.",
    )
