"""Mentoring reacts to quality control: a rejected lot brings an instructor to the group."""

from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert

from contracts.export import LotRejected
from kernel.db import UnitOfWork
from kernel.subscriptions import Subscriptions
from services.empowerment.groups import queries as groups
from services.empowerment.mentoring.models import Visit, VisitKind

when = Subscriptions("empowerment.mentoring")

COACH_WITHIN = timedelta(days=3)


@when(LotRejected)
async def plan_a_quality_visit(event: LotRejected, uow: UnitOfWork) -> None:
    """Plan one visit that names the defects, while the group can still rework the lot."""
    if event.final:
        return
    group = await groups.get(uow.session, event.group_id, actor=None)
    visit = insert(Visit).values(
        group_id=group.id,
        desa_code=group.desa_code,
        kind=VisitKind.QUALITY,
        planned_on=event.rejected_on + COACH_WITHIN,
        lot_id=event.lot_id,
        lot_rejected_on=event.rejected_on,
        defects=[defect.model_dump(mode="json") for defect in event.defects],
    )
    once_a_rejection = visit.on_conflict_do_nothing(index_elements=["lot_id", "lot_rejected_on"])
    await uow.execute(once_a_rejection)
