"""How evidence grows from what the other services tell.

Each reaction writes only what its event says, so that their order across families, groups and
topics does not matter.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import col

from contracts.empowerment import (
    GraduationApproved,
    GraduationReversed,
    GroupActivated,
    GroupChanged,
    GroupDissolved,
    TrainingCompleted,
)
from contracts.export import EarningRecorded, SlipPaid
from contracts.registry import DecileRecorded, HouseholdChanged, HouseholdRegistered
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.financing.evidence.models import Evidence, GroupMembership, PaidMonth

when = Subscriptions("financing.evidence", projection=(Evidence, GroupMembership, PaidMonth))


@when(HouseholdRegistered)
@when(HouseholdChanged)
async def know_the_family(event: HouseholdRegistered | HouseholdChanged, uow: UnitOfWork) -> None:
    """Keep where it lives and how many grown women it has."""
    await _note(uow, event.household_id, desa_code=event.desa_code, adult_women=event.adult_women)


@when(DecileRecorded)
async def note_the_decile(event: DecileRecorded, uow: UnitOfWork) -> None:
    """Keep the newest decile; those of one family come in their order."""
    await _note(uow, event.household_id, decile=event.decile)


@when(TrainingCompleted)
async def note_the_skill(event: TrainingCompleted, uow: UnitOfWork) -> None:
    """Keep the best grade, as trainings come in any order."""
    row = _row(event.household_id, grade=event.grade.value)
    best = sa.func.least(col(Evidence.grade), row.excluded.grade)  # "a" sorts before "b"
    await uow.execute(
        row.on_conflict_do_update(index_elements=["household_id"], set_={"grade": best})
    )


@when(GraduationApproved)
async def note_the_graduation(event: GraduationApproved, uow: UnitOfWork) -> None:
    """Keep the day of graduation."""
    await _note(uow, event.household_id, graduated_on=event.decided_on)


@when(GraduationReversed)
async def forget_the_graduation(event: GraduationReversed, uow: UnitOfWork) -> None:
    """The family returned to aid."""
    await _note(uow, event.household_id, graduated_on=None)


@when(GroupActivated)
@when(GroupChanged)
async def note_the_members(event: GroupActivated | GroupChanged, uow: UnitOfWork) -> None:
    """Keep the group's members as they are now."""
    await uow.execute(
        sa.delete(GroupMembership).where(col(GroupMembership.group_id) == event.group_id)
    )
    rows = [{"group_id": event.group_id, "household_id": h} for h in event.member_household_ids]
    if rows:
        await uow.execute(sa.insert(GroupMembership), rows)


@when(GroupDissolved)
async def forget_the_members(event: GroupDissolved, uow: UnitOfWork) -> None:
    """A dissolved group has no members."""
    await uow.execute(
        sa.delete(GroupMembership).where(col(GroupMembership.group_id) == event.group_id)
    )


@when.runs(EarningRecorded)
async def count_the_pieces(events: Sequence[EarningRecorded], uow: UnitOfWork) -> None:
    """Add what passed and what did not."""
    accepted, rejected = Counter[UUID](), Counter[UUID]()
    for event in events:
        accepted[event.household_id] += event.accepted_pieces
        rejected[event.household_id] += event.rejected_pieces
    row = insert(Evidence).values(
        [
            {
                "household_id": household_id,
                "adult_women": 0,
                "accepted_pieces": accepted[household_id],
                "rejected_pieces": rejected[household_id],
            }
            for household_id in sorted(accepted)
        ]
    )
    added = {
        "accepted_pieces": col(Evidence.accepted_pieces) + row.excluded.accepted_pieces,
        "rejected_pieces": col(Evidence.rejected_pieces) + row.excluded.rejected_pieces,
    }
    await uow.execute(row.on_conflict_do_update(index_elements=["household_id"], set_=added))


@when.runs(SlipPaid)
async def count_the_income(events: Sequence[SlipPaid], uow: UnitOfWork) -> None:
    """Add paid income to its month."""
    paid: defaultdict[tuple[UUID, date], Decimal] = defaultdict(Decimal)
    for event in events:
        paid[event.household_id, event.paid_on.replace(day=1)] += event.amount.amount
    row = insert(PaidMonth).values(
        [
            {"household_id": household_id, "month": month, "amount": amount}
            for (household_id, month), amount in sorted(paid.items())
        ]
    )
    added = {"amount": col(PaidMonth.amount) + row.excluded.amount}
    await uow.execute(
        row.on_conflict_do_update(index_elements=["household_id", "month"], set_=added)
    )


async def _note(uow: UnitOfWork, household_id: UUID, **facts: object) -> None:
    row = _row(household_id, **facts)
    await uow.execute(row.on_conflict_do_update(index_elements=["household_id"], set_=facts))


def _row(household_id: UUID, **facts: object) -> Insert:
    defaults = {"adult_women": 0, "accepted_pieces": 0, "rejected_pieces": 0}
    return insert(Evidence).values(household_id=household_id, **{**defaults, **facts})
