"""The keys of personal data: sealing fields, finding them again, showing them masked.

What names a person of a family is sealed with the family's own data key, which is kept wrapped by
the service's key: once the wrapped key is destroyed, nothing of the family opens any more, in
whichever copy of the database it stands.
"""

import base64
import os
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import SecretStr

from kernel.crypto import KEY_BYTES, BlindIndex, FieldCipher, mask
from kernel.problems import Problem, Status, Text
from services.registry.settings import Settings

DATA_KEY = "households.data_key"
FAMILYS_OWN = "f"


class FamilyErased(Problem):
    """What named the family was destroyed; nobody can read it any more, we included."""

    status = Status.GONE
    code = "REG-0210"
    title = Text(id="Data keluarga telah dihapus", en="The family's data was erased")
    detail = Text(
        id="Data pribadi keluarga {household_id} telah dimusnahkan atas permintaan; "
        "yang tersisa hanya catatan tanpa nama.",
        en="The personal data of the family {household_id} was destroyed on request; "
        "what remains names nobody.",
    )


class Seal:
    """Seals and opens fields with some keys; a value is bound to its table, column and row."""

    def __init__(self, cipher: FieldCipher) -> None:
        self._cipher = cipher

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


class Vault(Seal):
    """The service's own keys, for what belongs to no family, and the way to each family's."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__(
            FieldCipher({kid: bytes_of(key) for kid, key in settings.encryption_keys.items()})
        )
        self._index = BlindIndex(bytes_of(settings.blind_index_key))
        self._newest: tuple[tuple[bytes, UUID] | None, Seal] = (None, self)

    def __reduce__(self) -> tuple[type["Vault"], tuple[Settings]]:
        """Let another process of ours open the same vault."""
        return Vault, (self._settings,)

    def new_family_key(self, household_id: UUID) -> bytes:
        """Return a new data key, wrapped."""
        key = os.urandom(KEY_BYTES)
        text = base64.b64encode(key).decode()
        data_key = self.seal(text, place=DATA_KEY, row_id=household_id)
        self._newest = ((data_key, household_id), Seal(FieldCipher({FAMILYS_OWN: key})))
        return data_key

    def family(self, data_key: bytes | None, household_id: UUID) -> Seal:
        """Return what seals and opens the fields of one family.

        Raises:
            FamilyErased: its key was destroyed.
            CannotDecrypt: the key is damaged, or another family's.
        """
        if data_key is None:
            raise FamilyErased(household_id=str(household_id))
        if (data_key, household_id) == self._newest[0]:
            return self._newest[1]  # what was just wrapped need not be opened
        key = base64.b64decode(self.open(data_key, place=DATA_KEY, row_id=household_id))
        return Seal(FieldCipher({FAMILYS_OWN: key}))

    def index_of(self, kind: str, value: str) -> bytes:
        """Return 32 bytes that are equal for equal values of a kind and tell nothing else."""
        return self._index.of(kind, value)


def bytes_of(key: SecretStr) -> bytes:
    """Return the bytes of a key that settings hold in base64."""
    return base64.b64decode(key.get_secret_value())


async def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault


Keys = Annotated[Vault, Depends(_vault)]
