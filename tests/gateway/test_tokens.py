"""Tokens: who gets one, what it says, what is refused."""

import base64
import time

import pytest
from joserfc import jwt

from gateway.authentication import ASSERTION_TYPE
from tests.gateway.world import ACCESS_KEY, READ, SIGNER, WRITE, Door


async def test_a_client_gets_a_token_that_says_who_it_is(door: Door) -> None:
    answer = await door.ask_for_token(scope=READ)

    token = jwt.decode(answer.json()["access_token"], ACCESS_KEY, algorithms=["Ed25519"])
    assert answer.json()["token_type"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"
    assert token.header == {"alg": "Ed25519", "typ": "at+jwt", "kid": "access-1"}
    assert token.claims["sub"] == "exporter@pt-out-of-asia"
    assert token.claims["client_id"] == "out-of-asia"
    assert token.claims["scope"] == READ
    assert token.claims["organisation"] == "pt-out-of-asia"
    assert token.claims["organisation_kind"] == "partner"
    assert token.claims["regions"] == ["33.02", "34.03"]
    assert token.claims["aud"] == "anyam"
    assert token.claims["iss"] == door.url
    assert token.claims["exp"] - token.claims["iat"] == 3600


async def test_without_a_scope_the_token_has_all_of_the_clients(door: Door) -> None:
    answer = await door.ask_for_token()

    assert answer.json()["scope"] == f"{READ} {WRITE}"


@pytest.mark.parametrize(
    ("client", "secret"), [("out-of-asia", "wrong"), ("nobody", "wrong"), ("", ""), ("nobody", "")]
)
async def test_a_wrong_secret_and_an_unknown_client_are_told_the_same(
    door: Door, client: str, secret: str
) -> None:
    answer = await door.ask_for_token(client, secret)

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic")


async def test_nobody_gets_more_scope_than_its_own(door: Door) -> None:
    answer = await door.ask_for_token(scope=f"{READ} registry.households:read")

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"


async def test_only_client_credentials_are_granted(door: Door) -> None:
    answer = await door.ask_for_token(grant_type="password")

    assert answer.json()["error"] == "unsupported_grant_type"


async def test_a_token_request_is_a_form(door: Door) -> None:
    answer = await door.http.post("/oauth/token", json={"grant_type": "client_credentials"})

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


def assertion(door: Door, **changed: object) -> str:
    now = int(time.time())
    claims: dict[str, object] = {
        "iss": "out-of-asia",
        "sub": "out-of-asia",
        "aud": door.url,
        "jti": f"{time.time_ns()}",
        "exp": now + 50,
    }
    return jwt.encode({"alg": "Ed25519"}, {**claims, **changed}, SIGNER, algorithms=["Ed25519"])


async def ask_with(door: Door, signed: str) -> int:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed,
    }
    return (await door.http.post("/oauth/token", data=form)).status_code


async def test_a_client_may_sign_its_request_once(door: Door) -> None:
    signed = assertion(door)

    assert await ask_with(door, signed) == 200
    assert await ask_with(door, signed) == 401


@pytest.mark.parametrize(
    "changed",
    [{"aud": "https://elsewhere"}, {"iss": "pnm"}, {"exp": 4102444800}, {"exp": 1}, {"jti": ""}],
)
async def test_an_assertion_for_elsewhere_or_for_too_long_is_refused(
    door: Door, changed: dict[str, object]
) -> None:
    assert await ask_with(door, assertion(door, **changed)) == 401


@pytest.mark.parametrize("claimed", ["[]", "1", "null", "[" * 9000])
async def test_an_assertion_of_odd_json_is_refused(door: Door, claimed: str) -> None:
    payload = base64.urlsafe_b64encode(claimed.encode()).rstrip(b"=").decode()

    assert await ask_with(door, f"e30.{payload}.e30") == 401


async def test_the_issuer_publishes_its_keys_and_itself(door: Door) -> None:
    keys = (await door.http.get("/.well-known/jwks.json")).json()["keys"]
    metadata = (await door.http.get("/.well-known/oauth-authorization-server")).json()

    assert [key["kid"] for key in keys] == ["access-1"]
    assert "d" not in keys[0]
    assert metadata["issuer"] == door.url
    assert metadata["token_endpoint"] == f"{door.url}/oauth/token"


async def test_guessing_a_secret_is_slowed_down(door: Door) -> None:
    answers = [(await door.ask_for_token(secret="guess")).status_code for _ in range(31)]

    assert answers[-1] == 429
