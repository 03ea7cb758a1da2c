"""What is asked of criteria, evidence and proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from kernel.auth import Actor
from kernel.pagination import PageRequest, Rows
from services.empowerment.areas import visible
from services.empowerment.candidates.models import Candidate
from services.empowerment.enrolments.lifecycle import State as EnrolmentState
from services.empowerment.enrolments.models import Enrolment
from services.empowerment.evidence import queries as evidence_queries
from services.empowerment.graduation.criteria import (
    DEFAULT_CRITERIA,
    DEFAULT_EDITION,
    MINIMUM_READINESS,
    Criterion,
)
from services.empowerment.graduation.lifecycle import State
from services.empowerment.graduation.models import (
    CriteriaSet,
    Proposal,
)
from services.empowerment.graduation.problems import ProposalNotFound
from services.empowerment.graduation.readiness import Readiness, assess

LIVE = (State.PROPOSED, State.APPROVED)
CRITERIA = TypeAdapter(list[Criterion])


@dataclass(frozen=True)
class InForce:
    """The criteria that hold on a day."""

    edition: str
    effective_from: date | None
    minimum_readiness: Decimal
    criteria: Sequence[Criterion]


@dataclass(frozen=True)
class Standing:
    """How a pendamping stands in a year, in families."""

    facilitator_id: UUID
    families: int
    proposed: int
    approved: int
    refused: int


async def criteria_on(session: AsyncSession, on: date) -> InForce:
    """Return the set in force on a day: the latest that began, else the platform's default."""
    latest = (col(CriteriaSet.effective_from).desc(), col(CriteriaSet.id).desc())
    query = select(CriteriaSet).where(CriteriaSet.effective_from <= on).order_by(*latest).limit(1)
    found = (await session.exec(query)).one_or_none()
    if found is None:
        return InForce(DEFAULT_EDITION, None, MINIMUM_READINESS, DEFAULT_CRITERIA)
    criteria = CRITERIA.validate_python(found.criteria)
    return InForce(found.edition, found.effective_from, found.minimum_readiness, criteria)


async def find_criteria(session: AsyncSession, edition: str) -> CriteriaSet | None:
    """Return the set with this version."""
    query = select(CriteriaSet).where(CriteriaSet.edition == edition)
    return (await session.exec(query)).one_or_none()


async def list_criteria(session: AsyncSession, page: PageRequest) -> Rows[CriteriaSet]:
    """Return every recorded set."""
    return await page.rows(session, select(CriteriaSet), CriteriaSet)


async def readiness_of(
    session: AsyncSession, families: Sequence[Candidate], *, on: date
) -> Sequence[Readiness]:
    """Return each family's readiness on a day, in the order given; five statements for them all."""
    in_force = await criteria_on(session, on)
    evidence = await evidence_queries.evidence_of(session, families, on=on)
    return [
        assess(
            in_force.criteria,
            evidence[family.id],
            edition=in_force.edition,
            minimum=in_force.minimum_readiness,
        )
        for family in families
    ]


async def get(
    session: AsyncSession, proposal_id: UUID, *, actor: Actor, lock: bool = False
) -> Proposal:
    """Return a proposal; raises ProposalNotFound."""
    query = _visible(actor).where(Proposal.id == proposal_id)
    query = query.with_for_update(of=Proposal) if lock else query
    proposal = (await session.exec(query)).one_or_none()
    if proposal is None:
        raise ProposalNotFound(proposal_id=proposal_id)
    return proposal


async def find_live(session: AsyncSession, household_id: UUID) -> Proposal | None:
    """Return a family's proposal that is undecided or was approved."""
    query = select(Proposal).where(
        Proposal.household_id == household_id, col(Proposal.state).in_(LIVE)
    )
    return (await session.exec(query)).one_or_none()


async def list_(
    session: AsyncSession,
    page: PageRequest,
    *,
    actor: Actor,
    household_id: UUID | None,
    state: State | None,
) -> Rows[Proposal]:
    """Return proposals."""
    query = _visible(actor)
    query = query.where(Proposal.household_id == household_id) if household_id else query
    query = query.where(Proposal.state == state) if state else query
    return await page.rows(session, query, Proposal)


def _visible(actor: Actor) -> SelectOfScalar[Proposal]:
    family = col(Candidate.id) == col(Proposal.household_id)
    return select(Proposal).join(Candidate, family).where(visible(col(Candidate.desa_code), actor))


async def board(
    session: AsyncSession, page: PageRequest, *, actor: Actor, year: int
) -> tuple[Sequence[Standing], str | None]:
    """Return how each pendamping stands in a year, in the order of their ids, and the next page."""
    ids, more = await _pendamping(session, page, actor=actor)
    families = await _caseloads(session, ids)
    outcomes = await _outcomes(session, ids, first=date(year, 1, 1), last=date(year, 12, 31))
    standings = [
        Standing(each, families.get(each, 0), *outcomes.get(each, (0, 0, 0))) for each in ids
    ]
    return standings, page.seal(ids[-1]) if more else None


async def _pendamping(
    session: AsyncSession, page: PageRequest, *, actor: Actor
) -> tuple[list[UUID], bool]:
    """Return who accompanies a family, or proposed one before handing it on."""
    known = visible(col(Candidate.desa_code), actor)
    family = col(Candidate.id) == col(Proposal.household_id)
    either = sa.union(
        select(Candidate.facilitator_id).where(known),
        select(Proposal.facilitator_id).join(Candidate, family).where(known),
    ).subquery()
    (pendamping,) = either.columns
    query = select(pendamping).where(pendamping.is_not(None))
    query = query.where(pendamping > page.after) if page.after else query
    ids = (await session.exec(query.order_by(pendamping).limit(page.limit + 1))).all()
    return list(ids[: page.limit]), len(ids) > page.limit


async def _caseloads(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID | None, int]:
    pendamping = col(Candidate.facilitator_id)
    query = select(pendamping, sa.func.count()).where(pendamping.in_(ids)).group_by(pendamping)
    return dict((await session.exec(query)).all())


async def _outcomes(
    session: AsyncSession, ids: Sequence[UUID], *, first: date, last: date
) -> Mapping[UUID | None, tuple[int, int, int]]:
    """Count what was proposed, approved and not reversed since, and refused in a year."""
    pendamping, decided = col(Proposal.facilitator_id), col(Proposal.decided_on)
    proposed = sa.func.count().filter(col(Proposal.proposed_on).between(first, last))
    in_year = decided.between(first, last)
    approved = sa.func.count().filter(in_year, col(Proposal.state) == State.APPROVED)
    refused = sa.func.count().filter(in_year, col(Proposal.state) == State.REFUSED)
    query = select(pendamping, proposed, approved, refused).where(pendamping.in_(ids))
    rows = (await session.exec(query.group_by(pendamping))).all()
    return {each: (asked, given, declined) for each, asked, given, declined in rows}


async def on_their_way(
    session: AsyncSession, after: UUID | None, *, limit: int
) -> Sequence[Candidate]:
    """Return the next families that take part in a programme and have not graduated."""
    enrolled = sa.exists().where(
        col(Enrolment.household_id) == col(Candidate.id),
        col(Enrolment.state).in_((EnrolmentState.ACTIVE, EnrolmentState.COMPLETED)),
    )
    graduated = sa.exists().where(
        col(Proposal.household_id) == col(Candidate.id), col(Proposal.state) == State.APPROVED
    )
    query = select(Candidate).where(enrolled, ~graduated)
    query = query.where(col(Candidate.id) > after) if after else query
    return (await session.exec(query.order_by(col(Candidate.id)).limit(limit))).all()
