"""Ledgers in a service's database: entered while reading, sealed in order soon after.

An entry is written in the transaction that it tells of. Chaining it there as well would let all
readings wait for each other at the newest row; a sealer does it, of all that was committed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel import clock
from kernel.audit import GENESIS, Entry, Head, HeadSigner, Link, chained
from kernel.db import UnitOfWork, utc_column
from kernel.messaging_tables import VACUUM_SOON

log = structlog.get_logger("audit")
R = TypeVar("R", bound=SQLModel)

SEALING = 0x617564  # the class of the advisory locks; the ledger's name gives their number
LOCK = sa.text("SELECT pg_advisory_xact_lock(:class, hashtext(:ledger))")
WAITING = sa.text(
    "DELETE FROM audit_waiting WHERE ledger = :ledger AND entry_id IN"
    " (SELECT entry_id FROM audit_waiting WHERE ledger = :ledger ORDER BY entry_id LIMIT :most)"
    " RETURNING entry_id"
)
NEWEST = sa.text(
    "SELECT number, hash FROM audit_links WHERE ledger = :ledger ORDER BY number DESC LIMIT 1"
)
WRITE_LINKS = sa.text(
    "INSERT INTO audit_links (ledger, number, entry_id, hash)"
    " SELECT :ledger, * FROM unnest(:numbers, :ids, :hashes)"
).bindparams(
    sa.bindparam("numbers", type_=ARRAY(sa.BigInteger())),
    sa.bindparam("ids", type_=ARRAY(sa.Uuid())),
    sa.bindparam("hashes", type_=ARRAY(BYTEA())),
)
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = '42501';
END $$
"""


def add_audit_tables(metadata: sa.MetaData) -> None:
    """Declare the tables that all ledgers of a service share."""
    _waiting(metadata)
    guard(_links(metadata))
    guard(_heads(metadata))


def _waiting(metadata: sa.MetaData) -> None:
    sa.Table(
        "audit_waiting",
        metadata,
        sa.Column("ledger", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Uuid, primary_key=True),
        postgresql_with=VACUUM_SOON,
    )


