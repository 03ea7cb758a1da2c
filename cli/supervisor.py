"""Keeps children alive: waits for them, restarts the dead, gives up on those that keep dying."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event

from cli.children import Child
from cli.failures import CannotGoOn

TICK_SECONDS = 0.1


@dataclass(frozen=True)
class Patience:
    """How long the supervisor bears with a child; seconds."""

    ready_within: float = 180.0
    quick_death: float = 10.0
    deaths: int = 5
    first_pause: float = 0.5
    longest_pause: float = 8.0

    def pause(self, deaths: int) -> float:
        """Return the pause before the next start: it doubles with each quick death."""
        return min(self.first_pause * float(2 ** max(deaths - 1, 0)), self.longest_pause)


@dataclass
class Watched:
    """A child, since when it runs, how often it died soon after its start."""

    child: Child
    started: float = 0.0
    deaths: int = 0
    again_at: float | None = field(default=None)


class Supervisor:
    """Starts children in order and ends them in reverse; `tell` hears what a person should know."""

    def __init__(
        self, *, tell: Callable[[str], None] = lambda _: None, patience: Patience | None = None
    ) -> None:
        self.tell = tell
        self.patience = patience or Patience()
        self.watched: list[Watched] = []
        self.waiting = Event()

    def start(self, *children: Child) -> None:
        """Start these together, wait until all are ready; CannotGoOn if one does not come up."""
        new = [Watched(child) for child in children]
        for each in new:
            self.watched.append(each)
            self.start_one(each)
        self.wait_ready(new)

    def start_one(self, each: Watched) -> None:
        """Start one child and note when."""
        each.again_at = None
        each.child.start()
        each.started = time.monotonic()

    def wait_ready(self, new: Iterable[Watched]) -> None:
        """Keep everything alive until `new` answers."""
        deadline = time.monotonic() + self.patience.ready_within
        pending = list(new)
        while pending := [each for each in pending if not each.child.ready()]:
            self.tick()
            if time.monotonic() > deadline:
                raise not_ready(pending[0].child)

    def watch(self) -> None:
        """Keep everything alive until a signal ends it."""
        while True:
            self.tick()

    def tick(self) -> None:
        """Look after every child once, then wait a moment."""
        for each in self.watched:
            self.look_after(each)
        self.waiting.wait(TICK_SECONDS)

    def look_after(self, each: Watched) -> None:
        """Restart a dead child when its pause is over."""
        if each.child.running():
            return
        if each.again_at is None:
            self.note_death(each, keeps_dying(each.child))
        elif time.monotonic() >= each.again_at:
            self.start_again(each)

    def start_again(self, each: Watched) -> None:
        """Start a dead child; what hinders it (a port that is still taken) counts as a death."""
        each.child.stop()
        try:
            self.start_one(each)
        except CannotGoOn as hindered:
            each.started = time.monotonic()
            self.note_death(each, hindered)

    def note_death(self, each: Watched, failure: CannotGoOn) -> None:
        """Decide when a dead child starts again; raise `failure` when it died too often."""
        lived = time.monotonic() - each.started
        each.deaths = each.deaths + 1 if lived < self.patience.quick_death else 1
        if each.deaths >= self.patience.deaths:
            raise failure
        each.again_at = time.monotonic() + self.patience.pause(each.deaths)
        self.tell(f"{each.child.name} ended; it starts again (log: {each.child.log})")

    def stop(self) -> None:
        """End all children, the last started first."""
        while self.watched:
            self.watched.pop().child.stop()


def keeps_dying(child: Child) -> CannotGoOn:
    """Return the failure that names the log of a child that cannot live."""
    return CannotGoOn(
        id=f"{child.name} berulang kali berhenti segera setelah mulai: baca {child.log}.",
        en=f"{child.name} ends again and again soon after its start: read {child.log}.",
    )


def not_ready(child: Child) -> CannotGoOn:
    """Return the failure that names the log of a child that lives but does not answer."""
    return CannotGoOn(
        id=f"{child.name} berjalan tetapi belum siap: baca {child.log}, lalu make up lagi.",
        en=f"{child.name} runs but does not become ready: read {child.log}, then make up again.",
    )
