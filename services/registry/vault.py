"""The keys of personal data: sealing fields, finding them again, showing them masked."""

import base64
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import SecretStr

from kernel.crypto import BlindIndex, FieldCipher, mask
from services.registry.settings import Settings


class Vault:
    """Seals and opens personal fields; a value is bound to its table, column and row."""

    def __init__(self, settings: Settings) -> None:
        keys = {kid: _bytes(key) for kid, key in settings.encryption_keys.items()}
        self._cipher = FieldCipher(keys)
        self._index = BlindIndex(_bytes(settings.blind_index_key))

    def seal(self, text: str, *, place: str, row_id: UUID) -> bytes:
        """Encrypt a value for `place`, "table.column", of one row."""
        table, _, column = place.partition(".")
        return self._cipher.encrypt(text, table=table, column=column, row_id=row_id)

    def seal_optional(self, text: str | None, *, place: str, row_id: UUID) -> bytes | None:
        """Encrypt a value that may be absent."""
        return None if text is None else self.seal(text, place=place, row_id=row_id)

    def open(self, sealed: bytes, *, place: str, row_id: UUID) -> str:
        """Decrypt what `seal` made for the same place and row.

        Raises:
            CannotDecrypt: the value is damaged, or belongs elsewhere.
        """
        table, _, column = place.partition(".")
        return self._cipher.decrypt(sealed, table=table, column=column, row_id=row_id)

    def masked(self, sealed: bytes, *, place: str, row_id: UUID) -> str:
        """Decrypt a number and hide its middle: `3302********0000`."""
        return mask(self.open(sealed, place=place, row_id=row_id))

    def index_of(self, kind: str, value: str) -> bytes:
        """Return 32 bytes that are equal for equal values of a kind and tell nothing else."""
        return self._index.of(kind, value)


def _bytes(key: SecretStr) -> bytes:
    return base64.b64decode(key.get_secret_value())


async def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault


Keys = Annotated[Vault, Depends(_vault)]
