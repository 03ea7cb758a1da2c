"""The checker counts each kind of harm, and nothing where there is none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.checker import judge
from tests.faults.evidence import Evidence, Told
from tests.faults.ledger import Ledger, Move

MOVES: list[Move] = [("a", 1), ("a", 2), ("b", 1)]


@pytest.fixture
def found(tmp_path: Path) -> Evidence:
    """Give what a clean run of one command leaves."""
    ledger = Ledger(tmp_path / "ledger")
    ledger.acknowledge("c", MOVES)
    ledger.close()
    return Evidence(
        ledger=ledger,
        parcels={"a": 2, "b": 1},
        commands={"c": list(MOVES)},
        outbox=list(MOVES),
        told=log(),
        effects={"a": [1, 2], "b": [1]},
        tracking={"a": (2, 2), "b": (1, 1)},
        caused=list(MOVES),
        seen=log(),
        waits=[],
    )


def log() -> Told:
    """Return a topic with every move once."""
    return Told(sequences={"a": [1, 2], "b": [1]}, moves=set(MOVES))


def test_a_clean_run_holds(found: Evidence) -> None:
    assert judge(found).holds


def test_what_comes_again_on_the_log_is_no_harm(found: Evidence) -> None:
    found.told.sequences["a"] = [1, 2, 1, 2]

    assert judge(found).holds


@pytest.mark.parametrize(
    "lose",
    [
        lambda found: found.commands["c"].remove(("a", 2)),
        lambda found: found.told.moves.remove(("a", 2)),
        lambda found: found.effects["a"].remove(2),
        lambda found: found.caused.remove(("a", 2)),
        lambda found: found.seen.moves.remove(("a", 2)),
    ],
)
def test_what_is_missing_anywhere_is_lost(
    found: Evidence, lose: Callable[[Evidence], None]
) -> None:
    lose(found)

    assert judge(found).lost == 1


@pytest.mark.parametrize(
    "repeat",
    [
        lambda found: found.commands["c"].append(("a", 3)),
        lambda found: found.outbox.append(("a", 2)),
        lambda found: found.effects["a"].append(2),
        lambda found: found.caused.append(("a", 2)),
    ],
)
def test_what_happened_twice_is_doubled(
    found: Evidence, repeat: Callable[[Evidence], None]
) -> None:
    repeat(found)

    assert judge(found).doubled == 1


@pytest.mark.parametrize(
    "strand",
    [
        lambda found: found.told.sequences,
        lambda found: found.effects,
        lambda found: found.seen.sequences,
    ],
)
def test_what_overtakes_an_earlier_one_of_its_key_is_inverted(
    found: Evidence, strand: Callable[[Evidence], dict[str, list[int]]]
) -> None:
    strand(found)["a"] = [2, 1]

    assert judge(found).inverted == 1


@pytest.mark.parametrize(
    ("spoil", "breach"),
    [
        (lambda f: f.commands.update(d=[]), "commands done that nobody was told of"),
        (lambda f: f.parcels.update(a=3), "parcels whose number is not that of their moves"),
        (lambda f: f.outbox.remove(("a", 2)), "changes without an event"),
        (lambda f: f.outbox.append(("z", 1)), "events without a change"),
        (lambda f: f.tracking.update(a=(1, 2)), "projection is not the ledger's fold"),
    ],
)
def test_every_other_breach_is_named(
    found: Evidence, spoil: Callable[[Evidence], None], breach: str
) -> None:
    spoil(found)

    assert breach in " ".join(judge(found).broken)


def test_a_refused_command_must_leave_nothing(found: Evidence) -> None:
    found.ledger.refused.add("d")
    found.commands["d"] = [("a", 3)]

    assert "1 commands done that were refused" in judge(found).broken
