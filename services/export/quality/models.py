"""Inspections of lots, and how strictly each group's lots are inspected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from typing_extensions import TypedDict  # pydantic asks for this one on Python 3.11

from contracts.export import DefectClass, DefectFound
from kernel.db import Aggregate, state_column
from services.export.db import Table
from services.export.quality.lifecycle import (
    InspectionLifecycle,
    InspectionState,
    Severity,
    SeverityLifecycle,
)
from services.export.quality.problems import (
    DefectivesNotSetAside,
    MoreThanInLot,
    NotSteadyEnough,
    SampleTooSmall,
)
from services.export.quality.sampling import ClassPlan, Plan

# The switching rules of ISO 2859-1, clause 9.3; reduced inspection by a row of accepted lots.
LOTS_LOOKED_BACK, REJECTED_TO_TIGHTEN = 5, 2
ACCEPTED_TO_RELAX = 5
REJECTED_TO_DISCONTINUE = 5
ACCEPTED_TO_REDUCE = 10

ACCEPTED, REJECTED = "A", "R"


class ClassPlanSaved(TypedDict):
    """One class's plan, as kept with the inspection."""

    sample_size: int
    ac: int


class DefectSaved(TypedDict):
    """One kind of defect, as kept with the inspection."""

    code: str
    defect_class: str
    pieces: int


class SetAsideSaved(TypedDict):
    """A maker's defective pieces, as kept with the inspection."""

    household_id: str
    pieces: int
    code: str


@dataclass(frozen=True)
class SetAside:
    """Defective pieces of one maker, taken out of the lot."""

    household_id: UUID
    pieces: int
    code: str


@dataclass(frozen=True)
class Finding:
    """What an inspector saw: so many pieces, these defects, and what was taken out."""

    inspected_pieces: int
    defects: tuple[DefectFound, ...]
    set_aside: tuple[SetAside, ...]

    def defective(self) -> dict[DefectClass, int]:
        """Return the defective pieces by class."""
        counts = dict.fromkeys(DefectClass, 0)
        for defect in self.defects:
            counts[defect.defect_class] += defect.pieces
        return counts


