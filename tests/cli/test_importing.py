"""`anyam import` against a running gateway and a running registry: sent, followed, approved."""

import asyncio
import contextlib
import io
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import python_calamine

from cli import clients
from cli.app import main
from cli.importing import CHECKER, UPLOADER
from gateway.routes import Route, RouteTable
from services.registry.imports import jobs
from services.registry.settings import Settings
from tests.gateway.world import INTERNAL_KEY, gateway, served
from tests.registry.families import card
from tests.registry.imports.books import book, rows_of
from tests.registry.imports.files import COLUMNS, families, file_of, line
from tests.waiting import let_run
from tests.world import SECRETS, World

PAUSE_SECONDS = 0.1
IMPORTS = "/v1/household-imports"
ROUTES = RouteTable(
    Route(method, f"{IMPORTS}{path}", "registry", f"registry.imports:{verb}")
    for method, path, verb in (
        ("POST", "", "write"),
        ("GET", "/{import_id}", "read"),
        ("GET", "/{import_id}/errors", "read"),
        ("GET", "/{import_id}/events", "read"),
        ("GET", "/{import_id}/workbook", "write"),
        ("POST", "/{import_id}/approve", "approve"),
        ("POST", "/{import_id}/refuse", "approve"),
    )
)


@dataclass
class Terminal:
    """A terminal with the secrets of the clients, before a gateway."""

    gateway: str
    secrets: dict[str, str]

    async def run(self, client: str, *words: str) -> tuple[str, str]:
        """Run `anyam import` as a client; return what it printed, and its failure."""
        return await asyncio.to_thread(self._run, client, words)

    def _run(self, client: str, words: tuple[str, ...]) -> tuple[str, str]:
        out = io.StringIO()
        given = {
            "ANYAM_GATEWAY": self.gateway,
            "ANYAM_SECRET": self.secrets[client],
            "ANYAM_LANG": "en",
        }
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
            patch.setattr(sys, "argv", ["cli", "import", *words])
            for name, value in given.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main()
        return out.getvalue(), "" if end.value.code in {0, None} else str(end.value.code)


async def work_on(world: World) -> None:
    """Be the worker: deal with whatever file waits, until cancelled."""
    while True:
        await jobs.run_pending(world.registry.database, world.registry.app.state.vault)
        await let_run(PAUSE_SECONDS)


@pytest.fixture
async def terminal(world: World, tmp_path: Path) -> AsyncIterator[Terminal]:
    """Give a terminal, a gateway, a registry, and its worker."""
    secrets = clients.write(tmp_path / "keys")
    settings = Settings.model_validate(
        {
            "database_url": world.registry.database.url,
            "internal_jwks": json.dumps({"keys": [INTERNAL_KEY.as_dict(private=False)]}),
            **SECRETS,
        }
    )
    app = world.registry.module.create_app(settings)
    world.registry.used = True
    working = asyncio.create_task(work_on(world))
    known = tmp_path / "keys" / "clients.json"
    async with (
        served(app) as registry,
        gateway(tmp_path, upstream=registry, routes=ROUTES, clients_file=known) as door,
    ):
        yield Terminal(door.url, secrets)
    working.cancel()
    await asyncio.wait([working])
    await app.state.database.dispose()


async def test_a_file_is_sent_followed_and_approved_by_a_second_person(
    terminal: Terminal, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "keluarga.csv"
    file.write_text(families(1, 2))

    sent, _ = await terminal.run(UPLOADER, str(file))
    import_id = sent.split("--approve ")[1].split()[0]
    _, alone = await terminal.run(UPLOADER, "--client", UPLOADER, "--approve", import_id)
    approved, failure = await terminal.run(CHECKER, "--approve", import_id)

    assert "checked" in sent
    assert "Not allowed" in alone
    assert ("applied" in approved, failure) == (True, "")
    assert len((await world.registry.read("/v1/households"))["items"]) == 2


async def test_rejected_rows_are_shown_and_fetched(terminal: Terminal, tmp_path: Path) -> None:
    rows = rows_of(1, 2)
    rows[2][COLUMNS.index("kk_number")] = 3302050107150000
    file = tmp_path / "keluarga.xlsx"
    file.write_bytes(book(rows))

    told, failure = await terminal.run(UPLOADER, str(file))

    fetched = tmp_path / "keluarga-rejected.xlsx"
    assert ("B3" in told, "Excel drops digits" in told, failure) == (True, True, "")
    assert fetched.stat().st_mode & 0o777 == 0o600
    assert python_calamine.load_workbook(str(fetched)).sheet_names == ["keluarga"]


async def test_a_file_that_cannot_be_read_ends_with_a_sentence(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "keluarga.csv"
    file.write_bytes("nama;alamat\nSiti;Merdéka\n".encode("cp1252"))

    _, failure = await terminal.run(UPLOADER, str(file))

    assert "REG-0641" in failure
    assert "B2" in failure


async def test_a_file_without_a_usable_row_ends_with_a_failure(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "keluarga.csv"
    file.write_text(file_of([line(card(1), kk_number="1")]))

    told, failure = await terminal.run(UPLOADER, str(file))

    assert ("failed" in told, failure) == (True, "1")


async def test_a_wrong_secret_is_told(terminal: Terminal, tmp_path: Path) -> None:
    terminal.secrets[UPLOADER] = "wrong"
    file = tmp_path / "keluarga.csv"
    file.write_text(families(1))

    _, failure = await terminal.run(UPLOADER, str(file))

    assert "does not know the client" in failure
