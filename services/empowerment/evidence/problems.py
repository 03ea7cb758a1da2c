"""What may stand in the way of evidence."""

from kernel.problems import Conflict, Text


class DocumentUsed(Conflict):
    """A document proves one verification."""

    code = "EMP-1301"
    title = Text(id="Dokumen sudah dipakai", en="Document in use")
    detail = Text(
        id="Dokumen '{document_number}' sudah menjadi bukti verifikasi lain.",
        en="The document '{document_number}' proves another verification.",
    )
