"""One POST to an address that somebody else chose: guarded, pinned, bounded, never redirected."""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from kernel import http

TIMEOUT_SECONDS = 15.0
MOST_BYTES = 64 * 1024
"""Of an answer's body; the rest is not read."""
LONGEST_URL = 2000
PORTS = frozenset({443, 8443})

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a host name, as text."""

PLAIN = re.compile(r"[!-\[\]-~]+")  # what every reader of a URL reads alike: no blank, no "\"
METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "192.0.0.192")))
"""Where clouds tell machines their secrets; the usual 169.254.169.254 is link-local."""
INSIDE = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)


class AddressRefused(Exception):
    """We do not send there; `code` says why, and quotes nothing."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Address:
    """A URL that may be sent to, as far as its text tells."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _usual_port(self.scheme) else f"{host}:{self.port}"

    def at(self, pinned: IpAddress) -> str:
        """Return the URL with the one address that was resolved in place of the name."""
        host = f"[{pinned}]" if pinned.version == 6 else str(pinned)
        return f"{self.scheme}://{host}:{self.port}{self.path}"


@dataclass(frozen=True)
class Outcome:
    """What became of a POST: the status that was answered, or a code why there is none."""

    status: int | None = None
    error: str | None = None

    @property
    def delivered(self) -> bool:
        """Tell whether the receiver took it; a redirect is a failure."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Tell whether the receiver wants nothing more at this address."""
        return self.status == 410


def read_address(url: str, *, sandbox: bool) -> Address:
    """Return the parts of a URL; a sandbox's may be http and have any port.

    Raises:
        AddressRefused: no URL, credentials in it, not https, or a port that is for other things.
    """
    parts = _split(url)
    port = parts.port or _usual_port(parts.scheme)
    if "@" in parts.netloc:
        raise AddressRefused("credentials")
    if parts.scheme != "https" and not (sandbox and parts.scheme == "http"):
        raise AddressRefused("scheme")
    if not sandbox and port not in PORTS:
        raise AddressRefused("port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, parts.hostname or "", port, path)


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not PLAIN.fullmatch(url):
        raise AddressRefused("malformed")
    try:
        parts = urlsplit(url)
        complete = parts.hostname and parts.port != 0 and not parts.fragment
    except ValueError as error:  # a port that is no number, half an IPv6 address
        raise AddressRefused("malformed") from error
    if not complete or "%" in parts.netloc:
        raise AddressRefused("malformed")
    return parts


def is_allowed(address: IpAddress, *, sandbox: bool) -> bool:
    """Tell whether packets may go there: to the public, and for a sandbox to our own networks."""
    if address in METADATA or address.is_link_local:
        return False
    if sandbox and (address.is_loopback or any(address in network for network in INSIDE)):
        return True
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return address.version == 4 or address.sixtofour is None  # it would hide an IPv4 address


async def system_addresses(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver, IPv4 first."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ranked = sorted(found, key=lambda each: each[0] != socket.AF_INET)
    return [str(each[4][0]) for each in ranked]


class Outbound:
    """Sends to strangers; a resolver and further certificate authorities may be given."""

    def __init__(
        self, *, resolve: Resolve = system_addresses, authorities: str | None = None
    ) -> None:
        self._resolve = resolve
        self._authorities = authorities
        self._tls: ssl.SSLContext | None = None

    async def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], sandbox: bool = False
    ) -> Outcome:
        """Send once, within 15 s; whatever goes wrong outside is an outcome, never an exception."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                address = read_address(url, sandbox=sandbox)
                pinned = await self._pin(address, sandbox=sandbox)
                return await self._send(address, pinned, body, headers=headers)
        except AddressRefused as refused:
            return Outcome(error=refused.code)
        except TimeoutError:
            return Outcome(error="timeout")
        except http.TransportError:
            return Outcome(error="connection")

    async def _pin(self, address: Address, *, sandbox: bool) -> IpAddress:
        """Resolve the name once; one forbidden address among several forbids them all."""
        try:
            texts = await self._resolve(address.host, address.port)
            found = [ipaddress.ip_address(text) for text in texts]
        except (OSError, ValueError) as error:  # ValueError: a name that IDNA has no form for
            raise AddressRefused("unresolvable") from error
        if not found:
            raise AddressRefused("unresolvable")
        if not all(is_allowed(each, sandbox=sandbox) for each in found):
            raise AddressRefused("address")
        return found[0]

    async def _send(
        self, address: Address, pinned: IpAddress, body: bytes, *, headers: Mapping[str, str]
    ) -> Outcome:
        self._tls = self._tls or http.trust(self._authorities)
        given = {**headers, "Host": address.authority, "Accept-Encoding": "identity"}
        async with (
            http.stranger(self._tls, seconds=TIMEOUT_SECONDS) as client,
            client.stream(
                "POST",
                address.at(pinned),
                content=body,
                headers=given,
                extensions={"sni_hostname": address.host},
            ) as response,
        ):
            await _read_a_little(response)
            return Outcome(status=response.status_code)


async def _read_a_little(response: http.Response) -> None:
    """Let the receiver finish its answer, unless it is a long one."""
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > MOST_BYTES:
            return


def _usual_port(scheme: str) -> int:
    return 80 if scheme == "http" else 443
