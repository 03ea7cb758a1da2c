"""The access ledger: who read which families, when, for what; never what was read."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from kernel.db import utc_column
from kernel.sealing import Ledger, add_audit_tables, guard
from services.registry.db import Table


class Access(Table, table=True):
    """One reading of one or many families; it names nobody but the reader's desk.

    A page of 200 families is one row: the ledger grows by readings, not by families.
    """

    __tablename__ = "accesses"

    id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=utc_column())
    actor: str = Field(max_length=200)
    client_id: str = Field(max_length=200)
    organisation: str = Field(max_length=64)
    agreement_id: UUID | None = None
    terms: int | None = None
    purpose: str = Field(max_length=40)
    action: str = Field(max_length=40)
    household_ids: list[UUID] = Field(sa_type=ARRAY(sa.Uuid))
    fields: list[str] = Field(sa_type=ARRAY(sa.Text))
    request_id: str | None = Field(default=None, max_length=200)

    __table_args__ = (
        sa.Index("ix_accesses_at", "at", postgresql_using="brin"),
        sa.Index("ix_accesses_household_ids", "household_ids", postgresql_using="gin"),
        sa.Index("ix_accesses_organisation_at", "organisation", "at"),
    )

    def told(self) -> dict[str, object]:
        """Return what the chain covers: all of it."""
        own = self.model_dump(mode="json", exclude={"at"})
        return {**own, "at": self.at.astimezone(UTC).isoformat(timespec="microseconds")}


add_audit_tables(Table.metadata)
guard(Access.__table__)  # type: ignore[attr-defined]  # SQLModel hides what SQLAlchemy adds

LEDGER = Ledger("registry.accesses", Access, Access.told)
