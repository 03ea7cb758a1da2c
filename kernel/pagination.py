"""Keyset pages: stable under inserts, with opaque cursors that fit only the list they came from."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from kernel.db import Aggregate
from kernel.problems import Invalid, Text

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAC_BYTES = 16

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)


class CursorInvalid(Invalid):
    """The cursor was not given out by this list with these filters."""

    code = "KER-0004"
    title = Text(id="Penunjuk halaman tidak sah", en="Cursor not valid")
    detail = Text(
        id="Gunakan nilai 'next' dari daftar yang sama dengan saringan yang sama.",
        en="Use the 'next' of the same list with the same filters.",
    )


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is absent on the last."""

    model_config = ConfigDict(from_attributes=True)

    items: list[T]
    next: str | None = None


@dataclass(frozen=True)
class Rows(Generic[A]):
    """What a paged query returns: at most `limit` rows in id order, and where to go on."""

    items: Sequence[A]
    next: str | None


@dataclass(frozen=True)
class PageRequest:
    """What the caller asked for: how many rows, after which id."""

    limit: int
    after: UUID | None
    seal: Callable[[UUID], str]

    async def rows(
        self, session: AsyncSession, query: SelectOfScalar[A], model: type[A]
    ) -> Rows[A]:
        """Run `query`, a selection of `model`, for this page alone."""
        if self.after is not None:
            query = query.where(col(model.id) > self.after)
        found = (await session.exec(query.order_by(col(model.id)).limit(self.limit + 1))).all()
        items = found[: self.limit]
        return Rows(items=items, next=self.seal(items[-1].id) if len(found) > self.limit else None)


async def _page_request(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows a page.")] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(max_length=200, description="The `next` of the page before.")
    ] = None,
) -> PageRequest:
    key = request.app.state.settings.signing_key.get_secret_value().encode()
    context = _context(request)
    after = _opened(cursor, key=key, context=context) if cursor else None
    return PageRequest(
        limit=limit, after=after, seal=lambda last: _sealed(last, key=key, context=context)
    )


def _context(request: Request) -> bytes:
    filters = sorted(
        (k, v) for k, v in request.query_params.multi_items() if k not in {"cursor", "limit"}
    )
    return repr((request.url.path, filters)).encode()


def _mac(last: bytes, *, key: bytes, context: bytes) -> bytes:
    return hmac.digest(key, last + context, hashlib.sha256)[:MAC_BYTES]


def _sealed(last: UUID, *, key: bytes, context: bytes) -> str:
    raw = last.bytes + _mac(last.bytes, key=key, context=context)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _opened(cursor: str, *, key: bytes, context: bytes) -> UUID:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        last, mac = UUID(bytes=raw[:16]), raw[16:]
    except ValueError as error:
        raise CursorInvalid from error
    if not hmac.compare_digest(mac, _mac(last.bytes, key=key, context=context)):
        raise CursorInvalid
    return last


PageQuery = Annotated[PageRequest, Depends(_page_request)]
