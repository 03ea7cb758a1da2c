"""Files of families from the command line: sent, followed, decided about, and what came back."""

import asyncio
import typing
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from cli.caller import Caller, Credentials
from cli.columns import table
from cli.failures import CannotGoOn
from cli.operator import no_answer
from cli.screen import Screen, said
from kernel import http

Json = typing.Any  # noqa: TID251 - what JSON may hold
Answer = dict[str, Json]
T = TypeVar("T")

IMPORTS = "/v1/household-imports"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOADER, CHECKER = "kemensos-registrar", "kemensos-checker"
RESTING = frozenset({"checked", "failed", "refused", "applied"})
"""States in which nothing moves until a person decides, or ever."""
PIECE = 256 * 1024
MOST_ERRORS = 10
MOST_BREAKS = 5
FILE_SECONDS = 330.0
"""A file is read before it is answered; the gateway waits 300 seconds."""

File = Annotated[Path | None, typer.Argument(help="The CSV or XLSX file.", exists=True)]
Approve = Annotated[str | None, typer.Option(help="Approve the import of this id.")]
Refuse = Annotated[str | None, typer.Option(help="Refuse the import of this id.")]
Client = Annotated[
    str | None, typer.Option(help="The client that acts; its secret is ANYAM_SECRET.")
]
Rejected = Annotated[Path | None, typer.Option(help="Where to write the rejected rows.")]
Match = Annotated[str | None, typer.Option(help="By what a row finds its family.")]

SCREEN = Screen()


def import_(  # one parameter a choice of the person at the terminal
    file: File = None,
    *,
    approve: Approve = None,
    refuse: Refuse = None,
    client: Client = None,
    rejected: Rejected = None,
    match_policy: Match = None,
) -> None:
    """Send a file of families and see what it would do; a second person approves it."""
    if sum(given is not None for given in (file, approve, refuse)) != 1:
        raise CannotGoOn(
            id="Sebut satu: berkas, --approve ID, atau --refuse ID.",
            en="Name one: a file, --approve ID, or --refuse ID.",
        )
    if file is not None:
        sending = Sending(file, match_policy)
        job = _as(client or UPLOADER, lambda caller: _sent(caller, sending, rejected))
    elif approve is not None:
        job = _as(client or CHECKER, lambda caller: _decided(caller, approve, "approve"))
    else:
        job = _as(client or CHECKER, lambda caller: _decided(caller, refuse or "", "refuse"))
    if job["state"] == "failed":
        raise typer.Exit(1)


class Sending:
    """A file on its way out."""

    def __init__(self, file: Path, match_policy: str | None) -> None:
        self.file = file
        self.size = file.stat().st_size
        self.query = {"filename": file.name}
        if match_policy is not None:
            self.query["match_policy"] = match_policy

    @property
    def headers(self) -> dict[str, str]:
        """What the service is told of the file."""
        form = XLSX if self.file.suffix.lower() == ".xlsx" else "text/csv; charset=utf-8"
        return {"Content-Type": form, "Content-Length": str(self.size)}

    async def pieces(self, bar: Progress, task: TaskID) -> AsyncIterator[bytes]:
        """Give the file piece by piece, moving the bar."""
        with self.file.open("rb") as opened:
            while piece := await asyncio.to_thread(opened.read, PIECE):
                yield piece
                bar.advance(task, len(piece))


def _as(client: str, work: Callable[[Caller], Awaitable[T]]) -> T:
    return asyncio.run(_signed_in(client, work))


async def _signed_in(client: str, work: Callable[[Caller], Awaitable[T]]) -> T:
    known = Credentials.known(client)
    try:
        async with http.client(known.gateway, connections=2) as gateway:
            caller = Caller(gateway, known)
            await caller.sign_in()
            return await work(caller)
    except http.TransportError as error:
        raise no_answer(known.gateway) from error


async def _sent(caller: Caller, sending: Sending, rejected: Path | None) -> Answer:
    with _bar() as bar:
        task = bar.add_task(said(id="mengirim", en="sending"), total=sending.size)
        content = sending.pieces(bar, task)
        job = await caller.send(
            IMPORTS, content, params=sending.query, headers=sending.headers, seconds=FILE_SECONDS
        )
    job = await followed(caller, job["id"])
    await _report(caller, job)
    if job["counts"]["errors"]:
        target = rejected or sending.file.with_name(f"{sending.file.stem}-rejected.xlsx")
        await _fetch_rejected(caller, job, target)
    if job["state"] == "checked":
        SCREEN.say(
            said(
                id=f"Belum ada yang berubah. Orang kedua menyetujui: import --approve {job['id']}",
                en="Nothing is changed yet. A second person approves: "
                f"import --approve {job['id']}",
            )
        )
    return job


async def _decided(caller: Caller, import_id: str, verb: str) -> Answer:
    await caller.do(f"{IMPORTS}/{import_id}/{verb}")
    job = await followed(caller, import_id)
    await _report(caller, job)
    return job


async def followed(caller: Caller, import_id: str) -> Answer:
    """Follow an import until it waits for a person or has ended, over broken connections too."""
    seen: str | None = None
    breaks = 0
    with _bar() as bar:
        task = bar.add_task("", total=None)
        while breaks < MOST_BREAKS:
            try:
                async for event_id, job in caller.events(f"{IMPORTS}/{import_id}/events", seen):
                    seen, breaks = event_id, 0
                    state, done, total = job["state"], job["done"], job["total"]
                    bar.update(task, description=state, completed=done, total=total)
                    if state in RESTING:
                        return job
            except http.TransportError:
                breaks += 1
            await caller.sign_in()
    raise CannotGoOn(
        id=f"Sambungan terputus berkali-kali; impor {import_id} berjalan terus.",
        en=f"The connection broke again and again; import {import_id} goes on.",
    )


async def _report(caller: Caller, job: Answer) -> None:
    """Say what the file does, and what is wrong in its first cells."""
    counts = {"state": job["state"], **job["counts"]}
    for line in table({name: name for name in counts}, [counts]):
        SCREEN.say(line)
    if job["stuck"]:
        SCREEN.say(job["stuck"]["detail"])
    if job["counts"]["errors"]:
        page = await caller.read(f"{IMPORTS}/{job['id']}/errors", limit=MOST_ERRORS)
        titles = {"cell": said(id="sel", en="cell"), "column": "", "detail": ""}
        for line in table(titles, page["items"]):
            SCREEN.say(line)


async def _fetch_rejected(caller: Caller, job: Answer, target: Path) -> None:
    await caller.fetch(f"{IMPORTS}/{job['id']}/workbook", target, seconds=FILE_SECONDS)
    SCREEN.say(
        said(
            id=f"Baris yang ditolak ada di {target}: betulkan, lalu kirim lagi.",
            en=f"The rejected rows are in {target}: correct them, then send it again.",
        )
    )


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=SCREEN.console,
        disable=not SCREEN.console.is_terminal,
    )
