"""What can stand in the way of an order."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class OrderNotFound(NotFound):
    """There is no such order, or the caller may not see it."""

    code = "EXP-0301"
    title = Text(id="Pesanan tidak ditemukan", en="No such order")
    detail = Text(
        id="Tidak ada pesanan '{order_id}' yang dapat Anda lihat.",
        en="There is no order '{order_id}' that you may see.",
    )


class LineNotFound(NotFound):
    """The order has no such line."""

    code = "EXP-0302"
    title = Text(id="Baris pesanan tidak ditemukan", en="No such order line")
    detail = Text(
        id="Pesanan ini tidak memiliki baris '{line_id}'.",
        en="This order has no line '{line_id}'.",
    )


class PartnerOrderNumberTaken(Conflict):
    """The partner already gave this number to another order."""

    code = "EXP-0303"
    title = Text(id="Nomor pesanan mitra sudah dipakai", en="Partner's order number taken")
    detail = Text(
        id="Mitra ini sudah memiliki pesanan dengan 'partner_order_number' {number}.",
        en="This partner already has an order with the 'partner_order_number' {number}.",
    )


class PricesInTwoCurrencies(Invalid):
    """An order is in one currency."""

    code = "EXP-0304"
    title = Text(id="Harga dalam dua mata uang", en="Prices in two currencies")
    detail = Text(
        id="Semua baris pesanan harus dalam satu mata uang.",
        en="All lines of an order must be in one currency.",
    )


class DueBeforeOrdered(Invalid):
    """Goods cannot be due before they are ordered."""

    code = "EXP-0305"
    title = Text(id="Jatuh tempo sebelum dipesan", en="Due before ordered")
    detail = Text(
        id="'due_on' harus sesudah 'ordered_on'.", en="'due_on' must be after 'ordered_on'."
    )


class LinesNotAnsweredOnce(Invalid):
    """Accepting an order answers each of its lines, once."""

    code = "EXP-0306"
    title = Text(id="Setiap baris dijawab satu kali", en="Answer each line once")
    detail = Text(
        id="'answers' harus memuat setiap baris pesanan tepat satu kali.",
        en="'answers' must hold each line of the order exactly once.",
    )


class ChangeNotTold(Invalid):
    """A changed line names its counter quantity or day; other answers name neither."""

    code = "EXP-0307"
    title = Text(id="Perubahan tidak sesuai jawaban", en="Change does not fit the answer")
    detail = Text(
        id="Sebut 'pieces' atau 'due_on' hanya, dan selalu, bila jawabannya accepted_with_change.",
        en="Give 'pieces' or 'due_on' when the answer is accepted_with_change, and only then.",
    )


class NothingAccepted(Conflict):
    """Every line was answered with rejected."""

    code = "EXP-0308"
    title = Text(id="Tidak ada baris yang diterima", en="No line accepted")
    detail = Text(
        id="Semua baris ditolak; tolak pesanannya dengan tindakan reject.",
        en="Every line is rejected; reject the order instead.",
    )


class MoreShippedThanOrdered(Conflict):
    """No more can leave than was promised."""

    code = "EXP-0309"
    title = Text(id="Pengiriman melebihi pesanan", en="More shipped than ordered")
    detail = Text(
        id="{pieces} buah tidak dapat dikirim: {shipped} dari {ordered} sudah berangkat.",
        en="{pieces} pieces cannot leave: {shipped} of {ordered} have left already.",
    )
