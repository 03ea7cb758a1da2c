"""The keys of a new deployment fit the locks."""

import stat
import time
from pathlib import Path

import pytest
import yaml

from deploy.checks.code import Code
from deploy.secrets import (
    OPERATOR,
    POSTGRES,
    Secrets,
    compose_environment,
    kubernetes_manifests,
    make_secrets,
    write_compose,
)
from gateway.clients import Clients
from gateway.keys import SigningKey
from kernel.auth import INTERNAL_TOKEN_TYPE, TokenVerifier, Unauthenticated
from tests.deploy.conftest import ROOT

CODE = Code(ROOT)


@pytest.fixture
def made() -> Secrets:
    """Give the secrets of a new deployment."""
    return make_secrets(CODE.services, postgres=POSTGRES, scopes=["export.orders:read"])


def test_a_service_believes_the_gateway_and_no_other(made: Secrets) -> None:
    verifier = TokenVerifier(made["export"]["INTERNAL_JWKS"], service="export")

    actor = verifier.actor(signed_by(made["gateway"]["INTERNAL_SIGNING_KEY"]))

    assert actor.organisation == "partner"
    with pytest.raises(Unauthenticated):
        verifier.actor(signed_by(made["gateway"]["GATEWAY_SIGNING_KEY"]))


def signed_by(key: str) -> str:
    """Return an internal token for the export service."""
    names = dict.fromkeys(("sub", "client_id", "organisation", "kind"), "partner")
    times = {"iat": int(time.time()), "exp": int(time.time()) + 60}
    claims = {"iss": "gateway", "aud": "export", "scope": "", "regions": [], **names, **times}
    return SigningKey(key).sign(claims, token_type=INTERNAL_TOKEN_TYPE)


@pytest.mark.parametrize("name", [*CODE.services, "gateway"])
def test_every_process_starts_with_what_it_is_given(
    made: Secrets, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in made[name].items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("CLIENTS_FILE", str(tmp_path / "clients.json"))

    settings = CODE.settings(name)()

    assert {key.lower() for key in made[name]} <= set(type(settings).model_fields)


def test_the_operator_has_a_secret_of_its_own(made: Secrets, tmp_path: Path) -> None:
    write_compose(tmp_path, made)

    clients = Clients.read(tmp_path / "var/compose/clients.json")

    operator = clients.with_secret(OPERATOR, made[OPERATOR]["OPERATOR_SECRET"])
    assert operator is not None
    assert operator.scopes == ["export.orders:read"]


def test_keys_are_private_and_made_once(made: Secrets, tmp_path: Path) -> None:
    write_compose(tmp_path, made)
    written = (tmp_path / ".env").read_text()

    with pytest.raises(FileExistsError, match="in use"):
        write_compose(tmp_path, made)

    assert (tmp_path / ".env").read_text() == written
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_no_value_breaks_out_of_its_quotes(made: Secrets) -> None:
    for value in compose_environment(made).values():
        assert "'" not in value
        assert "\n" not in value


def test_no_two_services_share_a_key(made: Secrets) -> None:
    own = [made[name][key] for name in CODE.services for key in ("DATABASE_URL", "SIGNING_KEY")]

    assert len(set(own)) == len(own)


def test_kubernetes_gets_each_secret_in_its_namespace(made: Secrets) -> None:
    items = yaml.safe_load(yaml.safe_dump(kubernetes_manifests(made)))["items"]

    places = {item["metadata"]["name"]: item["metadata"]["namespace"] for item in items}
    assert places["postgres"] == "anyam-data"
    assert {places[name] for name in [*CODE.services, "gateway", "gateway-clients"]} == {"anyam"}
