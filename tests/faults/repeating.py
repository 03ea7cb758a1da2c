"""No mistake of ours, but what brokers may do: deliver again, and the keys in any order."""

import random
from collections.abc import Sequence

from kernel.testing.passing import PassingConsumer
from kernel.transport.interface import Consumer, Record


class Repeats(PassingConsumer):
    """Three records in ten come again behind the next ones; keys come in any order."""

    share = 0.3

    def __init__(self, inner: Consumer) -> None:
        super().__init__(inner)
        self._dice = random.Random(0)  # noqa: S311 - dice, not a secret
        self._again: list[Record] = []

    async def fetch(self, *, max_records: int, wait: float) -> list[Record]:
        """Fetch, turn the keys round, and mix in what came before."""
        records = await super().fetch(max_records=max_records, wait=wait)
        again = self._again if records else []
        self._again = [r for r in records if self._dice.random() < self.share]
        return keys_in_any_order(records, self._dice) + again


def keys_in_any_order(records: Sequence[Record], dice: random.Random) -> list[Record]:
    """Return the records with their keys shuffled; inside a key the order stays."""
    turn = {key: dice.random() for key in {record.key for record in records}}
    return sorted(records, key=lambda record: turn[record.key])
