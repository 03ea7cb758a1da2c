"""What may stand against a decile."""

from kernel.problems import Conflict, Text


class DecileDiffers(Conflict):
    """The cycle's ledger holds other deciles for some of the families."""

    code = "REG-0301"
    title = Text(id="Desil berbeda dari yang tercatat", en="Deciles differ from those recorded")
    detail = Text(
        id="Siklus {cycle} sudah mencatat desil lain untuk {count} keluarga; gunakan koreksi BPS.",
        en="The cycle {cycle} holds other deciles for {count} families; BPS corrects by delivery.",
    )


class FamilyNamedTwice(Conflict):
    """One message gives a family two deciles."""

    code = "REG-0302"
    title = Text(id="Keluarga disebut dua kali", en="Family named twice")
    detail = Text(
        id="Setiap 'household_id' hanya boleh disebut sekali.",
        en="Every 'household_id' may be named once only.",
    )


DIFFERS = Text(
    id="Ledger siklus ini mencatat desil lain; tidak ada yang ditimpa.",
    en="This cycle's ledger holds another decile; nothing is overwritten.",
)
