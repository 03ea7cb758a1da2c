"""What the framework and the database raise, told as problems; nothing else becomes one."""

from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import Any, TypeVar

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from kernel.problems import (
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    Problem,
    Status,
    Text,
    language_of,
    render,
)

log = structlog.get_logger("faults")

F = TypeVar("F", bound=Exception)


class BodyMalformed(Problem):
    """The request does not have the shape that the endpoint reads."""

    status = Status.UNPROCESSABLE
    code = "KER-0009"
    title = Text(id="Isi permintaan tidak sah", en="Request not valid")
    detail = Text(
        id="Perbaiki bagian yang disebut dalam 'errors'.",
        en="Correct the places named in 'errors'.",
    )


class NoSuchRoute(NotFound):
    """No endpoint has this path."""

    code = "KER-0010"
    title = Text(id="Alamat tidak dikenal", en="No such address")
    detail = Text(id="Lihat daftar alamat di /docs.", en="See the list of addresses at /docs.")


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    status = Status.METHOD_NOT_ALLOWED
    code = "KER-0011"
    title = Text(id="Metode tidak didukung", en="Method not allowed")
    detail = Text(id="Lihat metode alamat ini di /docs.", en="See this address's methods at /docs.")


class RequestUnreadable(Invalid):
    """The request cannot be read at all, or is refused before an endpoint sees it."""

    code = "KER-0012"
    title = Text(id="Permintaan tidak terbaca", en="Request not readable")
    detail = Text(
        id="Periksa isi dan tajuk permintaan.", en="Check the request's body and headers."
    )


class ValueOutOfRange(Invalid):
    """A value cannot be kept: too large, or with a character that text may not hold."""

    code = "KER-0013"
    title = Text(id="Nilai di luar batas", en="Value out of range")
    detail = Text(
        id="Ada nilai yang terlalu besar atau memuat karakter terlarang.",
        en="A value is too large or holds a character that is not allowed.",
    )


class AlreadyRecorded(Conflict):
    """Another record holds what must be unique, or something else depends on this one."""

    code = "KER-0014"
    title = Text(id="Bertentangan dengan data yang ada", en="Contradicts what is recorded")
    detail = Text(
        id="Data dengan nomor atau nama yang sama sudah ada, atau data yang dirujuk tidak ada.",
        en="A record with the same number or name exists, or one that is referred to does not.",
    )


class TemporarilyUnavailable(Problem):
    """The database is away or busy; nothing was changed."""

    status = Status.UNAVAILABLE
    code = "KER-0015"
    title = Text(id="Layanan sedang sibuk", en="Temporarily unavailable")
    detail = Text(
        id="Tidak ada yang berubah; ulangi sesaat lagi.",
        en="Nothing was changed; try again shortly.",
    )
    headers = MappingProxyType({"Retry-After": "1"})


class InternalError(Problem):
    """A fault of ours (500)."""

    code = "KER-0016"
    title = Text(id="Kesalahan di pihak kami", en="Our mistake")
    detail = Text(
        id="Sebutkan request_id ini bila melapor.", en="Name this request_id when you report it."
    )


# Pydantic's error types that callers meet most, in the caller's language.
ADVICE = {
    "missing": Text(id="Wajib diisi.", en="Required."),
    "extra_forbidden": Text(
        id="Isian ini tidak dikenal; hapus.", en="This field is unknown; remove it."
    ),
    "string_too_short": Text(id="Terlalu pendek.", en="Too short."),
    "string_too_long": Text(id="Terlalu panjang.", en="Too long."),
    "string_pattern_mismatch": Text(
        id="Bentuknya tidak sesuai pola.", en="Does not match the pattern."
    ),
    "uuid_parsing": Text(id="Harus berupa UUID.", en="Must be a UUID."),
    "int_parsing": Text(id="Harus berupa bilangan bulat.", en="Must be an integer."),
    "int_type": Text(id="Harus berupa bilangan bulat.", en="Must be an integer."),
    "date_from_datetime_parsing": Text(id="Tanggal: TTTT-BB-HH.", en="A date: YYYY-MM-DD."),
    "date_parsing": Text(id="Tanggal: TTTT-BB-HH.", en="A date: YYYY-MM-DD."),
    "greater_than_equal": Text(id="Terlalu kecil.", en="Too small."),
    "greater_than": Text(id="Terlalu kecil.", en="Too small."),
    "less_than_equal": Text(id="Terlalu besar.", en="Too large."),
    "too_short": Text(id="Terlalu sedikit unsur.", en="Too few items."),
    "too_long": Text(id="Terlalu banyak unsur.", en="Too many items."),
    "enum": Text(id="Bukan salah satu nilai yang dikenal.", en="Not one of the known values."),
    "json_invalid": Text(id="Bukan JSON yang sah.", en="Not valid JSON."),
}
OTHER_ADVICE = Text(
    id="Nilai ini tidak sah; lihat skema di /docs.", en="Not valid; see the schema at /docs."
)

