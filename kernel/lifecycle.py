"""Finite state machines you can read as a table."""

from enum import StrEnum
from typing import Generic, TypeVar

from kernel.problems import Conflict, Text

S = TypeVar("S", bound=StrEnum)


class IllegalMove(Conflict):
    """The verb has no arrow from the state the thing is in."""

    code = "KER-0003"
    title = Text(
        id="Tindakan ini tidak mungkin pada keadaan sekarang",
        en="Not possible in the current state",
    )
    detail = Text(
        id="'{move}' hanya mungkin dari: {allowed}; keadaan sekarang: {current}.",
        en="'{move}' is possible only from: {allowed}; the current state is {current}.",
    )


class Move(Generic[S]):
    """One arrow (or several, sharing a head) of a lifecycle."""

    name: str

    def __init__(self, *sources: S, to: S) -> None:
        self.sources, self.target = frozenset(sources), to

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __call__(self, current: S) -> S:
        """Return the next state.

        Raises:
            IllegalMove: there is no arrow from `current`.
        """
        if current not in self.sources:
            allowed = ", ".join(sorted(self.sources))
            raise IllegalMove(move=self.name, current=current.value, allowed=allowed)
        return self.target


class Lifecycle:
    """Subclass with one `Move` per verb; the class body is the diagram."""

    @classmethod
    def moves(cls) -> tuple[Move[StrEnum], ...]:
        """Return the arrows in the order they are written."""
        return tuple(move for move in vars(cls).values() if isinstance(move, Move))

    @classmethod
    def mermaid(cls) -> str:
        """Return the diagram that the service's README shows."""
        arrows = (
            f"  {source} --> {move.target}: {move.name}"
            for move in cls.moves()
            for source in sorted(move.sources)
        )
        return "\n".join(["stateDiagram-v2", *arrows])
