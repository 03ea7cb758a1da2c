"""The keys of the platform on this machine: made once, kept in var/keys, never printed."""

import base64
import json
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey

from cli.places import SERVICES
from cli.secrets import write_private


def load(folder: Path) -> dict[str, str]:
    """Return the platform's secrets by name; what is missing is made and stored first."""
    path = folder / "platform.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    complete = {**made(), **kept}
    if complete != kept:
        write_private(path, json.dumps(complete, indent=2) + "\n")
    return complete


def made() -> dict[str, str]:
    """Return a new set of every secret."""
    return {
        "gateway_signing_key": signing_key("gateway"),
        "internal_signing_key": signing_key("internal"),
        "encryption_keys": json.dumps({f"k-{secrets.token_hex(4)}": random_key()}),
        "blind_index_key": random_key(),
        "subject_token_key": random_key(),
        "ledger_signing_key": random_key(),
        "dci_signing_key": random_key(),
        **{f"{service}_signing_key": random_key() for service in SERVICES},
    }


def signing_key(purpose: str) -> str:
    """Return a private JSON Web Key (Ed25519) with a key id of its own."""
    kid = f"{purpose}-{secrets.token_hex(4)}"
    key = OKPKey.generate_key("Ed25519", parameters={"kid": kid, "use": "sig", "alg": "Ed25519"})
    return json.dumps(key.as_dict(private=True))


def public_set(private_key: str) -> str:
    """Return the JSON Web Key Set that holds the public half of one key."""
    key = OKPKey.import_key(json.loads(private_key))
    return json.dumps({"keys": [key.as_dict(private=False)]})


def random_key() -> str:
    """Return 32 random bytes, base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()
