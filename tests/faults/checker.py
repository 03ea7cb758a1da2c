"""Compares what was promised with what is there, and counts; it never asserts."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.faults.evidence import Evidence
from tests.faults.ledger import Move
from tests.faults.scenario import Verdict


def judge(found: Evidence) -> Verdict:
    """Return the verdict on one run."""
    promised = Counter(move for moves in found.ledger.acknowledged.values() for move in moves)
    verdict = Verdict(acknowledged=len(found.ledger.acknowledged), events=len(promised))
    verdict.lost = len(promised.keys() - reached(found))
    verdict.doubled = doubled(found)
    verdict.inverted = inverted(found)
    verdict.broken = [*state_breaches(found), *event_breaches(found, set(promised))]
    verdict.figures = {
        "repeated on the log": sum(map(len, found.told.sequences.values())) - len(found.told.moves),
        "median wait s": found.waits[len(found.waits) // 2] if found.waits else 0.0,
        "longest wait s": found.waits[-1] if found.waits else 0.0,
        "longest idle s": found.idle,
        **{f"answered {name}": count for name, count in sorted(found.ledger.answers.items())},
    }
    return verdict


def reached(found: Evidence) -> set[Move]:
    """Return the moves that went all the way: state, log, effect, and what it caused."""
    state = {move for moves in found.commands.values() for move in moves}
    effects = {(parcel, n) for parcel, numbers in found.effects.items() for n in numbers}
    return state & found.told.moves & effects & set(found.caused) & found.seen.moves


def doubled(found: Evidence) -> int:
    """Count what happened more than once: commands, events of a change, effects, caused events."""
    effects = [(parcel, n) for parcel, numbers in found.effects.items() for n in numbers]
    more = [
        len(found.commands.get(command, ())) - len(moves)
        for command, moves in found.ledger.acknowledged.items()
    ]
    return sum(max(0, n) for n in more) + sum(map(repeated, (found.outbox, effects, found.caused)))


def repeated(moves: Sequence[Move]) -> int:
    """Count the moves that were there before."""
    return len(moves) - len(set(moves))


def inverted(found: Evidence) -> int:
    """Count what overtook an earlier one of its key: on the logs, and among the effects."""
    strands = (found.told.sequences, found.effects, found.seen.sequences)
    return sum(overtaken(numbers) for strand in strands for numbers in strand.values())


def overtaken(numbers: Iterable[int]) -> int:
    """Count the numbers that first appear behind a higher one."""
    count, highest, seen = 0, 0, set[int]()
    for number in numbers:
        count += number not in seen and number < highest
        seen.add(number)
        highest = max(highest, number)
    return count


def state_breaches(found: Evidence) -> list[str]:
    """Compare the state with the ledger."""
    known = found.ledger.acknowledged
    strangers = found.commands.keys() - known.keys()
    refused = found.commands.keys() & found.ledger.refused
    other = [c for c, moves in known.items() if sorted(moves) != sorted(found.commands.get(c, []))]
    breaches = {
        "commands done that nobody was told of": len(strangers - refused),
        "commands done that were refused": len(refused),
        "commands that did other than their answer says": len(other),
        "parcels whose number is not that of their moves": _miscounted(found),
    }
    return [f"{count} {what}" for what, count in breaches.items() if count]


def _miscounted(found: Evidence) -> int:
    moves = Counter(parcel for each in found.commands.values() for parcel, _ in each)
    return sum(moves[parcel] != number for parcel, number in found.parcels.items())


def event_breaches(found: Evidence, promised: set[Move]) -> list[str]:
    """Compare events with changes, effects with events, the projection with the ledger's fold."""
    state = {move for moves in found.commands.values() for move in moves}
    effects = {(parcel, n) for parcel, numbers in found.effects.items() for n in numbers}
    fold = {parcel: (number, number) for parcel, number in Counter(p for p, _ in promised).items()}
    breaches = {
        "changes without an event": len(state - set(found.outbox)),
        "events without a change": len(set(found.outbox) - state),
        "records on the log that no outbox holds": len(found.told.moves - set(found.outbox)),
        "effects without a change": len(effects - state),
        "parcels whose projection is not the ledger's fold": len(
            set(fold.items()) ^ set(found.tracking.items())
        ),
    }
    return [f"{count} {what}" for what, count in breaches.items() if count]
