"""What may stand in the way between villages."""

from kernel.problems import Conflict, NotFound, Text


class VillageNotFound(NotFound):
    """No village has this id, or the caller may not see it."""

    code = "EMP-0701"
    title = Text(id="Kampung tidak ditemukan", en="No such village")
    detail = Text(id="Tidak ada kampung {village_id}.", en="There is no village {village_id}.")


class VillageDeclaredAlready(Conflict):
    """The desa was declared before."""

    code = "EMP-0702"
    title = Text(id="Desa sudah ditetapkan", en="Village declared already")
    detail = Text(
        id="Desa {desa_code} sudah ditetapkan sebagai kampung.",
        en="The desa {desa_code} was declared before.",
    )


class OfferNotFound(NotFound):
    """No offer has this id."""

    code = "EMP-0703"
    title = Text(id="Penawaran tidak ditemukan", en="No such offer")
    detail = Text(id="Tidak ada penawaran {offer_id}.", en="There is no offer {offer_id}.")


class OfferReferenceTaken(Conflict):
    """Another offer has the reference."""

    code = "EMP-0704"
    title = Text(id="Nomor penawaran sudah dipakai", en="Offer reference in use")
    detail = Text(
        id="Penawaran dengan nomor '{reference}' sudah ada.",
        en="An offer with the reference '{reference}' exists.",
    )


class DemandNotFound(NotFound):
    """No open demand has this id."""

    code = "EMP-0705"
    title = Text(id="Kebutuhan tidak ditemukan", en="No such demand")
    detail = Text(
        id="Tidak ada kebutuhan bahan {demand_id} yang masih berlaku.",
        en="There is no live demand {demand_id}.",
    )


class MaterialDiffers(Conflict):
    """What is offered is not what is needed."""

    code = "EMP-0706"
    title = Text(id="Bahan berbeda", en="Another material")
    detail = Text(
        id="Ditawarkan '{offered}', dibutuhkan '{demanded}'.",
        en="Offered is '{offered}', needed is '{demanded}'.",
    )


class OfferExceeded(Conflict):
    """The offer has less left."""

    code = "EMP-0707"
    title = Text(id="Melebihi penawaran", en="More than offered")
    detail = Text(id="Sisa penawaran {left} kg.", en="{left} kg of the offer are left.")


class DemandExceeded(Conflict):
    """The demand needs less."""

    code = "EMP-0708"
    title = Text(id="Melebihi kebutuhan", en="More than needed")
    detail = Text(id="Sisa kebutuhan {left} kg.", en="{left} kg are still needed.")
