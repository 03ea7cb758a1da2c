"""PostgreSQL itself hides the rows that an actor may not see, whatever a query forgot to ask."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from kernel.auth import Actor
from kernel.db import Database
from kernel.sight import NOBODY, SYSTEM, Sight
from tests.people import KEMENSOS, OOA, OTHER_PARTNER, PNM, person
from tests.registry.families import card
from tests.world import World

PLACES = ("33.02.05.2007", "33.02.23.2010", "33.01.01.2001", "34.02.01.2001")
REGIONS: tuple[tuple[str, ...], ...] = (
    (),
    ("33",),
    ("33.02",),
    ("33.02.05",),
    ("33.02.05.2007",),
    ("34.02", "33.01"),
    ("3",),
    ("33.0",),
    ("99",),
)
OF_FAMILIES = {"household_id", "first_id", "survivor_id"}
MACHINES = {
    "dci_changes",
    "dci_collected",
    "dci_last_joined",
    "dtsen_lines",
    "duplicate_waiting",
    "facilitator_graduations",
    "import_rows",
}
"""Tables that only the worker reads, or that a file's or a pendamping's own sight guards."""
HANGING = ("household_members", "household_versions", "assistance")


@dataclass(frozen=True)
class Known:
    """A family as the oracle knows it."""

    id: str
    desa_code: str
    registered_by: str


def oracle(actor: Actor, families: Sequence[Known]) -> set[str]:
    """Return the ids of those whom the actor may see, by plain Python."""
    own = actor.kind in {"partner", "provider"}
    return {
        family.id
        for family in families
        if actor.sees_region(family.desa_code)
        and (not own or family.registered_by == actor.organisation)
    }


async def peopled(world: World) -> list[Known]:
    """Register a family a place and organisation, with aid."""
    made = []
    for number, (place, who) in enumerate((p, w) for p in PLACES for w in (KEMENSOS, OOA)):
        told = card(number + 1, desa_code=place)
        answer = await world.registry.do("/v1/households", told, as_=who)
        made.append(Known(str(answer["id"]), place, who.organisation))
        aid = {"household_id": answer["id"], "scheme": "pkh", "started_on": "2025-01-20"}
        await world.registry.do("/v1/assistance", aid)
    return made


async def seen(database: Database, sight: Sight, table: str = "households") -> set[str]:
    """Return the families whose rows of a table a transaction sees that asks for all."""
    column = "id" if table == "households" else "household_id"
    async with database.transaction(sight) as uow:
        query = sa.text(f"SELECT DISTINCT {column} FROM {table}")  # noqa: S608 - our own tables
        return {str(each) for each in (await uow.execute(query)).scalars()}


@pytest.fixture
async def families(world: World) -> list[Known]:
    """Give families of two organisations in four desa."""
    return await peopled(world)


async def test_every_actor_sees_what_the_oracle_says(world: World, families: list[Known]) -> None:
    database = world.registry.database
    actors = [
        person(who.subject, organisation=who.organisation, kind=who.kind, regions=regions)
        for who in (KEMENSOS, OOA, OTHER_PARTNER, PNM)
        for regions in REGIONS
    ]

    found = [await seen(database, Sight.of(actor)) for actor in actors]

    assert found == [oracle(actor, families) for actor in actors]
    assert await seen(database, SYSTEM) == {family.id for family in families}


@pytest.mark.parametrize("table", HANGING)
async def test_what_hangs_on_a_family_is_seen_with_it(
    world: World, families: list[Known], table: str
) -> None:
    actor = person("officer", organisation="kemensos", regions=("33.02",))

    found = await seen(world.registry.database, Sight.of(actor), table)

    assert found == oracle(actor, families) != set()


async def test_who_says_nothing_sees_nothing(world: World, families: list[Known]) -> None:
    async with world.registry.database.engine.connect() as silent:
        rows = (await silent.execute(sa.text("SELECT count(*) FROM households"))).scalar_one()
    nobodys = await seen(world.registry.database, NOBODY)

    assert families
    assert (rows, nobodys) == (0, set())


async def test_an_emptied_setting_sees_nothing(world: World, families: list[Known]) -> None:
    """The setting of an ended transaction is left behind as an empty text, not as unset."""
    async with world.registry.database.engine.connect() as connection:
        await connection.execute(sa.text("SELECT set_config('anyam.sight', 'all', true)"))
        await connection.rollback()
        rows = (await connection.execute(sa.text("SELECT count(*) FROM households"))).scalar_one()

    assert families
    assert rows == 0


async def test_nobody_writes_a_family_out_of_sight(world: World, families: list[Known]) -> None:
    officer = Sight.of(person("officer", organisation="kemensos", regions=("34.02",)))
    moved = sa.text("UPDATE households SET registered_by = 'thief' WHERE desa_code = :place")
    out_of_sight = sa.text("UPDATE households SET desa_code = :place")

    async with world.registry.database.transaction(officer) as uow:
        changed = (await uow.execute(moved, {"place": PLACES[0]})).rowcount
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        async with world.registry.database.transaction(officer) as uow:
            await uow.execute(out_of_sight, {"place": PLACES[0]})

    assert families
    assert changed == 0


async def test_every_table_of_families_is_protected_and_forced(world: World) -> None:
    names = sorted(
        table.name
        for table in world.registry.module.SERVICE.tables.metadata.sorted_tables
        if table.name == "households" or OF_FAMILIES & set(table.columns.keys())
        if table.name not in MACHINES
    )
    query = sa.text(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        " AND relname = ANY(:names) ORDER BY relname"
    )

    async with world.registry.database.engine.connect() as connection:
        protected = list((await connection.execute(query, {"names": names})).scalars())

    assert protected == names
