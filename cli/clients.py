"""The clients of the story: who they are is data of the story, their secrets are made here."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from pathlib import Path

from cli.secrets import write_private
from cli.story.parties import CLIENTS, ClientSpec


def write(keys: Path, clients: Iterable[ClientSpec] = CLIENTS) -> dict[str, str]:
    """Write keys/clients.json for the gateway; return client id -> secret.

    The gateway's file holds digests only; the plain secrets are in keys/credentials.json, and an
    existing one is kept.
    """
    path = keys / "credentials.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    chosen = {each.client_id: each for each in clients}
    plain = {name: kept.get(name) or secrets.token_urlsafe(24) for name in chosen}
    write_private(path, json.dumps(plain, indent=2) + "\n")
    records = [record(each, secret=plain[name]) for name, each in chosen.items()]
    write_private(keys / "clients.json", json.dumps(records, indent=2) + "\n")
    return plain


def record(client: ClientSpec, *, secret: str) -> dict[str, str | list[str]]:
    """Return what the gateway knows about a client."""
    return {
        "client_id": client.client_id,
        "secret_sha256": hashlib.sha256(secret.encode()).hexdigest(),
        "organisation": client.organisation,
        "kind": client.kind,
        "scopes": list(client.scopes),
        "regions": list(client.regions),
        "subject": client.subject,
    }
