"""What can stand in the way of following goods."""

from kernel.problems import NotFound, Text


class CartonNotFound(NotFound):
    """No carton has this SSCC, or it belongs to another partner's order."""

    code = "EXP-1101"
    title = Text(id="Karton tidak ditemukan", en="Carton not found")
    detail = Text(
        id="Tidak ada karton dengan SSCC {sscc}.", en="There is no carton with the SSCC {sscc}."
    )
