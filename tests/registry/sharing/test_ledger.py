"""The access ledger: chained soon after, signed, only added to, and answering who read whom."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from contracts.registry import AccessLedgerSealed
from kernel import audit
from kernel.audit import Head, Link, Tampered
from tests.people import KEMENPERIN
from tests.registry.families import registered
from tests.registry.sharing.partners import (
    ORGANISER,
    TRAINER,
    accesses,
    agreed,
    shared,
    token_of,
)
from tests.world import Json, World

LEDGER = "/v1/access-ledger"
ANON = {"Authorization": ""}


async def sealed(world: World) -> None:
    """Let the sealer and the signer have a turn."""
    await world.registry.do(f"{LEDGER}/heads")


async def exported(world: World) -> list[str]:
    """Export the ledger as the verifier reads it."""
    page = await world.registry.read(f"{LEDGER}/rows")
    return [Link(**row).line() for row in page["items"]]


async def heads(world: World) -> list[Head]:
    """Read the signed heads, as anybody may, and check their signatures."""
    listed = (await world.registry.http.get(f"{LEDGER}/heads")).json()["items"]
    keys = (await world.registry.http.get(f"{LEDGER}/keys")).json()
    return audit.read_heads([head["token"] for head in listed], jwks=keys)


async def run(world: World, statement: str) -> None:
    """Do something to the tables behind the service's back."""
    async with world.registry.database.engine.begin() as connection:
        await connection.execute(sa.text(statement))


