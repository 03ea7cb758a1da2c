"""What a person sees: one line a step, a table at the end; in a terminal with colour."""

import contextlib
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from cli.failures import language


class Screen:
    """Writes to the terminal, or plain lines where there is none."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)

    def say(self, text: str) -> None:
        """Write one line; a terminal that was closed stops nothing."""
        with contextlib.suppress(OSError):
            self.console.print(text, soft_wrap=True, markup=False)

    def done(self, text: str) -> None:
        """Write that a step is done."""
        mark = "[green]✓[/green] " if self.console.is_terminal else "- "
        with contextlib.suppress(OSError):
            self.console.print(mark, end="")
        self.say(text)

    def copy(self, lines: Iterable[str]) -> None:
        """Write what another process wrote, line by line."""
        for line in lines:
            self.say(line.rstrip())

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a small table without lines."""
        table = Table(*head, box=None, pad_edge=False, padding=(0, 3, 0, 0))
        for row in rows:
            table.add_row(*row)
        width = None if self.console.is_terminal else 160
        self.console.print(table, width=width, soft_wrap=True)


def said(*, id: str, en: str) -> str:
    """Return the text in the language of the terminal."""
    return {"id": id, "en": en}[language()]
