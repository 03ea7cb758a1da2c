"""The match policy: what each row of a file means for the families that are registered.

1. A row is about the family with its `reference`, and no other.
2. No such family -> new; unless another live family has its KK number, which is an error.
3. The sender tells the same as last time -> unchanged, whatever was edited here since.
4. Anything else -> changed, as long as the family is live, the organisation's own, and lives in
   the uploader's area: nobody takes a family over from another region by telling that it moved.
5. Of two rows with one reference or KK number the first counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.registry import HouseholdStatus
from kernel.db import UnitOfWork
from services.registry.households import queries as households
from services.registry.households.models import Household
from services.registry.households.registration import HouseholdIn
from services.registry.households.rows import fingerprint
from services.registry.imports import queries
from services.registry.imports.columns import Row, Wrong
from services.registry.imports.faults import Fault
from services.registry.imports.lifecycle import Outcome, Phase
from services.registry.imports.models import HouseholdImport
from services.registry.regions.models import lies_in
from services.registry.regions.queries import known_desa
from services.registry.vault import Vault
from services.registry.welfare import queries as welfare
from services.registry.welfare.models import cycle_of


@dataclass(frozen=True)
class Match:
    """What a readable row means.

    `known` is the registered family, None when it is new; `retold`: the sender tells the same as
    last time; `decile` is one that the ledger does not hold yet.
    """

    row: Row
    family: HouseholdIn
    known: Household | None
    kk_index: bytes
    retold: bool
    decile: int | None
    wrong: Sequence[Wrong]

    @property
    def outcome(self) -> Outcome:
        """What the registry does about the row."""
        if self.wrong:
            return Outcome.ERROR
        if self.known is None:
            return Outcome.NEW
        return Outcome.UNCHANGED if self.retold and self.decile is None else Outcome.CHANGED


@dataclass
class Known:
    """What the registry, and the file above, know of a chunk's families."""

    desa: set[str]
    families: dict[str, Household]
    owners_of_cards: dict[bytes, UUID]
    deciles: dict[tuple[UUID, str], int]
    references_above: set[str | None]
    cards_above: set[bytes | None]


async def match(
    uow: UnitOfWork, job: HouseholdImport, rows: Sequence[Row], *, vault: Vault
) -> list[Match]:
    """Match the readable rows of a chunk; families that will change are locked."""
    told = [(row, row.family) for row in rows if row.family is not None and not row.wrong]
    families = [family for _, family in told]
    cards = {family.reference: vault.index_of("kk", family.kk_number) for family in families}
    known = await _known(uow, job, told, set(cards.values()), vault=vault)
    return [_match(row, family, job=job, known=known, vault=vault) for row, family in told]


async def _known(
    uow: UnitOfWork,
    job: HouseholdImport,
    told: Sequence[tuple[Row, HouseholdIn]],
    cards: set[bytes],
    *,
    vault: Vault,
) -> Known:
    session = uow.session
    references = {family.reference for _, family in told}
    applying = job.phase is Phase.APPLY
    families = await households.find_by_references(session, references, for_change=applying)
    references_above, cards_above = await queries.seen_before(
        session,
        job.id,
        before=told[0][0].number if told and not applying else 0,
        references=references,
        kk_indexes=cards,
    )
    return Known(
        desa=await known_desa(session, {family.desa_code for _, family in told}),
        families=families,
        owners_of_cards=await households.owners_of_cards(session, cards),
        deciles=await _deciles(uow, told, families),
        references_above=references_above,
        cards_above=cards_above,
    )


async def _deciles(
    uow: UnitOfWork, told: Sequence[tuple[Row, HouseholdIn]], families: dict[str, Household]
) -> dict[tuple[UUID, str], int]:
    ids = [family.id for family in families.values()]
    ranked = {cycle_of(family.registered_on) for row, family in told if row.decile is not None}
    return {
        (household_id, cycle): decile
        for cycle in ranked
        for household_id, decile in (
            await welfare.deciles_of(uow.session, ids, cycle=cycle)
        ).items()
    }


def _match(
    row: Row, family: HouseholdIn, *, job: HouseholdImport, known: Known, vault: Vault
) -> Match:
    found = known.families.get(family.reference)
    kk_index = vault.index_of("kk", family.kk_number)
    held = known.deciles.get((found.id, cycle_of(family.registered_on))) if found else None
    wrong = [
        *_wrong_in_file(family, kk_index, known),
        *_wrong_place(family, job, known),
        *_wrong_family(found, kk_index, job, known),
    ]
    if held is not None and row.decile not in {None, held}:
        wrong.append(Wrong("decile", Fault.DECILE_DIFFERS))
    if not wrong:
        known.references_above.add(family.reference)
        known.cards_above.add(kk_index)
    return Match(
        row=row,
        family=family,
        known=found,
        kk_index=kk_index,
        retold=found is not None and found.fingerprint == fingerprint(family, vault.index_of),
        decile=row.decile if held is None else None,
        wrong=wrong,
    )


def _wrong_in_file(family: HouseholdIn, kk_index: bytes, known: Known) -> Iterator[Wrong]:
    if family.reference in known.references_above:
        yield Wrong("reference", Fault.REFERENCE_TWICE_IN_FILE)
    if kk_index in known.cards_above:
        yield Wrong("kk_number", Fault.KK_TWICE_IN_FILE)


def _wrong_place(family: HouseholdIn, job: HouseholdImport, known: Known) -> Iterator[Wrong]:
    if family.desa_code not in known.desa:
        yield Wrong("desa_code", Fault.DESA_UNKNOWN)
    if not _in_area(family.desa_code, job):
        yield Wrong("desa_code", Fault.OUTSIDE_YOUR_REGION)


def _in_area(desa_code: str, job: HouseholdImport) -> bool:
    return not job.regions or any(lies_in(desa_code, area) for area in job.regions)


def _wrong_family(
    found: Household | None, kk_index: bytes, job: HouseholdImport, known: Known
) -> Iterator[Wrong]:
    owner = known.owners_of_cards.get(kk_index)
    if owner is not None and (found is None or owner != found.id):
        yield Wrong("kk_number", Fault.KK_TAKEN)
    if found is not None and not _in_area(found.desa_code, job):
        yield Wrong("reference", Fault.OUTSIDE_YOUR_REGION)
    if found is not None and found.registered_by != job.organisation:
        yield Wrong("reference", Fault.ANOTHER_ORGANISATIONS)
    if found is not None and found.status is HouseholdStatus.CLOSED:
        yield Wrong("reference", Fault.HOUSEHOLD_CLOSED)
