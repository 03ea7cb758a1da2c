"""What skills and groups do to the capacity of production."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from contracts.empowerment import GroupActivated, GroupChanged, GroupDissolved, TrainingCompleted
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.export.capacity.models import CapacityGroup, CapacityMember, MakerSkill

when = Subscriptions("export.capacity", projection=(CapacityGroup, CapacityMember, MakerSkill))


@when(TrainingCompleted)
async def open_capacity(event: TrainingCompleted, uow: UnitOfWork) -> None:
    """Keep the best grade, so that the order in which trainings arrive does not matter."""
    skill = insert(MakerSkill).values(
        household_id=event.household_id, skill=event.skill, grade=event.grade
    )
    better = skill.excluded.grade < col(MakerSkill.grade)  # "a" sorts before "b"
    await uow.session.exec(
        skill.on_conflict_do_update(
            index_elements=["household_id", "skill"],
            set_={"grade": skill.excluded.grade},
            where=better,
        )
    )


@when(GroupActivated)
@when(GroupChanged)
async def follow_the_group(event: GroupActivated | GroupChanged, uow: UnitOfWork) -> None:
    """An active group may be given work; who joined may make goods, who left may not."""
    await _note_group(uow, event.group_id, desa_code=event.desa_code)
    await _note_members(uow, event.group_id, event.member_household_ids)


@when(GroupDissolved)
async def give_no_more_work(event: GroupDissolved, uow: UnitOfWork) -> None:
    """A dissolved group finishes what it has; its members stay known for that.

    A group that never became active is not known here and needs nothing: the events of one group
    arrive in their order.
    """
    change = sa.update(CapacityGroup).where(col(CapacityGroup.group_id) == event.group_id)
    await uow.session.exec(change.values(active=False))


async def _note_group(uow: UnitOfWork, group_id: UUID, *, desa_code: str) -> None:
    group = insert(CapacityGroup).values(group_id=group_id, desa_code=desa_code, active=True)
    await uow.session.exec(
        group.on_conflict_do_update(
            index_elements=["group_id"],
            set_={"desa_code": group.excluded.desa_code, "active": group.excluded.active},
        )
    )


async def _note_members(uow: UnitOfWork, group_id: UUID, households: Collection[UUID]) -> None:
    gone = sa.delete(CapacityMember).where(
        col(CapacityMember.group_id) == group_id,
        col(CapacityMember.household_id).not_in(households),
    )
    await uow.session.exec(gone)
    rows = [{"group_id": group_id, "household_id": each} for each in households]
    await uow.session.exec(insert(CapacityMember).on_conflict_do_nothing(), params=rows)
