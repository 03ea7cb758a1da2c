"""Making an approved change: the family's row, its members, its version, and what is told."""

from collections.abc import Mapping

import sqlalchemy as sa

from contracts.registry import HouseholdStatus
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.sight import SYSTEM
from services.registry.changes.models import HouseholdChange
from services.registry.changes.policies import Kind
from services.registry.changes.proposal import OF_A_CARD, OF_A_MEMBER, corrected, kind_of
from services.registry.changes.record import Record
from services.registry.households import actions, queries, rows
from services.registry.households.lifecycle import CORRECTING
from services.registry.households.models import Member, Why
from services.registry.households.problems import FamilyCardTaken, OutsideYourRegion
from services.registry.households.registration import HouseholdIn
from services.registry.regions.queries import require_desa
from services.registry.vault import Vault


async def require_possible(
    uow: UnitOfWork,
    record: Record,
    proposed: Mapping[str, str | None],
    *,
    actor: Actor,
    vault: Vault,
) -> HouseholdIn:
    """Return the card that the change would leave.

    Raises:
        HouseholdIsClosed, OneHeadNeeded, SamePersonTwice: the record would not be sound.
        DesaUnknown, OutsideYourRegion: there is no such desa, or it is not the actor's.
        FamilyCardTaken: another family has the number.
        IllegalMove: the family cannot stand there from where it stands.
    """
    record.household.require_live()
    if status := proposed.get(f"/{Kind.STATUS}"):
        CORRECTING[HouseholdStatus(status)](record.household.status)
    card = corrected(record.card, record.members, proposed)
    actions.require_sound(card)
    if f"/{Kind.DESA}" in proposed:
        await _require_own_desa(uow, card.desa_code, actor)
    if f"/{Kind.KK_NUMBER}" in proposed:
        await _require_own_card(uow, record, vault.index_of("kk", card.kk_number))
    return card


async def _require_own_desa(uow: UnitOfWork, desa_code: str, actor: Actor) -> None:
    await require_desa(uow.session, desa_code)
    if not actor.sees_region(desa_code):
        raise OutsideYourRegion(desa_code=desa_code)


async def _require_own_card(uow: UnitOfWork, record: Record, kk_index: bytes) -> None:
    async with uow.seeing(SYSTEM):
        owners = await queries.owners_of_cards(uow.session, [kk_index])
    if owners.get(kk_index, record.household.id) != record.household.id:
        raise FamilyCardTaken


async def apply(
    uow: UnitOfWork,
    record: Record,
    proposed: Mapping[str, str | None],
    *,
    card: HouseholdIn,
    change: HouseholdChange,
    vault: Vault,
) -> int:
    """Change the family, and return the version that came of it."""
    household, kinds = record.household, {kind_of(pointer) for pointer in proposed}
    if status := proposed.get(f"/{Kind.STATUS}"):
        standing = household.correct_status(HouseholdStatus(status), on=change.changed_on)
        uow.publish(standing, key=household.id)
    if not kinds.isdisjoint((*OF_A_CARD, *OF_A_MEMBER)):
        family = rows.Whose(household.id, household.data_key, vault)
        await _rewrite(uow, record, card, family)
        uow.publish(household.changed(), key=household.id)
        if not kinds.isdisjoint(OF_A_MEMBER):
            await _rewrite_members(uow, record, card, family)
    why = Why(change.proposed_by, change.reason)
    await actions.keep_versions(uow, [household.id], on=change.changed_on, why=why)
    return household.version


async def _rewrite(uow: UnitOfWork, record: Record, card: HouseholdIn, family: rows.Whose) -> None:
    """Write what follows from the card, but not its fingerprint.

    That stays what the sender told last: the same file again must not undo a correction.
    """
    niks = {family.index_of("nik", member.nik) for member in card.members}
    async with uow.seeing(SYSTEM):
        owners = await queries.owners_of_niks(uow.session, niks)
    facts = {**rows.facts(card, family, owners=owners)}
    del facts["fingerprint"]
    record.household.sqlmodel_update(facts)
    await uow.flush()


async def _rewrite_members(
    uow: UnitOfWork, record: Record, card: HouseholdIn, family: rows.Whose
) -> None:
    """End what was known of the members, and write what is known now; a person keeps the id."""
    known = {
        family.index_of("nik", member.nik): member_id
        for member, member_id in zip(card.members, record.members, strict=True)
    }
    members = rows.members(card, family, since_version=record.household.version, known=known)
    await actions.end_members(uow, [record.household.id])
    await uow.execute(sa.insert(Member), members)
