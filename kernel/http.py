"""The one place that knows the HTTP client library: clients with timeouts, and what they raise."""

import ssl

import httpx

TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = 3.0
KEEP_SECONDS = 4.0
"""For an unused connection; less than our servers keep theirs (5 s)."""

Client = httpx.AsyncClient
Response = httpx.Response
TransportError = httpx.TransportError


def client(base_url: str, *, connections: int = 20) -> Client:
    """Return a client of one server; close it with `aclose` or use it in `async with`."""
    return httpx.AsyncClient(
        base_url=base_url,
        timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=KEEP_SECONDS,
        ),
        headers={"Accept-Language": "en"},
    )


def trust(authorities: str | None) -> ssl.SSLContext:
    """Return what a stranger's certificate is checked against; a PEM file may add authorities."""
    context = httpx.create_ssl_context(trust_env=False)
    if authorities:
        context.load_verify_locations(authorities)
    return context


def stranger(tls: ssl.SSLContext, *, seconds: float) -> Client:
    """Return a client for one request to somebody else's server: no proxy, nothing kept."""
    return httpx.AsyncClient(
        verify=tls,
        timeout=httpx.Timeout(seconds, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
        trust_env=False,
        follow_redirects=False,
    )
