"""What may stand in the way of managing the senders of DCI messages."""

from kernel.problems import Conflict, Forbidden, Invalid, NotFound, Text


class SenderNotFound(NotFound):
    """No such sender."""

    code = "REG-0901"
    title = Text(id="Pengirim tidak ditemukan", en="No such sender")
    detail = Text(
        id="Tidak ada pengirim DCI {dci_sender_id}.", en="There is no DCI sender {dci_sender_id}."
    )


class SenderIdTaken(Conflict):
    """A sender of this id is registered."""

    code = "REG-0902"
    title = Text(id="'sender_id' sudah dipakai", en="'sender_id' in use")
    detail = Text(
        id="Pengirim dengan 'sender_id' {sender_id} sudah terdaftar.",
        en="A sender with the 'sender_id' {sender_id} is registered.",
    )


class KeysNotUsable(Invalid):
    """The key set holds something else than Ed25519 public keys, each with its own id."""

    code = "REG-0903"
    title = Text(id="Kunci tidak dapat dipakai", en="Keys not usable")
    detail = Text(
        id="Setiap kunci: kty OKP, crv Ed25519, x 32 bita, kid yang berbeda, tanpa bagian rahasia.",
        en="Every key: kty OKP, crv Ed25519, x of 32 bytes, a kid of its own, no private part.",
    )


class OnlySandboxUnsigned(Invalid):
    """A sender that meets real families signs."""

    code = "REG-0904"
    title = Text(id="Tanda tangan wajib", en="Signature required")
    detail = Text(
        id="Hanya pengirim uji coba ('sandbox') boleh ber-'signature_policy' optional.",
        en="Only a 'sandbox' sender may have the 'signature_policy' optional.",
    )


class SecondPersonNeeded(Forbidden):
    """Whoever proposes a change of keys does not decide."""

    code = "REG-0905"
    title = Text(id="Diperlukan orang kedua", en="A second person is needed")
    detail = Text(
        id="Pengusul pergantian kunci tidak boleh memutuskannya.",
        en="Whoever proposed the change of keys may not decide on it.",
    )


class KeyChangeNotFound(NotFound):
    """No such change of keys of this sender."""

    code = "REG-0906"
    title = Text(id="Usulan kunci tidak ditemukan", en="No such change of keys")
    detail = Text(
        id="Tidak ada usulan pergantian kunci {key_change_id} untuk pengirim ini.",
        en="There is no change of keys {key_change_id} of this sender.",
    )
