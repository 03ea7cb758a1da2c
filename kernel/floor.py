"""Where the relay's reading of the outbox may begin: below lies nothing that could still go out."""

from collections.abc import Sequence
from typing import Any

RENEWED_SECONDS = 10.0


class Floor:
    """The number up to which every row of the outbox is published, and none can appear any more.

    Without it each read passes by all rows that were marked since the last vacuum (8 of the 11 us
    that a row's read took). A cursor on `seq` would pass by what commits late; this is none:

    - a transaction has its id before it draws a row's number, and numbers are drawn in order;
    - so whoever drew a number up to `seen`, which an earlier read has shown, has an id below the
      next snapshot's xmax;
    - once a later snapshot's xmin reaches that xmax, all of them have ended: what they committed
      is visible, and that read's lowest row is the lowest there is and will be up to `seen`.

    It begins anew every few seconds, so that a row is found that a person gave back to the relay.
    """

    def __init__(self) -> None:
        self.seq = 0
        self._seen = 0
        self._awaited: tuple[int, int] | None = None
        self._renew_at = RENEWED_SECONDS

    def at(self, now: float) -> int:
        """Return it; 0 when its time (seconds of the loop's clock) has come."""
        if now >= self._renew_at:
            self.seq, self._renew_at = 0, now + RENEWED_SECONDS
        return self.seq

    def learn(self, rows: Sequence[Any], *, in_flight: Sequence[int], whole: bool) -> None:
        """Rise as far as a read allows: `rows` in order, each with its snapshot's xmin and xmax.

        `in_flight` are the numbers that the read left out; `whole` says that it left out no others.
        """
        if not rows:
            return
        xmin, xmax = rows[0]["xmin"], rows[0]["xmax"]
        if self._awaited and xmin >= self._awaited[1] and whole:
            lowest = min(rows[0]["seq"], *in_flight, self._awaited[0] + 1)
            self.seq, self._awaited = max(self.seq, lowest - 1), None
        if self._awaited is None and self._seen:
            self._awaited = (self._seen, xmax)
        self._seen = max(self._seen, rows[-1]["seq"])
