"""The base of every published event."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """A fact, in the past tense, immutable; unknown fields are ignored when read.

    Declared with its wire type, `class OrderShipped(Event, type="export.order.shipped.v1")`:
    service, aggregate, fact, version. A class without a type is a base of others.
    No field holds personal data.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    known: ClassVar[dict[str, type["Event"]]] = {}
    event_type: ClassVar[str]
    topic: ClassVar[str]

    def __init_subclass__(cls, *, type: str | None = None, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)  # type: ignore[arg-type]  # pydantic's own keywords
        if type is None:
            return
        if type in Event.known:
            raise TypeError(f"{type} is declared twice")
        cls.event_type = type
        cls.topic = ".".join(type.split(".")[:2])
        Event.known[type] = cls
