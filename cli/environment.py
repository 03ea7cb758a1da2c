"""What each process of the platform finds in its environment."""

import os
from dataclasses import dataclass

from cli import keys
from cli.places import SERVICES, Places, Ports, address
from cli.postgres import EmbeddedPostgres

LOG = "log"


@dataclass(frozen=True)
class Messages:
    """Where events go: a Kafka, or without one the embedded log's database."""

    kafka_bootstrap_servers: str = ""
    log_database_url: str = ""


def given_database(name: str) -> str:
    """Return the URL that REGISTRY_DATABASE_URL and the like name; "" if not given."""
    return os.environ.get(f"{name.upper()}_DATABASE_URL", "")


def databases(server: EmbeddedPostgres | None) -> dict[str, str]:
    """Return service -> URL; databases that are not given are made on the embedded server."""
    return {name: database(name, server) for name in SERVICES}


def database(name: str, server: EmbeddedPostgres | None) -> str:
    """Return the URL of one database: the given one, or one on the embedded server."""
    if given_database(name) or server is None:
        return given_database(name)
    return server.create_database(name)


def inherited() -> dict[str, str]:
    """Return our own environment, as far as it may reach the processes."""
    ours = {f"{name.upper()}_DATABASE_URL" for name in (*SERVICES, LOG)} | {"DATABASE_URL"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {
        "PYTHONUNBUFFERED": "1"
    }


def of_service(
    name: str, *, secrets: dict[str, str], database_url: str, messages: Messages
) -> dict[str, str]:
    """Return the environment of a service whose worker runs inside its web process."""
    own = registry_keys(secrets) if name == "registry" else {}
    return (
        inherited()
        | own
        | {
            "DATABASE_URL": database_url,
            "KAFKA_BOOTSTRAP_SERVERS": messages.kafka_bootstrap_servers,
            "LOG_DATABASE_URL": messages.log_database_url,
            "INTERNAL_JWKS": keys.public_set(secrets["internal_signing_key"]),
            "SIGNING_KEY": secrets[f"{name}_signing_key"],
            "WORKER_IN_APP": "true",
        }
    )


def registry_keys(secrets: dict[str, str]) -> dict[str, str]:
    """Return the keys of personal data; only the registry has them."""
    return {
        "ENCRYPTION_KEYS": secrets["encryption_keys"],
        "BLIND_INDEX_KEY": secrets["blind_index_key"],
        "SUBJECT_TOKEN_KEY": secrets["subject_token_key"],
        "LEDGER_SIGNING_KEY": secrets["ledger_signing_key"],
        "DCI_SIGNING_KEY": secrets["dci_signing_key"],
    }


def of_gateway(*, secrets: dict[str, str], places: Places, ports: Ports) -> dict[str, str]:
    """Return the environment of the gateway."""
    upstreams = {f"{name.upper()}_URL": address(ports.service(name)) for name in SERVICES}
    return (
        inherited()
        | upstreams
        | {
            "PORT": str(ports.gateway),
            "GATEWAY_ISSUER": address(ports.gateway),
            "GATEWAY_SIGNING_KEY": secrets["gateway_signing_key"],
            "INTERNAL_SIGNING_KEY": secrets["internal_signing_key"],
            "CLIENTS_FILE": str(places.keys / "clients.json"),
        }
    )


def of_story(*, places: Places, gateway: str) -> dict[str, str]:
    """Return the environment of the story: where the gateway is, and who may call it."""
    return inherited() | {
        "GATEWAY_URL": gateway,
        "CLIENTS_FILE": str(places.keys / "clients.json"),
        "CREDENTIALS_FILE": str(places.keys / "credentials.json"),
    }