class Inspection(Aggregate, Table, table=True):
    """One look at a lot, by the plan that held on its day.

    Each class is judged by its own plan: its defects are counted in its own sample. The first
    inspection of a lot counts for the switching rules, those after a rework do not.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        sa.UniqueConstraint("lot_id", "number"),
        sa.CheckConstraint("number >= 1 AND lot_size >= 1", name="lot"),
        sa.CheckConstraint("sample_size BETWEEN 1 AND lot_size", name="sample"),
        sa.CheckConstraint("inspected_pieces BETWEEN sample_size AND lot_size", name="inspected"),
    )

    lot_id: UUID = Field(foreign_key="product_lot.id")
    number: int
    severity: Severity = Field(sa_type=state_column(Severity))
    lot_size: int
    code_letter: str
    sample_size: int
    class_plans: dict[str, ClassPlanSaved] = Field(sa_type=JSONB)
    inspected_on: date
    inspector_note: str | None = None
    state: InspectionState = Field(
        default=InspectionState.OPEN, sa_type=state_column(InspectionState)
    )
    inspected_pieces: int | None = None
    defects: list[DefectSaved] = Field(sa_type=JSONB)
    set_aside: list[SetAsideSaved] = Field(sa_type=JSONB)

    @property
    def original(self) -> bool:
        """Tell whether the lot was seen for the first time."""
        return self.number == 1

    @property
    def plan(self) -> Plan:
        """Return the plan to inspect by."""
        by_class = {DefectClass(name): ClassPlan(**kept) for name, kept in self.class_plans.items()}
        return Plan(self.code_letter, self.sample_size, by_class)

    @property
    def defects_found(self) -> tuple[DefectFound, ...]:
        """Return the defects as events tell them."""
        return tuple(DefectFound.model_validate(defect) for defect in self.defects)

    def conclude(self, finding: Finding) -> bool:
        """Record the result; tell whether the lot is accepted.

        Raises:
            SampleTooSmall, MoreThanInLot: the counts cannot be right.
            DefectivesNotSetAside: the lot would be accepted with known defectives in it.
        """
        accepted = self.plan.accepts(finding.defective())
        move = InspectionLifecycle.accept if accepted else InspectionLifecycle.reject
        following = move(self.state)
        self._guard(finding)
        if accepted:
            _guard_against_known_defectives(finding)
        self.state = following
        self.inspected_pieces = finding.inspected_pieces
        self.defects = [_defect_saved(defect) for defect in finding.defects]
        self.set_aside = [_set_aside_saved(each) for each in finding.set_aside]
        return accepted

    def _guard(self, finding: Finding) -> None:
        if finding.inspected_pieces < self.sample_size:
            raise SampleTooSmall(inspected=finding.inspected_pieces, sample_size=self.sample_size)
        if finding.inspected_pieces > self.lot_size:
            raise MoreThanInLot(pieces=finding.inspected_pieces, present=self.lot_size)
        most = max((defect.pieces for defect in finding.defects), default=0)
        if most > finding.inspected_pieces:
            raise MoreThanInLot(pieces=most, present=finding.inspected_pieces)


class GroupQuality(Aggregate, Table, table=True):
    """How strictly a group's lots are inspected, by the results of its lots so far."""

    __tablename__ = "group_quality"
    __table_args__ = (
        sa.CheckConstraint("least(accepted_in_a_row, rejected_tightened) >= 0", name="counts"),
    )

    group_id: UUID = Field(unique=True)
    severity: Severity = Field(default=Severity.NORMAL, sa_type=state_column(Severity))
    recent: str = ""
    accepted_in_a_row: int = 0
    rejected_tightened: int = 0

    def count(self, *, accepted: bool) -> None:
        """Count a lot's first result, and switch the severity where the rules say so."""
        self.recent = (self.recent + (ACCEPTED if accepted else REJECTED))[-LOTS_LOOKED_BACK:]
        self.accepted_in_a_row = self.accepted_in_a_row + 1 if accepted else 0
        match self.severity:
            case Severity.NORMAL if self.recent.count(REJECTED) >= REJECTED_TO_TIGHTEN:
                self._switch(SeverityLifecycle.tighten(self.severity))
            case Severity.TIGHTENED:
                self._count_tightened(accepted=accepted)
            case Severity.REDUCED if not accepted:
                self._switch(SeverityLifecycle.restore(self.severity))

    def reduce(self) -> None:
        """Inspect less, as the authority decides for a steady group.

        Raises:
            NotSteadyEnough: too few lots were accepted in a row.
        """
        following = SeverityLifecycle.reduce(self.severity)
        if self.accepted_in_a_row < ACCEPTED_TO_REDUCE:
            raise NotSteadyEnough(needed=ACCEPTED_TO_REDUCE, in_a_row=self.accepted_in_a_row)
        self._switch(following)

    def restore(self) -> None:
        """Inspect normally again, as the authority decides."""
        self._switch(SeverityLifecycle.restore(self.severity))

    def resume(self) -> None:
        """Inspect again, tightened, once the group has improved."""
        self._switch(SeverityLifecycle.resume(self.severity))

    def _count_tightened(self, *, accepted: bool) -> None:
        self.rejected_tightened += 0 if accepted else 1
        if self.rejected_tightened >= REJECTED_TO_DISCONTINUE:
            self._switch(SeverityLifecycle.discontinue(self.severity))
        elif self.accepted_in_a_row >= ACCEPTED_TO_RELAX:
            self._switch(SeverityLifecycle.relax(self.severity))

    def _switch(self, following: Severity) -> None:
        self.severity = following
        self.recent, self.accepted_in_a_row, self.rejected_tightened = "", 0, 0


def plan_saved(plan: Plan) -> dict[str, ClassPlanSaved]:
    """Return the classes' plans as kept with the inspection."""
    return {
        each.value: {"sample_size": kept.sample_size, "ac": kept.ac}
        for each, kept in plan.by_class.items()
    }


def pieces_by_maker(set_aside: Sequence[SetAside]) -> Mapping[UUID, int]:
    """Return how many pieces of each maker were taken out."""
    counts: dict[UUID, int] = {}
    for each in set_aside:
        counts[each.household_id] = counts.get(each.household_id, 0) + each.pieces
    return counts


def _guard_against_known_defectives(finding: Finding) -> None:
    serious = [d.pieces for d in finding.defects if d.defect_class is not DefectClass.MINOR]
    taken_out = sum(each.pieces for each in finding.set_aside)
    if max(serious, default=0) > taken_out:
        raise DefectivesNotSetAside(defective=max(serious), set_aside=taken_out)


def _defect_saved(defect: DefectFound) -> DefectSaved:
    return {
        "code": defect.code,
        "defect_class": defect.defect_class.value,
        "pieces": defect.pieces,
    }


def _set_aside_saved(each: SetAside) -> SetAsideSaved:
    return {"household_id": str(each.household_id), "pieces": each.pieces, "code": each.code}
