"""Rows by the thousand: encoded anywhere, copied into a staging table, written set-based from it.

PostgreSQL takes no COPY into a table with row security; a temporary table has none. The encoding
is PostgreSQL's binary one of COPY, so that a process without a connection can do the work.
"""

import io
import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import CreateTable

from kernel.db import UnitOfWork

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
_four_bytes = struct.Struct("!ii").pack
POSTGRES_EPOCH = date(2000, 1, 1).toordinal()

Encoder = Callable[[Any], bytes]


SIZES = [size.to_bytes(4, "big") for size in range(1024)]


def _sized(data: bytes) -> bytes:
    size = len(data)
    return (SIZES[size] if size < 1024 else size.to_bytes(4, "big")) + data


@lru_cache(maxsize=4096)  # codes come again and again, and what does not is soon forgotten
def _text(value: str) -> bytes:
    return _sized(value.encode())


def _json(value: object) -> bytes:
    return _sized(b"\x01" + orjson.dumps(value))


def _uuid(value: UUID) -> bytes:
    return b"\0\0\0\x10" + value.bytes


def _integer(value: int) -> bytes:
    return _four_bytes(4, value)


def _boolean(value: bool) -> bytes:  # noqa: FBT001 - a value, not a choice
    return b"\0\0\0\x01\x01" if value else b"\0\0\0\x01\x00"


def _date(value: date) -> bytes:
    return _integer(value.toordinal() - POSTGRES_EPOCH)


ENCODERS: tuple[tuple[type[sa.types.TypeEngine[Any]], Encoder], ...] = (
    (sa.Uuid, _uuid),
    (sa.LargeBinary, _sized),
    (JSONB, _json),
    (sa.String, _text),
    (sa.Integer, _integer),
    (sa.Boolean, _boolean),
    (sa.Date, _date),
)


class Staging:
    """A temporary table; what one transaction copied into it is gone with the next one."""

    def __init__(self, name: str, *columns: "sa.Column[Any]") -> None:
        self.table = sa.Table(
            name,
            sa.MetaData(),
            *columns,
            prefixes=["TEMPORARY"],
            postgresql_on_commit="DELETE ROWS",
        )
        self._encoders = [_encoder_of(column) for column in columns]

    def encoded(self, rows: Iterable[Sequence[object]]) -> bytes:
        """Return rows, their values in the order of the columns, as `fill` takes them."""
        begin = len(self._encoders).to_bytes(2, "big")
        parts = [HEADER]
        for row in rows:
            parts.append(begin)
            for encode, value in zip(self._encoders, row, strict=True):
                parts.append(NULL if value is None else encode(value))
        return b"".join([*parts, TRAILER])

    async def fill(self, uow: UnitOfWork, encoded: bytes) -> None:
        """Let these rows, and no others, be in the table until the transaction ends.

        Raises:
            ConnectionError: the database went away.
        """
        await uow.execute(CreateTable(self.table, if_not_exists=True))
        await uow.execute(sa.text(f"TRUNCATE {self.table.name}"))
        connection = await (await uow.session.connection()).get_raw_connection()
        driver: Any = connection.driver_connection
        try:
            await driver.copy_to_table(self.table.name, source=io.BytesIO(encoded), format="binary")
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
            raise ConnectionError("the database went away") from error


def _encoder_of(column: "sa.Column[Any]") -> Encoder:
    kind = column.type
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl_instance
    return next(encoder for known, encoder in ENCODERS if isinstance(kind, known))
