"""Making one family of two, and two of one again.

What a merge does, and its undoing takes back:
1. A member whom both name (NIK) is one person; the others move if people chose so, or stay.
2. The absorbed family's aid ends; of a kind that the survivor lacks, its own begins that day.
3. It leaves its caseload; the survivor stays in its own.
4. It is closed, reason "merged", and tells where it went.
Card, deciles, consents and history stay with the absorbed family, as what was true of that record.
"""

from collections.abc import Mapping
from uuid import UUID

from contracts.registry import HouseholdStatus
from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.registry.assistance import queries as assistance
from services.registry.duplicates import queries
from services.registry.duplicates.aid import (
    end_aid,
    leave_caseload,
    resume_aid,
    return_to_caseload,
)
from services.registry.duplicates.models import Merge, Proposal, Ticket
from services.registry.duplicates.moving import move_members, take_members_back
from services.registry.duplicates.problems import (
    AbsorbedErased,
    ChangedSinceProposed,
    MergedOnward,
)
from services.registry.households import queries as households
from services.registry.households.actions import keep_versions
from services.registry.households.lifecycle import HouseholdLifecycle
from services.registry.households.models import Household, Why
from services.registry.households.problems import FamilyCardTaken
from services.registry.vault import Vault

Families = Mapping[UUID, Household]


async def merge(
    uow: UnitOfWork, ticket: Ticket, families: Families, *, actor: Actor, vault: Vault
) -> None:
    """Make one family of two as was proposed; the families are locked.

    Raises:
        SecondPersonNeeded: the proposer confirms.
        ChangedSinceProposed: a family is not as the proposer saw it.
    """
    proposal = ticket.confirm(by=actor.subject)
    _require_unchanged(proposal, families)
    survivor = families[UUID(proposal["survivor_id"])]
    [absorbed] = [family for family in families.values() if family is not survivor]
    made = _record(
        ticket, survivor, absorbed, by=actor.subject, proposed_by=proposal["proposed_by"]
    )
    why = Why(actor.subject, "merged")
    both = (survivor, absorbed)
    await move_members(uow, made, proposal, families=both, vault=vault, why=why)
    await end_aid(uow, made, persons=made.persons(), actor=actor)
    await leave_caseload(uow, made)
    uow.publish(absorbed.be_absorbed(survivor.id, on=made.merged_on), key=absorbed.id)
    await keep_versions(uow, [absorbed.id], on=made.merged_on, why=why)
    uow.add(made)
    uow.publish(made.told(), key=absorbed.id)


async def undo(uow: UnitOfWork, ticket: Ticket, families: Families, *, by: str) -> None:
    """Make two families of one again; what changed since stays with the survivor.

    Raises:
        MergedOnward, AbsorbedErased, FamilyCardTaken, MovedMembersChanged: something would be lost.
    """
    ticket.undo()
    made = await queries.get_merge(uow.session, ticket.id)
    survivor, absorbed = families[made.survivor_id], families[made.absorbed_id]
    await _require_undoable(uow, survivor, absorbed)
    why = Why(by, "unmerged")
    await take_members_back(uow, made, survivor, why=why)
    await resume_aid(uow, made, on=clock.today())
    await return_to_caseload(uow, made)
    await _restore(uow, absorbed, made.absorbed_status, why=why)
    if await _only_the_merge_assists(uow, made, survivor):
        await _restore(uow, survivor, made.survivor_status, why=why)
    uow.publish(made.undo(by=by), key=absorbed.id)


def _require_unchanged(proposal: Proposal, families: Families) -> None:
    if any(family.version != proposal["versions"][str(key)] for key, family in families.items()):
        raise ChangedSinceProposed


async def _require_undoable(uow: UnitOfWork, survivor: Household, absorbed: Household) -> None:
    if survivor.status is HouseholdStatus.CLOSED:
        raise MergedOnward(household_id=str(survivor.id))
    if absorbed.data_key is None:
        raise AbsorbedErased(household_id=str(absorbed.id))
    if await households.owners_of_cards(uow.session, [absorbed.kk_index]):
        raise FamilyCardTaken


async def _restore(uow: UnitOfWork, family: Household, status: str, *, why: Why) -> None:
    restored = family.restore(HouseholdStatus(status), on=clock.today())
    uow.publish(restored, key=family.id)
    await keep_versions(uow, [family.id], on=restored.changed_on, why=why)


async def _only_the_merge_assists(uow: UnitOfWork, made: Merge, survivor: Household) -> bool:
    became = made.survivor_status in HouseholdLifecycle.assist.sources
    if not became or survivor.status is not HouseholdStatus.ASSISTED:
        return False
    await uow.flush()
    return not await assistance.active_for(uow.session, survivor.id)


def _record(
    ticket: Ticket, survivor: Household, absorbed: Household, *, by: str, proposed_by: str
) -> Merge:
    return Merge(
        ticket_id=ticket.id,
        survivor_id=survivor.id,
        absorbed_id=absorbed.id,
        proposed_by=proposed_by,
        confirmed_by=by,
        merged_on=max(clock.today(), absorbed.registered_on),
        survivor_status=survivor.status,
        absorbed_status=absorbed.status,
        since_version=survivor.version,
    )
