"""Registering and changing families, one or hundreds at a time, with their members and versions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from contracts.registry import HouseholdRegistered
from kernel import clock
from kernel.db import UnitOfWork
from kernel.ids import new_id
from services.registry.households import queries, rows
from services.registry.households.models import Household, HouseholdVersion, Member
from services.registry.households.problems import OneHeadNeeded, SamePersonTwice
from services.registry.households.registration import HouseholdIn, HouseholdPatch, Relation
from services.registry.vault import Vault

KEPT = (
    "version",
    "status",
    "desa_code",
    "member_count",
    "adult_women",
    "livelihood",
    "decile",
    "facilitator_id",
)


def require_sound(told: HouseholdIn) -> None:
    """Guard a family card.

    Raises:
        OneHeadNeeded: none, or several.
        SamePersonTwice: a NIK stands twice.
    """
    heads = sum(member.relation is Relation.HEAD for member in told.members)
    if heads != 1:
        raise OneHeadNeeded(heads=heads)
    if len({member.nik for member in told.members}) < len(told.members):
        raise SamePersonTwice


async def register(
    uow: UnitOfWork, families: Sequence[HouseholdIn], *, vault: Vault, registered_by: str
) -> list[UUID]:
    """Register families whose cards are sound and not yet taken; return their ids."""
    told = {new_id(): family for family in families}
    owners = await _owners(uow, told, vault=vault)
    households = [
        rows.household(
            family, household_id=key, owners=owners, vault=vault, registered_by=registered_by
        )
        for key, family in told.items()
    ]
    members = [
        member
        for key, family in told.items()
        for member in rows.members(family, household_id=key, vault=vault, known={})
    ]
    await uow.execute(sa.insert(Household), households)
    await uow.execute(sa.insert(Member), members)
    await keep_versions(uow, told, on=None)
    for row in households:
        uow.publish(_registered(row), key=row["id"])
    return list(told)


async def replace(
    uow: UnitOfWork, told: Sequence[tuple[Household, HouseholdIn]], *, vault: Vault
) -> None:
    """Bring known families to what the sender tells now, and tell of each."""
    ids = [known.id for known, _ in told]
    owners = await _owners(uow, {known.id: now for known, now in told}, vault=vault)
    before = await queries.members_of(uow.session, ids)
    members: list[rows.MemberRow] = []
    for known, now in told:
        persons = {member.nik_index: member.id for member in before[known.id]}
        members += rows.members(now, household_id=known.id, vault=vault, known=persons)
        known.sqlmodel_update(
            {**rows.facts(now, household_id=known.id, owners=owners, vault=vault)}
        )
        uow.publish(known.changed(), key=known.id)
    await uow.execute(sa.delete(Member).where(col(Member.household_id).in_(ids)))
    await uow.execute(sa.insert(Member), members)
    await keep_versions(uow, ids, on=clock.today())


async def amend(
    uow: UnitOfWork, household: Household, patch: HouseholdPatch, *, vault: Vault
) -> None:
    """Change what the patch names, and tell when the family moved.

    Raises:
        HouseholdIsClosed: the family left the registry.
    """
    household.require_live()
    given = patch.model_fields_set
    if "address" in given:
        household.address = rows.address(patch.address, household_id=household.id, vault=vault)
    if "phone" in given:
        household.phone = rows.phone(patch.phone, household_id=household.id, vault=vault)
    if "livelihood" in given:
        household.livelihood = rows.livelihood(patch.livelihood)
    if patch.desa_code is not None and patch.desa_code != household.desa_code:
        uow.publish(household.move_to(patch.desa_code), key=household.id)
    if uow.session.is_modified(household):
        await keep_versions(uow, [household.id], on=patch.changed_on or clock.today())


async def keep_versions(uow: UnitOfWork, ids: Collection[UUID], *, on: date | None) -> None:
    """Write down what holds from `on` on, or from the day of registration when it is None."""
    day = col(Household.registered_on) if on is None else sa.literal(on)
    columns = [getattr(Household, name) for name in KEPT]
    known = sa.select(col(Household.id), day, sa.literal(clock.now()), *columns).where(
        col(Household.id).in_(ids)
    )
    names = ["household_id", "effective_on", "recorded_at", *KEPT]
    await uow.execute(sa.insert(HouseholdVersion).from_select(names, known))


async def _owners(
    uow: UnitOfWork, told: Mapping[UUID, HouseholdIn], *, vault: Vault
) -> rows.Owners:
    named = {
        (vault.index_of("nik", member.nik), household_id)
        for household_id, family in told.items()
        for member in family.members
    }
    owners = await queries.owners_of_niks(uow.session, {nik_index for nik_index, _ in named})
    for nik_index, household_id in named:
        owners[nik_index].add(household_id)
    return owners


def _registered(row: rows.HouseholdRow) -> HouseholdRegistered:
    return HouseholdRegistered(
        household_id=row["id"],
        desa_code=row["desa_code"],
        member_count=row["member_count"],
        adult_women=row["adult_women"],
        registered_on=row["registered_on"],
    )
