"""The key set of the gateway holds the keys of the registry's messages to partners too."""

import json
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.partner_keys import PATH
from gateway.routes import Route, RouteTable
from tests.gateway.world import READ, Mirror, gateway, served, unused_url

REGISTRYS = {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "registry-1", "use": "sig"}
KEY_SET = "/.well-known/jwks.json"


def answering(body: bytes) -> ASGIApp:
    """Return a registry that tells its keys, or something else."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told = body if scope["path"] == PATH else b""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": told})

    return app


async def kids(folder: Path, body: bytes) -> list[str]:
    """Return the ids of the keys that the gateway tells."""
    async with served(answering(body)) as url, gateway(folder, upstream=url) as door:
        return [key["kid"] for key in (await door.http.get(KEY_SET)).json()["keys"]]


async def test_partners_find_the_registrys_keys_at_the_standards_path(tmp_path: Path) -> None:
    body = json.dumps({"keys": [REGISTRYS]}).encode()

    assert await kids(tmp_path, body) == ["access-1", "registry-1"]


async def test_the_gateways_own_key_is_told_whatever_the_registry_says(tmp_path: Path) -> None:
    assert await kids(tmp_path, b"not json") == ["access-1"]


async def test_the_gateways_own_key_is_told_while_the_registry_is_away(tmp_path: Path) -> None:
    async with gateway(tmp_path, upstream=unused_url()) as door:
        keys = (await door.http.get(KEY_SET)).json()["keys"]

    assert [key["kid"] for key in keys] == ["access-1"]


ROUTES = RouteTable([Route("POST", "/registry/sync/search", "registry", READ)])


async def test_the_standards_addresses_lead_to_the_registry(tmp_path: Path) -> None:
    mirror = Mirror()
    async with (
        served(mirror) as url,
        gateway(tmp_path, upstream=url, routes=ROUTES) as door,
    ):
        heard = await door.call("POST", "/registry/sync/search", json={})
        unknown = await door.call("POST", "/registry/sync/destroy", json={})
        stranger = await door.http.post("/registry/sync/search", json={})

    assert heard.status_code == 200
    assert [unknown.status_code, stranger.status_code] == [404, 401]
