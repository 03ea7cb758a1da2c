"""Forgetting a family: its key is destroyed, and what could find or describe it is wiped."""

import os
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from contracts.registry import HouseholdStatus
from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.problems import NIK
from services.registry.duplicates.models import FamilyTrace, Waiting
from services.registry.households import actions as households
from services.registry.households.identity_numbers import BirthPrecision
from services.registry.households.models import (
    ClosingReason,
    Household,
    HouseholdVersion,
    Member,
    Why,
)
from services.registry.sharing.consents.models import Consent
from services.registry.sharing.erasure import queries
from services.registry.sharing.erasure.models import DataKind, Erasure, Reason
from services.registry.vault import FamilyErased

MOST_PROPOSED = 500
BLIND_BYTES = 32


async def request(uow: UnitOfWork, erasure: Erasure, household: Household) -> None:
    """Ask that a family be forgotten.

    Raises:
        FamilyErased: it is.
        ErasureAsked: somebody asked before.
        UnderLegalHold: the law needs the data.
    """
    if household.data_key is None:
        raise FamilyErased(household_id=str(household.id))
    await queries.require_none_open(uow.session, household.id)
    await queries.require_no_hold(uow.session, household.id)
    uow.add(erasure)


async def carry_out(
    uow: UnitOfWork, erasure: Erasure, household: Household, *, actor: Actor
) -> None:
    """Destroy what names a family, and those that were merged into it, for good.

    What remains names nobody: desa, counts, years of birth, deciles, aid and payments by id.

    Raises:
        SecondPersonNeeded: who requested it does not decide.
        UnderLegalHold: the law needs the data.
    """
    today = clock.today()
    erasure.carry_out(by=actor.subject, at=clock.now())
    absorbed = await queries.merged_into(uow.session, household.id)
    for each in (household, *absorbed):
        await queries.require_no_hold(uow.session, each.id)
        await _forget(uow, each, by=actor.subject, on=today)
        uow.publish(erasure.told(each.id, on=today), key=each.id)


async def _forget(uow: UnitOfWork, household: Household, *, by: str, on: date) -> None:
    for consent in await queries.live_consents_of(uow.session, household.id):
        uow.publish(consent.withdraw(on=max(on, consent.given_on)), key=consent.id)
    if household.status is not HouseholdStatus.CLOSED:
        closed = household.close(on=on, reason=ClosingReason.ERASED)
        uow.publish(closed, key=household.id)
    _wipe(household)
    await uow.flush()
    why = Why(by=by, reason=ClosingReason.ERASED)
    await households.keep_versions(uow, [household.id], on=on, why=why)
    await _wipe_around(uow, household.id)


def _wipe(household: Household) -> None:
    """Destroy the family's key, and what the key does not seal."""
    household.data_key = None
    household.kk_number = b""
    household.kk_index = os.urandom(BLIND_BYTES)
    household.fingerprint = os.urandom(BLIND_BYTES)
    household.address = household.phone = household.livelihood = None
    household.warnings = []
    if NIK.search(household.reference):  # some senders number families by their card
        household.reference = f"erased-{household.id}"


async def _wipe_around(uow: UnitOfWork, household_id: UUID) -> None:
    """Wipe every version of the members and of the family, and what finds duplicates of it."""
    unguessable = sa.func.sha256(
        sa.func.convert_to(sa.cast(sa.func.gen_random_uuid(), sa.Text), "UTF8")
    )
    year = sa.cast(sa.func.date_trunc("year", col(Member.birth_date)), sa.Date)
    wiped: dict[str, object] = {
        "nik": b"",
        "name": b"",
        "nik_index": unguessable,
        "birth_date": year,
        "birth_precision": BirthPrecision.YEAR,
        "occupation": None,
        "disabilities": [],
    }
    await uow.execute(sa.update(Member).where(_of(Member, household_id)).values(wiped))
    versions = sa.update(HouseholdVersion).where(_of(HouseholdVersion, household_id))
    await uow.execute(versions.values(livelihood=None))
    for table in (FamilyTrace, Waiting):
        await uow.execute(sa.delete(table).where(_of(table, household_id)))


def _of(
    table: type[Member] | type[HouseholdVersion] | type[FamilyTrace] | type[Waiting],
    household_id: UUID,
) -> sa.ColumnElement[bool]:
    return col(table.household_id) == household_id


async def keep_no_longer(uow: UnitOfWork) -> None:
    """Apply the retention rules: propose closed families for erasure, delete ended consents."""
    today = clock.today()
    if months := await _months(uow, DataKind.CLOSED_HOUSEHOLD, today):
        closed_before = _before(today, months=months)
        due = await queries.kept_too_long(
            uow.session, closed_before=closed_before, limit=MOST_PROPOSED
        )
        uow.add(*(_due(household_id) for household_id in due))
    if months := await _months(uow, DataKind.ENDED_CONSENT, today):
        ended = sa.func.coalesce(Consent.withdrawn_on, Consent.valid_until)
        await uow.execute(sa.delete(Consent).where(ended < _before(today, months=months)))


async def _months(uow: UnitOfWork, kind: DataKind, on: date) -> int | None:
    return await queries.find_months(uow.session, kind, on=on)


def _due(household_id: UUID) -> Erasure:
    return Erasure(
        household_id=household_id,
        reason=Reason.RETENTION_EXPIRED,
        reference="retention",
        requested_by="registry.retention",
    )


def _before(today: date, *, months: int) -> date:
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)
