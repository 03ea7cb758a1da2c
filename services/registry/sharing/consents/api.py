"""Consents over HTTP: given with a receipt, read in words, taken back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from kernel.fields import BusinessDate, Code
from kernel.pagination import Page, PageQuery, Rows
from kernel.problems import Text
from kernel.web import Body, Uow, View, slice_router
from services.registry.households import queries as households
from services.registry.households.queries import Family
from services.registry.language import CallersLanguage
from services.registry.sharing.access import MayReadOurs, MayWrite
from services.registry.sharing.ages import is_child
from services.registry.sharing.consents import queries
from services.registry.sharing.consents.lifecycle import State
from services.registry.sharing.consents.models import Consent, Way
from services.registry.sharing.consents.problems import NotOfTheFamily
from services.registry.sharing.drafts import Organisation, Purpose
from services.registry.sharing.fields import SharedField
from services.registry.sharing.problems import EndsBeforeItStarts

router = slice_router("/sharing-consents", tag="sharing consents")

WORDS = Text(
    id="Tanda terima {receipt_number}: pada {given_on} keluarga ini mengizinkan {recipients} "
    "membaca {fields} untuk tujuan {purposes} sampai {valid_until} (naskah {text_version}). "
    "Izin ini dapat dicabut kapan saja dan berhenti seketika. Keadaan: {state}.",
    en="Receipt {receipt_number}: on {given_on} this family allowed {recipients} to read {fields} "
    "for the purpose {purposes} until {valid_until} (text {text_version}). It can be taken back at "
    "any time, with effect at once. It is {state}.",
)


class ConsentIn(Body):
    """What a family allows; `given_by` is the adult member who said yes, `text_version` to what."""

    household_id: UUID
    given_by: UUID
    receipt_number: Code
    recipients: Annotated[list[Organisation], Field(min_length=1, max_length=20)]
    purposes: Annotated[list[Purpose], Field(min_length=1, max_length=20)]
    fields_allowed: Annotated[list[SharedField], Field(min_length=1, max_length=len(SharedField))]
    way: Way
    text_version: Code
    given_on: BusinessDate
    valid_until: BusinessDate


class WithdrawIn(Body):
    """The day on which a family took its consent back."""

    withdrawn_on: BusinessDate


class ConsentOut(View):
    """A consent."""

    id: UUID
    version: int
    household_id: UUID
    given_by: UUID
    receipt_number: str
    recipients: list[str]
    purposes: list[str]
    fields_allowed: list[SharedField]
    way: Way
    text_version: str
    given_on: date
    valid_until: date
    withdrawn_on: date | None
    state: State


class ReceiptOut(View):
    """The receipt as it is read out or printed for the family."""

    receipt_number: str
    words: str


@router.post("", status_code=201, response_model=ConsentOut)
async def give_sharing_consent(
    body: ConsentIn, actor: MayWrite, uow: Uow, response: Response
) -> Consent:
    """Record what a family allows to be shown, to whom, for what and until when."""
    if body.valid_until < body.given_on:
        raise EndsBeforeItStarts
    family = await households.get_family(uow.session, body.household_id, seen_by=actor)
    _require_adult(family, body)
    await queries.require_new(uow.session, body.receipt_number)
    consent = Consent(**body.model_dump(mode="python"), recorded_by=actor.subject)
    uow.add(consent)
    uow.publish(consent.give(), key=consent.id)
    response.headers["Location"] = f"/v1/sharing-consents/{consent.id}"
    return consent


@router.post("/{consent_id}/withdraw", response_model=ConsentOut)
async def withdraw_sharing_consent(
    consent_id: UUID, body: WithdrawIn, actor: MayWrite, uow: Uow
) -> Consent:
    """Take a consent back: what rests on it alone is not found any more."""
    consent = await queries.get(uow.session, consent_id, seen_by=actor, for_change=True)
    uow.publish(consent.withdraw(on=body.withdrawn_on), key=consent.id)
    return consent


@router.get("", response_model=Page[ConsentOut])
async def list_sharing_consents(
    actor: MayReadOurs,
    uow: Uow,
    page: PageQuery,
    household_id: UUID | None = None,
    state: State | None = None,
) -> Rows[Consent]:
    """List consents, the oldest first."""
    return await queries.list_(
        uow.session, page, seen_by=actor, household_id=household_id, state=state
    )


@router.get("/{consent_id}", response_model=ConsentOut)
async def show_sharing_consent(consent_id: UUID, actor: MayReadOurs, uow: Uow) -> Consent:
    """Show a consent."""
    return await queries.get(uow.session, consent_id, seen_by=actor)


@router.get("/{consent_id}/receipt")
async def show_receipt(
    consent_id: UUID, actor: MayReadOurs, uow: Uow, language: CallersLanguage
) -> ReceiptOut:
    """Show the receipt in words."""
    consent = await queries.get(uow.session, consent_id, seen_by=actor)
    told = {name: _in_words(value) for name, value in consent.model_dump(mode="json").items()}
    words = WORDS.to(language, {**told, "fields": told["fields_allowed"]})
    return ReceiptOut(receipt_number=consent.receipt_number, words=words)


def _require_adult(family: Family, body: ConsentIn) -> None:
    """Guard who says yes.

    Raises:
        NotOfTheFamily: a stranger, or a child.
    """
    found = [member for member in family.members if member.id == body.given_by]
    if not found or is_child(found[0].birth_date, on=body.given_on):
        raise NotOfTheFamily


def _in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
