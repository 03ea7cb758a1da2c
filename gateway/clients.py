"""The machines that may ask for tokens."""

import hmac
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, TypeAdapter


class Client(BaseModel):
    """One registered client: what it may do, for whom, and where."""

    client_id: str
    secret_sha256: str = ""
    """Hex SHA-256 of the secret; empty: the client signs its requests with a key of its own."""
    jwks: dict[str, list[dict[str, str | list[str]]]] | None = None
    """Public keys of a client that uses private_key_jwt."""
    organisation: str
    kind: str
    scopes: list[str]
    regions: list[str] = []
    subject: str

    def knows(self, secret: str) -> bool:
        """Compare the secret in constant time."""
        return _matches(secret, self.secret_sha256)


class Clients:
    """All clients by id."""

    def __init__(self, clients: list[Client]) -> None:
        self._by_id = {client.client_id: client for client in clients}

    @classmethod
    def read(cls, path: Path) -> "Clients":
        """Read the clients from a JSON list."""
        return cls(TypeAdapter(list[Client]).validate_json(path.read_bytes()))

    def find(self, client_id: str) -> Client | None:
        """Return the client, if there is one."""
        return self._by_id.get(client_id)

    def with_secret(self, client_id: str, secret: str) -> Client | None:
        """Return the client if the secret is its own; an unknown id takes the same time."""
        client = self.find(client_id)
        if client is None:
            _matches(secret, "")
            return None
        return client if client.knows(secret) else None


def _matches(secret: str, digest: str) -> bool:
    return hmac.compare_digest(sha256(secret.encode()).hexdigest(), digest.lower())
