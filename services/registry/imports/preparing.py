"""From the sealed lines of a chunk to rows that lie ready to be copied: work without a database.

Most of a file's time is spent here, reading, checking and sealing, which is why it runs in
processes of its own (see workshop.py). The rules are those of the API: `HouseholdIn` reads a row,
`households.rows` makes what is written of it. What only the database knows is added there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import orjson

from contracts.registry import DecileRecorded, HouseholdRegistered
from kernel.events import Event
from kernel.ids import new_id
from services.registry.households import rows
from services.registry.households.registration import HouseholdIn
from services.registry.imports.columns import Layout, Row, Villages
from services.registry.imports.lifecycle import Outcome
from services.registry.imports.staged import FAMILIES, MEMBERS
from services.registry.vault import Vault
from services.registry.welfare.models import cycle_of

Values = tuple[object, ...]


class Decided(NamedTuple):
    """What the dry run made of a row, and of which version of which family."""

    outcome: Outcome
    household_id: UUID | None
    household_version: int | None


@dataclass(frozen=True)
class Order:
    """A chunk to be prepared: whole for the dry run; then the rows that were `decided` new."""

    import_id: UUID
    lines: bytes
    first_row: int
    layout: Layout
    organisation: str
    villages: Villages = field(default_factory=dict)
    decided: Mapping[int, Decided] | None = None

    def rows(self, outcome: Outcome) -> set[int]:
        """Return the numbers of the rows of which the dry run decided so."""
        return {row for row, each in (self.decided or {}).items() if each.outcome is outcome}

    def texts(self, vault: Vault) -> Iterator[tuple[int, str]]:
        """Give the rows of the chunk as they were sent, with their numbers."""
        text = vault.open(self.lines, place="import_chunks.lines", row_id=self.import_id)
        for number, line in enumerate(text.split("\n"), start=self.first_row):
            if line.strip():
                yield number, line

    def read(self, vault: Vault, *, only: Collection[int] | None = None) -> Iterator[Row]:
        """Read the rows of the chunk, or some of them."""
        for number, line in self.texts(vault):
            if only is None or number in only:
                yield self.layout.row(line, number=number, villages=self.villages)


@dataclass(frozen=True)
class Prepared:
    """Rows that cannot be read, and what is to be copied of the others."""

    unreadable: list[Row] = field(default_factory=list)
    families: bytes = FAMILIES.encoded(())
    members: bytes = MEMBERS.encoded(())


def prepare(order: Order, vault: Vault) -> Prepared:
    """Read the rows of a chunk, and make of them what their phase needs."""
    only = None if order.decided is None else order.rows(Outcome.NEW)
    read = list(order.read(vault, only=only))
    readable = [(row, row.family) for row in read if row.family is not None and not row.wrong]
    if order.decided is None:
        families = FAMILIES.encoded(_told(row, family, vault) for row, family in readable)
        return Prepared([row for row in read if row.wrong], families)
    made = [_made(row, family, order, vault) for row, family in readable]
    return Prepared(
        families=FAMILIES.encoded(family for family, _ in made),
        members=MEMBERS.encoded(member for _, members in made for member in members),
    )


def _told(row: Row, family: HouseholdIn, vault: Vault) -> Values:
    """Return what finds the family of a row; the rest stays empty."""
    return (
        *_named(row, family),
        vault.index_of("kk", family.kk_number),
        rows.fingerprint(family, vault.index_of),
        *(None,) * FAMILIES.sealed_columns,
    )


def _named(row: Row, family: HouseholdIn) -> Values:
    cycle = None if row.decile is None else cycle_of(family.registered_on)
    return (row.number, family.reference, family.desa_code, family.registered_on, row.decile, cycle)


def _made(row: Row, told: HouseholdIn, order: Order, vault: Vault) -> tuple[Values, list[Values]]:
    """Return the rows of a new family and of its members; who else names them is not known yet."""
    family = rows.household(
        told,
        household_id=new_id(),
        owners=defaultdict(set),
        vault=vault,
        registered_by=order.organisation,
    )
    whose = rows.Whose(family["id"], family["data_key"], vault)
    members = rows.members(told, whose, since_version=1, known={})
    values = (*_named(row, told), *FAMILIES.values_of(family), *_events(row, family))
    return values, [tuple(member.values()) for member in members]


def _events(row: Row, family: rows.HouseholdRow) -> Values:
    """Return the events as JSON; making thousands of models would take longer than sealing."""
    facts = {**family, "household_id": family["id"]}
    told = (new_id(), _json_of(HouseholdRegistered, facts))
    if row.decile is None:
        return (*told, None, None, None)
    day = family["registered_on"]
    facts |= {"cycle": cycle_of(day), "decile": row.decile, "reference_date": day}
    return (*told, new_id(), new_id(), _json_of(DecileRecorded, facts))


def _json_of(event: type[Event], facts: Mapping[str, object]) -> bytes:
    return orjson.dumps({name: facts[name] for name in event.model_fields})
