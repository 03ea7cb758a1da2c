"""Deliveries to others' servers as tables: what waits, and how each address has been answering."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from kernel import clock
from kernel.db import Aggregate, state_column, utc_column


class ParcelState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Parcel(Aggregate):
    """The columns of a table of deliveries; `id` is what the receiver knows a repetition by."""

    stream: str = Field(max_length=100)
    owner: str = Field(max_length=100)
    url: str = Field(max_length=2000)
    sandbox: bool = False
    state: ParcelState = Field(default=ParcelState.WAITING, sa_type=state_column(ParcelState))
    attempts: int = 0
    due_at: datetime = Field(default_factory=clock.now, sa_type=utc_column())
    claimed_until: datetime | None = Field(default=None, sa_type=utc_column())
    last_status: int | None = None
    last_error: str | None = Field(default=None, max_length=64)
    ended_at: datetime | None = Field(default=None, sa_type=utc_column())

    def send_again(self, *, at: datetime) -> None:
        """Begin anew with all the attempts."""
        self.state, self.attempts, self.due_at = ParcelState.WAITING, 0, at
        self.claimed_until = self.ended_at = None


class Target(SQLModel):
    """The columns of a table of addresses: how each of them has been answering."""

    owner: str = Field(max_length=100, primary_key=True)
    url: str = Field(max_length=2000, primary_key=True)
    failures: int = 0
    rests_until: datetime | None = Field(default=None, sa_type=utc_column())
    gone_at: datetime | None = Field(default=None, sa_type=utc_column())
