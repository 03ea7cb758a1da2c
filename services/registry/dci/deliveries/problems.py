"""What may stand in the way of looking after callbacks."""

from kernel.problems import Conflict, NotFound, Text


class DeliveryNotFound(NotFound):
    """No such callback, or it is another organisation's."""

    code = "REG-0950"
    title = Text(id="Pengiriman tidak ditemukan", en="No such delivery")
    detail = Text(
        id="Tidak ada pengiriman {delivery_id}, atau sudah lebih dari 14 hari.",
        en="There is no delivery {delivery_id}, or it is older than 14 days.",
    )


class StillWaiting(Conflict):
    """A callback that is being tried needs no second one."""

    code = "REG-0951"
    title = Text(id="Masih menunggu dikirim", en="Still waiting to be sent")
    detail = Text(
        id="Pengiriman ini masih dicoba; percobaan berikutnya pada {due_at}.",
        en="This delivery is still being tried; next at {due_at}.",
    )
