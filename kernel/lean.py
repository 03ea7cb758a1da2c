"""Endpoints that FastAPI documents and does not slow down, for reads that are asked all the time.

Resolving dependencies and validating the answer cost more than such a read itself.
"""

import typing
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.routing import APIRoute

from kernel.auth import authorised
from kernel.ids import read_id

Handler = Callable[[Request], Awaitable[Response]]


class LeanRoute(APIRoute):
    """A route whose endpoint takes the ids in its path, `actor` and `request`, and answers itself.

    `actor` is annotated with `allow(scope)` as everywhere. A path that holds no id goes the usual
    way, and is answered with the usual problem.
    """

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Return what serves a request."""
        usual: Handler = super().get_route_handler()
        hints = typing.get_type_hints(self.endpoint, include_extras=True)
        scopes = tuple(hints["actor"].__metadata__[0].scopes)
        ids = [name for name, kind in hints.items() if kind is UUID]
        answer: Callable[..., Awaitable[Response]] = self.endpoint

        async def lean(request: Request) -> Response:
            actor = authorised(request, request.headers.get("authorization"), scopes)
            try:
                named = {name: read_id(request.path_params[name]) for name in ids}
            except ValueError:
                return await usual(request)
            return await answer(actor=actor, request=request, **named)

        return lean
