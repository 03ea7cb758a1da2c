"""What the registry service reads from its environment."""

import json
from typing import Annotated

from pydantic import BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from kernel.settings import ServiceSettings


def _from_json(given: object) -> object:
    return json.loads(given) if isinstance(given, str) else given


class Settings(ServiceSettings):
    """The settings of every service, and the keys of personal data."""

    encryption_keys: Annotated[dict[str, SecretStr], NoDecode, BeforeValidator(_from_json)]
    """Keys of personal fields, `{"key id": "32 bytes in base64"}`; the first writes, all read."""
    blind_index_key: SecretStr
    """Key of the index that finds a NIK or KK again without storing it; 32 bytes in base64."""
    subject_token_key: SecretStr
    """Key of the tokens by which a partner knows a family; 32 bytes in base64."""
    ledger_signing_key: SecretStr
    """Ed25519 seed that signs the heads of the access ledger; 32 bytes in base64."""
    dci_signing_key: SecretStr
    """Ed25519 seed that signs what DCI partners are told; 32 bytes in base64."""
    agency: str = "kemensos"
    """The organisation whose registry this is; every other one needs an agreement."""
    dci_id: str = "social-registry.anyam"
    """Our own `sender_id` in the DCI Social Registry API, and the `receiver_id` of our partners."""
