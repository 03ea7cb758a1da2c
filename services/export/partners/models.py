"""The offtaker companies that order goods, and the contracts they order under."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import Aggregate, state_column
from services.export.db import Table


class InspectionLevel(StrEnum):
    """How large a sample is for a lot's size (ISO 2859-1, table 1)."""

    I = "I"  # noqa: E741 - the standard's own name
    II = "II"
    III = "III"
    S1 = "S-1"
    S2 = "S-2"
    S3 = "S-3"
    S4 = "S-4"


class Aql(StrEnum):
    """An acceptance quality limit in percent defective (ISO 2859-1, table 2-A); 0: none may be."""

    NONE = "0"
    AQL_0_065 = "0.065"
    AQL_0_10 = "0.10"
    AQL_0_15 = "0.15"
    AQL_0_25 = "0.25"
    AQL_0_40 = "0.40"
    AQL_0_65 = "0.65"
    AQL_1_0 = "1.0"
    AQL_1_5 = "1.5"
    AQL_2_5 = "2.5"
    AQL_4_0 = "4.0"
    AQL_6_5 = "6.5"
    AQL_10 = "10"


class Partner(Aggregate, Table, table=True):
    """An offtaker; `organisation` is the one whose tokens act for it."""

    __tablename__ = "partner"

    code: str = Field(unique=True)
    name: str
    organisation: str = Field(index=True)
    country: str


class Contract(Aggregate, Table, table=True):
    """What was agreed with a partner: payment, how goods are sampled, and what may be missing."""

    __tablename__ = "partner_contract"
    __table_args__ = (
        sa.CheckConstraint("payment_terms_days >= 0", name="payment_terms"),
        sa.CheckConstraint("tolerance_percent BETWEEN 0 AND 100", name="tolerance"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
    )

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    number: str = Field(unique=True)
    currency: str
    payment_terms_days: int
    sampling_level: InspectionLevel = Field(sa_type=state_column(InspectionLevel))
    aql_critical: Aql = Field(sa_type=state_column(Aql))
    aql_major: Aql = Field(sa_type=state_column(Aql))
    aql_minor: Aql = Field(sa_type=state_column(Aql))
    tolerance_percent: Decimal = Field(sa_type=sa.Numeric(5, 2))
    valid_from: date
    valid_until: date | None = None
