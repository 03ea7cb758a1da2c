"""What is asked of enrolments."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.empowerment.areas import visible
from services.empowerment.candidates.models import Candidate
from services.empowerment.enrolments.lifecycle import ENDED_WITHOUT_PLACE, State
from services.empowerment.enrolments.models import Enrolment
from services.empowerment.enrolments.problems import EnrolmentNotFound


async def get(session: AsyncSession, enrolment_id: UUID, *, actor: Actor) -> Enrolment:
    """Return an enrolment; raises EnrolmentNotFound."""
    query = _visible(actor).where(Enrolment.id == enrolment_id)
    enrolment = (await session.exec(query)).one_or_none()
    if enrolment is None:
        raise EnrolmentNotFound(enrolment_id=enrolment_id)
    return enrolment


async def programmes_of(session: AsyncSession, enrolment_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the ids of the programmes that these enrolments belong to."""
    query = select(Enrolment.programme_id).where(col(Enrolment.id).in_(enrolment_ids)).distinct()
    return (await session.exec(query)).all()


async def locked(
    session: AsyncSession, enrolment_ids: Sequence[UUID], *, actor: Actor
) -> Mapping[UUID, Enrolment]:
    """Return those of these enrolments that there are, by id, locked in the order of ids."""
    query = _visible(actor).where(col(Enrolment.id).in_(enrolment_ids))
    query = query.order_by(col(Enrolment.id)).with_for_update(of=Enrolment)
    return {enrolment.id: enrolment for enrolment in (await session.exec(query)).all()}


async def live_of(
    session: AsyncSession, household_ids: Sequence[UUID]
) -> Mapping[UUID, list[Enrolment]]:
    """Return what these families take part in, or were proposed for, by family."""
    query = select(Enrolment).where(
        col(Enrolment.household_id).in_(household_ids),
        col(Enrolment.state).not_in(ENDED_WITHOUT_PLACE),
    )
    found: dict[UUID, list[Enrolment]] = {household_id: [] for household_id in household_ids}
    for enrolment in (await session.exec(query.order_by(col(Enrolment.id)))).all():
        found[enrolment.household_id].append(enrolment)
    return found


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    programme_id: UUID | None,
    household_id: UUID | None,
    state: State | None,
) -> Rows[Enrolment]:
    """Return enrolments."""
    query = _visible(actor)
    query = query.where(Enrolment.programme_id == programme_id) if programme_id else query
    query = query.where(Enrolment.household_id == household_id) if household_id else query
    query = query.where(Enrolment.state == state) if state else query
    return await page.rows(session, query, Enrolment)


def _visible(actor: Actor) -> SelectOfScalar[Enrolment]:
    family = col(Candidate.id) == col(Enrolment.household_id)
    return select(Enrolment).join(Candidate, family).where(visible(col(Candidate.desa_code), actor))
