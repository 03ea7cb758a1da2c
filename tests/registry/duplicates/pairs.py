"""Families of tests that may be one, and what people do about them."""

from copy import deepcopy
from datetime import date

import sqlalchemy as sa

from services.registry.duplicates import jobs
from services.registry.duplicates.traces import Tracer
from tests.people import KEMENSOS_CHECKER
from tests.registry.families import KEBASEN, Card, Told, card, nik
from tests.world import Json, World

TICKETS = "/v1/duplicate-tickets"


def again(told: Card, number: int, *, niks: bool = True, phone: str | None = None) -> Card:
    """Return the same family as another office wrote it down; without `niks`, all mistyped."""
    other = deepcopy(told)
    other["reference"] = f"AGAIN-{number:04}"
    other["kk_number"] = card(5000 + number)["kk_number"]
    other["phone"] = phone or f"0813{number:08}"
    if not niks:
        for nth, member in enumerate(other["members"]):
            born = date.fromordinal(date(1950, 1, 1).toordinal() + number * 40 + nth)
            member["nik"] = nik(KEBASEN, born, woman=member["sex"] == "female")
    return other


def child(born: date, name: str) -> Told:
    """Return a son."""
    return Told(
        nik=nik(KEBASEN, born, woman=False),
        name=name,
        sex="male",
        birth_date=born.isoformat(),
        relation="child",
    )


async def register(world: World, told: Card) -> str:
    """Register a family, and return its id."""
    return str((await world.registry.do("/v1/households", told))["id"])


async def compare(world: World) -> None:
    """Let the events arrive, and the worker compare whatever waits."""
    await world.settle()
    await jobs.run_pending(world.registry.database, tracer_of(world))


def tracer_of(world: World) -> Tracer:
    """Return what makes traces with the keys of the tests."""
    return Tracer(world.registry.app.state.vault)


async def tickets(world: World, query: str = "") -> list[dict[str, Json]]:
    """Return the queue."""
    page = await world.registry.read(f"{TICKETS}{query}")
    items: list[dict[str, Json]] = page["items"]
    return items


async def the_ticket(world: World) -> dict[str, Json]:
    """Return the one ticket there is."""
    [ticket] = await tickets(world)
    return ticket


async def pair(world: World, told: Card | None = None) -> tuple[str, str, str]:
    """Register a family twice; return its two ids, and the ticket's."""
    told = told or card(1)
    first = await register(world, told)
    second = await register(world, again(told, 1))
    await compare(world)
    return first, second, (await the_ticket(world))["id"]


async def merged(
    world: World, ticket: str, *, into: str, moves: list[dict[str, str]] | None = None
) -> dict[str, Json]:
    """Merge a pair, as one person proposes and another confirms."""
    proposal = {"survivor_id": into, "moves": moves or []}
    await world.registry.do(f"{TICKETS}/{ticket}/propose-merge", proposal)
    return await world.registry.do(f"{TICKETS}/{ticket}/confirm-merge", as_=KEMENSOS_CHECKER)


async def undone(world: World, ticket: str) -> dict[str, Json]:
    """Undo a merge."""
    return await world.registry.do(f"{TICKETS}/{ticket}/undo-merge", as_=KEMENSOS_CHECKER)


PICTURE = {
    "household": "SELECT to_jsonb(t) FROM households t WHERE id = ANY(:ids)",
    "members": "SELECT to_jsonb(t) FROM household_members t"
    " WHERE household_id = ANY(:ids) AND until_version IS NULL",
    "aid": "SELECT to_jsonb(t) FROM assistance t"
    " WHERE household_id = ANY(:ids) AND end_reason IS DISTINCT FROM 'unmerged'",
    "caseload": "SELECT to_jsonb(t) FROM caseload_assignments t WHERE household_id = ANY(:ids)",
    "deciles": "SELECT to_jsonb(t) FROM decile_records t WHERE household_id = ANY(:ids)",
}
TOLD_BY_HISTORY = {"version", "changed_at"}


async def picture(world: World, *ids: str) -> dict[str, list[Json]]:
    """Return every row that says how the families are now, whatever their history says."""
    found: dict[str, list[Json]] = {}
    async with world.registry.database.transaction() as uow:
        for what, query in PICTURE.items():
            told = sa.text(query).bindparams(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid())))
            rows = (await uow.execute(told, {"ids": list(ids)})).scalars().all()
            kept = [{k: v for k, v in row.items() if k not in TOLD_BY_HISTORY} for row in rows]
            found[what] = sorted(kept, key=lambda row: str(row["id"]))
    return found
