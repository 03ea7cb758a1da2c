"""The long form: every scenario at length, the planted mistakes, and docs/reliability.md.

FAULTS_SEED repeats a run's dice, FAULTS_ONLY=<a part of a name> picks scenarios, FAULTS_EVENTS sets
how many events the scenarios on messages share between them.
"""

import asyncio
import logging
import os
import random
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

import structlog

from tests.faults import commands, messages, report, stand
from tests.faults.report import Row
from tests.faults.scenario import SCENARIOS, Trial, Verdict
from tests.faults.stage import Stage

ROOM_FOR_SEEDS = 100_000


def main() -> None:
    """Run what was asked for; the exit code says whether every invariant held."""
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(ROOM_FOR_SEEDS))
    only = os.environ.get("FAULTS_ONLY", "")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    say(f"FAULTS_SEED={seed}")
    rows, caught = asyncio.run(everything(seed, only))
    if not only:
        report.write(rows, caught)
    sys.exit(not all(row.verdict.holds for row in rows))


async def everything(seed: int, only: str) -> tuple[list[Row], list[Row]]:
    """Return a row for each scenario, and one for each planted mistake in each of its catchers."""
    stage = Stage()
    try:
        rows = [await run(name, seed, stage=stage) for name in chosen(messages.NAMES, only)]
        trials = [(name, mistake) for mistake, names in messages.CATCHERS.items() for name in names]
        caught = [
            await run(name, seed, stage=stage, planted=mistake)
            for name, mistake in (() if only else trials)
        ]
    finally:
        await stage.close()
    return [*rows, *await on_commands(seed, only)], caught


async def on_commands(seed: int, only: str) -> list[Row]:
    """Run the scenarios on commands, all on one platform."""
    names = chosen(commands.NAMES, only)
    platform: AbstractContextManager[object] = stand.shared() if names else nullcontext()
    with platform:
        return [await run(name, seed, stage=Stage()) for name in names]


def chosen(names: Iterable[str], only: str) -> Sequence[str]:
    """Return the names that were asked for."""
    return [name for name in names if only in name]


async def run(name: str, seed: int, *, stage: Stage, planted: str = "") -> Row:
    """Run one scenario and tell how it went; a planted mistake shows in the short form."""
    scenario, began = SCENARIOS[name], time.monotonic()
    events = scenario.short if planted else scaled(name)
    trial = Trial(seed, events, stage.folder, planted, calm=bool(planted), stage=stage)
    say(f"{name}{' with ' if planted else ''}{planted} ...")
    try:
        verdict = await scenario.run(trial)
    except Exception as error:  # the others of the long form go on
        verdict = Verdict(broken=[f"ended by {error!r}"])
    row = Row(scenario, trial, verdict, time.monotonic() - began)
    say(report.line(row))
    return row


def scaled(name: str) -> int:
    """Return a scenario's share of FAULTS_EVENTS."""
    events = SCENARIOS[name].long
    asked = os.environ.get("FAULTS_EVENTS")
    if not asked or name not in messages.NAMES:
        return events
    return events * int(asked) // sum(SCENARIOS[each].long for each in messages.NAMES)


def say(line: str) -> None:
    """Tell the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
