"""The relay's floor never hides a row, however transactions overlap, commit late or roll back."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kernel.floor import RENEWED_SECONDS, Floor

Row = dict[str, int]


class Outbox(RuleBasedStateMachine):
    """A model of PostgreSQL's transactions around one outbox, and of a relay that reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.floor = Floor()
        self.next_xid = self.next_seq = self.now = 1
        self.running: dict[int, list[int]] = {}
        self.waiting: set[int] = set()
        self.in_flight: list[int] = []

    @rule(rows=st.integers(0, 3))
    def begin(self, rows: int) -> None:
        """Give a transaction its id; it writes rows now or later."""
        self.running[self.next_xid] = []
        self.next_xid += 1
        self.write(max(self.running), rows)

    @precondition(lambda self: self.running)
    @rule(which=st.sampled_from([0, -1]), rows=st.integers(1, 3))
    def write_more(self, which: int, rows: int) -> None:
        """Let the oldest or the newest transaction write rows."""
        self.write(sorted(self.running)[which], rows)

    @precondition(lambda self: self.running)
    @rule(which=st.sampled_from([-1, -1, 0]), commits=st.sampled_from([True, True, False]))
    def end(self, which: int, *, commits: bool) -> None:
        """Commit or roll back the newest or the oldest transaction."""
        drawn = self.running.pop(sorted(self.running)[which])
        self.waiting |= set(drawn) if commits else set()

    def write(self, xid: int, rows: int) -> None:
        """Draw the rows' numbers."""
        self.running[xid] += range(self.next_seq, self.next_seq + rows)
        self.next_seq += rows

    @rule(limit=st.integers(1, 4), seconds=st.sampled_from([0, 0, 0, int(RENEWED_SECONDS)]))
    def read(self, limit: int, seconds: int) -> None:
        """Read beside what is in flight; that goes out, and what was read takes its place."""
        self.now += seconds
        above = self.floor.at(self.now)
        lowest = sorted(s for s in self.waiting if s > above and s not in self.in_flight)[:limit]
        snapshot = {"xmin": min(self.running, default=self.next_xid), "xmax": self.next_xid}
        rows: list[Row] = [{"seq": seq, **snapshot} for seq in lowest]
        self.floor.learn(rows, in_flight=self.in_flight, whole=True)
        self.waiting -= set(self.in_flight)
        self.in_flight = lowest

    @rule()
    def fail(self) -> None:
        """What is in flight does not go out: it will be read again."""
        self.in_flight = []

    @invariant()
    def nothing_is_hidden(self) -> None:
        """Every row that waits, or that may be committed yet, stands above the floor."""
        drawn = {seq for numbers in self.running.values() for seq in numbers}
        assert all(seq > self.floor.seq for seq in self.waiting | drawn)


TestFloor = Outbox.TestCase
TestFloor.settings = settings(max_examples=300, stateful_step_count=50, deadline=None)


def test_it_rises_behind_what_went_out_so_that_reads_stay_short() -> None:
    floor = Floor()

    for first in range(1, 100, 10):
        rows = [{"seq": seq, "xmin": first, "xmax": first} for seq in range(first, first + 10)]
        floor.learn(rows, in_flight=[], whole=True)

    assert floor.seq > 70


def test_a_late_row_in_flight_stays_above_it() -> None:
    floor = Floor()

    for xid, seq, in_flight in ((2, 5, []), (3, 6, [5]), (4, 1, [6]), (5, 7, [1])):
        row = {"seq": seq, "xmin": xid, "xmax": xid}
        floor.learn([row], in_flight=in_flight, whole=True)

    assert floor.seq < 1
