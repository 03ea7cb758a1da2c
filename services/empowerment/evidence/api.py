"""Verified further income over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from kernel.fields import BusinessDate
from kernel.money import Money
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.empowerment.evidence import actions, queries
from services.empowerment.evidence.access import MayRead, MayWrite
from services.empowerment.evidence.models import IncomeVerification
from services.empowerment.fields import Rupiah

router = slice_router("/income-verifications", tag="graduation")

Words = Annotated[str, Field(min_length=1, max_length=100)]


class VerificationIn(Body):
    """Income beside the platform's pay: so much a month, for so many months, and what proves it."""

    household_id: UUID
    source: Words
    monthly_amount: Rupiah
    months: Annotated[int, Field(ge=1, le=120)]
    verified_on: BusinessDate
    document_number: Words


class VerificationOut(View):
    """A verification."""

    id: UUID
    version: int
    household_id: UUID
    source: str
    monthly_amount: Money
    months: int
    verified_on: date
    document_number: str


@router.post("", status_code=201, response_model=VerificationOut)
async def verify_income(
    body: VerificationIn, actor: MayWrite, uow: Uow, response: Response
) -> IncomeVerification:
    """Record further income that an officer looked into; the latest of a source counts."""
    verification = IncomeVerification(
        **body.model_dump(exclude={"monthly_amount"}),
        monthly_idr=body.monthly_amount.amount,
        verified_by=actor.subject,
    )
    await actions.verify(uow, verification, actor=actor)
    response.headers["Location"] = f"/v1/income-verifications?household_id={body.household_id}"
    return verification


@router.get("", response_model=Page[VerificationOut])
async def list_verifications(
    household_id: UUID, actor: MayRead, uow: Uow, page: PageQuery
) -> object:
    """List a family's verifications."""
    return await queries.list_verifications(
        uow.session, page, actor=actor, household_id=household_id
    )
