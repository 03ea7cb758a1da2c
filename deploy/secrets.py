"""Make the random keys of a new deployment: `python -m deploy.secrets compose` or `kubernetes`.

`compose` writes `.env` and the list of clients, once; `kubernetes` prints Secrets for
`kubectl create -f -`. Both make one client, `operator`, that may do everything.
"""

import base64
import hashlib
import json
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from joserfc.jwk import OKPKey

from cli.secrets import write_private
from deploy.layout import GATEWAY, services

KEYS_OF_THE_REGISTRY = (
    "BLIND_INDEX_KEY",
    "SUBJECT_TOKEN_KEY",
    "LEDGER_SIGNING_KEY",
    "DCI_SIGNING_KEY",
)
ROOT = Path(__file__).parent.parent
CLIENTS = "clients.json"
OPERATOR = "operator"
POSTGRES = "postgres"
Secrets = dict[str, dict[str, str]]
"""Name of the Secret -> key -> value."""


def make_secrets(names: Sequence[str], *, postgres: str, scopes: Sequence[str]) -> Secrets:
    """Make every secret of a deployment of these services.

    `postgres` is the host name of the database server, `scopes` are what the operator may do.
    """
    passwords = {name: secrets.token_urlsafe(24) for name in names}
    door = OKPKey.generate_key("Ed25519", auto_kid=True)
    inside = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, auto_kid=True)
    believed = json.dumps({"keys": [inside.as_dict(private=False)]})
    operator = secrets.token_urlsafe(32)
    made = {
        POSTGRES: {"POSTGRES_PASSWORD": secrets.token_urlsafe(24)},
        GATEWAY: {
            "GATEWAY_SIGNING_KEY": json.dumps(door.as_dict(private=True)),
            "INTERNAL_SIGNING_KEY": json.dumps(inside.as_dict(private=True)),
        },
        "gateway-clients": {CLIENTS: json.dumps([_operator(operator, scopes)], indent=2)},
        OPERATOR: {"OPERATOR_SECRET": operator},
    }
    for name, password in passwords.items():
        made[POSTGRES][f"{name.upper()}_PASSWORD"] = password
        made[name] = _of_service(name, f"{name}:{password}@{postgres}:5432/{name}", believed)
    return made


def _of_service(name: str, database: str, believed: str) -> dict[str, str]:
    common = {
        "DATABASE_URL": f"postgresql://{database}",
        "INTERNAL_JWKS": believed,
        "SIGNING_KEY": _random_bytes(),
    }
    if name != "registry":
        return common
    personal = {"ENCRYPTION_KEYS": json.dumps({"k1": _random_bytes()})}
    return common | personal | {key: _random_bytes() for key in KEYS_OF_THE_REGISTRY}


def _random_bytes() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _operator(secret: str, scopes: Sequence[str]) -> dict[str, str | list[str]]:
    return {
        "client_id": OPERATOR,
        "subject": OPERATOR,
        "organisation": "anyam",
        "kind": "platform",
        "secret_sha256": hashlib.sha256(secret.encode()).hexdigest(),
        "scopes": list(scopes),
    }


def compose_environment(made: Secrets) -> dict[str, str]:
    """Return the variables that docker-compose.yml asks for; a service's own bear its name."""
    shared = made[POSTGRES] | made[GATEWAY] | made[OPERATOR]
    for name, own in made.items():
        if "DATABASE_URL" in own:
            shared["INTERNAL_JWKS"] = own["INTERNAL_JWKS"]
            shared |= {
                f"{name.upper()}_{key}": value
                for key, value in own.items()
                if key not in ("DATABASE_URL", "INTERNAL_JWKS")
            }
    return shared


def write_compose(folder: Path, made: Secrets) -> None:
    """Write `.env` and the clients file below `folder`; refuse to replace them.

    FileExistsError: keys were made before, and the databases know those passwords.
    """
    if (folder / ".env").exists():
        raise FileExistsError(f"{folder / '.env'} exists: its keys are in use. Remove it first.")
    clients = folder / "var/compose" / CLIENTS
    write_private(clients, made["gateway-clients"][CLIENTS])
    # The gateway's own user reads it through a bind mount; it holds a digest, not the secret.
    clients.chmod(0o644)
    lines = [f"{key}='{value}'\n" for key, value in compose_environment(made).items()]
    write_private(folder / ".env", "".join(lines))


def kubernetes_manifests(made: Secrets) -> dict[str, object]:
    """Return all Secrets as one Kubernetes List."""
    items = [_manifest(name, values) for name, values in made.items()]
    return {"apiVersion": "v1", "kind": "List", "items": items}


def namespace_of(secret: str) -> str:
    """Return the Kubernetes namespace that a Secret belongs to."""
    return "anyam-data" if secret == POSTGRES else "anyam"


def _manifest(name: str, values: dict[str, str]) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace_of(name)},
        "stringData": values,
    }


def every_scope(root: Path) -> list[str]:
    """Return all scopes that the gateway's routes ask for."""
    routes = json.loads((root / "gateway/routes.json").read_text())
    return sorted({route["scope"] for route in routes if route["scope"]})


def main(arguments: list[str]) -> str:
    """Return what to say to whoever ran the command.

    SystemExit: the argument is neither `compose` nor `kubernetes`, or `.env` is there already.
    """
    if arguments not in (["compose"], ["kubernetes"]):
        raise SystemExit("usage: python -m deploy.secrets compose|kubernetes")
    host = POSTGRES if arguments == ["compose"] else f"{POSTGRES}.{namespace_of(POSTGRES)}"
    made = make_secrets(services(ROOT), postgres=host, scopes=every_scope(ROOT))
    if arguments == ["kubernetes"]:
        return json.dumps(kubernetes_manifests(made))
    try:
        write_compose(ROOT, made)
    except FileExistsError as exists:
        raise SystemExit(str(exists)) from exists
    return f"Wrote .env and var/compose/{CLIENTS}. The client is '{OPERATOR}'; .env has its secret."


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
