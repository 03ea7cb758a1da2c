"""Ministries and partners as dated rows, and the agreements between them."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kernel.db import Aggregate, state_column
from services.empowerment.agencies.problems import AgencyAlreadySucceeded, SuccessionTooEarly
from services.empowerment.db import Table


class AgencyKind(StrEnum):
    """What an agency is to the programme."""

    MINISTRY = "ministry"
    PARTNER = "partner"
    LENDER = "lender"
    OTHER = "other"


class FieldOfCooperation(StrEnum):
    """The six fields of the memorandum of understanding of 8 February 2019."""

    DATA_EXCHANGE = "data_exchange"
    TRAINING = "training"
    DIGITAL_MARKET = "digital_market"
    FINANCE_ACCESS = "finance_access"
    RAW_MATERIAL = "raw_material"
    INSTITUTIONAL = "institutional"


class Metric(StrEnum):
    """What an agreement promises a number of families."""

    GRADUATED = "graduated_households"
    TRAINED = "trained_households"
    FINANCED = "financed_households"


class Per(StrEnum):
    """Over which time a target counts."""

    TOTAL = "total"
    YEAR = "year"


class Agency(Aggregate, Table, table=True):
    """A ministry or partner, from a day until the day its successors took over."""

    __table_args__ = (sa.CheckConstraint("valid_until > valid_from", name="ends_after_start"),)

    code: str = Field(unique=True)
    name: str
    kind: AgencyKind = Field(sa_type=state_column(AgencyKind))
    valid_from: date
    valid_until: date | None = None

    def succeed(self, *, on: date) -> None:
        """End on the day the successors begin.

        Raises:
            AgencyAlreadySucceeded: it ended before.
            SuccessionTooEarly: the day is not after its first.
        """
        if self.valid_until is not None:
            raise AgencyAlreadySucceeded(agency=self.code)
        if on <= self.valid_from:
            raise SuccessionTooEarly(agency=self.code, valid_from=self.valid_from)
        self.valid_until = on


class Succession(Table, table=True):
    """One agency took over from another."""

    __tablename__ = "agency_succession"

    agency_id: UUID = Field(primary_key=True, foreign_key="agency.id")
    successor_id: UUID = Field(primary_key=True, foreign_key="agency.id")


class Agreement(Aggregate, Table, table=True):
    """A memorandum of understanding: its parties, its fields, and its targets."""

    number: str = Field(unique=True)
    title: str
    parties: list[str] = Field(sa_type=JSONB)
    fields: list[str] = Field(sa_type=JSONB)
    signed_on: date


class Target(Table, table=True):
    """How many families an agreement promises to reach."""

    __tablename__ = "agreement_target"
    __table_args__ = (sa.CheckConstraint("value > 0", name="value_positive"),)

    agreement_id: UUID = Field(primary_key=True, foreign_key="agreement.id")
    metric: Metric = Field(primary_key=True, sa_type=state_column(Metric))
    per: Per = Field(primary_key=True, sa_type=state_column(Per))
    value: int


class Achievement(Table, table=True):
    """A family reached what agreements count; `source_id` is what the event told of."""

    __table_args__ = (sa.Index(None, "metric", "achieved_on"),)

    metric: Metric = Field(primary_key=True, sa_type=state_column(Metric))
    source_id: UUID = Field(primary_key=True)
    household_id: UUID = Field(primary_key=True)
    achieved_on: date
    undone: bool = False
