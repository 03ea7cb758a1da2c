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
from kernel.sight import SYSTEM
from services.registry.households import queries, rows
from services.registry.households.models import Household, HouseholdVersion, Member, Why
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
    uow: UnitOfWork,
    families: Sequence[HouseholdIn],
    *,
    vault: Vault,
    registered_by: str,
    why: Why,
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
        for row, family in zip(households, families, strict=True)
        for member in rows.members(
            family, rows.Whose(row["id"], row["data_key"], vault), since_version=1, known={}
        )
    ]
    await uow.execute(sa.insert(Household), households)
    await uow.execute(sa.insert(Member), members)
    await keep_versions(uow, told, on=None, why=why)
    for row in households:
        uow.publish(_registered(row), key=row["id"])
    return list(told)


async def replace(
    uow: UnitOfWork, told: Sequence[tuple[Household, HouseholdIn]], *, vault: Vault, why: Why
) -> None:
    """Bring known families to what the sender tells now, and tell of each.

    Raises:
        FamilyErased: what named a family was destroyed.
    """
    ids = [known.id for known, _ in told]
    owners = await _owners(uow, {known.id: now for known, now in told}, vault=vault)
    families = [rows.Whose(known.id, known.data_key, vault) for known, _ in told]
    for (known, now), family in zip(told, families, strict=True):
        facts = rows.facts(now, family, owners=owners)
        if now.livelihood is None:
            facts["livelihood"] = known.livelihood
        known.sqlmodel_update({**facts})
        uow.publish(known.changed(), key=known.id)
    await uow.flush()
    await _replace_members(uow, told, families)
    await keep_versions(uow, ids, on=clock.today(), why=why)


async def _replace_members(
    uow: UnitOfWork,
    told: Sequence[tuple[Household, HouseholdIn]],
    families: Sequence[rows.Whose],
) -> None:
    ids = [known.id for known, _ in told]
    before = await queries.members_of(uow.session, ids)
    members: list[rows.MemberRow] = []
    for (known, now), family in zip(told, families, strict=True):
        persons = {member.nik_index: member.id for member in before[known.id]}
        members += rows.members(now, family, since_version=known.version, known=persons)
    await end_members(uow, ids)
    await uow.execute(sa.insert(Member), members)


async def end_members(uow: UnitOfWork, ids: Collection[UUID]) -> None:
    """End what is known of the families' members with the version that the families have now."""
    version = sa.select(col(Household.version)).where(col(Household.id) == col(Member.household_id))
    await uow.execute(
        sa.update(Member)
        .where(col(Member.household_id).in_(ids), col(Member.until_version).is_(None))
        .values(until_version=version.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


async def amend(
    uow: UnitOfWork, household: Household, patch: HouseholdPatch, *, vault: Vault, by: str
) -> None:
    """Change what the patch names, and tell when the family moved.

    Raises:
        HouseholdIsClosed: the family left the registry.
        FamilyErased: what named the family was destroyed.
    """
    household.require_live()
    given = patch.model_fields_set
    family = rows.Whose(household.id, household.data_key, vault)
    if "address" in given:
        household.address = rows.address(patch.address, family)
    if "phone" in given:
        household.phone = rows.phone(patch.phone, family)
    if "livelihood" in given:
        household.livelihood = rows.livelihood(patch.livelihood)
    if patch.desa_code is not None and patch.desa_code != household.desa_code:
        uow.publish(household.move_to(patch.desa_code), key=household.id)
    if uow.session.is_modified(household):
        why = Why(by, patch.reason)
        await keep_versions(uow, [household.id], on=patch.changed_on or clock.today(), why=why)


async def keep_versions(
    uow: UnitOfWork, ids: Collection[UUID], *, on: date | None, why: Why
) -> None:
    """Write down what holds from `on` on, or from the day of registration when it is None."""
    day = col(Household.registered_on) if on is None else sa.literal(on)
    told = (day, sa.literal(clock.now()), sa.literal(why.by), sa.literal(why.reason))
    columns = [getattr(Household, name) for name in KEPT]
    known = sa.select(col(Household.id), *told, *columns).where(col(Household.id).in_(ids))
    names = ["household_id", "effective_on", "recorded_at", "changed_by", "reason", *KEPT]
    await uow.execute(sa.insert(HouseholdVersion).from_select(names, known))


async def _owners(
    uow: UnitOfWork, told: Mapping[UUID, HouseholdIn], *, vault: Vault
) -> rows.Owners:
    named = {
        (vault.index_of("nik", member.nik), household_id)
        for household_id, family in told.items()
        for member in family.members
    }
    async with uow.seeing(SYSTEM):
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
