"""The figures of this service over HTTP."""

from pydantic import BaseModel

from kernel import clock
from kernel.web import Uow, slice_router
from services.empowerment.summaries import queries
from services.empowerment.summaries.access import MayRead

router = slice_router("/summaries", tag="summaries")


class SummaryOut(BaseModel):
    """Counts by name, of programmes, families, groups and graduations."""

    figures: dict[str, int]


@router.get("/empowerment")
async def read_summary(actor: MayRead, uow: Uow) -> SummaryOut:
    """Show what happened so far, in counts."""
    return SummaryOut(figures=await queries.figures(uow.session, on=clock.today()))
