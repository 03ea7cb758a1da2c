"""Forgetting families over HTTP: requested, decided by a second person; holds; retention rules."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from kernel import clock
from kernel.fields import BusinessDate, Code
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.registry.households import queries as households
from services.registry.sharing.access import MayApprove, MayReadOurs, MayWrite
from services.registry.sharing.drafts import Purpose
from services.registry.sharing.erasure import actions, queries
from services.registry.sharing.erasure.lifecycle import HoldState, State
from services.registry.sharing.erasure.models import (
    DataKind,
    Erasure,
    LegalHold,
    Reason,
    RetentionRule,
)

erasures = slice_router("/erasures", tag="erasure")
holds = slice_router("/legal-holds", tag="erasure")
rules = slice_router("/retention-rules", tag="erasure")
ROUTERS: tuple[APIRouter, ...] = (erasures, holds, rules)


class ErasureIn(Body):
    """Whom to forget and why; `reference` is the number of the letter or form."""

    household_id: UUID
    reason: Reason
    reference: Code


class ErasureOut(View):
    """A request that a family be forgotten."""

    id: UUID
    version: int
    household_id: UUID
    reason: Reason
    reference: str
    requested_by: str
    decided_by: str | None
    decided_at: datetime | None
    state: State


class HoldIn(Body):
    """The order under which a family's data must stay."""

    household_id: UUID
    reference: Code
    placed_on: BusinessDate


class HoldOut(View):
    """A hold."""

    id: UUID
    version: int
    household_id: UUID
    reference: str
    placed_by: str
    placed_on: date
    lifted_by: str | None
    state: HoldState


class RuleIn(Body):
    """How long a purpose needs a kind of data."""

    data_kind: DataKind
    purpose: Purpose
    keep_months: Annotated[int, Field(ge=1, le=1_200)]
    legal_basis: Annotated[str, Field(min_length=1, max_length=500)]
    valid_from: BusinessDate


class RuleOut(View):
    """A retention rule; the longest of a kind decides."""

    id: UUID
    version: int
    data_kind: DataKind
    purpose: str
    keep_months: int
    legal_basis: str
    valid_from: date
    valid_until: date | None


class EndIn(Body):
    """The last day of a rule."""

    valid_until: BusinessDate


@erasures.post("", status_code=201, response_model=ErasureOut)
async def request_erasure(
    body: ErasureIn, actor: MayWrite, uow: Uow, response: Response
) -> Erasure:
    """Ask that a family be forgotten; a second person decides."""
    household = await households.get(uow.session, body.household_id, seen_by=actor, for_change=True)
    erasure = Erasure(**body.model_dump(), requested_by=actor.subject)
    await actions.request(uow, erasure, household)
    response.headers["Location"] = f"/v1/erasures/{erasure.id}"
    return erasure


@erasures.get("", response_model=Page[ErasureOut])
async def list_erasures(
    actor: MayReadOurs, uow: Uow, page: PageQuery, state: State | None = None
) -> Rows[Erasure]:
    """List the requests, the oldest first."""
    return await queries.list_(uow.session, page, seen_by=actor, state=state)


@erasures.get("/{erasure_id}", response_model=ErasureOut)
async def show_erasure(erasure_id: UUID, actor: MayReadOurs, uow: Uow) -> Erasure:
    """Show a request."""
    return await queries.get(uow.session, erasure_id, seen_by=actor)


@erasures.post("/{erasure_id}/carry-out", response_model=ErasureOut)
async def carry_out_erasure(erasure_id: UUID, actor: MayApprove, uow: Uow) -> Erasure:
    """Destroy what names the family, for good; nobody can undo it, we included."""
    erasure = await queries.get(uow.session, erasure_id, seen_by=actor, for_change=True)
    household = await households.get(
        uow.session, erasure.household_id, seen_by=actor, for_change=True
    )
    await actions.carry_out(uow, erasure, household, actor=actor)
    return erasure


@erasures.post("/{erasure_id}/refuse", response_model=ErasureOut)
async def refuse_erasure(erasure_id: UUID, actor: MayApprove, uow: Uow) -> Erasure:
    """Let the data stay."""
    erasure = await queries.get(uow.session, erasure_id, seen_by=actor, for_change=True)
    erasure.refuse(by=actor.subject, at=clock.now())
    return erasure


@holds.post("", status_code=201, response_model=HoldOut)
async def place_hold(body: HoldIn, actor: MayWrite, uow: Uow, response: Response) -> LegalHold:
    """Forbid that a family's data be destroyed."""
    await households.get(uow.session, body.household_id, seen_by=actor, for_change=True)
    hold = LegalHold(**body.model_dump(), placed_by=actor.subject)
    uow.add(hold)
    response.headers["Location"] = f"/v1/legal-holds/{hold.id}"
    return hold


@holds.get("", response_model=Page[HoldOut])
async def list_legal_holds(
    actor: MayReadOurs, uow: Uow, page: PageQuery, household_id: UUID | None = None
) -> Rows[LegalHold]:
    """List the holds, the oldest first."""
    return await queries.list_holds(uow.session, page, seen_by=actor, household_id=household_id)


@holds.post("/{hold_id}/lift", response_model=HoldOut)
async def lift_hold(hold_id: UUID, actor: MayApprove, uow: Uow) -> LegalHold:
    """Let the data go its way again."""
    hold = await queries.get_hold(uow.session, hold_id, seen_by=actor)
    hold.lift(by=actor.subject)
    return hold


@rules.post("", status_code=201, response_model=RuleOut)
async def make_retention_rule(
    body: RuleIn, actor: MayApprove, uow: Uow, response: Response
) -> RetentionRule:
    """Say how long a purpose needs a kind of data."""
    rule = RetentionRule(**body.model_dump())
    uow.add(rule)
    response.headers["Location"] = f"/v1/retention-rules/{rule.id}"
    return rule


@rules.get("", response_model=Page[RuleOut])
async def list_retention_rules(
    actor: MayReadOurs, uow: Uow, page: PageQuery
) -> Rows[RetentionRule]:
    """List the rules, the oldest first."""
    return await queries.list_rules(uow.session, page)


@rules.post("/{rule_id}/end", response_model=RuleOut)
async def end_retention_rule(
    rule_id: UUID, body: EndIn, actor: MayApprove, uow: Uow
) -> RetentionRule:
    """Let a rule hold until a day, and no longer."""
    rule = await queries.get_rule(uow.session, rule_id)
    rule.end(on=body.valid_until)
    return rule
