"""Dead letters on the command line: `python -m cli dead-letters list`, show, redrive."""

import json
from typing import Annotated
from uuid import UUID

import typer

from cli.columns import cell, lines, moment, table
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

app = typer.Typer(no_args_is_help=True, help="Events that a consumer gave up on.")
SCREEN = Screen()

EventType = Annotated[str | None, typer.Option(help="Of one type of event only.")]
From = Annotated[str | None, typer.Option("--from", help="First failure at or after this time.")]
Until = Annotated[str | None, typer.Option("--until", help="First failure before this time.")]
State = Annotated[str, typer.Option(help="waiting, redriven or all.")]
Batch = Annotated[int, typer.Option(min=1, max=5_000, help="Events sent round by one call.")]
LetterId = Annotated[UUID, typer.Argument(help="The dead letter's id, as `list` shows it.")]


@app.command("list")
def list_letters(
    *,
    service: AnyService = None,
    consumer: AnyConsumer = None,
    event_type: EventType = None,
    state: State = "waiting",
    failed_from: From = None,
    failed_until: Until = None,
    limit: Shown = 50,
    as_json: AsJson = False,
) -> None:
    """List dead letters, the newest first."""
    chosen = {
        "consumer": consumer,
        "event_type": event_type,
        "state": None if state == "all" else state,
        "failed_from": moment(failed_from),
        "failed_until": moment(failed_until),
    }

    async def work(desk: Desk) -> list[Answer]:
        return [
            {"service": name, **letter}
            for name in services(service, consumer)
            for letter in await desk.listed(f"{name}/dead-letters", limit=limit, **chosen)
        ]

    found = at_the_desk(work)
    SCREEN.copy([json.dumps(found, indent=2)] if as_json else table(titles(), found))
    if len(found) >= limit and not as_json:
        SCREEN.say(said(id="Mungkin ada lagi: --limit.", en="There may be more: --limit."))


@app.command()
def show(letter_id: LetterId, *, service: Service, as_json: AsJson = False) -> None:
    """Show all that is known of one dead letter, but not what it holds."""
    path = f"{existing(service)}/dead-letters/{letter_id}"
    letter = at_the_desk(lambda desk: desk.read(path))
    members = lines([(name, cell(name, value)) for name, value in letter.items()])
    SCREEN.copy([json.dumps(letter, indent=2)] if as_json else members)


@app.command()
def redrive(letter_id: LetterId, *, service: Service) -> None:
    """Send one dead letter to its consumer again; its effect happens once."""
    path = f"{existing(service)}/dead-letters/{letter_id}/redrive"
    at_the_desk(lambda desk: desk.do(path))
    SCREEN.say(
        said(
            id=f"Surat mati {letter_id} dikirim ulang; bila gagal lagi, ada surat baru.",
            en=f"Dead letter {letter_id} goes round again; if it fails, there is a new one.",
        )
    )


@app.command()
def redrive_window(
    *,
    service: AnyService = None,
    consumer: Consumer,
    event_type: EventType = None,
    failed_from: From = None,
    failed_until: Until = None,
    batch: Batch = 500,
    as_json: AsJson = False,
) -> None:
    """Send a consumer's dead letters round again, the oldest first and each key's in order."""
    window = {
        "consumer": consumer,
        "event_type": event_type,
        "failed_from": moment(failed_from),
        "failed_until": moment(failed_until),
        "limit": batch,
    }
    path = f"{home(service, consumer)}/dead-letters/redrive"
    redriven = at_the_desk(lambda desk: send_all(desk, path, window, tell=not as_json))
    if as_json:
        SCREEN.say(json.dumps({"redriven": redriven}))
    elif not redriven:
        SCREEN.say(said(id="Tidak ada yang menunggu di situ.", en="Nothing waits there."))


async def send_all(desk: Desk, path: str, window: Answer, *, tell: bool) -> int:
    """Call until nothing of the window is left; return how many letters went round.

    What failed once more in the meantime is a new letter, and is not sent again.
    """
    redriven, remaining, up_to = 0, 1, None
    while remaining:
        done = await desk.do(path, **window, up_to=up_to)
        redriven, remaining, up_to = redriven + done["redriven"], done["remaining"], done["up_to"]
        if tell and redriven:
            SCREEN.say(
                said(
                    id=f"{redriven} dikirim ulang, {remaining} tersisa",
                    en=f"{redriven} sent round, {remaining} left",
                )
            )
    return redriven


def titles() -> dict[str, str]:
    """Return the columns of the list."""
    return {
        "id": "id",
        "consumer": said(id="konsumen", en="consumer"),
        "event_type": said(id="jenis", en="type"),
        "error_class": said(id="kesalahan", en="error"),
        "attempts": said(id="percobaan", en="tries"),
        "failed_at": said(id="gagal sejak", en="fails since"),
        "redriven_at": said(id="dikirim ulang", en="sent round"),
    }
