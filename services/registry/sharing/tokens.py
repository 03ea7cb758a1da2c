"""What a partner calls a family: a token of its own, so that two partners cannot join their files.

AES-SIV (RFC 5297) under a key that an HMAC derives for each organisation: the same family always
has the same token there, nobody else can tell whose it is, and a made-up one is refused unread.
Nothing is stored for it.
"""

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from fastapi import Depends, Request

from services.registry.settings import Settings
from services.registry.vault import bytes_of


class SubjectTokens:
    """Makes tokens, and tells whom one means."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._ciphers = lru_cache(maxsize=1_000)(self._cipher)

    def of(self, organisation: str, household_id: UUID) -> str:
        """Return the token of a family at an organisation."""
        sealed = self._ciphers(organisation).encrypt(household_id.bytes, None)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def household(self, organisation: str, token: str) -> UUID | None:
        """Return the family that an organisation's token means; None if it is none of theirs."""
        try:
            sealed = base64.b64decode(
                token + "=" * (-len(token) % 4), altchars=b"-_", validate=True
            )
            return UUID(bytes=self._ciphers(organisation).decrypt(sealed, None))
        except (ValueError, InvalidTag):
            return None

    def _cipher(self, organisation: str) -> AESSIV:
        return AESSIV(hmac.digest(self._key, organisation.encode(), hashlib.sha512))


def tokens_of(settings: Settings) -> SubjectTokens:
    """Return the maker of tokens with this registry's key."""
    return SubjectTokens(bytes_of(settings.subject_token_key))


def subject_token(settings: Settings, organisation: str, household_id: UUID) -> str:
    """Return the token of a family at an organisation."""
    return tokens_of(settings).of(organisation, household_id)


async def _tokens(request: Request) -> SubjectTokens:
    return tokens_of(request.app.state.settings)


Tokens = Annotated[SubjectTokens, Depends(_tokens)]
