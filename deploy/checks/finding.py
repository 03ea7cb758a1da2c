"""What a check says: where it looked, and what is wrong there."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One mistake, told in one line."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
