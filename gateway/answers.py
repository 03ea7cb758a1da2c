"""The gateway's own answers on the data path: problem documents."""

import json
from collections.abc import Iterable

from starlette.types import Scope, Send

from gateway.headers import Headers
from kernel.problems import Language, Problem, language_of, render


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    """Return the first header of this lower-case name."""
    return next((value for found, value in headers if found == name), None)


def language(headers: Iterable[tuple[bytes, bytes]]) -> Language:
    """Return the language that the caller reads."""
    wanted = header(headers, b"accept-language")
    return language_of(wanted.decode("latin-1") if wanted else None)


def problem_headers(problem: Problem) -> dict[str, str]:
    """Return the headers that belong to a problem."""
    headers = dict(problem.headers)
    if "retry_after" in problem.details:
        headers["Retry-After"] = str(problem.details["retry_after"])
    if "allow" in problem.details:
        headers["Allow"] = str(problem.details["allow"])
    return headers


def problem_body(problem: Problem, scope: Scope, request_id: bytes) -> bytes:
    """Return the problem document in the caller's language."""
    document = render(
        problem,
        language=language(scope["headers"]),
        instance=scope["path"],
        request_id=request_id.decode("ascii"),
    )
    return json.dumps(document, ensure_ascii=False).encode()


async def send_problem(
    problem: Problem, scope: Scope, send: Send, *, request_id: bytes, extra: Headers
) -> None:
    """Answer with a problem document."""
    body = problem_body(problem, scope, request_id)
    headers: Headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *(
            (name.lower().encode(), value.encode())
            for name, value in problem_headers(problem).items()
        ),
        *extra,
    ]
    await send({"type": "http.response.start", "status": int(problem.status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
