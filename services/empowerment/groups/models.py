"""KUBE groups, their officers, and which family belonged to which group when."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from contracts.empowerment import GroupActivated, GroupChanged, GroupDissolved
from kernel.db import Aggregate, state_column
from services.empowerment.db import Table
from services.empowerment.groups.lifecycle import GroupLifecycle, State
from services.empowerment.groups.problems import (
    GroupDissolvedAlready,
    GroupFull,
    HoldsAnOffice,
    OfficersMissing,
    TooFewMembers,
)

LEAST_MEMBERS, MOST_MEMBERS = 5, 20


class Group(Aggregate, Table, table=True):
    """A KUBE: 5 to 20 families of one kabupaten that work together, with three officers."""

    __tablename__ = "kube"

    number: str = Field(unique=True)
    name: str
    desa_code: str = Field(index=True)
    formed_on: date
    state: State = Field(default=State.FORMING, sa_type=state_column(State))
    activated_on: date | None = None
    dissolved_on: date | None = None
    chair: UUID | None = None
    secretary: UUID | None = None
    treasurer: UUID | None = None

    @property
    def officers(self) -> tuple[UUID | None, UUID | None, UUID | None]:
        """The families that chair, write and keep the money."""
        return self.chair, self.secretary, self.treasurer

    def require_live(self) -> None:
        """Guard what a dissolved group does no more; raises GroupDissolvedAlready."""
        if self.state is State.DISSOLVED:
            raise GroupDissolvedAlready(group=self.number)

    def require_room(self, *, members: int, joining: int) -> None:
        """Guard the size of a live group, which is locked; raises GroupFull."""
        self.require_live()
        if members + joining > MOST_MEMBERS:
            raise GroupFull(group=self.number, most=MOST_MEMBERS, members=members)

    def require_no_office(self, household_id: UUID) -> None:
        """Guard a leave: officers are replaced first; raises HoldsAnOffice."""
        self.require_live()
        if household_id in self.officers:
            raise HoldsAnOffice(group=self.number, household_id=household_id)

    def give_offices(self, *, chair: UUID, secretary: UUID, treasurer: UUID) -> None:
        """Name the officers, who are members."""
        self.require_live()
        self.chair, self.secretary, self.treasurer = chair, secretary, treasurer

    def activate(self, *, members: Sequence[UUID], on: date) -> GroupActivated:
        """Begin to work; raises TooFewMembers, OfficersMissing."""
        state = GroupLifecycle.activate(self.state)
        if len(members) < LEAST_MEMBERS:
            raise TooFewMembers(group=self.number, least=LEAST_MEMBERS, members=len(members))
        leader = self._leader()
        self.state, self.activated_on = state, on
        return GroupActivated(
            group_id=self.id,
            desa_code=self.desa_code,
            leader_household_id=leader,
            member_household_ids=tuple(members),
            activated_on=on,
        )

    def change(self, *, members: Sequence[UUID]) -> GroupChanged | None:
        """Tell who belongs to the group now; a forming group is not told of yet."""
        self.require_live()
        if self.state is State.FORMING:
            return None
        return GroupChanged(
            group_id=self.id,
            desa_code=self.desa_code,
            leader_household_id=self._leader(),
            member_household_ids=tuple(members),
        )

    def dissolve(self, *, on: date) -> GroupDissolved:
        """End; its families may join others."""
        self.state, self.dissolved_on = GroupLifecycle.dissolve(self.state), on
        return GroupDissolved(group_id=self.id, dissolved_on=on)

    def _leader(self) -> UUID:
        chair, secretary, treasurer = self.officers
        if chair is None or secretary is None or treasurer is None:
            raise OfficersMissing(group=self.number)
        return chair


class Membership(Aggregate, Table, table=True):
    """A family in a group, from a day until a day; in one live group at most."""

    __tablename__ = "kube_member"
    __table_args__ = (
        sa.Index(
            "uq_kube_member_live",
            "household_id",
            unique=True,
            postgresql_where=sa.text("left_on IS NULL"),
        ),
        sa.Index(None, "household_id", "joined_on"),
        sa.CheckConstraint("left_on >= joined_on", name="leaves_after_joining"),
    )

    group_id: UUID = Field(foreign_key="kube.id", index=True)
    household_id: UUID = Field(foreign_key="candidate.id")
    joined_on: date
    left_on: date | None = None
    reason: str | None = None
