"""Which reactions a slice has to which events."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlmodel import SQLModel

from kernel.db import UnitOfWork
from kernel.events import Event

E = TypeVar("E", bound=Event)
Handler = Callable[[E, UnitOfWork], Awaitable[None]]
RunHandler = Callable[[Sequence[E], UnitOfWork], Awaitable[None]]
Reaction = TypeVar("Reaction", bound=Callable[..., Awaitable[None]])


class NotYet(Exception):
    """The reaction needs something that will come; it is tried again later, in order."""


class Subscriptions:
    """The reactions of one slice, which is one consumer; used as the decorator `@when(Event)`.

    A reaction is safe to run twice: it may run again after its transaction was rolled back.
    A missing thing (`NotFound`) and `NotYet` let it wait, any other Problem is final, and every
    other exception is tried again.

    `projection` names the tables of a consumer that does nothing but keep what events said: nobody
    else writes them, it publishes nothing, and it needs no order but that of each key. Such a
    consumer can be rebuilt (`kernel.rebuild`).
    """

    def __init__(self, consumer: str, *, projection: Sequence[type[SQLModel]] = ()) -> None:
        self.consumer = consumer
        self.projection = tuple(projection)
        self.handlers: dict[str, list[Handler[Event]]] = {}
        self.run_handlers: dict[str, RunHandler[Event]] = {}

    def __call__(self, event: type[Event]) -> Callable[[Reaction], Reaction]:
        """Register the decorated function as a reaction to `event`."""

        def register(handler: Reaction) -> Reaction:
            self.handlers.setdefault(event.event_type, []).append(handler)
            return handler

        return register

    def runs(self, event: type[E]) -> Callable[[RunHandler[E]], RunHandler[E]]:
        """Register the decorated function, `@when.runs(Event)`, for many events at once.

        It gets events of this type that stand next to each other, in order: for projections that
        write set-based. It is the type's only reaction, and gets one event alone after a failure.
        """

        def register(handler: RunHandler[E]) -> RunHandler[E]:
            async def alone(event: E, uow: UnitOfWork) -> None:
                await handler([event], uow)

            self(event)(alone)
            self.run_handlers[event.event_type] = handler  # type: ignore[assignment]  # only events of this type reach it
            return handler

        return register

    @property
    def topics(self) -> frozenset[str]:
        """Return the topics to read."""
        return frozenset(Event.known[name].topic for name in self.handlers)

    def named(self, consumer: str) -> "Subscriptions":
        """Return the same reactions under another name, and not as a projection."""
        twin = Subscriptions(consumer)
        twin.handlers, twin.run_handlers = self.handlers, self.run_handlers
        return twin

    async def react(self, event: Event, uow: UnitOfWork) -> None:
        """Run every reaction to the event, in the order of their declaration."""
        for handler in self.handlers[event.event_type]:
            await handler(event, uow)
