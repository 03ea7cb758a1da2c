"""The double-aid check across agencies over HTTP: yes or no, and nothing else of a family."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator

from contracts.registry import AidScheme
from kernel import clock
from kernel.fields import BusinessDate, Code
from kernel.web import Body, Uow, View, slice_router
from services.registry.agency import Agency
from services.registry.aid_checks import actions
from services.registry.aid_checks.access import MayRead
from services.registry.aid_checks.actions import Question
from services.registry.aid_checks.queries import Asked, NamedBy
from services.registry.households.problems import HouseholdNotFound
from services.registry.households.registration import IdentityNumberText
from services.registry.vault import Keys, Vault

router = slice_router("/aid-checks", tag="assistance")
one_router = slice_router("/assistance-checks", tag="assistance")
ROUTERS: tuple[APIRouter, ...] = (router, one_router)

SOCIAL_ASSISTANCE = "social_assistance"
Purpose = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", examples=[SOCIAL_ASSISTANCE])]
SCHEMES = tuple(AidScheme)


class FamilyAsked(Body):
    """A family by exactly one of its numbers; by `nik`, the person's own aid."""

    household_id: UUID | None = None
    reference: Code | None = None
    kk_number: IdentityNumberText | None = None
    nik: IdentityNumberText | None = None

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if sum(value is not None for value in self.model_dump().values()) != 1:
            raise ValueError("give exactly one of household_id, reference, kk_number, nik")
        return self

    def asked(self, vault: Vault) -> Asked:
        """Return whom it means; a number becomes its blind index."""
        if self.nik is not None:
            return Asked(NamedBy.NIK, vault.index_of("nik", self.nik))
        if self.kk_number is not None:
            return Asked(NamedBy.KK, vault.index_of("kk", self.kk_number))
        if self.reference is not None:
            return Asked(NamedBy.REFERENCE, self.reference)
        return Asked(NamedBy.HOUSEHOLD_ID, self.household_id or UUID(int=0))


class ChecksIn(Body):
    """Up to 500 families; all schemes and today when left out."""

    items: Annotated[list[FamilyAsked], Field(min_length=1, max_length=500)]
    schemes: Annotated[tuple[AidScheme, ...], Field(min_length=1, max_length=3)] = SCHEMES
    on: BusinessDate | None = None
    purpose: Purpose = SOCIAL_ASSISTANCE


class CheckedOut(View):
    """Yes or no a scheme; `known` is null for callers who may not know whether we know it."""

    known: bool | None
    enrolled: dict[AidScheme, bool]


class ChecksOut(View):
    """An answer for each family, in order."""

    results: list[CheckedOut]


class CheckIn(Body):
    """A question about one family and scheme; `on` is today when left out."""

    household_id: UUID
    scheme: AidScheme
    on: BusinessDate | None = None
    purpose: Purpose = SOCIAL_ASSISTANCE


class CheckOut(View):
    """Yes or no, and nothing else of the family."""

    enrolled: bool


@router.post("")
async def check_aid(
    body: ChecksIn, actor: MayRead, uow: Uow, vault: Keys, agency: Agency
) -> ChecksOut:
    """Answer whether families receive aid, to an agency that would else give it twice."""
    today = clock.today()
    question = Question(
        asked=[item.asked(vault) for item in body.items],
        schemes=body.schemes,
        on=body.on or today,
        purpose=body.purpose,
    )
    answers = await actions.check(uow, question, actor=actor, today=today, agency=agency)
    return ChecksOut(results=[CheckedOut.model_validate(answer) for answer in answers])


@one_router.post("")
async def check_assistance(body: CheckIn, actor: MayRead, uow: Uow, agency: Agency) -> CheckOut:
    """Answer the same for one family and scheme."""
    today = clock.today()
    question = Question(
        asked=[Asked(NamedBy.HOUSEHOLD_ID, body.household_id)],
        schemes=[body.scheme],
        on=body.on or today,
        purpose=body.purpose,
    )
    [answer] = await actions.check(uow, question, actor=actor, today=today, agency=agency)
    if answer.known is False:
        raise HouseholdNotFound(household_id=str(body.household_id))
    return CheckOut(enrolled=answer.enrolled[body.scheme])
