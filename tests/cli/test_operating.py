"""The operator's commands against a running gateway, a running service and a real database."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from cli import clients, running
from cli.places import Places
from cli.postgres import EmbeddedPostgres
from gateway.routes import RouteTable
from gateway.settings import Settings
from kernel.db import Database
from kernel.settings import ServiceSettings
from kernel.subscriptions import NotYet
from kernel.transport.memory import MemoryTransport
from kernel.worker import Worker
from tests.cli.terminal import Terminal
from tests.gateway.world import INTERNAL_KEY, gateway, served, unused_url
from tests.kernel.messaging.desk import service_of
from tests.kernel.messaging.post import TABLES, ParcelRefused, Post
from tests.world import Json

CONSUMER = "export.tracking"
MOMENT_OF_FAILURE = r"^failed_at +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"
WAIT_LONG = (
    "UPDATE parked SET next_attempt_at = now() + interval '1 hour' WHERE error_class = 'NotYet'"
)
ROUTES = RouteTable.read(Settings.model_fields["routes_file"].default)


@dataclass
class PostTerminal(Terminal):
    """A terminal in a clone whose platform has the post office as `export`."""

    post: Post

    async def letters(self, *words: str) -> list[Json]:
        """Return the dead letters that `list` prints for programs."""
        told = await self.run("dead-letters", "list", "--service", "export", "--json", *words)
        assert told.code == 0, told.err
        letters: list[Json] = told.json
        return letters

    async def keys(self) -> list[Json]:
        """Return the keys that `parked list` prints for programs."""
        told = await self.run("parked", "list", "--consumer", CONSUMER, "--json")
        assert told.code == 0, told.err
        keys: list[Json] = told.json
        return keys


@pytest.fixture(scope="session")
async def offices(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    """Give a database with the tables of a post office."""
    database = Database(postgres.create_database("cli_post"), service="export")
    async with database.engine.begin() as connection:
        await connection.run_sync(TABLES.create_all)
    yield database
    await database.dispose()


@pytest.fixture
async def post(offices: Database) -> AsyncIterator[Post]:
    """Give a post office without a row, called like a consumer of `export`."""
    async with offices.engine.begin() as connection:
        for table in TABLES.sorted_tables:
            await connection.execute(table.delete())
    office = Post(offices, MemoryTransport(), group=CONSUMER)
    await Worker(offices, "export", office.transport, []).remember_lag(CONSUMER, 0)
    yield office
    await office.close()


@pytest.fixture
async def terminal(post: Post, tmp_path: Path) -> AsyncIterator[PostTerminal]:
    """Give a terminal beside a platform: the gateway before the post office."""
    places = Places(tmp_path / "var")
    clients.write(places.keys)
    settings = ServiceSettings(
        database_url=post.database.url,
        internal_jwks=json.dumps({"keys": [INTERNAL_KEY.as_dict(private=False)]}),
        signing_key="post",
    )
    app = service_of(post, name="export").app(settings)
    known, register = places.keys / "clients.json", running.Register(places.run)
    async with (
        served(app) as url,
        gateway(tmp_path, upstream=url, routes=ROUTES, clients_file=known) as door,
    ):
        with register.held():
            register.write(running.describe(gateway=door.url, addresses={}, databases={}))
            yield PostTerminal(places.var, post)
    await app.state.database.dispose()


async def refuse(post: Post, *numbers: int) -> str:
    """Let moves of one parcel end as dead letters; return its key."""
    parcel = uuid4()
    for number in numbers:
        post.trouble.errors[parcel, number] = ParcelRefused()
    await post.move(parcel, *numbers)
    await post.pump()
    post.trouble.errors.clear()
    return str(parcel)


async def park(post: Post, *numbers: int) -> str:
    """Let the first of these moves of one parcel fail for now, and wait long; return its key."""
    parcel = uuid4()
    post.trouble.errors[parcel, numbers[0]] = NotYet()
    await post.move(parcel, *numbers)
    await post.pump()
    post.trouble.errors.clear()
    async with post.database.engine.begin() as connection:
        await connection.execute(sa.text(WAIT_LONG))
    return str(parcel)


async def test_dead_letters_are_listed_and_shown(post: Post, terminal: PostTerminal) -> None:
    key = await refuse(post, 1)

    listed = await terminal.run("dead-letters", "list", "--consumer", CONSUMER)
    [letter] = await terminal.letters()
    shown = await terminal.run("dead-letters", "show", letter["id"], "--service", "export")

    assert (letter["key"], letter["service"]) == (key, "export")
    [head, row] = listed.out.splitlines()
    assert head.split()[:3] == ["id", "consumer", "type"]
    assert row.split()[:4] == [letter["id"], CONSUMER, "post.parcel.moved.v1", "ParcelRefused"]
    assert re.search(MOMENT_OF_FAILURE, shown.out, re.MULTILINE)
    assert "header_names" in shown.out


async def test_a_list_can_be_narrowed_and_bounded(post: Post, terminal: PostTerminal) -> None:
    await refuse(post, 1, 2, 3)

    bounded = await terminal.run("dead-letters", "list", "--consumer", CONSUMER, "--limit", "2")

    assert len(bounded.out.splitlines()) == 4
    assert bounded.out.endswith("There may be more: --limit.\n")
    assert len(await terminal.letters("--event-type", "post.parcel.moved.v1")) == 3
    assert await terminal.letters("--until", "2020-01-01T00:00") == []
    assert len(await terminal.letters("--from", "2020-01-01")) == 3
    none = await terminal.run("dead-letters", "list", "--service", "export", "--state", "redriven")
    assert none.out == "There are none.\n"


async def test_one_dead_letter_is_sent_round(post: Post, terminal: PostTerminal) -> None:
    await refuse(post, 1)
    [letter] = await terminal.letters()
    command = ("dead-letters", "redrive", letter["id"], "--service", "export")

    first = await terminal.run(*command)
    await post.pump()
    second = await terminal.run(*command)

    assert first.code == 0
    assert first.out.startswith(f"Dead letter {letter['id']} goes round again")
    assert await post.count("effect") == 1
    assert second.code == 1
    assert second.err.startswith("Dead letter sent round before: ")
    assert "(KER-0042, request_id " in second.err
    assert [each["id"] for each in await terminal.letters("--state", "redriven")] == [letter["id"]]


async def test_a_window_is_sent_round_to_its_end(post: Post, terminal: PostTerminal) -> None:
    key = await refuse(post, 1, 2, 3, 4, 5)

    told = await terminal.run(
        "dead-letters", "redrive-window", "--consumer", CONSUMER, "--batch", "2"
    )
    await post.pump()
    again = await terminal.run("dead-letters", "redrive-window", "--consumer", CONSUMER, "--json")
    nothing = await terminal.run("dead-letters", "redrive-window", "--consumer", CONSUMER)

    assert told.out.splitlines() == [
        "2 sent round, 3 left",
        "4 sent round, 1 left",
        "5 sent round, 0 left",
    ]
    assert await post.tracked(UUID(key)) == [1, 2, 3, 4, 5]
    assert again.json == {"redriven": 0}
    assert nothing.out == "Nothing waits there.\n"


async def test_keys_that_wait_are_listed_and_released(post: Post, terminal: PostTerminal) -> None:
    keys = [await park(post, 1, 2), await park(post, 1)]
    listed = await terminal.run("parked", "list", "--service", "export")

    one = ("--consumer", CONSUMER, "--topic", "post.parcel", "--key", keys[0])
    alone = await terminal.run("parked", "release", *one)
    rest = await terminal.run("parked", "release", "--consumer", CONSUMER, "--json")
    await post.pump()

    assert [key in listed.out for key in keys] == [True, True]
    assert (alone.out, rest.json) == ("keys tried now: 1\n", {"keys": 1})
    assert await terminal.keys() == []
    assert await post.count("effect") == 3


async def test_a_head_is_given_up(post: Post, terminal: PostTerminal) -> None:
    await park(post, 1, 2)
    [key] = await terminal.keys()

    told = await terminal.run("parked", "bury", str(key["position"]), "--service", "export")
    await post.pump()

    assert told.code == 0
    assert key["behind"] == 1
    assert [letter["event_id"] for letter in await terminal.letters()] == [key["event_id"]]
    assert await post.count("effect") == 1


@pytest.mark.parametrize(
    ("words", "indonesian", "english"),
    [
        (
            ("dead-letters", "list", "--consumer", "export.trakcing"),
            "Konsumen tidak dikenal: ",
            "No such consumer: ",
        ),
        (
            ("dead-letters", "show", str(uuid4()), "--service", "export"),
            "Surat mati tidak ditemukan: ",
            "No such dead letter: ",
        ),
        (
            ("parked", "bury", "1", "--service", "export"),
            "Tidak ada yang menunggu: ",
            "Nothing waits there: ",
        ),
        (
            ("parked", "list", "--service", "exprot"),
            "Tidak ada layanan exprot: ",
            "There is no service exprot: ",
        ),
        (
            ("dead-letters", "list", "--from", "yesterday"),
            "yesterday bukan waktu: ",
            "yesterday is no time: ",
        ),
        (
            ("dead-letters", "list", "--consumer", "export.tracking", "--state", "lost"),
            "Isi permintaan tidak sah: ",
            "Request not valid: ",
        ),
        (
            ("parked", "release", "--consumer", "export.tracking", "--key", "k"),
            "Sebut --topic dan --key bersama",
            "Name --topic and --key together",
        ),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_in_the_language_of_the_terminal(
    terminal: PostTerminal, words: tuple[str, ...], indonesian: str, english: str
) -> None:
    told = [await terminal.run(*words, ANYAM_LANG=language) for language in ("id", "en")]

    assert [each.code for each in told] == [1, 1]
    assert [each.err.count("\n") for each in told] == [0, 0]
    assert told[0].err.startswith(indonesian), told[0].err
    assert told[1].err.startswith(english), told[1].err


async def test_another_platform_is_reached_with_the_secret_of_its_operator(
    post: Post, terminal: PostTerminal
) -> None:
    await refuse(post, 1)
    here = running.required(running.Register(terminal.var / "run")).gateway
    secret = json.loads((terminal.var / "keys" / "credentials.json").read_text())["operator"]
    terminal.var = terminal.var / "of-another-clone"
    command = ("dead-letters", "list", "--service", "export", "--json")

    known = await terminal.run(*command, ANYAM_GATEWAY=here, OPERATOR_SECRET=secret)
    unknown = await terminal.run(*command, ANYAM_GATEWAY=here, OPERATOR_SECRET="guessed")
    unreachable = await terminal.run(*command, ANYAM_GATEWAY=unused_url())
    unnamed = await terminal.run(*command)

    assert len(known.json) == 1
    assert [each.code for each in (unknown, unreachable, unnamed)] == [1, 1, 1]
    assert "does not know the client operator" in unknown.err
    assert "does not answer" in unreachable.err
    assert unnamed.err == "The platform does not run: start it with make up."
