"""Families over HTTP: registered, read masked, changed with If-Match, closed, read as of a day."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.fields import BusinessDate, Code, RegionCode
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page, PageQuery
from kernel.problems import Language
from kernel.sight import SYSTEM
from kernel.web import Body, IfMatch, Uow, View, slice_router
from services.registry.households import actions, queries, reading
from services.registry.households.access import MayRead, MayWrite
from services.registry.households.models import ClosingReason, Why
from services.registry.households.problems import NotYetKnown, OutsideYourRegion
from services.registry.households.queries import Family, Filters
from services.registry.households.registration import (
    HouseholdIn,
    HouseholdPatch,
)
from services.registry.households.views import (
    HouseholdOut,
    LivelihoodOut,
    MemberOut,
    member_columns,
    member_row,
    shown,
)
from services.registry.language import CallersLanguage
from services.registry.regions.queries import require_desa
from services.registry.vault import Keys, Vault

router = slice_router("/households", tag="households")
ROUTERS: tuple[APIRouter, ...] = (router, reading.router)


class Leaving(StrEnum):
    """Why a family is closed by hand; a merge and an erasure have ways of their own."""

    MOVED = ClosingReason.MOVED
    DECEASED = ClosingReason.DECEASED


class CloseIn(Body):
    """Why and when a family leaves the registry."""

    reason: Leaving
    closed_on: BusinessDate


class VersionOut(View):
    """What held of a family from `effective_on` on; when it was recorded, by whom, and why."""

    version: int
    effective_on: date
    recorded_at: datetime
    changed_by: str
    reason: str
    status: HouseholdStatus
    desa_code: str
    member_count: int
    adult_women: int
    livelihood: LivelihoodOut | None
    decile: int | None
    facilitator_id: UUID | None


class VersionWithMembersOut(VersionOut):
    """A version with the members that it knew."""

    members: list[MemberOut]


async def _filters(  # one parameter a filter
    *,
    region: RegionCode | None = None,
    status: HouseholdStatus | None = None,
    facilitator_id: UUID | None = None,
    reference: Code | None = None,
    skill: Annotated[str | None, Query(min_length=1, max_length=60)] = None,
    micro_business: bool | None = None,
) -> Filters:
    return Filters(
        region=region,
        status=status,
        facilitator_id=facilitator_id,
        reference=reference,
        skill=skill,
        micro_business=micro_business,
    )


@router.post("", status_code=201)
async def register_household(
    body: HouseholdIn,
    actor: MayWrite,
    uow: Uow,
    vault: Keys,
    language: CallersLanguage,
    response: Response,
) -> HouseholdOut:
    """Register a family; numbers that do not fit the record are warnings."""
    actions.require_sound(body)
    await _require_desa(body.desa_code, actor, uow)
    kk_index = vault.index_of("kk", body.kk_number)
    async with uow.seeing(SYSTEM):
        await queries.require_new(uow.session, reference=body.reference, kk_index=kk_index)
    [made] = await actions.register(
        uow,
        [body],
        vault=vault,
        registered_by=actor.organisation,
        why=Why(actor.subject, "registered"),
    )
    response.headers["Location"] = f"/v1/households/{made}"
    return await _answer(made, actor, uow, vault=vault, language=language)


@router.get("")
async def list_households(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    vault: Keys,
    language: CallersLanguage,
    filters: Annotated[Filters, Depends(_filters)],
) -> Page[HouseholdOut]:
    """List the families that the caller may see, oldest registration first."""
    rows = await queries.list_(uow.session, page, filters=filters, seen_by=actor)
    members = await queries.members_of(uow.session, [row.id for row in rows.items])
    families = [Family(row, members[row.id]) for row in rows.items]
    items = [shown(family, vault=vault, language=language) for family in families]
    return Page(items=items, next=rows.next)


@router.patch("/{household_id}")
async def change_household(
    household_id: UUID,
    body: HouseholdPatch,
    expected: IfMatch,
    actor: MayWrite,
    uow: Uow,
    vault: Keys,
    language: CallersLanguage,
) -> HouseholdOut:
    """Change where a family lives, how it is reached, or what it lives from."""
    household = await queries.get(uow.session, household_id, seen_by=actor, for_change=True)
    expected.check(household)
    if body.desa_code is not None:
        await _require_desa(body.desa_code, actor, uow)
    await actions.amend(uow, household, body, vault=vault, by=actor.subject)
    return await _answer(household_id, actor, uow, vault=vault, language=language)


@router.post("/{household_id}/close")
async def close_household(
    household_id: UUID,
    body: CloseIn,
    actor: MayWrite,
    uow: Uow,
    vault: Keys,
    language: CallersLanguage,
) -> HouseholdOut:
    """Take a family that moved away or died out of the live records."""
    household = await queries.get(uow.session, household_id, seen_by=actor, for_change=True)
    uow.publish(
        household.close(on=body.closed_on, reason=ClosingReason(body.reason)), key=household.id
    )
    why = Why(actor.subject, body.reason)
    await actions.keep_versions(uow, [household.id], on=body.closed_on, why=why)
    return await _answer(household_id, actor, uow, vault=vault, language=language)


@router.get("/{household_id}/versions")
async def list_versions(
    household_id: UUID,
    actor: MayRead,
    uow: Uow,
    as_of: BusinessDate | None = None,
    cursor: Annotated[int, Query(ge=0, le=2**31 - 1, description="The `next` before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[VersionOut]:
    """List what was known of a family, or with `as_of` the one version that held on a day."""
    await queries.get(uow.session, household_id, seen_by=actor)
    if as_of is not None:
        held = await queries.find_version(uow.session, household_id, day=as_of, known_at=None)
        return Page(items=[VersionOut.model_validate(held)] if held else [])
    found = await queries.versions_of(uow.session, household_id, after=cursor, limit=limit + 1)
    items = [VersionOut.model_validate(version) for version in found[:limit]]
    return Page(items=items, next=str(items[-1].version) if len(found) > limit else None)


@router.get("/{household_id}/as-of/{day}")
async def show_household_as_of(
    household_id: UUID,
    day: BusinessDate,
    actor: MayRead,
    uow: Uow,
    vault: Keys,
    known_at: AwareDatetime | None = None,
) -> VersionWithMembersOut:
    """Show a family and its members as of a day; with `known_at`, as we believed it then."""
    household = await queries.get(uow.session, household_id, seen_by=actor)
    version = await queries.find_version(uow.session, household_id, day=day, known_at=known_at)
    if version is None:
        raise NotYetKnown(day=day.isoformat())
    members = await queries.members_at(uow.session, household_id, version=version.version)
    seal = vault.family(household.data_key, household_id)
    return VersionWithMembersOut(
        **version.model_dump(),
        members=[MemberOut(**member_columns(member_row(member), seal=seal)) for member in members],
    )


async def _require_desa(desa_code: str, actor: Actor, uow: Uow) -> None:
    await require_desa(uow.session, desa_code)
    if not actor.sees_region(desa_code):
        raise OutsideYourRegion(desa_code=desa_code)


async def _answer(
    household_id: UUID, actor: Actor, uow: Uow, *, vault: Vault, language: Language
) -> HouseholdOut:
    family = await queries.get_family(uow.session, household_id, seen_by=actor)
    uow.shown = family.household.version
    return shown(family, vault=vault, language=language)
