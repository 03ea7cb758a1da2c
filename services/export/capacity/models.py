"""A projection of who can make what, and where; and which weeks are promised to an order."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts.empowerment import SkillGrade
from kernel.db import state_column
from services.export.db import Table


class CapacityGroup(Table, table=True):
    """A KUBE group that may be given work; its row is locked while its weeks are promised."""

    __tablename__ = "capacity_group"

    group_id: UUID = Field(primary_key=True)
    desa_code: str = Field(index=True)
    active: bool


class CapacityMember(Table, table=True):
    """A family that makes goods in a group."""

    __tablename__ = "capacity_member"

    group_id: UUID = Field(foreign_key="capacity_group.group_id", primary_key=True)
    household_id: UUID = Field(primary_key=True, index=True)


class MakerSkill(Table, table=True):
    """The best grade that a family's maker reached in a skill."""

    __tablename__ = "maker_skill"

    household_id: UUID = Field(primary_key=True)
    skill: str = Field(primary_key=True)
    grade: SkillGrade = Field(sa_type=state_column(SkillGrade))


class CapacityBooking(Table, table=True):
    """Pieces of an order line that a group makes in the week that starts on a Monday."""

    __tablename__ = "capacity_booking"
    __table_args__ = (
        sa.CheckConstraint("pieces > 0", name="pieces"),
        sa.CheckConstraint("extract(isodow FROM week) = 1", name="week_starts_on_monday"),
    )

    group_id: UUID = Field(foreign_key="capacity_group.group_id", primary_key=True)
    week: date = Field(primary_key=True)
    line_id: UUID = Field(foreign_key="order_line.id", primary_key=True)
    pieces: int