# PostgreSQL's SQLSTATE classes (documentation, appendix A).
BAD_VALUE, BROKEN_CONSTRAINT, WRONG_SQL = "22", "23", "42"


def answer_with_problems(app: FastAPI) -> None:
    """Let every fault of `app` be answered as application/problem+json."""
    _answer(app, Problem, _problem)
    _answer(app, RequestValidationError, _malformed)
    _answer(app, HTTPException, _refused)
    _answer(app, DBAPIError, _database)
    _answer(app, PoolTimeout, _busy)
    _answer(app, OSError, _busy)
    _answer(app, Exception, answer_a_bug)


def _answer(
    app: FastAPI, kind: type[F], handler: Callable[[Request, F], Awaitable[Response]]
) -> None:
    app.add_exception_handler(kind, handler)  # type: ignore[arg-type]  # it gets this kind alone


def respond(request: Request, problem: Problem) -> Response:
    """Return the problem document in the language that the request asks for."""
    language = language_of(request.headers.get("accept-language"))
    request_id = getattr(request.state, "request_id", "")
    document = render(problem, language=language, instance=request.url.path, request_id=request_id)
    return Response(
        orjson.dumps(document, default=str),
        int(problem.status),
        {"Content-Language": language, **problem.headers},
        "application/problem+json",
    )


async def _problem(request: Request, error: Problem) -> Response:
    return respond(request, error)


async def _malformed(request: Request, error: RequestValidationError) -> Response:
    return respond(request, BodyMalformed(errors=tuple(_field(each) for each in error.errors())))


def _field(error: dict[str, Any]) -> FieldError:
    _, *inside = error["loc"]
    place = [str(part) for part in (inside if error["loc"][0] == "body" else error["loc"])]
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in place)
    return FieldError(
        pointer=pointer, code=error["type"], detail=ADVICE.get(error["type"], OTHER_ADVICE)
    )


async def _refused(request: Request, error: HTTPException) -> Response:
    known: dict[int, Problem] = {404: NoSuchRoute(), 405: MethodNotAllowed()}
    response = respond(request, known.get(error.status_code) or RequestUnreadable())
    response.headers.update(error.headers or {})
    return response


def is_passing(error: Exception) -> bool:
    """Tell whether only the moment was wrong: the database is away or busy, and will be back."""
    if isinstance(error, DBAPIError):
        return not _state(error).startswith((BAD_VALUE, BROKEN_CONSTRAINT, WRONG_SQL))
    return isinstance(error, PoolTimeout | OSError)


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


async def _database(request: Request, error: DBAPIError) -> Response:
    state = _state(error)
    if state.startswith(BAD_VALUE):
        return respond(request, ValueOutOfRange())
    if state.startswith(BROKEN_CONSTRAINT):
        return respond(request, AlreadyRecorded())
    if state.startswith(WRONG_SQL):
        return await answer_a_bug(request, error)
    return await _busy(request, error)


async def _busy(request: Request, error: Exception) -> Response:
    log.warning("database.unavailable", error=type(error).__name__)
    return respond(request, TemporarilyUnavailable())


async def answer_a_bug(request: Request, error: Exception) -> Response:
    """Write down where it broke, never what the error says: that may quote a person's data."""
    log.error("bug", error=type(error).__name__, where=_where(error))
    return respond(request, InternalError())


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
