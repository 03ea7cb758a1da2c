"""Household files of tests, and following them through the worker."""

import csv
import io
from collections.abc import Iterable, Mapping

from kernel.timers import Timer
from services.registry.app import service
from services.registry.imports import jobs
from tests.people import KEMENSOS_CHECKER
from tests.registry.families import Card, card
from tests.world import Json, World

COLUMNS = [
    "reference",
    "kk_number",
    "desa_code",
    "registered_on",
    "phone",
    "address",
    "decile",
    *(
        f"member_{number}_{name}"
        for number in (1, 2)
        for name in ("nik", "name", "sex", "birth_date", "relation")
    ),
]


def line(told: Card, **cells: str) -> dict[str, str]:
    """Return a family as a line of a file, with some cells written otherwise."""
    values = {name: str(value) for name, value in told.items() if name != "members"}
    for number, member in enumerate(told["members"], start=1):
        values |= {f"member_{number}_{name}": str(value) for name, value in member.items()}
    return {**values, **cells}


def file_of(lines: Iterable[Mapping[str, str]], *, delimiter: str = ",") -> str:
    """Return a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def families(*numbers: int) -> str:
    """Return a file of these families."""
    return file_of(line(card(number)) for number in numbers)


async def upload(world: World, text: str | bytes, **rest: Json) -> Json:
    """Send a file, and return the response."""
    return await world.registry.call(
        "POST",
        "/v1/household-imports?filename=families.csv",
        content=text,
        headers={"Content-Type": "text/csv; charset=utf-8"},
        **rest,
    )


def timer(world: World) -> Timer:
    """Return the worker's timer that moves files on."""
    state = world.registry.app.state
    timers = service(state.settings, state.vault).timers
    return next(t for t in timers if isinstance(t, Timer) and t.name == "registry.imports")


async def work(world: World) -> None:
    """Let the worker deal with every file that waits."""
    await jobs.run_pending(world.registry.database, world.registry.app.state.vault)


async def checked(world: World, text: str) -> Json:
    """Send a file, let it be checked, and return how it stands."""
    job = (await upload(world, text)).json()
    await work(world)
    return await world.registry.read(f"/v1/household-imports/{job['id']}")


async def applied(world: World, text: str) -> Json:
    """Send a file, let it be checked, approved and applied, and return how it stands."""
    path = f"/v1/household-imports/{(await checked(world, text))['id']}"
    await world.registry.do(f"{path}/approve", as_=KEMENSOS_CHECKER)
    await work(world)
    return await world.registry.read(path)


async def faults(world: World, job: Json, *, language: str = "en") -> list[Json]:
    """Return the wrong cells of a file."""
    page = await world.registry.read(
        f"/v1/household-imports/{job['id']}/errors?limit=200",
        headers={"Accept-Language": language},
    )
    items: list[Json] = page["items"]
    return items
