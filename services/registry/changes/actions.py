"""Asking for a change, deciding about it, and the rules by which that is done."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.ids import new_id
from services.registry.changes import queries
from services.registry.changes.applying import apply, require_possible
from services.registry.changes.models import HouseholdChange
from services.registry.changes.policies import ChangePolicy, Rules, first_policy
from services.registry.changes.problems import (
    MemberNotInFamily,
    NothingProposed,
    PolicyTooEarly,
    RecordMovedOn,
)
from services.registry.changes.proposal import Proposal, Values, kind_of, overtaken
from services.registry.changes.record import Record, Sealed, opened
from services.registry.households.models import Household
from services.registry.vault import Vault

# Two new policies at once take two numbers.
ONE_AT_A_TIME = sa.text("LOCK TABLE change_policies IN SHARE ROW EXCLUSIVE MODE")


async def propose(
    uow: UnitOfWork, household: Household, proposal: Proposal, *, actor: Actor, vault: Vault
) -> HouseholdChange:
    """Ask for a change of a locked family; what needs no second person is made at once.

    Raises:
        RecordMovedOn: the maker looked at another version.
        MemberNotInFamily, NothingProposed: the request names nothing to change.
    """
    if proposal.seen_version != household.version:
        raise RecordMovedOn(seen=proposal.seen_version, current=household.version)
    record = await opened(uow.session, household, vault=vault)
    values = _differences(record.values, proposal.values)
    await require_possible(uow, record, values, actor=actor, vault=vault)
    policy = await policy_in_force(uow, on=clock.today())
    change = _request(record, proposal, values, policy=policy, vault=vault, by=actor.subject)
    uow.add(change)
    await uow.flush()
    if not policy.needs_second_person([kind_of(pointer) for pointer in values]):
        await approve(uow, change, household, actor=actor, vault=vault)
    return change


def _differences(now: Values, told: Mapping[str, str]) -> Values:
    for pointer in told:
        if pointer not in now:
            raise MemberNotInFamily(member_id=pointer.split("/")[2])
    values: Values = {pointer: value for pointer, value in told.items() if value != now[pointer]}
    if not values:
        raise NothingProposed
    return values


def _request(
    record: Record,
    proposal: Proposal,
    values: Values,
    *,
    policy: ChangePolicy,
    vault: Vault,
    by: str,
) -> HouseholdChange:
    household, change_id = record.household, new_id()
    sealed = Sealed(vault.family(household.data_key, household.id), change_id)
    now = record.values
    return HouseholdChange(
        id=change_id,
        household_id=household.id,
        household_version=household.version,
        policy_version=policy.version,
        fields=sorted(values),
        proposed=sealed.seal(values, "proposed"),
        base=sealed.seal({pointer: now[pointer] for pointer in values}, "base"),
        reason=proposal.reason,
        changed_on=proposal.changed_on,
        proposed_by=by,
        expires_at=policy.expires_at(clock.now()),
    )


async def approve(
    uow: UnitOfWork, change: HouseholdChange, household: Household, *, actor: Actor, vault: Vault
) -> None:
    """Make the change of a locked request and family, unless the record overtook it.

    What it is about was changed meanwhile: then it is conflicted, and nothing else happens.
    """
    policy = await queries.get_policy(uow.session, change.policy_version)
    change.require_decidable(policy, by=actor, at=clock.now())
    sealed = Sealed(vault.family(household.data_key, household.id), change.id)
    record = await opened(uow.session, household, vault=vault)
    if overtaken(sealed.open(change.base, "base"), record.values):
        change.conflict()
        return
    values = sealed.open(change.proposed, "proposed")
    card = await require_possible(uow, record, values, actor=actor, vault=vault)
    version = await apply(uow, record, values, card=card, change=change, vault=vault)
    change.approve(by=actor, at=clock.now(), version=version)


async def rebase(
    uow: UnitOfWork, change: HouseholdChange, household: Household, *, actor: Actor, vault: Vault
) -> None:
    """Ask again for the same, from what is on record now."""
    sealed = Sealed(vault.family(household.data_key, household.id), change.id)
    now = (await opened(uow.session, household, vault=vault)).values
    base = sealed.seal({pointer: now.get(pointer) for pointer in change.fields}, "base")
    change.rebase(base, version=household.version, by=actor, at=clock.now())


async def policy_in_force(uow: UnitOfWork, *, on: date) -> ChangePolicy:
    """Return the policy of a day; the first is written down when it is first needed."""
    found = await queries.find_policy(uow.session, on=on)
    if found is None:
        first = first_policy()
        await uow.execute(insert(ChangePolicy).values(first.model_dump()).on_conflict_do_nothing())
        found = await queries.get_policy(uow.session, first.version)
    return found


async def set_policy(uow: UnitOfWork, rules: Rules, *, actor: Actor) -> ChangePolicy:
    """Set the rules from a day on; those before stay for what was asked under them.

    Raises:
        PolicyTooEarly: the day has passed.
    """
    today = clock.today()
    if rules.in_force_from < today:
        raise PolicyTooEarly(earliest=today.isoformat())
    await uow.execute(ONE_AT_A_TIME)
    await policy_in_force(uow, on=today)
    policy = ChangePolicy(
        version=await queries.last_policy_version(uow.session) + 1,
        in_force_from=rules.in_force_from,
        second_person_for=sorted(set(rules.second_person_for)),
        days_to_live=rules.days_to_live,
        made_by=actor.subject,
    )
    uow.add(policy)
    return policy
