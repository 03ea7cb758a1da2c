"""The access ledger on the command line: `python -m cli audit export`, and `verify`, offline."""

import json
import typing
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import rfc8785
import typer

from cli.failures import CannotGoOn
from cli.operator import Answer, Desk, at_the_desk
from cli.screen import Screen, said
from kernel.audit import Head, Tampered, Tampering, read_heads, verify

app = typer.Typer(no_args_is_help=True, help="The ledger of who read whose data.")
SCREEN = Screen()
LEDGER = "/v1/access-ledger"
ROWS_A_CALL = 2_000

Rows = Annotated[Path, typer.Argument(help="JSON Lines, one row of the ledger each.")]
After = Annotated[int, typer.Option(min=0, help="Only rows beyond this number.")]
HeadsOut = Annotated[Path | None, typer.Option("--heads", help="Where to write the signed heads.")]
KeysOut = Annotated[Path | None, typer.Option("--keys", help="Where to write the public keys.")]
HeadsIn = Annotated[
    Path | None,
    typer.Option("--head", help="Signed heads, one a line, as they were published."),
]
KeysIn = Annotated[
    Path | None, typer.Option("--keys", help="JSON Web Key Set of who signs the heads.")
]


@app.command()
def export(file: Rows, *, after: After = 0, heads: HeadsOut = None, keys: KeysOut = None) -> None:
    """Sign the ledger's head now, and write its rows, heads and keys to files."""

    async def work(desk: Desk) -> int:
        await desk.ask("POST", f"{LEDGER}/heads")
        if heads is not None:
            tokens = [f"{head['token']}\n" async for head in _all(desk, f"{LEDGER}/heads", after=0)]
            heads.write_text("".join(tokens))
        if keys is not None:
            keys.write_text(json.dumps(await desk.ask("GET", f"{LEDGER}/keys")))
        return await _write(desk, file, after=after)

    rows = at_the_desk(work)
    SCREEN.say(said(id=f"{rows} baris ditulis ke {file}.", en=f"{rows} rows written to {file}."))


@app.command("verify")
def verify_file(file: Rows, *, head: HeadsIn = None, keys: KeysIn = None, after: After = 0) -> None:
    """Check an exported ledger, offline; exit code 1 names the first bad row."""
    heads = _heads(head, keys)
    if after and after not in {each.number for each in heads}:
        raise CannotGoOn(
            id=f"Tidak ada kepala yang ditandatangani pada baris {after}.",
            en=f"No head was signed at row {after}.",
        )
    try:
        with file.open() as lines:
            last = verify(lines, heads=heads, after=after)
    except Tampered as tampered:
        raise not_whole(tampered) from tampered
    SCREEN.say(whole(last, heads=heads))


async def _write(desk: Desk, file: Path, *, after: int) -> int:
    rows = 0
    with file.open("wb") as lines:
        async for row in _all(desk, f"{LEDGER}/rows", after=after, limit=ROWS_A_CALL):
            lines.write(rfc8785.dumps(row) + b"\n")
            rows += 1
    return rows


async def _all(desk: Desk, path: str, *, after: int, **query: int) -> AsyncIterator[Answer]:
    beyond: str | None = str(after)
    while beyond is not None:
        page = await desk.ask("GET", path, after=beyond, **query)
        for row in page["items"]:
            yield row
        beyond = page["next"]


def _heads(head: Path | None, keys: Path | None) -> list[Head]:
    """Return what the signed heads say; the keys must come from elsewhere than the ledger."""
    if head is None:
        return []
    if keys is None:
        raise CannotGoOn(
            id="--head perlu --keys: kunci publik penanda tangan.",
            en="--head needs --keys: the public keys of who signed.",
        )
    try:
        return read_heads(head.read_text().split(), jwks=json.loads(keys.read_text()))
    except Tampered as forged:
        raise not_whole(forged) from forged


def whole(last: int, *, heads: typing.Sequence[Head]) -> str:
    """Return the sentence about a ledger in which nothing is wrong."""
    if not heads:
        return said(
            id=f"Utuh: {last} baris. Tanpa --head, ekor yang dipotong tidak kelihatan.",
            en=f"Whole: {last} rows. Without --head, a tail that was cut off does not show.",
        )
    signed = heads[-1].number
    return said(
        id=f"Utuh: {last} baris, sampai kepala yang ditandatangani pada baris {signed}.",
        en=f"Whole: {last} rows, up to the head that was signed at row {signed}.",
    )


def not_whole(tampered: Tampered) -> CannotGoOn:
    """Return the failure that names the first bad row."""
    finding = tampered.finding
    words = {"row": str(finding.row), "until": str(finding.until)}
    indonesian, english = SENTENCES[finding.tampering]
    return CannotGoOn(id=indonesian.format_map(words), en=english.format_map(words))


SENTENCES: typing.Mapping[Tampering, tuple[str, str]] = {
    Tampering.UNREADABLE: (
        "Baris {row} berkas bukan baris buku besar.",
        "Line {row} of the file is no row of a ledger.",
    ),
    Tampering.CHANGED: ("Baris {row} telah diubah.", "Row {row} was changed."),
    Tampering.REMOVED: ("Baris {row} telah dihapus.", "Row {row} was removed."),
    Tampering.MOVED: ("Baris {row} telah dipindahkan.", "Row {row} was moved elsewhere."),
    Tampering.ADDED: ("Baris {row} telah disisipkan.", "Row {row} was added: it stands twice."),
    Tampering.REPLACED: (
        "Baris {row} telah diganti: baris sesudahnya mengikuti baris lain.",
        "Row {row} was replaced: the next one followed on another.",
    ),
    Tampering.REWRITTEN: (
        "Ditulis ulang dari suatu baris antara {row} dan {until}: hash pada baris {until} bukan "
        "yang ditandatangani.",
        "Rewritten from a row between {row} and {until} on: row {until} is not what was signed.",
    ),
    Tampering.CUT: (
        "Ekor dipotong: baris {row} sampai {until} hilang.",
        "The tail was cut off: the rows {row} to {until} are gone.",
    ),
    Tampering.FORGED_HEAD: (
        "Kepala dipalsukan: tanda tangannya tidak cocok dengan kunci.",
        "A head is forged: these keys did not sign it.",
    ),
}
