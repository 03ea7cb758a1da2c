"""What the empowerment service tells the world: programmes, skills, groups, graduation."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from kernel.events import Event


class SkillGrade(StrEnum):
    """What a maker may be given: C makes simple goods, B standard goods, A any goods."""

    A = "a"
    B = "b"
    C = "c"


class ExitKind(StrEnum):
    """How a family leaves PKH: no component left, self-reliant, or by breach of commitment."""

    NATURAL = "natural"
    SELF_RELIANT = "self_reliant"
    NON_COMMITMENT = "non_commitment"


class EnrolmentActivated(Event, type="empowerment.enrolment.activated.v1"):
    """A family takes part in a programme."""

    enrolment_id: UUID
    household_id: UUID
    programme_id: UUID
    scheme: str
    activated_on: date


class EnrolmentCompleted(Event, type="empowerment.enrolment.completed.v1"):
    """A family finished a programme."""

    enrolment_id: UUID
    household_id: UUID
    programme_id: UUID
    completed_on: date


class TrainingCompleted(Event, type="empowerment.training.completed.v1"):
    """A family's maker passed a course; its skill opens production capacity."""

    training_id: UUID
    household_id: UUID
    course_code: str
    skill: str
    grade: SkillGrade
    completed_on: date


class GroupActivated(Event, type="empowerment.group.activated.v1"):
    """A KUBE group started to work."""

    group_id: UUID
    desa_code: str
    leader_household_id: UUID
    member_household_ids: tuple[UUID, ...]
    activated_on: date


class GroupChanged(Event, type="empowerment.group.changed.v1"):
    """Members joined or left an active group."""

    group_id: UUID
    desa_code: str
    leader_household_id: UUID
    member_household_ids: tuple[UUID, ...]


class GroupDissolved(Event, type="empowerment.group.dissolved.v1"):
    """A group ended."""

    group_id: UUID
    dissolved_on: date


class MaterialOffered(Event, type="empowerment.material.offered.v1"):
    """A village offers raw material."""

    offer_id: UUID
    village_id: UUID
    desa_code: str
    material: str
    kilograms: int
    available_from: date


class MaterialMatched(Event, type="empowerment.material.matched.v1"):
    """A village's offer will supply a demand from an order."""

    match_id: UUID
    offer_id: UUID
    demand_id: UUID
    desa_code: str
    material: str
    kilograms: int


class GraduationApproved(Event, type="empowerment.graduation.approved.v1"):
    """A second person decided that the family graduates."""

    proposal_id: UUID
    household_id: UUID
    exit_kind: ExitKind
    decided_on: date
    criteria_version: str


class GraduationReversed(Event, type="empowerment.graduation.reversed.v1"):
    """A graduated family fell back and returns to aid."""

    proposal_id: UUID
    household_id: UUID
    reversed_on: date
