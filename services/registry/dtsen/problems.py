"""What may stand against a delivery of BPS."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class DeliveryNotFound(NotFound):
    """No such delivery of BPS."""

    code = "REG-0303"
    title = Text(id="Kiriman DTSEN tidak ditemukan", en="No such DTSEN delivery")
    detail = Text(
        id="Tidak ada kiriman DTSEN {delivery_id}.", en="There is no DTSEN delivery {delivery_id}."
    )


class DeliveryTaken(Conflict):
    """The cycle's ranking, or the document, was delivered already."""

    code = "REG-0304"
    title = Text(id="Kiriman sudah ada", en="Delivered already")
    detail = Text(
        id="Peringkat siklus {cycle} atau dokumen {document_number} sudah dikirim.",
        en="The ranking of {cycle} or the document {document_number} was delivered already.",
    )


class NothingToCorrect(Conflict):
    """A correction needs a cycle that the ledger knows."""

    code = "REG-0305"
    title = Text(id="Tidak ada yang dikoreksi", en="Nothing to correct")
    detail = Text(
        id="Siklus {cycle} belum tercatat; kirim peringkatnya dahulu.",
        en="The cycle {cycle} is not recorded; deliver its ranking first.",
    )


class LinesDiffer(Conflict):
    """The delivery gives some families two deciles; nothing of the batch is kept."""

    code = "REG-0306"
    title = Text(id="Satu keluarga, dua desil", en="One family, two deciles")
    detail = Text(
        id="{count} baris memberi desil lain dari baris sebelumnya: {lines}.",
        en="{count} lines give another decile than a line before: {lines}.",
    )


class LinesNotReadable(Invalid):
    """Some lines are no family and decile; nothing of the batch is kept."""

    code = "REG-0307"
    title = Text(id="Baris tidak terbaca", en="Lines not readable")
    detail = Text(
        id="{count} baris bukan pengenal keluarga dan desil 1-10: {lines}.",
        en="{count} lines are no family and decile from 1 to 10: {lines}.",
    )


class FirstLineWrong(Invalid):
    """The first line of a delivered file names its two columns."""

    code = "REG-0308"
    title = Text(id="Baris pertama salah", en="First line wrong")
    detail = Text(
        id="Baris pertama harus 'reference,decile' atau 'household_id,decile', UTF-8.",
        en="The first line has to be 'reference,decile' or 'household_id,decile', in UTF-8.",
    )


class TooManyLines(Invalid):
    """A delivered file is longer than one batch may be."""

    code = "REG-0309"
    title = Text(id="Terlalu banyak baris", en="Too many lines")
    detail = Text(
        id="Satu berkas paling banyak {most} baris; kirim dalam beberapa bagian.",
        en="A file holds at most {most} lines; send it in several parts.",
    )


class SecondPersonNeeded(Forbidden):
    """Who opened a delivery does not close it."""

    code = "REG-0310"
    title = Text(id="Perlu orang kedua", en="A second person is needed")
    detail = Text(
        id="Kiriman ditutup oleh orang lain dari yang membukanya.",
        en="A delivery is closed by another person than the one who opened it.",
    )


class DeliveryIsEmpty(Conflict):
    """No family that we know is in the delivery."""

    code = "REG-0311"
    title = Text(id="Kiriman masih kosong", en="The delivery is empty")
    detail = Text(
        id="Belum ada keluarga terdaftar di dalamnya.", en="No registered family is in it yet."
    )


class DeliveryIsNotOpen(Conflict):
    """A delivery is filled before it is closed."""

    code = "REG-0312"
    title = Text(id="Kiriman sudah ditutup", en="The delivery is not open")
    detail = Text(
        id="Keadaan kiriman: {state}; hanya kiriman 'open' yang dapat diisi.",
        en="The delivery's state is {state}; only an 'open' one is filled.",
    )


class FileNotCsv(Invalid):
    """Only CSV files are taken in here."""

    code = "REG-0313"
    title = Text(id="Bukan berkas CSV", en="Not a CSV file")
    detail = Text(
        id="Kirim isi dengan Content-Type: text/csv.", en="Send it with Content-Type: text/csv."
    )
