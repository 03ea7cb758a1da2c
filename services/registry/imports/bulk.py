"""What is done with a whole chunk at once, by statements that read the staging tables.

Only rows about which there is nothing to say go this way: new families of a known desa in the
uploader's area, whose reference and KK number nobody has. Every other row is looked at one by one
(matching.py), so that each fault has one place that finds it.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from contracts.registry import DecileRecorded, HouseholdRegistered, HouseholdStatus
from kernel.bulk_events import write_first_events
from kernel.db import UnitOfWork
from services.registry.households.identity_numbers import Doubt
from services.registry.households.models import Household, HouseholdVersion, Member, Why
from services.registry.imports.lifecycle import Outcome, Phase
from services.registry.imports.models import HouseholdImport, ImportRow
from services.registry.imports.staged import FAMILIES, MEMBERS
from services.registry.regions.models import Level, Region
from services.registry.regions.queries import inside
from services.registry.welfare.models import DecileRecord, Source

# As the partial index says it.
CLOSED: sa.ColumnClause[str] = sa.literal_column(f"'{HouseholdStatus.CLOSED}'")
FAMILY, MEMBER = FAMILIES.table.c, MEMBERS.table.c


async def doubtful(uow: UnitOfWork, job: HouseholdImport) -> set[int]:
    """Return the numbers of the staged rows that need a closer look."""
    live = col(Household.status) != CLOSED
    known = sa.or_(
        sa.exists().where(col(Household.reference) == FAMILY.reference),
        sa.exists().where(col(Household.kk_index) == FAMILY.kk_index, live),
        _named_twice(),
        ~sa.exists().where(
            col(Region.code) == sa.collate(FAMILY.desa_code, "C"), col(Region.level) == Level.DESA
        ),
        ~_in_area(job),
    )
    if job.phase is Phase.CHECK:
        known = sa.or_(known, _named_above(job))
    return set((await uow.execute(sa.select(FAMILY.row).where(known))).scalars())


def _in_area(job: HouseholdImport) -> sa.ColumnElement[bool]:
    areas = [inside(FAMILY.desa_code, area) for area in job.regions]
    return sa.or_(sa.false(), *areas) if areas else sa.true()


def _named_twice() -> sa.ColumnElement[bool]:
    """Return the condition that another row of the chunk has the reference or the KK number."""
    return sa.or_(_twice(FAMILY.reference), _twice(FAMILY.kk_index))


def _twice(column: "sa.Column[object]") -> sa.ColumnElement[bool]:
    # Not by EXISTS: PostgreSQL would compare every row with every other.
    return column.in_(sa.select(column).group_by(column).having(sa.func.count() > 1))


def _named_above(job: HouseholdImport) -> sa.ColumnElement[bool]:
    """Return the condition that a usable row above the chunk has the reference or KK number."""
    usable = sa.and_(col(ImportRow.import_id) == job.id, col(ImportRow.outcome) != Outcome.ERROR)
    return sa.or_(
        sa.exists().where(usable, col(ImportRow.reference) == FAMILY.reference),
        sa.exists().where(usable, col(ImportRow.kk_index) == FAMILY.kk_index),
    )


async def leave_out(uow: UnitOfWork, rows: set[int]) -> None:
    """Take rows off the staging tables."""
    if not rows:
        return
    families = sa.select(FAMILY.id).where(FAMILY.row.in_(rows))
    await uow.execute(sa.delete(MEMBERS.table).where(MEMBER.household_id.in_(families)))
    await uow.execute(sa.delete(FAMILIES.table).where(FAMILY.row.in_(rows)))


async def note_new(uow: UnitOfWork, job: HouseholdImport) -> int:
    """Write down that the staged rows are new families; return how many."""
    names = ["import_id", "row", "reference", "kk_index", "outcome"]
    rows = sa.select(
        sa.literal(job.id), FAMILY.row, FAMILY.reference, FAMILY.kk_index, sa.literal(Outcome.NEW)
    )
    return (await uow.execute(sa.insert(ImportRow).from_select(names, rows))).rowcount


async def register(uow: UnitOfWork, job: HouseholdImport, *, why: Why) -> int:
    """Write the staged families, their members, versions and deciles; return how many."""
    await _warn_of_known_persons(uow)
    names = [*FAMILIES.names_of_a_family, "registered_by"]
    families = sa.select(
        *(FAMILY[name] for name in FAMILIES.names_of_a_family), sa.literal(job.organisation)
    )
    written = await uow.execute(sa.insert(Household).from_select(names, families))
    members = sa.select(*MEMBER)
    await uow.execute(sa.insert(Member).from_select(MEMBERS.names, members))
    await _keep_first_versions(uow, why)
    await _record_deciles(uow)
    return written.rowcount


async def tell(uow: UnitOfWork) -> None:
    """Tell the world of the staged families, and of their deciles."""
    families = sa.select(FAMILY.event_id, FAMILY.id, FAMILY.event)
    await write_first_events(uow, HouseholdRegistered, families)
    deciles = sa.select(FAMILY.decile_event_id, FAMILY.id, FAMILY.decile_event)
    await write_first_events(uow, DecileRecorded, deciles.where(FAMILY.decile.is_not(None)))


async def _warn_of_known_persons(uow: UnitOfWork) -> None:
    """Add the doubt that only the database can have: another live family names the person."""
    live = sa.and_(
        col(Member.nik_index) == MEMBER.nik_index,
        col(Member.until_version).is_(None),
        col(Household.id) == col(Member.household_id),
        col(Household.status) != CLOSED,
    )
    pointer = sa.func.concat("/members/", MEMBER.position, "/nik")
    doubt = Doubt.NIK_IN_ANOTHER_FAMILY.value
    warning = sa.func.jsonb_build_object("code", doubt, "pointer", pointer)
    found = (
        sa.select(
            MEMBER.household_id,
            sa.func.jsonb_agg(warning, type_=JSONB).label("warnings"),
        )
        .where(sa.or_(sa.exists().where(live), _twice(MEMBER.nik_index)))
        .group_by(MEMBER.household_id)
        .subquery()
    )
    await uow.execute(
        sa.update(FAMILIES.table)
        .where(FAMILY.id == found.c.household_id)
        .values(warnings=FAMILY.warnings.op("||")(found.c.warnings))
    )


async def _keep_first_versions(uow: UnitOfWork, why: Why) -> None:
    same = ("desa_code", "member_count", "adult_women", "livelihood", "decile")
    told = {
        "household_id": FAMILY.id,
        "version": sa.literal(1),
        "effective_on": FAMILY.registered_on,
        "changed_by": sa.literal(why.by),
        "reason": sa.literal(why.reason),
        "status": sa.literal(HouseholdStatus.REGISTERED.value),
        **{name: FAMILY[name] for name in same},
    }
    await uow.execute(sa.insert(HouseholdVersion).from_select([*told], sa.select(*told.values())))


async def _record_deciles(uow: UnitOfWork) -> None:
    """Write the deciles to the ledger, for the quarter and the day of the registration."""
    told = {
        "id": FAMILY.decile_id,
        "household_id": FAMILY.id,
        "cycle": FAMILY.decile_cycle,
        "decile": FAMILY.decile,
        "reference_date": FAMILY.registered_on,
        "source": sa.literal(Source.BPS.value),
        "desa_code": FAMILY.desa_code,
    }
    rows = sa.select(*told.values()).where(FAMILY.decile.is_not(None))
    await uow.execute(sa.insert(DecileRecord).from_select([*told], rows))
