"""What can stand in the way of packing, loading and releasing a shipment."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class ShipmentNotFound(NotFound):
    """No such shipment, or it carries another partner's order."""

    code = "EXP-0901"
    title = Text(id="Pengiriman tidak ditemukan", en="Shipment not found")
    detail = Text(
        id="Tidak ada pengiriman {shipment_id}.", en="There is no shipment {shipment_id}."
    )


class ShipmentReferenceTaken(Conflict):
    """A shipment with this reference was planned before."""

    code = "EXP-0902"
    title = Text(id="Referensi pengiriman sudah dipakai", en="Shipment reference taken")
    detail = Text(
        id="Pengiriman dengan 'reference' {reference} sudah ada.",
        en="A shipment with the 'reference' {reference} exists.",
    )


class ShipmentNotLoading(Conflict):
    """Nothing is packed or loaded any more."""

    code = "EXP-0903"
    title = Text(id="Pengiriman tidak sedang dimuat", en="Shipment not loading")
    detail = Text(id="Pengiriman ini sudah '{state}'.", en="This shipment is '{state}' already.")


class CartonNumberTaken(Conflict):
    """A carton of the shipment has this number already."""

    code = "EXP-0904"
    title = Text(id="Nomor karton sudah dipakai", en="Carton number taken")
    detail = Text(
        id="Karton 'number' {number} sudah ada dalam pengiriman ini.",
        en="The carton 'number' {number} is in this shipment already.",
    )


class LotOfAnotherOrder(Conflict):
    """A carton holds pieces that were not made for the shipment's order."""

    code = "EXP-0905"
    title = Text(id="Lot dari pesanan lain", en="Lot of another order")
    detail = Text(
        id="Lot {lot_id} tidak dibuat untuk pesanan pengiriman ini.",
        en="The lot {lot_id} was not made for this shipment's order.",
    )


class ContainerNumberWrong(Invalid):
    """The container number fails its check digit (ISO 6346)."""

    code = "EXP-0906"
    title = Text(id="Nomor peti kemas salah", en="Container number wrong")
    detail = Text(
        id="'number' {number} bukan nomor ISO 6346 yang sah; periksa digit cek.",
        en="'number' {number} is not valid by ISO 6346; check its check digit.",
    )


class ContainerNumberTaken(Conflict):
    """The container is in this shipment already."""

    code = "EXP-0907"
    title = Text(id="Peti kemas sudah ada", en="Container taken")
    detail = Text(
        id="Peti kemas 'number' {number} sudah ada dalam pengiriman ini.",
        en="The container 'number' {number} is in this shipment already.",
    )


class ContainerNotFound(NotFound):
    """The shipment has no such container."""

    code = "EXP-0908"
    title = Text(id="Peti kemas tidak ditemukan", en="Container not found")
    detail = Text(
        id="Pengiriman ini tidak punya peti kemas {number}.",
        en="This shipment has no container {number}.",
    )


class ContainerSealed(Conflict):
    """Nothing goes into a sealed container."""

    code = "EXP-0909"
    title = Text(id="Peti kemas sudah disegel", en="Container sealed")
    detail = Text(
        id="Peti kemas {number} sudah disegel dengan {seal_number}.",
        en="The container {number} is sealed with {seal_number}.",
    )


class CartonsMissing(Conflict):
    """Cartons are named that the shipment does not have."""

    code = "EXP-0910"
    title = Text(id="Karton tidak ada", en="Cartons missing")
    detail = Text(
        id="Pengiriman ini tidak punya karton: {numbers}.",
        en="This shipment has no cartons: {numbers}.",
    )


class CartonsLoadedBefore(Conflict):
    """Cartons are named that lie in a container already."""

    code = "EXP-0911"
    title = Text(id="Karton sudah dimuat", en="Cartons loaded before")
    detail = Text(id="Sudah dimuat: karton {numbers}.", en="Loaded already: cartons {numbers}.")


class ContainerEmpty(Conflict):
    """An empty container is not sealed."""

    code = "EXP-0912"
    title = Text(id="Peti kemas kosong", en="Container empty")
    detail = Text(
        id="Peti kemas {number} belum berisi karton.",
        en="The container {number} holds no carton yet.",
    )


class NotReadyForRelease(Conflict):
    """Something is missing; each thing stands in `errors`."""

    code = "EXP-0913"
    title = Text(id="Belum siap dilepas", en="Not ready for release")
    detail = Text(
        id="Lengkapi yang disebut dalam 'errors', lalu lepas pengiriman.",
        en="Complete what 'errors' names, then release the shipment.",
    )


class DocumentSettled(Conflict):
    """A paper that the release stands on cannot be exchanged after it."""

    code = "EXP-0914"
    title = Text(id="Dokumen sudah tetap", en="Document settled")
    detail = Text(
        id="Dokumen '{kind}' tidak dapat diubah saat pengiriman '{state}'.",
        en="The document '{kind}' cannot be changed while the shipment is '{state}'.",
    )


class CartonNumberedTwice(Invalid):
    """A carton number stands twice in one request."""

    code = "EXP-0915"
    title = Text(id="Nomor karton ganda", en="Carton numbered twice")
    detail = Text(
        id="'number' {number} muncul dua kali dalam permintaan.",
        en="The 'number' {number} appears twice in the request.",
    )
