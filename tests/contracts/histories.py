"""Histories that nobody would live through, but that every projection must bear."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from uuid import NAMESPACE_OID, UUID, uuid5

from kernel.events import Event
from kernel.money import Money, rupiah
from tests.world import Json, World

# By what each topic is keyed, where its events are published.
KEYS = {
    "registry.household": "household_id",
    "registry.welfare": "household_id",
    "registry.caseload": "household_id",
    "empowerment.training": "training_id",
    "empowerment.group": "group_id",
    "empowerment.graduation": "household_id",
    "export.earning": "earning_id",
    "export.slip": "slip_id",
    "financing.referral": "referral_id",
}
OF_EACH_KIND = 4
FIRST_DAY = date(2025, 1, 1)


def events(kinds: list[type[Event]], dice: random.Random, *, count: int) -> Iterator[Event]:
    """Give so many events of these kinds about a few families, trainings, groups and slips."""
    for _ in range(count):
        kind = dice.choice(kinds)
        required = {n: f.annotation for n, f in kind.model_fields.items() if f.is_required()}
        yield kind.model_validate(
            {name: value(each, name, dice) for name, each in required.items()}
        )


def value(wanted: Json, name: str, dice: random.Random) -> Json:
    """Return something that fits a field; nothing, where the field may be without."""
    if wanted == tuple[UUID, ...]:
        return [one_of("household_id", dice) for _ in range(dice.randint(0, 3))]
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return dice.choice(list(wanted))
    fitting = {
        UUID: one_of(name, dice),
        date: FIRST_DAY + timedelta(days=dice.randrange(365)),
        Money: rupiah(dice.randrange(1, 1_000_000)),
        int: dice.randint(1, 10),
        str: dice.choice(("2025Q1", "2025Q2", "2025Q3")),
    }
    return fitting.get(wanted)


def one_of(name: str, dice: random.Random) -> UUID:
    """Return one of the few that there are of a kind."""
    return uuid5(NAMESPACE_OID, f"{name}{dice.randrange(OF_EACH_KIND)}")


async def tell(world: World, history: Iterator[Event]) -> None:
    """Publish events in this order, each under the key that its publisher uses."""
    for event in history:
        await world.announce(event, key=getattr(event, KEYS[event.topic]))
