"""Families read under an agreement: its fields, for its purposes, each reading in the ledger."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.params import Depends as Door

from kernel import clock
from kernel.fields import RegionCode
from kernel.ids import read_id
from kernel.pagination import PageQuery
from kernel.web import Uow, View, slice_router
from services.registry.agency import Agency
from services.registry.households import queries as households
from services.registry.households.models import Household
from services.registry.sharing.access import MayReadShared, MaySeeIdentity
from services.registry.sharing.drafts import Purpose
from services.registry.sharing.fields import SharedField
from services.registry.sharing.permits import Permit, note_access, permit
from services.registry.sharing.reads import queries
from services.registry.sharing.reads.identity import (
    IDENTITY_FIELDS,
    IdentityOut,
    OwnPurpose,
    identity_of,
)
from services.registry.sharing.reads.views import Reader, SharedHousehold
from services.registry.sharing.tokens import SubjectTokens, Tokens
from services.registry.vault import Keys

router = slice_router("/shared-households", tag="shared households")
identities = slice_router("/households", tag="households")
ROUTERS: tuple[APIRouter, ...] = (router, identities)

Fields = Annotated[
    list[SharedField] | None,
    Query(max_length=len(SharedField), description="Fewer than the agreement gives."),
]


class AgreementRead(View):
    """Which agreement, and which of its terms, a reading rests on."""

    id: UUID
    terms: int


class SharedOut(View):
    """One family, and which fields were given; what the family does not have is null."""

    purpose: str
    agreement: AgreementRead | None
    fields: list[SharedField]
    household: SharedHousehold


class SharedPage(View):
    """A page of families, and which fields were given; `next` is null on the last."""

    purpose: str
    agreement: AgreementRead | None
    fields: list[SharedField]
    items: list[SharedHousehold]
    next: str | None


def _asked(*, bulk: bool) -> Door:
    async def ask(
        actor: MayReadShared, agency: Agency, uow: Uow, purpose: Purpose, fields: Fields = None
    ) -> Permit:
        given = await permit(
            uow.session, actor, purpose=purpose, on=clock.today(), bulk=bulk, agency=agency
        )
        return given.narrowed(fields)

    return Door(ask)


@router.get("/{subject}", response_model_exclude_unset=True)
async def read_household(
    subject: Annotated[str, Path(max_length=64)],
    actor: MayReadShared,
    uow: Uow,
    vault: Keys,
    tokens: Tokens,
    asked: Annotated[Permit, _asked(bulk=False)],
) -> SharedOut:
    """Read one family by its token (or id, where the agreement gives ids) for a purpose."""
    meant = _meant(subject, asked, tokens)
    household = await queries.get(uow.session, meant, permit=asked, actor=actor)
    reader = Reader(actor, asked, vault, tokens)
    [shown] = await _read(uow, reader, [household], action="read")
    return SharedOut(**_basis(asked), household=shown)


@router.get("", response_model_exclude_unset=True)
async def list_shared_households(
    actor: MayReadShared,
    uow: Uow,
    page: PageQuery,
    vault: Keys,
    tokens: Tokens,
    asked: Annotated[Permit, _asked(bulk=True)],
    region: RegionCode | None = None,
) -> SharedPage:
    """List the families that an agreement covers, in bulk, for a purpose."""
    reader = Reader(actor, asked, vault, tokens)
    rows = await queries.list_(uow.session, page, permit=asked, actor=actor, region=region)
    items = await _read(uow, reader, rows.items, action="list")
    return SharedPage(**_basis(asked), items=items, next=rows.next)


@identities.get("/{household_id}/identity")
async def read_identity(
    household_id: UUID,
    purpose: OwnPurpose,
    actor: MaySeeIdentity,
    agency: Agency,
    uow: Uow,
    vault: Keys,
) -> IdentityOut:
    """Read what names a family, in full: for a purpose, and into the access ledger."""
    asked = await permit(uow.session, actor, purpose=purpose, on=clock.today(), agency=agency)
    family = await households.get_family(uow.session, household_id, seen_by=actor)
    await note_access(
        uow,
        asked,
        actor=actor,
        action="identity",
        household_ids=[household_id],
        fields=IDENTITY_FIELDS,
    )
    return identity_of(family, vault=vault)


async def _read(
    uow: Uow, reader: Reader, found: Sequence[Household], *, action: str
) -> list[SharedHousehold]:
    ids = [household.id for household in found]
    members = await households.members_of(uow.session, ids)
    programmes = await queries.programmes_of(uow.session, ids)
    shown = [reader.shown(each, members[each.id], programmes=programmes[each.id]) for each in found]
    await note_access(
        uow,
        reader.permit,
        actor=reader.actor,
        action=action,
        household_ids=ids,
        fields=reader.permit.fields,
    )
    return shown


def _meant(subject: str, asked: Permit, tokens: SubjectTokens) -> UUID | None:
    """Return the family that is meant; an id only from who is given ids."""
    if asked.gives(SharedField.HOUSEHOLD_ID):
        try:
            return read_id(subject)
        except ValueError:
            pass
    return tokens.household(asked.organisation, subject)


def _basis(asked: Permit) -> dict[str, object]:
    agreed = asked.agreement_id and AgreementRead(id=asked.agreement_id, terms=asked.terms)
    return {"purpose": asked.purpose, "agreement": agreed, "fields": sorted(asked.fields)}
