"""What this service did, in numbers."""

from typing import Annotated

from kernel.auth import Actor, allow
from kernel.web import Uow, View, slice_router
from services.financing.referrals.lifecycle import State
from services.financing.summaries import queries

router = slice_router("/summaries/financing", tag="summaries")

MayRead = Annotated[Actor, allow("platform.summary:read")]


class Figures(View):
    """Counts of consents and referrals."""

    consents_live: int
    referrals: int
    referred: int
    disbursed: int
    by_state: dict[State, int]


class SummaryOut(View):
    """This service's figures."""

    figures: Figures


@router.get("", response_model=SummaryOut)
async def summarise(actor: MayRead, uow: Uow) -> SummaryOut:
    """Show the figures as they are now; `referred` counts what ever left for a lender."""
    by_state = await queries.referrals_by_state(uow.session)
    referrals = sum(by_state.values())
    return SummaryOut(
        figures=Figures(
            consents_live=await queries.live_consents(uow.session),
            referrals=referrals,
            referred=referrals - by_state[State.DRAFT],
            disbursed=by_state[State.DISBURSED],
            by_state=by_state,
        )
    )
