"""`make bench`: measures the targets against their yardsticks and writes docs/benchmarks.*."""

import os
import sys

import uvloop

from bench import report
from bench.ground import Ground, ground
from bench.target import Round, Target
from bench.targets import TARGETS
from kernel.service import spare_what_stays

ROUNDS = 5


def main() -> int:
    """Measure what ONLY names, or all; return how many floors were missed."""
    only = os.environ.get("ONLY", "").split()
    rounds = int(os.environ.get("ROUNDS", ROUNDS))
    chosen = [target for target in TARGETS if not only or target.name in only]
    spare_what_stays()
    with ground() as field:
        return sum(not uvloop.run(measured(target, field, rounds=rounds)) for target in chosen)


async def measured(target: Target, field: Ground, *, rounds: int) -> bool:
    """Measure one target in each of its variants; say whether the first reached its floor."""
    turns: dict[str, list[Round]] = {}
    for variant in target.variants:
        report.say(f"{target.name} {target.what}, against {target.yardstick} [{variant}]")
        turns[variant] = []
        async for turn in target.rounds(field, variant, rounds):
            turns[variant].append(turn)
            report.say_turn(target, turn)
    return report.write(target, turns)


if __name__ == "__main__":
    sys.exit(main())
