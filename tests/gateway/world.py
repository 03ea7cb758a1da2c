"""A real gateway on a loopback port, real servers behind it, and clients that can misbehave."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx
import uvicorn
from joserfc.jwk import OKPKey
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.app import create_app
from gateway.protocol import FrontDoor
from gateway.routes import Route, RouteTable
from gateway.server import server
from gateway.settings import Settings
from tests.waiting import let_run

SECRET = "correct horse battery staple"
ACCESS_KEY = OKPKey.generate_key("Ed25519", {"kid": "access-1"})
INTERNAL_KEY = OKPKey.generate_key("Ed25519", {"kid": "internal-1"})
SIGNER = OKPKey.generate_key("Ed25519", {"kid": "exporter-1"})
READ, WRITE = "export.orders:read", "export.orders:write"

EXPORTER = {
    "client_id": "out-of-asia",
    "secret_sha256": sha256(SECRET.encode()).hexdigest(),
    "organisation": "pt-out-of-asia",
    "kind": "partner",
    "scopes": [READ, WRITE],
    "regions": ["33.02", "34.03"],
    "subject": "exporter@pt-out-of-asia",
    "jwks": {"keys": [SIGNER.as_dict(private=False)]},
}
LENDER = {
    **EXPORTER,
    "client_id": "pnm",
    "subject": "desk@pnm",
    "organisation": "pnm",
    "scopes": [],
}

ROUTES = RouteTable(
    Route(method, path, service, scope)
    for method, path, service, scope in [
        ("GET", "/v1/orders", "export", READ),
        ("POST", "/v1/orders", "export", WRITE),
        ("GET", "/v1/orders/mine", "registry", READ),
        ("GET", "/v1/orders/{order_id}", "export", READ),
        ("DELETE", "/v1/orders/{order_id}", "export", WRITE),
        ("POST", "/v1/orders/{order_id}/ship", "export", WRITE),
        ("HEAD", "/v1/labels/{label_id}", "export", READ),
        ("POST", "/v1/household-imports", "registry", WRITE),
        ("POST", "/v1/dtsen-deliveries/{delivery_id}/file", "registry", WRITE),
        ("GET", "/v1/items/{item_id}", "export", None),
    ]
)


@dataclass
class Door:
    """A running gateway, as its callers see it."""

    port: int
    url: str
    http: httpx.AsyncClient
    tokens: dict[str, str] = field(default_factory=dict)

    async def ask_for_token(
        self, client: str = "out-of-asia", secret: str = SECRET, **form: str
    ) -> httpx.Response:
        """Ask the token endpoint, by client_secret_basic."""
        form = {"grant_type": "client_credentials", **form}
        return await self.http.post("/oauth/token", data=form, auth=(client, secret))

    async def token(self, client: str = "out-of-asia") -> str:
        """Return an access token of a client, asked for once."""
        if client not in self.tokens:
            answer = await self.ask_for_token(client)
            self.tokens[client] = answer.json()["access_token"]
        return self.tokens[client]

    async def call(
        self, method: str, path: str, *, client: str = "out-of-asia", **request: object
    ) -> httpx.Response:
        """Call a route with a good token."""
        extra = request.pop("headers", {})
        assert isinstance(extra, dict)
        headers = {"authorization": f"Bearer {await self.token(client)}", **extra}
        return await self.http.request(method, path, headers=headers, **request)  # type: ignore[arg-type]  # passed on as it is

    async def raw(self, request: bytes, *, seconds: float = 2.0) -> bytes:
        """Write bytes as they are; return everything until the server closes or falls silent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        answer = b""
        try:
            async with asyncio.timeout(seconds):
                while data := await reader.read(65536):
                    answer += data
        except TimeoutError:
            pass
        finally:
            writer.close()
        return answer

    async def head(self, method: str = "GET", path: str = "/v1/orders", *lines: str) -> bytes:
        """Return the beginning of a raw request with a good token, without the empty line."""
        start = [
            f"{method} {path} HTTP/1.1",
            "host: anyam",
            f"authorization: Bearer {await self.token()}",
        ]
        return "".join(f"{line}\r\n" for line in [*start, *lines]).encode()


