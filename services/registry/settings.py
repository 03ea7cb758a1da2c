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
