"""Change requests over HTTP: asked for by one person, decided about by another."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from contracts.registry import HouseholdStatus
from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.fields import BusinessDate, DesaCode, Name
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.registry.changes import actions, queries
from services.registry.changes.access import MayApprove, MayRead, MaySetRules, MayWrite
from services.registry.changes.lifecycle import OPEN, State
from services.registry.changes.masking import masked
from services.registry.changes.models import HouseholdChange, Refusal
from services.registry.changes.policies import ChangePolicy, Kind, Rules
from services.registry.changes.proposal import OF_A_CARD, OF_A_MEMBER, Proposal, member_pointer
from services.registry.changes.record import Sealed, opened
from services.registry.households import queries as households
from services.registry.households.identity_numbers import Sex
from services.registry.households.models import Household
from services.registry.households.registration import (
    MAX_MEMBERS,
    Address,
    BirthDate,
    ChangeReason,
    IdentityNumberText,
    Phone,
)
from services.registry.vault import Keys, Vault

router = slice_router("/household-changes", tag="changes")
policies_router = slice_router("/change-policies", tag="changes")
ROUTERS: tuple[APIRouter, ...] = (router, policies_router)


class Standing(StrEnum):
    """Where a family may be said to stand after all; registering and closing have their own way."""

    ASSISTED = HouseholdStatus.ASSISTED.value
    EMPOWERED = HouseholdStatus.EMPOWERED.value
    GRADUATED = HouseholdStatus.GRADUATED.value
    RETURNED = HouseholdStatus.RETURNED.value


class MemberCorrectionIn(Body):
    """What is wrong about a member; what is left out stays."""

    member_id: UUID
    nik: IdentityNumberText | None = None
    name: Name | None = None
    sex: Sex | None = None
    birth_date: BirthDate | None = None

    def values(self) -> dict[str, str]:
        """Return what it names, by pointer."""
        told = self.model_dump(mode="json", exclude_none=True)
        return {
            member_pointer(self.member_id, kind): told[kind] for kind in OF_A_MEMBER if kind in told
        }


class ChangeIn(Body):
    """What is to change of a family that one saw in `household_version`.

    `changed_on` is the day since when it holds. A status goes only where the lifecycle allows.
    """

    household_id: UUID
    household_version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: ChangeReason = ChangeReason.CORRECTED
    changed_on: BusinessDate
    kk_number: IdentityNumberText | None = None
    desa_code: DesaCode | None = None
    status: Standing | None = None
    address: Address | None = None
    phone: Phone | None = None
    members: Annotated[list[MemberCorrectionIn], Field(max_length=MAX_MEMBERS)] = Field(
        default_factory=list
    )

    def proposal(self) -> Proposal:
        """Return what it names, by pointer."""
        told = self.model_dump(mode="json", exclude_none=True)
        values = {f"/{kind}": told[kind] for kind in (*OF_A_CARD, Kind.STATUS) if kind in told}
        for member in self.members:
            values |= member.values()
        return Proposal(values, self.household_version, self.reason, self.changed_on)


class RefuseIn(Body):
    """Why the change is not made."""

    reason: Refusal


class ChangeOut(View):
    """A request: `fields` are pointers, `policy_version` the rules that it is judged by."""

    id: UUID
    version: int
    household_id: UUID
    household_version: int
    policy_version: int
    state: State
    fields: list[str]
    reason: ChangeReason
    changed_on: date
    proposed_by: str
    recorded_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    refusal: Refusal | None
    applied_version: int | None


class ValueOut(View):
    """One value, masked where it names somebody: when asked, as proposed, and while open, now.

    `overtaken`: another value is on record than when it was asked; the request cannot be applied.
    """

    pointer: str
    before: str | None
    proposed: str | None
    now: str | None
    overtaken: bool


class ChangeInFullOut(ChangeOut):
    """A request with its values."""

    values: list[ValueOut]


class PolicyIn(Body):
    """The rules from a day on: what needs a second person, and how many days a request lives."""

    in_force_from: BusinessDate
    second_person_for: Annotated[list[Kind], Field(max_length=len(Kind))]
    days_to_live: Annotated[int, Field(ge=1, le=365)]


class PolicyOut(View):
    """A version of the rules."""

    version: int
    in_force_from: date
    second_person_for: list[Kind]
    days_to_live: int
    made_by: str
    recorded_at: datetime


@router.post("", status_code=201)
async def propose_change(
    body: ChangeIn, actor: MayWrite, uow: Uow, vault: Keys, response: Response
) -> ChangeInFullOut:
    """Ask for a change; one that needs no second person is made at once."""
    household = await households.get(uow.session, body.household_id, seen_by=actor, for_change=True)
    change = await actions.propose(uow, household, body.proposal(), actor=actor, vault=vault)
    response.headers["Location"] = f"/v1/household-changes/{change.id}"
    return await _answer(change, household, uow, vault=vault)


@router.get("/{change_id}")
async def show_change(change_id: UUID, actor: MayRead, uow: Uow, vault: Keys) -> ChangeInFullOut:
    """Show a request with its values, masked."""
    change = await queries.get(uow.session, change_id, seen_by=actor)
    household = await households.get(uow.session, change.household_id, seen_by=actor)
    return await _answer(change, household, uow, vault=vault)


@router.get("", response_model=Page[ChangeOut])
async def list_changes(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    household_id: UUID | None = None,
    state: State | None = None,
) -> Rows[HouseholdChange]:
    """List requests without their values."""
    return await queries.list_(
        uow.session, page, household_id=household_id, state=state, seen_by=actor
    )


@router.post("/{change_id}/approve")
async def approve_change(
    change_id: UUID, actor: MayApprove, uow: Uow, vault: Keys
) -> ChangeInFullOut:
    """Approve a request and make the change; `conflicted` when the record overtook it."""
    change, household = await _locked(change_id, actor, uow)
    await actions.approve(uow, change, household, actor=actor, vault=vault)
    return await _answer(change, household, uow, vault=vault)


@router.post("/{change_id}/refuse", response_model=ChangeOut)
async def refuse_change(
    change_id: UUID, body: RefuseIn, actor: MayApprove, uow: Uow
) -> HouseholdChange:
    """Refuse a request, for a reason."""
    change = await queries.get(uow.session, change_id, seen_by=actor, for_change=True)
    change.refuse(body.reason, by=actor, at=clock.now())
    return change


@router.post("/{change_id}/withdraw", response_model=ChangeOut)
async def withdraw_change(change_id: UUID, actor: MayWrite, uow: Uow) -> HouseholdChange:
    """Take one's own request back."""
    change = await queries.get(uow.session, change_id, seen_by=actor, for_change=True)
    change.withdraw(by=actor)
    return change


