"""Bankability over HTTP: a score with its reasons."""

from typing import Annotated
from uuid import UUID

from fastapi import Header

from kernel import clock
from kernel.problems import Language, language_of
from kernel.web import Uow, View, slice_router
from services.financing.bankability import queries
from services.financing.bankability.access import MayRead
from services.financing.bankability.scoring import Reason
from services.financing.consents import queries as consents
from services.financing.evidence import queries as evidence
from services.financing.evidence.problems import NoEvidence
from services.financing.providers import queries as providers

router = slice_router("/bankability", tag="bankability")


class ReasonOut(View):
    """One factor: what was seen and wanted, and the points it gives."""

    factor: str
    text: str
    seen: str
    wanted: str
    weight: str
    points: str


class BankabilityOut(View):
    """An explained score, 0 to 1; it never decides by itself."""

    household_id: UUID
    score: str
    band: str
    reasons: list[ReasonOut]


@router.get("/{household_id}", response_model=BankabilityOut)
async def get_bankability(
    household_id: UUID,
    actor: MayRead,
    uow: Uow,
    accept_language: Annotated[str | None, Header()] = None,
) -> BankabilityOut:
    """Show the score; a lender needs the family's live consent to credit assessment."""
    if actor.kind != "ministry":
        provider = await providers.find_of(uow.session, actor)
        if provider is None:
            raise NoEvidence(household_id=household_id)
        await consents.require(
            uow.session,
            household_id=household_id,
            provider_id=provider.id,
            purpose="credit_assessment",
            on=clock.today(),
        )
    await evidence.require_seen(uow.session, household_id, actor=actor)
    score = await queries.score_of(uow.session, household_id)
    language = language_of(accept_language)
    reasons = [_reason(reason, language) for reason in score.reasons]
    return BankabilityOut(
        household_id=household_id, score=str(score.value), band=score.band, reasons=reasons
    )


def _reason(reason: Reason, language: Language) -> ReasonOut:
    return ReasonOut(
        factor=reason.factor.name,
        text=reason.factor.text.to(language, {}),
        seen=str(reason.seen),
        wanted=str(reason.factor.wanted),
        weight=str(reason.factor.weight),
        points=str(reason.points),
    )
