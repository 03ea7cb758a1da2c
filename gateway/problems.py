"""The gateway's own errors, in both languages."""

from typing import ClassVar

from kernel.problems import Forbidden, Invalid, NotFound, Problem, Status, Text


class MalformedRequest(Invalid):
    """The bytes are not one unambiguous HTTP/1.1 request."""

    code = "GTW-0001"
    title = Text(id="Permintaan tidak sah", en="Malformed request")
    detail = Text(
        id="Permintaan HTTP tidak dapat dibaca dengan satu arti: {reason}.",
        en="The HTTP request cannot be read in one way only: {reason}.",
    )


class DirtyPath(Invalid):
    """The path could be read differently by the gateway and by the service."""

    code = "GTW-0002"
    title = Text(id="Alamat tidak sah", en="Path refused")
    detail = Text(
        id="Tulis alamat tanpa '//', '.', '..', ';', '\\' dan tanpa garis miring yang disandikan.",
        en="Write the path without '//', '.', '..', ';', '\\' and without encoded slashes.",
    )


class UnknownRoute(NotFound):
    """No operation has this path."""

    code = "GTW-0003"
    title = Text(id="Alamat tidak dikenal", en="No such route")
    detail = Text(id="Lihat /docs untuk semua alamat.", en="See /docs for every route.")


class MethodNotAllowed(Problem):
    """The path exists, but not with this method."""

    status = Status.METHOD_NOT_ALLOWED
    code = "GTW-0004"
    title = Text(id="Metode tidak tersedia", en="Method not allowed")
    detail = Text(id="Alamat ini menerima: {allow}.", en="This route takes: {allow}.")


class TokenMissing(Problem):
    """The request carries no bearer token."""

    status = Status.UNAUTHORIZED
    code = "GTW-0005"
    title = Text(id="Token diperlukan", en="Token required")
    detail = Text(
        id="Kirim 'Authorization: Bearer ...'; token diperoleh dari /oauth/token.",
        en="Send 'Authorization: Bearer ...'; get a token at /oauth/token.",
    )
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer realm="anyam"'}


class TokenRefused(Problem):
    """The bearer token is forged, expired, or not meant for this platform."""

    status = Status.UNAUTHORIZED
    code = "GTW-0006"
    title = Text(id="Token ditolak", en="Token refused")
    detail = Text(
        id="Token tidak sah atau kedaluwarsa; minta yang baru dari /oauth/token.",
        en="The token does not hold or has expired; ask for a new one at /oauth/token.",
    )
    headers: ClassVar[dict[str, str]] = {
        "WWW-Authenticate": 'Bearer realm="anyam", error="invalid_token"'
    }


class ScopeMissing(Forbidden):
    """The token lacks the scope of the route."""

    code = "GTW-0007"
    title = Text(id="Tidak berwenang", en="Not allowed")
    detail = Text(id="Diperlukan cakupan '{scope}'.", en="The scope '{scope}' is required.")
    headers: ClassVar[dict[str, str]] = {
        "WWW-Authenticate": 'Bearer realm="anyam", error="insufficient_scope"'
    }


class QuotaExceeded(Problem):
    """The client made more requests than its quota."""

    status = Status.TOO_MANY_REQUESTS
    code = "GTW-0008"
    title = Text(id="Kuota terlampaui", en="Quota exceeded")
    detail = Text(
        id="Terlalu banyak permintaan; coba lagi {retry_after} detik lagi.",
        en="Too many requests; try again in {retry_after} seconds.",
    )


class BodyTooLarge(Problem):
    """The request's body is longer than the route takes."""

    status = Status.TOO_LARGE
    code = "GTW-0009"
    title = Text(id="Isi terlalu besar", en="Body too large")
    detail = Text(id="Paling banyak {limit} bita.", en="At most {limit} bytes.")


class UrlTooLong(Problem):
    """The request target is longer than 8 KiB."""

    status = Status.URI_TOO_LONG
    code = "GTW-0010"
    title = Text(id="Alamat terlalu panjang", en="URL too long")
    detail = Text(id="Paling banyak {limit} bita.", en="At most {limit} bytes.")


class HeadersTooLarge(Problem):
    """The header section is longer than 16 KiB."""

    status = Status.HEADERS_TOO_LARGE
    code = "GTW-0011"
    title = Text(id="Kepala permintaan terlalu besar", en="Header fields too large")
    detail = Text(id="Paling banyak {limit} bita.", en="At most {limit} bytes.")


class TooSlow(Problem):
    """The request did not arrive in time."""

    status = Status.REQUEST_TIMEOUT
    code = "GTW-0012"
    title = Text(id="Permintaan terlalu lambat", en="Request too slow")
    detail = Text(
        id="Permintaan tidak tiba pada waktunya.", en="The request did not arrive in time."
    )


class ServiceUnavailable(Problem):
    """The service cannot be reached at the moment; nothing was done."""

    status = Status.UNAVAILABLE
    code = "GTW-0013"
    title = Text(id="Layanan tidak tersedia", en="Service unavailable")
    detail = Text(
        id="Layanan '{service}' sedang tidak dapat dihubungi; coba lagi {retry_after} detik lagi.",
        en="The service '{service}' cannot be reached; try again in {retry_after} seconds.",
    )


class AnswerLost(Problem):
    """The connection to the service broke after the request was sent, before its answer."""

    status = Status.BAD_GATEWAY
    code = "GTW-0014"
    title = Text(id="Jawaban hilang", en="Answer lost")
    detail = Text(
        id="Sambungan ke layanan '{service}' putus; tidak diketahui apakah permintaan sudah "
        "dikerjakan. Ulangi dengan Idempotency-Key yang sama, atau periksa dahulu.",
        en="The connection to the service '{service}' broke; whether the request was carried "
        "out is unknown. Repeat it with the same Idempotency-Key, or look first.",
    )


class BadAnswer(Problem):
    """The service answered something that is not HTTP."""

    status = Status.BAD_GATEWAY
    code = "GTW-0015"
    title = Text(id="Jawaban tidak sah", en="Bad answer")
    detail = Text(
        id="Layanan '{service}' menjawab dengan bentuk yang tidak sah.",
        en="The service '{service}' gave an answer that cannot be read.",
    )


class AnswerLate(Problem):
    """The service did not begin to answer in time."""

    status = Status.GATEWAY_TIMEOUT
    code = "GTW-0016"
    title = Text(id="Jawaban terlambat", en="Answer late")
    detail = Text(
        id="Layanan '{service}' tidak menjawab pada waktunya.",
        en="The service '{service}' did not answer in time.",
    )


class VersionNotSupported(Problem):
    """The interface speaks HTTP/1.1 only."""

    status = Status.VERSION_NOT_SUPPORTED
    code = "GTW-0017"
    title = Text(id="Versi HTTP tidak didukung", en="HTTP version not supported")
    detail = Text(id="Gunakan HTTP/1.1.", en="Use HTTP/1.1.")


class InternalFault(Problem):
    """A fault of the gateway itself."""

    status = Status.INTERNAL
    code = "GTW-0018"
    title = Text(id="Gangguan di gerbang", en="Fault in the gateway")
    detail = Text(
        id="Terjadi kesalahan di pihak kami; sebutkan request_id bila melapor.",
        en="Something failed on our side; name the request_id when you report it.",
    )


class NoSuchPage(NotFound):
    """No page or document has this address."""

    code = "GTW-0019"
    title = Text(id="Halaman tidak ada", en="No such page")
    detail = Text(id="Mulailah dari / atau /docs.", en="Start at / or /docs.")
