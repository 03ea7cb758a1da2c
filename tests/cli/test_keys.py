"""Keys and clients of a platform: made once, kept private, complete."""

import hashlib
import json
from pathlib import Path

from joserfc.jwk import OKPKey

from cli import clients, environment, keys
from cli.environment import Messages
from cli.places import Places, Ports
from cli.story.parties import CLIENTS


def test_keys_are_made_once(tmp_path: Path) -> None:
    first = keys.load(tmp_path)

    assert keys.load(tmp_path) == first


def test_a_key_that_a_newer_version_needs_is_added_beside_the_old_ones(tmp_path: Path) -> None:
    first = keys.load(tmp_path)
    older = {name: value for name, value in first.items() if name != "blind_index_key"}
    (tmp_path / "platform.json").write_text(json.dumps(older))

    assert keys.load(tmp_path).items() >= older.items()
    assert keys.load(tmp_path).keys() == first.keys()


def test_what_is_secret_is_for_the_owner_only(tmp_path: Path) -> None:
    keys.load(tmp_path)
    clients.write(tmp_path)

    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_the_gateway_learns_digests_and_no_secrets(tmp_path: Path) -> None:
    credentials = clients.write(tmp_path)

    records = {
        each["client_id"]: each for each in json.loads((tmp_path / "clients.json").read_text())
    }

    assert records.keys() == {client.client_id for client in CLIENTS}
    for name, secret in credentials.items():
        assert records[name]["secret_sha256"] == hashlib.sha256(secret.encode()).hexdigest()
        assert secret not in (tmp_path / "clients.json").read_text()


def test_a_client_keeps_its_secret(tmp_path: Path) -> None:
    assert clients.write(tmp_path) == clients.write(tmp_path)


def test_only_the_registry_has_the_keys_of_personal_data(tmp_path: Path) -> None:
    secrets = keys.load(tmp_path)

    export, registry = (
        environment.of_service(name, secrets=secrets, database_url="x", messages=Messages())
        for name in ("export", "registry")
    )

    assert {"ENCRYPTION_KEYS", "BLIND_INDEX_KEY"} <= registry.keys()
    assert not {"ENCRYPTION_KEYS", "BLIND_INDEX_KEY"} & export.keys()


def test_services_check_tokens_with_the_public_half_only(tmp_path: Path) -> None:
    secrets = keys.load(tmp_path)
    service = environment.of_service(
        "export", secrets=secrets, database_url="x", messages=Messages()
    )

    (public,) = json.loads(service["INTERNAL_JWKS"])["keys"]

    assert "d" not in public
    assert public["kid"] == OKPKey.import_key(json.loads(secrets["internal_signing_key"])).kid


def test_the_gateway_knows_where_every_service_is(tmp_path: Path) -> None:
    env = environment.of_gateway(
        secrets=keys.load(tmp_path), places=Places(tmp_path), ports=Ports(9000)
    )

    assert env["GATEWAY_ISSUER"] == "http://127.0.0.1:9000"
    assert env["FINANCING_URL"] == "http://127.0.0.1:9004"
