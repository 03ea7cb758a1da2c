"""The SQL that a command runs, read from the server's own log, as a script for pgbench."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cli.postgres import EmbeddedPostgres

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] (\w+):  ", re.MULTILINE)
STATEMENT = re.compile(r"(?:execute [^:]+|statement): (.*)", re.DOTALL)
PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")
NUMBERED = re.compile(r"\$(\d+)")
LITERAL = re.compile(r"'(?:[^']|'')*'")
UUID = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

Written = Callable[[str], str | None]
"""Gives the SQL expression, a text, that a UUID is written as; None where it stays as it is."""


@contextmanager
def recorded(server: EmbeddedPostgres, *, role: str) -> Iterator[list[str]]:
    """Give a list that holds, at the end, every statement of the role's sessions begun inside."""
    server.execute(f"ALTER ROLE {role} SET log_statement = 'all';")
    begin = server.log.stat().st_size
    found: list[str] = []
    yield found
    server.execute(f"ALTER ROLE {role} RESET log_statement;")
    found += statements(server.log.read_bytes()[begin:].decode())


def statements(logged: str) -> Iterator[str]:
    """Yield each statement of a log with its values in their places."""
    _, *parts = ENTRY.split(logged.replace("\n\t", "\n"))
    entries = list(zip(parts[::2], parts[1::2], strict=True))
    for (_, text), (kind, detail) in zip(entries, [*entries[1:], ("", "")], strict=True):
        if found := STATEMENT.match(text):
            yield _filled(found[1], dict(PARAMETER.findall(detail if kind == "DETAIL" else "")))


def _filled(statement: str, values: dict[str, str]) -> str:
    return NUMBERED.sub(lambda at: values[at[1]], statement.strip(" \n;"))


def transaction(logged: list[str], *, about: str) -> list[str]:
    """Return the one transaction that speaks of `about`, from BEGIN to COMMIT."""
    at = next(nth for nth, each in enumerate(logged) if about in each)
    begin = max(nth for nth in range(at) if logged[nth].startswith("BEGIN"))
    return logged[begin : logged.index("COMMIT", at) + 1]


def script(transaction: list[str], *, written: Written) -> str:
    """Return the transaction as pgbench runs it; what differs from run to run is written anew."""
    return "".join(
        LITERAL.sub(lambda at: _varied(at[0], written), each) + ";\n" for each in transaction
    )


def _varied(literal: str, written: Written) -> str:
    pieces = UUID.split(literal[1:-1])
    anew = [written(piece) if nth % 2 else None for nth, piece in enumerate(pieces)]
    if not any(anew):
        return _quoted(literal[1:-1])
    parts = [new or _quoted(old) for new, old in zip(anew, pieces, strict=True) if new or old]
    return f"({' || '.join(parts)})"


def _quoted(text: str) -> str:
    """Return the literal; pgbench would take what follows a colon for one of its variables."""
    if ":" not in text:
        return f"'{text}'"
    return "E'" + text.replace("\\", r"\\").replace(":", r"\x3a") + "'"