@asynccontextmanager
async def gateway(
    folder: Path,
    *,
    upstream: str,
    protocol: type[FrontDoor] = FrontDoor,
    routes: RouteTable = ROUTES,
    **settings: object,
) -> AsyncIterator[Door]:
    """Run a gateway whose four services are all at `upstream`, unless a setting says otherwise."""
    listener = _listener()
    port = listener.getsockname()[1]
    known = make_settings(folder, upstream=upstream, port=port, **settings)
    running = server(create_app(known, routes=routes), known, protocol=protocol)
    task = asyncio.create_task(running.serve(sockets=[listener]))
    await until(lambda: running.started)
    async with httpx.AsyncClient(base_url=known.gateway_issuer, timeout=10) as http:
        yield Door(port, known.gateway_issuer, http)
    running.should_exit = True
    await task


def make_settings(folder: Path, *, upstream: str, port: int, **settings: object) -> Settings:
    """Return settings with keys of this test run and two known clients."""
    clients = folder / "clients.json"
    clients.write_text(json.dumps([EXPORTER, LENDER]))
    services = ("registry", "empowerment", "export", "financing")
    known: dict[str, object] = {
        **{f"{name}_url": upstream for name in services},
        "gateway_issuer": f"http://127.0.0.1:{port}",
        "gateway_signing_key": json.dumps(ACCESS_KEY.as_dict(private=True)),
        "internal_signing_key": json.dumps(INTERNAL_KEY.as_dict(private=True)),
        "clients_file": clients,
        "port": port,
        "drain_seconds": 0.0,
        "restart_seconds": 0.0,
        "log_level": "ERROR",
    }
    return Settings.model_validate({**known, **settings})


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an ASGI application on a loopback port; gives its URL."""
    listener = _listener()
    running = uvicorn.Server(
        uvicorn.Config(app, log_level="error", lifespan="off", access_log=False)
    )
    task = asyncio.create_task(running.serve(sockets=[listener]))
    await until(lambda: running.started)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    running.should_exit = True
    await task


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(talk: Talk, *, port: int = 0) -> AsyncIterator[str]:
    """Serve connections by hand, on a free port unless one is named: `talk` reads and writes."""

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    running = await asyncio.start_server(guarded, "127.0.0.1", port)
    yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}"
    running.close()


async def request_head(reader: asyncio.StreamReader) -> bytes:
    """Read one request up to its empty line."""
    return await reader.readuntil(b"\r\n\r\n")


def answer(body: bytes = b"{}", *, status: str = "200 OK", headers: bytes = b"") -> bytes:
    """Return a plain HTTP answer."""
    return b"HTTP/1.1 %b\r\ncontent-length: %d\r\n%b\r\n%b" % (
        status.encode(),
        len(body),
        headers,
        body,
    )


def unused_url() -> str:
    """Return an address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


KABUPATEN = {
    "34.02": {"name": "Bantul", "households": 90},
    "33.02": {"name": "Banyumas", "households": 70},
}


@dataclass
class Mirror:
    """A service that answers what it was asked, and can count."""

    asked: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the request as JSON; `/health/ready` and the summaries as a service would."""
        path = scope["raw_path"].decode()
        self.asked.append(f"{scope['method']} {path}")
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        await _answer(send, 200, self._seen(scope, body))

    def _seen(self, scope: Scope, body: bytes) -> dict[str, object]:
        if scope["path"].startswith("/v1/summaries/"):
            return {"figures": {"households": 350, "pieces": 12422, "by_kabupaten": KABUPATEN}}
        return {
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [
                [name.decode(), value.decode("latin-1")] for name, value in scope["headers"]
            ],
            "body": body.decode("latin-1")[:1000],
            "size": len(body),
        }


async def _answer(send: Send, status: int, document: dict[str, object]) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
        (b"x-request-id", b"of-the-service"),
        (b"server", b"uvicorn"),
        (b"connection", b"x-hidden"),
        (b"x-hidden", b"between us"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})


def seen(response: httpx.Response) -> dict[str, str]:
    """Return the headers that the mirror was given."""
    return dict(response.json()["headers"])


def _listener() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


async def until(condition: Callable[[], bool], *, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if condition():
                return
            await let_run(0.01)
