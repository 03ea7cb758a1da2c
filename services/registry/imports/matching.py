"""Matching: what each row of a file means for the families that are registered, by its policy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from contracts.registry import HouseholdStatus
from kernel.db import UnitOfWork
from services.registry.households.models import Household
from services.registry.households.registration import HouseholdIn
from services.registry.households.rows import fingerprint
from services.registry.imports import queries
from services.registry.imports.columns import Row, Wrong
from services.registry.imports.faults import Fault
from services.registry.imports.lifecycle import Outcome, Phase
from services.registry.imports.models import HouseholdImport
from services.registry.imports.policies import MatchPolicy, OnConflict
from services.registry.regions.models import lies_in
from services.registry.regions.queries import known_desa
from services.registry.vault import Vault
from services.registry.welfare import queries as welfare
from services.registry.welfare.models import cycle_of


@dataclass(frozen=True)
class Match:
    """What a readable row means.

    `known` is the registered family, None when it is new; `retold`: the sender tells the same as
    last time; `left`: the policy leaves known families as they are; `decile` is one that the
    ledger does not hold yet.
    """

    row: Row
    family: HouseholdIn
    known: Household | None
    kk_index: bytes
    retold: bool
    left: bool
    decile: int | None
    wrong: Sequence[Wrong]

    @property
    def outcome(self) -> Outcome:
        """What the registry does about the row."""
        if self.wrong:
            return Outcome.ERROR
        if self.known is None:
            return Outcome.NEW
        same = self.left or (self.retold and self.decile is None)
        return Outcome.UNCHANGED if same else Outcome.CHANGED

    @property
    def rejected(self) -> Row:
        """Return the row with what is wrong in it."""
        return replace(self.row, wrong=list(self.wrong))

    def refused(self, column: str, fault: Fault) -> "Match":
        """Return the match as one that is left out."""
        return replace(self, wrong=[Wrong(column, fault)])


@dataclass
class Known:
    """What the registry, and the file above, know of a chunk's families."""

    desa: set[str]
    families: Sequence[Household]
    deciles: dict[tuple[UUID, str], int]
    references_above: set[str | None]
    cards_above: set[bytes | None]
    by_reference: dict[str, Household] = field(init=False)
    by_card: dict[bytes, Household] = field(init=False)

    def __post_init__(self) -> None:
        live = (each for each in self.families if each.status is not HouseholdStatus.CLOSED)
        self.by_reference = {each.reference: each for each in self.families}
        self.by_card = {each.kk_index: each for each in live}

    def found(self, policy: MatchPolicy, reference: str, kk_index: bytes) -> Household | None:
        """Return the family that the row is about."""
        by_card = self.by_card.get(kk_index)
        if policy is MatchPolicy.KK:
            return by_card
        by_reference = self.by_reference.get(reference)
        if policy is MatchPolicy.REFERENCE_OR_KK:
            return by_reference or by_card
        return by_reference


async def match(
    uow: UnitOfWork, job: HouseholdImport, rows: Sequence[Row], *, vault: Vault
) -> list[Match]:
    """Match the readable rows of a chunk; families that will change are locked."""
    told = [(row, row.family) for row in rows if row.family is not None and not row.wrong]
    if not told:
        return []
    cards = {vault.index_of("kk", family.kk_number) for _, family in told}
    known = await _known(uow, job, told, cards)
    return [_match(row, family, job=job, known=known, vault=vault) for row, family in told]


async def _known(
    uow: UnitOfWork,
    job: HouseholdImport,
    told: Sequence[tuple[Row, HouseholdIn]],
    cards: set[bytes],
) -> Known:
    session = uow.session
    references = {family.reference for _, family in told}
    applying = job.phase is Phase.APPLY
    families = await queries.families_named(session, references, cards, for_change=applying)
    above: tuple[set[str | None], set[bytes | None]] = (set(), set())
    if not applying:
        above = await queries.seen_before(
            session,
            job.id,
            before=told[0][0].number,
            references=references,
            kk_indexes=cards,
        )
    return Known(
        desa=await known_desa(session, {family.desa_code for _, family in told}),
        families=families,
        deciles=await _deciles(uow, told, families),
        references_above=above[0],
        cards_above=above[1],
    )


async def _deciles(
    uow: UnitOfWork, told: Sequence[tuple[Row, HouseholdIn]], families: Sequence[Household]
) -> dict[tuple[UUID, str], int]:
    ids = [family.id for family in families]
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
    kk_index = vault.index_of("kk", family.kk_number)
    found = known.found(job.match_policy, family.reference, kk_index)
    held = known.deciles.get((found.id, cycle_of(family.registered_on))) if found else None
    wrong = [
        *_wrong_in_file(family, kk_index, known),
        *_wrong_place(family, job, known),
        *_taken(family, kk_index, found, known),
        *(_wrong_family(found, job) if found else ()),
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
        left=job.on_conflict is OnConflict.ONLY_NEW,
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


def _taken(
    family: HouseholdIn, kk_index: bytes, found: Household | None, known: Known
) -> Iterator[Wrong]:
    if known.by_reference.get(family.reference, found) is not found:
        yield Wrong("reference", Fault.REFERENCE_TAKEN)
    if known.by_card.get(kk_index, found) is not found:
        yield Wrong("kk_number", Fault.KK_TAKEN)


def _wrong_family(found: Household, job: HouseholdImport) -> Iterator[Wrong]:
    if not _in_area(found.desa_code, job):
        yield Wrong("reference", Fault.OUTSIDE_YOUR_REGION)
    if found.registered_by != job.organisation:
        yield Wrong("reference", Fault.ANOTHER_ORGANISATIONS)
    if found.status is HouseholdStatus.CLOSED:
        yield Wrong("reference", Fault.HOUSEHOLD_CLOSED)
    elif found.data_key is None:
        yield Wrong("reference", Fault.HOUSEHOLD_ERASED)
