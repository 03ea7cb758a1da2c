"""The families that this service knows, over HTTP."""

from datetime import date
from uuid import UUID

from contracts.registry import HouseholdStatus
from kernel.fields import RegionCode
from kernel.pagination import Page, PageQuery
from kernel.web import Uow, View, slice_router
from services.empowerment.candidates import queries
from services.empowerment.candidates.access import MayRead
from services.empowerment.candidates.models import Candidate

router = slice_router("/candidates", tag="candidates")


class CandidateOut(View):
    """A family as the registry told of it; `id` is its household id."""

    id: UUID
    version: int
    desa_code: str
    member_count: int
    adult_women: int
    registered_on: date | None
    status: HouseholdStatus
    decile: int | None
    decile_cycle: str | None
    facilitator_id: UUID | None


@router.get("", response_model=Page[CandidateOut])
async def list_candidates(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    region: RegionCode | None = None,
    status: HouseholdStatus | None = None,
    facilitator_id: UUID | None = None,
) -> object:
    """List the families that the registry told of."""
    return await queries.list_(
        uow.session,
        page,
        actor=actor,
        region=region,
        status=status,
        facilitator_id=facilitator_id,
    )


@router.get("/{household_id}", response_model=CandidateOut)
async def read_candidate(household_id: UUID, actor: MayRead, uow: Uow) -> Candidate:
    """Show a family as this service knows it; 404 until the registry's events arrived."""
    return await queries.get(uow.session, household_id, actor=actor)
