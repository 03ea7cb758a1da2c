"""Personal fields: encrypted at rest, found again by a blind index, masked for people.

AES-256-GCM with a fresh 96-bit nonce; the ciphertext names its key; table, column and row are
authenticated, so that a value copied into another row does not open. The blind index is an
HMAC-SHA-256 whose key never enters the database.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32
SEPARATOR = b":"


class CannotDecrypt(Exception):
    """The ciphertext is damaged, belongs to another row, or its key is unknown."""


class FieldCipher:
    """Encrypts single fields; the first key is used for writing, all of them for reading."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
            raise ValueError("at least one key of 32 bytes is needed")
        self._ciphers = {kid.encode(): AESGCM(key) for kid, key in keys.items()}
        self._current = next(iter(self._ciphers))

    def encrypt(self, text: str, *, table: str, column: str, row_id: UUID) -> bytes:
        """Return `key id : nonce + ciphertext + tag`."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(
            nonce, text.encode(), _place(table, column, row_id)
        )
        return self._current + SEPARATOR + nonce + sealed

    def decrypt(self, sealed: bytes, *, table: str, column: str, row_id: UUID) -> str:
        """Return the text.

        Raises:
            CannotDecrypt: damaged, moved to another place, or sealed with a key not given here.
        """
        kid, _, rest = sealed.partition(SEPARATOR)
        cipher = self._ciphers.get(kid)
        if cipher is None:
            raise CannotDecrypt(f"unknown key in {table}.{column}")
        try:
            nonce, text = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
            return cipher.decrypt(nonce, text, _place(table, column, row_id)).decode()
        except InvalidTag as error:
            raise CannotDecrypt(f"damaged value in {table}.{column}") from error

    def is_current(self, sealed: bytes) -> bool:
        """Tell whether the key used for writing sealed it; when all are, a rotation is done."""
        return sealed.partition(SEPARATOR)[0] == self._current


class BlindIndex:
    """Maps a value to bytes that are equal for equal values and tell nothing else."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise ValueError("a key of at least 32 bytes is needed")
        self._key = key

    def of(self, kind: str, value: str) -> bytes:
        """Return the index of a value of a kind ("nik", "kk"), 32 bytes."""
        return hmac.digest(self._key, f"{kind}:{value}".encode(), hashlib.sha256)


def _place(table: str, column: str, row_id: UUID) -> bytes:
    return f"{table}.{column}.{row_id}".encode()


def mask(digits: str, *, head: int = 4, tail: int = 4) -> str:
    """Return `3302********0001`: the first and last digits, the rest hidden."""
    return digits[:head] + "*" * (len(digits) - head - tail) + digits[-tail:]