def _links(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "audit_links",
        metadata,
        sa.Column("ledger", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("hash", BYTEA, nullable=False),
        sa.UniqueConstraint("ledger", "entry_id"),
    )


def _heads(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "audit_heads",
        metadata,
        sa.Column("ledger", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("hash", BYTEA, nullable=False),
        sa.Column("signed_at", utc_column(), nullable=False),
        sa.Column("token", sa.Text, nullable=False),
    )


def guard(table: sa.Table) -> None:
    """Let the table be only added to, where it is made from the models (tests)."""
    for statement in guarding(table.name):
        ddl: Any = sa.DDL  # untyped where it is made
        sa.event.listen(table, "after_create", ddl(statement.replace("%", "%%")))


def guarding(table: str) -> tuple[str, ...]:
    """Return the SQL after which a table is only ever added to; for migrations."""
    return (
        REFUSE,
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite()",
        f"REVOKE UPDATE, DELETE ON {table} FROM PUBLIC, CURRENT_USER",
    )


@dataclass(frozen=True)
class Signed:
    """A head as it is published; `token` is the signature that carries it all."""

    head: Head
    token: str


class Ledger(Generic[R]):
    """One chained ledger: its name, the table of its entries, and what of a row is chained."""

    def __init__(self, name: str, entries: type[R], told: Callable[[R], Entry]) -> None:
        self.name = name
        self._entries = entries
        self._told = told

    async def enter(self, uow: UnitOfWork, row: R) -> None:
        """Write an entry in the transaction that it tells of; one statement."""
        key: Any = self._entries.id  # type: ignore[attr-defined]  # every entry has one
        entry = sa.insert(self._entries).values(**row.model_dump()).returning(key).cte("entry")
        chosen = sa.select(sa.literal(self.name), entry.c.id)
        waiting = sa.insert(self._table("audit_waiting"))
        await uow.execute(waiting.from_select(["ledger", "entry_id"], chosen))

    async def seal(self, uow: UnitOfWork, *, most: int = 5_000) -> int:
        """Chain what was committed since, at most so many entries; return how many."""
        await uow.execute(LOCK, {"class": SEALING, "ledger": self.name})
        given = await uow.execute(WAITING, {"ledger": self.name, "most": most})
        ids = sorted(given.scalars())
        rows = await self._rows(uow.session, ids)
        if len(rows) < len(ids):  # somebody got past the guard, before anything was sealed
            log.error("audit.entries_gone", ledger=self.name, entries=len(ids) - len(rows))
        after = await self._newest(uow)
        links = list(chained(map(self._told, rows.values()), after=after))
        await uow.execute(WRITE_LINKS, self._columns(links, list(rows)))
        return len(ids)

    async def sign(self, uow: UnitOfWork, signer: HeadSigner) -> Signed | None:
        """Sign the newest row and keep the head; None when it is signed, or there is no row."""
        number, newest = await self._newest(uow)
        signed = await self.heads(uow.session, after=number - 1, limit=1)
        if not number or signed:
            return None
        at = clock.now()
        head = Head(self.name, number, newest, at.isoformat(timespec="microseconds"))
        token = signer.sign(head)
        kept = {"ledger": self.name, "number": number, "hash": bytes.fromhex(newest)}
        heads = sa.insert(self._table("audit_heads"))
        await uow.execute(heads, {**kept, "signed_at": at, "token": token})
        return Signed(head, token)

    async def heads(self, session: AsyncSession, *, after: int, limit: int) -> list[Signed]:
        """Return the signed heads beyond a number, in the order of the chain."""
        heads = self._table("audit_heads").c
        query = sa.select(heads.number, heads.hash, heads.signed_at, heads.token)
        query = query.where(heads.ledger == self.name, heads.number > after)
        connection = await session.connection()
        rows = await connection.execute(query.order_by(heads.number).limit(limit))
        return [Signed(self._head(row), row.token) for row in rows]

    async def links(self, session: AsyncSession, *, after: int, limit: int) -> list[Link]:
        """Return sealed rows beyond a number as they are exported; what is gone is left out."""
        links = self._table("audit_links").c
        query = sa.select(links.number, links.entry_id, links.hash).where(
            links.ledger == self.name, links.number >= after, links.number <= after + limit
        )
        connection = await session.connection()
        found = (await connection.execute(query.order_by(links.number))).all()
        rows = await self._rows(session, [link.entry_id for link in found])
        before = {link.number: link.hash.hex() for link in found}
        return [
            Link(
                link.number,
                before.get(link.number - 1, GENESIS),
                link.hash.hex(),
                self._told(rows[link.entry_id]),
            )
            for link in found
            if link.number > after and link.entry_id in rows
        ]

    async def _newest(self, uow: UnitOfWork) -> tuple[int, str]:
        newest = (await uow.execute(NEWEST, {"ledger": self.name})).one_or_none()
        return (newest.number, newest.hash.hex()) if newest else (0, GENESIS)

    async def _rows(self, session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, R]:
        key: Any = self._entries.id  # type: ignore[attr-defined]  # every entry has one
        query = select(self._entries).where(col(key).in_(ids)).order_by(col(key))
        return {row.id: row for row in (await session.exec(query)).all()}  # type: ignore[attr-defined]

    def _columns(self, links: Sequence[Link], ids: Sequence[UUID]) -> dict[str, Any]:
        return {
            "ledger": self.name,
            "numbers": [link.number for link in links],
            "ids": list(ids),
            "hashes": [bytes.fromhex(link.hash) for link in links],
        }

    def _head(self, row: Any) -> Head:
        signed_at = row.signed_at.isoformat(timespec="microseconds")
        return Head(self.name, row.number, row.hash.hex(), signed_at)

    def _table(self, name: str) -> sa.Table:
        return self._entries.metadata.tables[name]