async def past_the_guard(world: World, table: str, statement: str) -> None:
    """Do it as one who owns the tables can: switch the guard off."""
    await run(world, f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await run(world, f"GRANT ALL ON {table} TO CURRENT_USER")
    await run(world, statement)
    await run(world, f"REVOKE UPDATE, DELETE ON {table} FROM CURRENT_USER")
    await run(world, f"ALTER TABLE {table} ENABLE TRIGGER USER")


async def read_thrice(world: World) -> list[str]:
    """Let Kemenperin read two families three times; return the families."""
    families = await registered(world, 1, 2)
    await agreed(world)
    for _ in range(3):
        await shared(world, TRAINER)
    await sealed(world)
    return families


async def test_what_was_read_is_chained_and_verifies_against_the_published_head(
    world: World,
) -> None:
    await read_thrice(world)

    lines, signed = await exported(world), await heads(world)

    assert audit.verify(lines, heads=signed) == 3
    [told] = await world.published(AccessLedgerSealed)
    assert (told.number, told.hash) == (3, signed[0].hash)


async def test_readings_and_sealers_at_once_leave_one_whole_chain(world: World) -> None:
    await registered(world, 1)
    await agreed(world)

    readings = (shared(world, TRAINER) for _ in range(12))
    await asyncio.gather(*readings, *(sealed(world) for _ in range(4)))
    await sealed(world)

    assert audit.verify(await exported(world), heads=await heads(world)) == 12


async def test_a_head_is_signed_once_and_the_chain_goes_on_behind_it(world: World) -> None:
    await read_thrice(world)
    await sealed(world)

    await shared(world, TRAINER)
    await sealed(world)

    assert [head.number for head in await heads(world)] == [3, 4]
    assert audit.verify(await exported(world), heads=await heads(world)) == 4


@pytest.mark.parametrize(
    ("table", "statement", "finding"),
    [
        (
            "accesses",
            "UPDATE accesses SET actor = 'other' WHERE id = (SELECT entry_id FROM audit_links"
            " WHERE number = 2)",
            ("changed", 2),
        ),
        (
            "accesses",
            "DELETE FROM accesses WHERE id = (SELECT entry_id FROM audit_links WHERE number = 2)",
            ("removed", 2),
        ),
        ("audit_links", "DELETE FROM audit_links WHERE number = 3", ("cut", 3)),
    ],
    ids=["changed", "deleted", "tail cut"],
)
async def test_tampering_in_the_database_is_named_by_the_verifier(
    world: World, table: str, statement: str, finding: tuple[str, int]
) -> None:
    await read_thrice(world)

    await past_the_guard(world, table, statement)

    with pytest.raises(Tampered) as caught:
        audit.verify(await exported(world), heads=await heads(world))
    assert (caught.value.finding.tampering, caught.value.finding.row) == finding


@pytest.mark.parametrize("table", ["accesses", "audit_links", "audit_heads", "sharing_terms"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
async def test_the_ledger_is_only_ever_added_to(world: World, table: str, verb: str) -> None:
    await read_thrice(world)
    column = {"accesses": "actor", "sharing_terms": "title"}.get(table, "number")

    with pytest.raises(DBAPIError):
        await run(world, verb.format(table, column, column))


async def test_a_refused_reading_leaves_no_row_and_a_reading_of_nothing_does(world: World) -> None:
    await agreed(world)
    await world.registry.get(
        "/v1/shared-households", as_=ORGANISER, params={"purpose": "empowerment"}
    )

    await shared(world, TRAINER)
    await sealed(world)

    [row] = (await world.registry.read(f"{LEDGER}/rows"))["items"]
    assert (row["entry"]["organisation"], row["entry"]["household_ids"]) == ("kemenperin", [])


async def test_a_family_sees_each_reading_the_newest_first_page_by_page(world: World) -> None:
    [family, _] = await read_thrice(world)

    first = await world.registry.read(f"/v1/households/{family}/accesses", params={"limit": 2})
    rest = await world.registry.read(
        f"/v1/households/{family}/accesses", params={"cursor": first["next"]}
    )

    times = [access["at"] for access in (*first["items"], *rest["items"])]
    assert (len(times), times) == (3, sorted(times, reverse=True))
    assert rest["next"] is None


async def test_a_breach_report_tells_who_was_exposed_by_whom_between_two_moments(
    world: World,
) -> None:
    families = await read_thrice(world)
    await agreed(world, number="MOU-2", party="kemenkopukm")
    token = await token_of(world, ORGANISER)
    await world.registry.read(
        f"/v1/shared-households/{token}", as_=ORGANISER, params={"purpose": "empowerment"}
    )

    report = await exposures(world)
    theirs = await exposures(world, organisation="kemenkopukm", client_id="kemenkopukm-organiser")
    listed = await exposures(world, "/families", actor_subject=KEMENPERIN.subject)

    assert report["families"] == 2
    assert [(r["organisation"], r["readings"], r["families"]) for r in report["readers"]] == [
        ("kemenperin", 3, 2),
        ("kemenkopukm", 2, 2),
    ]
    assert (theirs["families"], "nik" in theirs["fields"]) == (2, True)
    assert sorted(row["household_id"] for row in listed["items"]) == sorted(families)
    assert {row["readings"] for row in listed["items"]} == {3}


async def test_outside_its_window_a_breach_report_is_empty(world: World) -> None:
    await read_thrice(world)

    report = await exposures(world, until=datetime.now(UTC) - timedelta(hours=1))

    assert (report["families"], report["readers"], report["fields"]) == (0, [], [])


async def test_a_breach_report_is_of_a_window_that_can_be_counted(world: World) -> None:
    now = datetime.now(UTC)
    path = f"{LEDGER}/exposures"

    async def asked(days: int, **more: str) -> tuple[int, str | None]:
        window = {"since": str(now - timedelta(days=days)), "until": str(now), **more}
        answer = await world.registry.get(path, params=window)
        return answer.status_code, answer.json().get("code")

    assert await asked(31) == await asked(366, client_id="kemenperin") == (200, None)
    assert await asked(32) == (400, "REG-0840")
    assert await asked(-1) == (400, "REG-0841")


async def test_the_ledger_takes_its_scope_and_its_heads_none(world: World) -> None:
    [family] = await registered(world, 1)

    refused = [
        await world.registry.get(path, as_=TRAINER)
        for path in (f"{LEDGER}/rows", f"/v1/households/{family}/accesses")
    ]
    head = await world.registry.http.get(f"{LEDGER}/heads")

    assert [answer.status_code for answer in refused] == [403, 403]
    assert (head.status_code, await accesses(world, family)) == (200, [])


async def exposures(world: World, path: str = "", **asked: Json) -> dict[str, Json]:
    """Ask for a breach report of the last hours."""
    now = datetime.now(UTC)
    window = {"since": now - timedelta(hours=2), "until": now + timedelta(hours=1), **asked}
    told = {name: str(value) for name, value in window.items()}
    return await world.registry.read(f"{LEDGER}/exposures{path}", params=told)
