"""One spelling for every path: the bytes that are routed are the bytes that are forwarded."""

import re

from gateway.problems import DirtyPath

# Segments of unreserved characters, sub-delims without ";", ":" and "@"; never "", "." or "..".
_CLEAN = re.compile(rb"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9\-._~!$&'()*+,=:@]+)+|/", re.ASCII)
_NEARLY_CLEAN = re.compile(rb"/(?:[A-Za-z0-9\-._~!$&'()*+,=:@/]|%[0-9A-Fa-f]{2})+")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_QUERY = re.compile(rb"[!\"$-~]*")

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# "/", "\", ";", "%" and controls: a second decoding would give the path another shape.
_NEVER_ENCODED = frozenset(b"/\\;%") | frozenset(range(0x20)) | {0x7F}


def normalise(raw: bytes) -> bytes:
    """Return the path with needless escapes undone.

    Raises:
        DirtyPath: an empty segment, a dot segment, ";", "\\", an escaped slash, a doubly
            escaped or control character: two readers could see two paths.
    """
    if _CLEAN.fullmatch(raw):
        return raw
    if not _NEARLY_CLEAN.fullmatch(raw):
        raise DirtyPath
    path = _ESCAPE.sub(_decoded, raw)
    if any(segment in {b"", b".", b".."} for segment in path.split(b"/")[1:]):
        raise DirtyPath
    return path


def checked_query(query: bytes) -> bytes:
    """Return the query string as it is; DirtyPath for bytes that no URL may hold."""
    if not _QUERY.fullmatch(query):
        raise DirtyPath
    return query


def _decoded(escape: re.Match[bytes]) -> bytes:
    byte = int(escape[1], 16)
    if byte in _NEVER_ENCODED:
        raise DirtyPath
    return bytes([byte]) if byte in _UNRESERVED else escape[0].upper()
