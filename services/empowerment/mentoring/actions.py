"""What touches a visit and whom it visits."""

from datetime import date
from uuid import UUID

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.empowerment.candidates import queries as candidates
from services.empowerment.groups import queries as groups
from services.empowerment.mentoring.models import Visit, VisitKind
from services.empowerment.mentoring.problems import VisitsNobody


async def plan(
    uow: UnitOfWork,
    *,
    household_id: UUID | None,
    group_id: UUID | None,
    kind: VisitKind,
    planned_on: date,
    facilitator_id: UUID | None,
    actor: Actor,
) -> Visit:
    """Plan a visit; a family's own pendamping makes it unless another is named.

    Raises:
        VisitsNobody, CandidateNotFound, GroupNotFound.
    """
    if household_id is not None and group_id is None:
        family = await candidates.get(uow.session, household_id, actor=actor)
        desa_code = family.desa_code or ""
        facilitator_id = facilitator_id or family.facilitator_id
    elif group_id is not None and household_id is None:
        desa_code = (await groups.get(uow.session, group_id, actor=actor)).desa_code
    else:
        raise VisitsNobody
    visit = Visit(
        household_id=household_id,
        group_id=group_id,
        desa_code=desa_code,
        kind=kind,
        planned_on=planned_on,
        facilitator_id=facilitator_id,
    )
    uow.add(visit)
    return visit
