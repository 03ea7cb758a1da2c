"""The data path: a plain ASGI application between the clients and the services."""

import structlog
from starlette.types import Receive, Scope, Send

from gateway import observe
from gateway.admission import Admission
from gateway.answers import header, send_problem
from gateway.forwarding import Forwarding
from gateway.headers import Headers
from gateway.observe import Record
from gateway.paths import normalise
from gateway.problems import InternalFault, QuotaExceeded
from gateway.settings import Settings
from gateway.upstream import Upstream
from kernel.problems import Problem

CLIENT_GONE = 499
"""What the log says where the client left before its answer; never sent."""

log = structlog.get_logger("gateway.proxy")


class Proxy:
    """Admits a request, forwards it, and answers with a problem where that cannot be."""

    def __init__(
        self, admission: Admission, upstreams: dict[str, Upstream], *, settings: Settings
    ) -> None:
        self._admission = admission
        self._upstreams = upstreams
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        record = Record(
            scope["method"], observe.request_id(header(scope["headers"], b"x-request-id"))
        )
        forwarding: Forwarding | None = None
        try:
            passage = self._admission.admit(scope, normalise(scope["raw_path"]), record)
            upstream = self._upstreams[passage.route.service]
            forwarding = Forwarding(
                passage, upstream, receive=receive, send=send, settings=self._settings
            )
            await forwarding.run([*passage.limits, (b"x-request-id", record.request_id)])
            record.status = forwarding.status or CLIENT_GONE
        except Problem as problem:
            await self._refuse(problem, scope, send, record)
        except Exception:
            log.exception("gateway.fault", request_id=record.request_id.decode("ascii"))
            if forwarding is not None and forwarding.status:
                raise
            await self._refuse(InternalFault(), scope, send, record)
        finally:
            record.close()

    async def _refuse(self, problem: Problem, scope: Scope, send: Send, record: Record) -> None:
        record.status = int(problem.status)
        extra: Headers = [(b"x-request-id", record.request_id)]
        if isinstance(problem, QuotaExceeded):
            extra += self._admission.exhausted()
        await send_problem(problem, scope, send, request_id=record.request_id, extra=extra)
