"""Invented families straight into the tables, sealed as the registry seals them, by COPY.

For millions, which an import would bring in minutes with events and checks. COPY passes by row
security only for the database's superuser, whose address it therefore needs.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from uuid import UUID

import asyncpg

from kernel.ids import new_id
from services.registry.population.families import REGISTERED_ON, Country, Family
from services.registry.population.queries import desa_codes, next_number
from services.registry.vault import Seal, Vault

PROCESSES = 2
FAMILIES_A_COPY = 5_000
ADULTS_UNTIL_YEAR = 2006
RECORDED_AT = datetime(2025, 1, 15, tzinfo=UTC)
BY = "generated"

HOUSEHOLDS = (
    *("id", "version", "recorded_at", "changed_at", "reference", "data_key", "kk_number"),
    *("kk_index", "desa_code", "address", "phone", "registered_on", "registered_by", "status"),
    *("member_count", "adult_women", "livelihood", "warnings", "synthetic", "decile"),
    *("decile_cycle", "fingerprint"),
)
MEMBERS = (
    *("id", "since_version", "household_id", "position", "nik", "nik_index", "name", "sex"),
    *("birth_date", "birth_precision", "relation", "disabilities", "synthetic"),
)
VERSIONS = (
    *("household_id", "version", "effective_on", "recorded_at", "changed_by", "reason", "status"),
    *("desa_code", "member_count", "adult_women", "livelihood", "decile"),
)
Row = tuple[object, ...]


def load(url: str, vault: Vault, *, households: int, organisation: str) -> None:
    """Add so many families to those that were invented before, in several processes."""
    first = asyncio.run(_next_number(url))
    last, share = first + households, -(-households // PROCESSES)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        parts = [range(at, min(at + share, last)) for at in range(first, last, share)]
        started = [processes.submit(load_some, url, vault, part, organisation) for part in parts]
        for part in started:
            part.result()


async def _next_number(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return await next_number(connection)
    finally:
        await connection.close()


def load_some(url: str, vault: Vault, numbers: range, organisation: str) -> None:
    """Write the families of these numbers."""
    asyncio.run(_load(url, vault, numbers, organisation))


async def _load(url: str, vault: Vault, numbers: range, organisation: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        country = Country(await desa_codes(connection))
        for first in range(numbers.start, numbers.stop, FAMILIES_A_COPY):
            last = min(first + FAMILIES_A_COPY, numbers.stop)
            await _copy(connection, list(country.families(first, last)), vault, organisation)
    finally:
        await connection.close()


async def _copy(
    connection: "asyncpg.Connection", families: Sequence[Family], vault: Vault, organisation: str
) -> None:
    made = [Rows(new_id(), family, vault) for family in families]
    async with connection.transaction():
        for table, columns, rows in (
            ("households", HOUSEHOLDS, (each.household(organisation) for each in made)),
            ("household_members", MEMBERS, (row for each in made for row in each.members())),
            ("household_versions", VERSIONS, (each.version() for each in made)),
        ):
            await connection.copy_records_to_table(table, records=rows, columns=columns)


class Rows:
    """The rows of one family."""

    def __init__(self, household_id: UUID, family: Family, vault: Vault) -> None:
        self.id = household_id
        self._family, self._vault = family, vault
        self._data_key = vault.new_family_key(household_id)
        self._seal: Seal = vault.family(self._data_key, household_id)
        self._women = sum(
            member.sex == "female" and member.birth_date.year <= ADULTS_UNTIL_YEAR
            for member in family.members
        )

    def household(self, organisation: str) -> Row:
        """Return the family's row."""
        told, vault = self._family, self._vault
        return (
            *(self.id, 1, RECORDED_AT, RECORDED_AT, told.reference, self._data_key),
            self._sealed(told.kk_number, "kk_number"),
            vault.index_of("kk", told.kk_number),
            told.desa_code,
            self._sealed(told.address, "address"),
            self._sealed(told.phone, "phone"),
            *(REGISTERED_ON, organisation, "registered", len(told.members), self._women),
            *(self._livelihood(), "[]", True, told.decile, "2025Q1"),
            vault.index_of("generated", told.reference),
        )

    def members(self) -> Iterator[Row]:
        """Give the rows of the members."""
        for position, member in enumerate(self._family.members):
            member_id = new_id()
            nik, name = (
                self._seal.seal(text, place=f"household_members.{column}", row_id=member_id)
                for column, text in (("nik", member.nik), ("name", member.name))
            )
            yield (
                *(member_id, 1, self.id, position, nik, self._vault.index_of("nik", member.nik)),
                *(name, member.sex, member.birth_date, "day", member.relation, "[]", True),
            )

    def version(self) -> Row:
        """Return the row of what was known at the registration."""
        told = self._family
        return (
            *(self.id, 1, REGISTERED_ON, RECORDED_AT, BY, BY, "registered", told.desa_code),
            *(len(told.members), self._women, self._livelihood(), told.decile),
        )

    def _sealed(self, text: str, column: str) -> bytes:
        return self._seal.seal(text, place=f"households.{column}", row_id=self.id)

    def _livelihood(self) -> str | None:
        if self._family.skill is None:
            return None
        return json.dumps(
            {
                "skills": [self._family.skill],
                "productive_members": 2,
                "micro_business": self._family.skill == "weaving",
                "business": None,
                "assets": [],
            }
        )
