"""Which reactions a slice has to which events."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from kernel.db import UnitOfWork
from kernel.events import Event

E = TypeVar("E", bound=Event)
Handler = Callable[[E, UnitOfWork], Awaitable[None]]


class NotYet(Exception):
    """The reaction needs something that will come; it is tried again later, in order."""


class Subscriptions:
    """The reactions of one slice, which is one consumer; used as the decorator `@when(Event)`."""

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer
        self.handlers: dict[str, list[Handler[Event]]] = {}

    def __call__(self, event: type[E]) -> Callable[[Handler[E]], Handler[E]]:
        """Register the decorated function as a reaction to `event`."""

        def register(handler: Handler[E]) -> Handler[E]:
            known = self.handlers.setdefault(event.event_type, [])
            known.append(handler)  # type: ignore[arg-type]  # only events of this type reach it
            return handler

        return register

    @property
    def topics(self) -> frozenset[str]:
        """Return the topics to read."""
        return frozenset(Event.known[name].topic for name in self.handlers)
