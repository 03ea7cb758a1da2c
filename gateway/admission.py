"""Whether a request may pass: its shape, its route, who calls, and how often."""

from dataclasses import dataclass

from starlette.types import Scope

from gateway import observe
from gateway.answers import header
from gateway.headers import Headers, body_length, enters, named_in, singles
from gateway.identity import Caller, Identity
from gateway.internal import InternalTokens
from gateway.limits import Allowance, Buckets
from gateway.observe import Record
from gateway.paths import checked_query
from gateway.problems import (
    BodyTooLarge,
    MalformedRequest,
    QuotaExceeded,
    ScopeMissing,
    UrlTooLong,
    VersionNotSupported,
)
from gateway.routes import Route, RouteTable
from gateway.settings import Settings

URL_LIMIT = 8 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Passage:
    """A request that may pass: what to write to which service."""

    route: Route
    method: str
    target: bytes
    headers: Headers
    length: int | None
    """Bytes of the body as announced; None: in chunks."""
    limit: int
    limits: Headers

    @property
    def has_body(self) -> bool:
        """Tell whether a body follows."""
        return self.length != 0

    @property
    def safe(self) -> bool:
        """Tell whether the request changes nothing."""
        return self.method in SAFE and not self.has_body

    @property
    def repeatable(self) -> bool:
        """Tell whether asking twice does no more than asking once: services replay by the key."""
        return self.safe or (
            self.method == "POST" and header(self.headers, b"idempotency-key") is not None
        )


class Admission:
    """Decides on every request of the data path; the same rules for every service."""

    def __init__(
        self,
        routes: RouteTable,
        identity: Identity,
        internal: InternalTokens,
        *,
        settings: Settings,
    ) -> None:
        self._routes = routes
        self._identity = identity
        self._internal = internal
        self._settings = settings
        self._buckets = Buckets(quota=settings.rate_quota, window=settings.rate_window)

    def admit(self, scope: Scope, path: bytes, record: Record) -> Passage:
        """Return what to forward.

        Raises:
            Problem: the request is malformed, unknown, unauthenticated, not allowed, too much
                or too large.
        """
        found = _shape(scope)
        length = body_length(found)
        route = self._routes.match(record.method, path.decode("ascii"))
        record.route = route.path
        caller = self._allowed(route, found.get(b"authorization"), record)
        allowance = self._take(caller, scope)
        return Passage(
            route=route,
            method=record.method,
            target=_target(path, scope["query_string"]),
            headers=self._headers(scope["headers"], found, route, caller, record),
            length=length,
            limit=self._limit(route, length),
            limits=self._told(allowance),
        )

    def _allowed(self, route: Route, authorization: bytes | None, record: Record) -> Caller | None:
        if route.scope is None:
            return None
        caller = self._identity.caller(authorization)
        record.client_id = caller.client_id
        if route.scope not in caller.scopes:
            raise ScopeMissing(scope=route.scope)
        return caller

    def _take(self, caller: Caller | None, scope: Scope) -> Allowance:
        allowance = self._buckets.take(
            caller.client_id if caller else f"@{(scope.get('client') or [''])[0]}"
        )
        if not allowance.granted:
            raise QuotaExceeded(retry_after=self._buckets.retry_after())
        return allowance

    def _told(self, allowance: Allowance) -> Headers:
        left = b'"burst";r=%d;t=%d' % (allowance.remaining, allowance.reset)
        return [(b"ratelimit-policy", self._buckets.policy), (b"ratelimit", left)]

    def exhausted(self) -> Headers:
        """Return the rate headers of a refusal."""
        return self._told(Allowance(granted=False, remaining=0, reset=self._buckets.retry_after()))

    def _limit(self, route: Route, length: int | None) -> int:
        limit = self._settings.import_body_limit if route.takes_files else self._settings.body_limit
        if length is not None and length > limit:
            raise BodyTooLarge(limit=limit)
        return limit

    def _headers(
        self,
        headers: Headers,
        found: dict[bytes, bytes],
        route: Route,
        caller: Caller | None,
        record: Record,
    ) -> Headers:
        named = named_in(found.get(b"connection"))
        passing = [header for header in headers if enters(header[0]) and header[0] not in named]
        passing.append((b"x-request-id", record.request_id))
        passing.append((b"traceparent", observe.traceparent(found.get(b"traceparent"))))
        if observe.is_traceparent(found.get(b"traceparent")):
            passing += [header for header in headers if header[0] == b"tracestate"]
        if caller is not None:
            passing.append((b"authorization", self._internal.authorization(caller, route.service)))
        return passing


def _shape(scope: Scope) -> dict[bytes, bytes]:
    if scope["http_version"] != "1.1":
        raise VersionNotSupported
    found = singles(scope["headers"])
    if b"host" not in found:
        raise MalformedRequest(reason="host")
    return found


def _target(path: bytes, query: bytes) -> bytes:
    if len(path) + len(query) > URL_LIMIT:
        raise UrlTooLong(limit=URL_LIMIT)
    return path + b"?" + checked_query(query) if query else path
