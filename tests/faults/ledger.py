"""What the callers were told: every command that was acknowledged, and every doubt before it."""

from collections import Counter
from pathlib import Path

import orjson

Move = tuple[str, int]
"""A parcel's id, and for the how-manieth time it moved."""


class Ledger:
    """Written to a file, a JSON document a line, before the next command is sent."""

    def __init__(self, path: Path) -> None:
        self.acknowledged: dict[str, list[Move]] = {}
        self.refused: set[str] = set()
        self.answers: Counter[str] = Counter()
        self.moves = 0
        self._file = path.open("ab", buffering=0)

    def acknowledge(self, command: str, moves: list[Move]) -> None:
        """Note a command that was answered with 2xx: from now on it must not be lost."""
        self._write(command=command, moves=moves)
        self.answers["2xx"] += 1
        self.acknowledged[command] = moves
        self.moves += len(moves)

    def refuse(self, command: str) -> None:
        """Note a command that was taken back: nothing of it may be found."""
        self._write(command=command, refused=True)
        self.answers["refused"] += 1
        self.refused.add(command)

    def doubt(self, command: str, answer: str) -> None:
        """Note a command that may or may not have been done; it will be sent again."""
        self._write(command=command, unknown=answer)
        self.answers[answer] += 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, **facts: object) -> None:
        self._file.write(orjson.dumps(facts) + b"\n")
