"""Keys that wait on the command line: `python -m cli parked list`, release, bury."""

import json
from typing import Annotated

import typer

from cli.columns import table
from cli.failures import CannotGoOn
from cli.operator import (
    Answer,
    AnyConsumer,
    AnyService,
    AsJson,
    Consumer,
    Desk,
    Service,
    Shown,
    at_the_desk,
    existing,
    home,
    services,
)
from cli.screen import Screen, said

app = typer.Typer(no_args_is_help=True, help="Events that wait, key by key.")
SCREEN = Screen()

Topic = Annotated[str | None, typer.Option(help="The topic of one key.")]
Key = Annotated[str | None, typer.Option(help="One key, with its topic; else all.")]
MostKeys = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Keys at most.")]
Position = Annotated[int, typer.Argument(min=1, help="The head's position, as `list` shows it.")]


@app.command("list")
def list_keys(
    *,
    service: AnyService = None,
    consumer: AnyConsumer = None,
    limit: Shown = 50,
    as_json: AsJson = False,
) -> None:
    """List the keys that wait, the one that waits longest first."""

    async def work(desk: Desk) -> list[Answer]:
        return [
            {"service": name, **key}
            for name in services(service, consumer)
            for key in await desk.listed(f"{name}/parked", limit=limit, consumer=consumer)
        ]

    found = at_the_desk(work)
    SCREEN.copy([json.dumps(found, indent=2)] if as_json else table(titles(), found))
    if len(found) >= limit and not as_json:
        SCREEN.say(said(id="Mungkin ada lagi: --limit.", en="There may be more: --limit."))


@app.command()
def release(
    *,
    service: AnyService = None,
    consumer: Consumer,
    topic: Topic = None,
    key: Key = None,
    limit: MostKeys = 1_000,
    as_json: AsJson = False,
) -> None:
    """Let the first event of waiting keys be tried now, and those behind it in order."""
    if (topic is None) != (key is None):
        raise half_a_key()
    path = f"{home(service, consumer)}/parked/release"
    stream = {"topic": topic, "key": key}
    done = at_the_desk(lambda desk: desk.do(path, consumer=consumer, limit=limit, **stream))
    if as_json:
        SCREEN.say(json.dumps(done))
    else:
        number = done["keys"]
        SCREEN.say(said(id=f"{number} kunci dicoba sekarang", en=f"keys tried now: {number}"))


@app.command()
def bury(position: Position, *, service: Service) -> None:
    """Give up the first event of a key: it becomes a dead letter, and the key goes on."""
    path = f"{existing(service)}/parked/{position}/bury"
    at_the_desk(lambda desk: desk.do(path))
    SCREEN.say(
        said(
            id=f"Peristiwa {position} kini surat mati; kuncinya berjalan terus.",
            en=f"Event {position} is a dead letter now; its key goes on.",
        )
    )


def titles() -> dict[str, str]:
    """Return the columns of the list."""
    return {
        "position": said(id="posisi", en="position"),
        "consumer": said(id="konsumen", en="consumer"),
        "topic": "topic",
        "key": said(id="kunci", en="key"),
        "error_class": said(id="kesalahan", en="error"),
        "attempts": said(id="percobaan", en="tries"),
        "behind": said(id="di belakang", en="behind"),
        "failed_at": said(id="gagal sejak", en="fails since"),
        "next_attempt_at": said(id="dicoba lagi", en="next try"),
    }


def half_a_key() -> CannotGoOn:
    """Return the failure of a key without its topic, or the other way round."""
    return CannotGoOn(
        id="Sebut --topic dan --key bersama, atau tidak satu pun.",
        en="Name --topic and --key together, or neither of them.",
    )