@router.post("/{change_id}/rebase")
async def rebase_change(change_id: UUID, actor: MayWrite, uow: Uow, vault: Keys) -> ChangeInFullOut:
    """Ask again for the same, from what is on record now."""
    change, household = await _locked(change_id, actor, uow)
    await actions.rebase(uow, change, household, actor=actor, vault=vault)
    return await _answer(change, household, uow, vault=vault)


@policies_router.post("", status_code=201, response_model=PolicyOut)
async def set_change_policy(body: PolicyIn, actor: MaySetRules, uow: Uow) -> ChangePolicy:
    """Set the rules from a day on; requests made before keep theirs."""
    rules = Rules(body.in_force_from, body.second_person_for, body.days_to_live)
    return await actions.set_policy(uow, rules, actor=actor)


@policies_router.get("")
async def list_change_policies(
    actor: MayRead,
    uow: Uow,
    cursor: Annotated[int, Query(ge=0, le=2**31 - 1, description="The `next` before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[PolicyOut]:
    """List every version of the rules, the first that was set first."""
    await actions.policy_in_force(uow, on=clock.today())
    found = await queries.list_policies(uow.session, after=cursor, limit=limit + 1)
    items = [PolicyOut.model_validate(policy) for policy in found[:limit]]
    return Page(items=items, next=str(items[-1].version) if len(found) > limit else None)


async def _locked(
    change_id: UUID, actor: Actor, uow: UnitOfWork
) -> tuple[HouseholdChange, Household]:
    change = await queries.get(uow.session, change_id, seen_by=actor, for_change=True)
    household = await households.get(
        uow.session, change.household_id, seen_by=actor, for_change=True
    )
    return change, household


async def _answer(
    change: HouseholdChange, household: Household, uow: UnitOfWork, *, vault: Vault
) -> ChangeInFullOut:
    await uow.flush()
    uow.shown = change.version
    sealed = Sealed(vault.family(household.data_key, household.id), change.id)
    before, proposed = sealed.open(change.base, "base"), sealed.open(change.proposed, "proposed")
    now = before
    if change.state in OPEN:
        now = (await opened(uow.session, household, vault=vault)).values
    values = [
        ValueOut(
            pointer=pointer,
            before=masked(pointer, before[pointer]),
            proposed=masked(pointer, proposed[pointer]),
            now=masked(pointer, now.get(pointer)) if change.state in OPEN else None,
            overtaken=now.get(pointer) != before[pointer],
        )
        for pointer in change.fields
    ]
    return ChangeInFullOut(**change.model_dump(), values=values)
