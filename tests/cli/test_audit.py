"""The ledger on the command line: exported through the gateway, verified without any of it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli import clients, running
from cli.places import Places
from gateway.routes import RouteTable
from gateway.settings import Settings as GatewaySettings
from services.registry.app import create_app
from services.registry.settings import Settings
from tests.cli.terminal import Terminal, Told
from tests.gateway.world import INTERNAL_KEY, gateway, served
from tests.registry.families import registered
from tests.registry.sharing.partners import TRAINER, agreed, shared
from tests.world import World

ROUTES = RouteTable.read(GatewaySettings.model_fields["routes_file"].default)


@pytest.fixture
async def auditor(world: World, tmp_path: Path) -> AsyncIterator[Terminal]:
    """Give a terminal beside a platform: the gateway before the registry."""
    places = Places(tmp_path / "var")
    clients.write(places.keys)
    keys = json.dumps({"keys": [INTERNAL_KEY.as_dict(private=False)]})
    settings: Settings = world.registry.app.state.settings
    app = create_app(settings.model_copy(update={"internal_jwks": keys}))
    known, register = places.keys / "clients.json", running.Register(places.run)
    async with (
        served(app) as upstream,
        gateway(tmp_path, upstream=upstream, routes=ROUTES, clients_file=known) as door,
    ):
        with register.held():
            register.write(running.describe(gateway=door.url, addresses={}, databases={}))
            yield Terminal(places.var)
    await app.state.database.dispose()


@pytest.fixture
async def ledger(world: World, auditor: Terminal, tmp_path: Path) -> Path:
    """Give the folder of an exported ledger: rows, heads and keys."""
    await registered(world, 1)
    await agreed(world)
    for _ in range(3):
        await shared(world, TRAINER)
    folder = tmp_path / "ledger"
    folder.mkdir()
    told = await auditor.run(
        "audit",
        "export",
        str(folder / "rows.jsonl"),
        "--heads",
        str(folder / "heads"),
        "--keys",
        str(folder / "keys.json"),
    )
    assert told.out.startswith("3 rows written"), told.err
    return folder


async def verified(auditor: Terminal, ledger: Path, *more: str) -> Told:
    """Verify an exported ledger against its heads."""
    head, keys = str(ledger / "heads"), str(ledger / "keys.json")
    words = ("audit", "verify", str(ledger / "rows.jsonl"), "--head", head, "--keys", keys, *more)
    return await auditor.run(*words, ANYAM_GATEWAY="http://127.0.0.1:9")


async def test_an_exported_ledger_is_whole_and_verified_offline(
    auditor: Terminal, ledger: Path
) -> None:
    told = await verified(auditor, ledger)

    assert (told.code, told.out) == (0, "Whole: 3 rows, up to the head that was signed at row 3.\n")


@pytest.mark.parametrize(
    ("tampering", "says"),
    [
        (lambda rows: [rows[0], rows[1].replace("kemenperin", "nobody"), rows[2]], "Row 2 was cha"),
        (lambda rows: [rows[0], rows[2]], "Row 2 was removed."),
        (lambda rows: rows[:2], "The tail was cut off: the rows 3 to 3 are gone."),
        (lambda rows: [rows[1], rows[0], rows[2]], "Row 1 was moved elsewhere."),
        (lambda rows: [rows[0], rows[0], *rows[1:]], "Row 1 was added: it stands twice."),
        (lambda rows: ["junk", *rows[1:]], "Line 1 of the file is no row of a ledger."),
    ],
    ids=["changed", "removed", "cut", "moved", "added", "junk"],
)
async def test_the_first_bad_row_is_named(
    auditor: Terminal, ledger: Path, tampering: object, says: str
) -> None:
    file = ledger / "rows.jsonl"
    assert callable(tampering)

    file.write_text("\n".join(tampering(file.read_text().splitlines())))
    told = await verified(auditor, ledger)

    assert told.code == 1
    assert told.err.startswith(says)


async def test_a_forged_head_is_named(auditor: Terminal, ledger: Path) -> None:
    heads = ledger / "heads"

    heads.write_text(heads.read_text()[:-8] + "AAAAAAA\n")
    told = await verified(auditor, ledger)

    assert (told.code, told.err) == (1, "A head is forged: these keys did not sign it.")


async def test_without_a_head_the_verifier_says_what_it_cannot_see(
    auditor: Terminal, ledger: Path
) -> None:
    told = await auditor.run("audit", "verify", str(ledger / "rows.jsonl"))

    assert told.code == 0
    assert "a tail that was cut off does not show" in told.out


async def test_a_part_is_verified_behind_a_head_that_was_signed_there(
    auditor: Terminal, ledger: Path
) -> None:
    refused = await verified(auditor, ledger, "--after", "2")

    (ledger / "rows.jsonl").write_text("")
    told = await verified(auditor, ledger, "--after", "3")

    assert (refused.code, refused.err) == (1, "No head was signed at row 2.")
    assert told.out.startswith("Whole: 3 rows")
