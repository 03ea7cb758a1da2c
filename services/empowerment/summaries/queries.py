"""Counts over the whole service."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.empowerment.enrolments.lifecycle import State as EnrolmentState
from services.empowerment.enrolments.models import Enrolment
from services.empowerment.graduation.actions import count_not_ready
from services.empowerment.graduation.lifecycle import State as ProposalState
from services.empowerment.graduation.models import Proposal
from services.empowerment.groups.lifecycle import State as GroupState
from services.empowerment.groups.models import Group
from services.empowerment.programmes.models import Programme
from services.empowerment.trainings.models import Participant
from services.empowerment.villages.models import Village


async def figures(session: AsyncSession, *, on: date) -> dict[str, int]:
    """Return what happened so far; `not_ready` are empowered families, judged on a day."""
    state = col(Proposal.state)
    one_by_one = sa.func.count(sa.distinct(col(Participant.household_id)))
    counts = {
        "programmes": sa.select(sa.func.count(col(Programme.id))),
        "enrolments_active": sa.select(sa.func.count(col(Enrolment.id))).where(
            col(Enrolment.state) == EnrolmentState.ACTIVE
        ),
        "trained": sa.select(one_by_one).where(col(Participant.grade).is_not(None)),
        "groups_active": sa.select(sa.func.count(col(Group.id))).where(
            col(Group.state) == GroupState.ACTIVE
        ),
        "villages": sa.select(sa.func.count(col(Village.id))),
        "proposals": sa.select(sa.func.count(col(Proposal.id))),
        "graduated": _proposals(state == ProposalState.APPROVED),
        "refused": _proposals(state == ProposalState.REFUSED),
    }
    query = select(*(count.scalar_subquery().label(name) for name, count in counts.items()))
    row = (await session.exec(query)).one()
    return {**row._mapping, "not_ready": await count_not_ready(session, on=on)}


def _proposals(which: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(sa.func.count(col(Proposal.id))).where(which)
