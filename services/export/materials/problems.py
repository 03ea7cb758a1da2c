"""What can stand in the way of moving raw material."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class MaterialLotNotFound(NotFound):
    """No such material lot, or it is another organisation's or region's."""

    code = "EXP-0601"
    title = Text(id="Lot bahan tidak ditemukan", en="Material lot not found")
    detail = Text(
        id="Tidak ada lot bahan {material_lot_id}.",
        en="There is no material lot {material_lot_id}.",
    )


class MaterialReferenceTaken(Conflict):
    """A paper with this reference was recorded before."""

    code = "EXP-0602"
    title = Text(id="Referensi bahan sudah dipakai", en="Material reference taken")
    detail = Text(
        id="'reference' {reference} sudah tercatat untuk {paper}.",
        en="The 'reference' {reference} is recorded for another {paper}.",
    )


class NotEnoughInStore(Conflict):
    """The material lot holds less than is to be issued."""

    code = "EXP-0603"
    title = Text(id="Stok bahan tidak cukup", en="Not enough in store")
    detail = Text(
        id="Diminta {grams} gram, di gudang tinggal {in_store_grams} gram dari lot ini.",
        en="{grams} grams wanted, {in_store_grams} grams of this lot are in store.",
    )


class NotEnoughOnHand(Conflict):
    """The group holds less of the lot than is to be returned or written off."""

    code = "EXP-0604"
    title = Text(id="Bahan di tangan tidak cukup", en="Not enough on hand")
    detail = Text(
        id="{grams} gram dicatat, kelompok hanya memegang {on_hand_grams} gram dari lot ini.",
        en="{grams} grams recorded, the group holds {on_hand_grams} grams of this lot.",
    )


class WorkOrderTakesNoMaterial(Conflict):
    """Material is issued to open work orders only."""

    code = "EXP-0605"
    title = Text(id="Perintah kerja tidak terbuka", en="Work order not open")
    detail = Text(
        id="Bahan hanya dikeluarkan untuk perintah kerja terbuka; yang ini '{state}'.",
        en="Material is issued to open work orders only; this one is '{state}'.",
    )


class MaterialNotInProduct(Conflict):
    """The work order's product is not made of this material."""

    code = "EXP-0606"
    title = Text(id="Bahan bukan untuk produk ini", en="Not a material of the product")
    detail = Text(
        id="Produk perintah kerja ini tidak memakai '{material}'.",
        en="This work order's product is not made of '{material}'.",
    )


class BalanceOfWhat(Invalid):
    """A balance is asked of one work order or of one order."""

    code = "EXP-0607"
    title = Text(id="Neraca untuk apa?", en="Balance of what?")
    detail = Text(
        id="Sebutkan salah satu: work_order_id atau order_id.",
        en="Name one: work_order_id or order_id.",
    )
