"""What was measured, told on the terminal, in docs/benchmarks.json and in docs/benchmarks.md."""

import json
import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bench.target import Round, Target
from bench.targets import TARGETS

DOCS = Path(__file__).parents[1] / "docs"
FIGURES = DOCS / "benchmarks.json"
PAGE = DOCS / "benchmarks.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

Entry = dict[str, object]


def say(line: str) -> None:
    """Tell the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_turn(target: Target, turn: Round) -> None:
    """Tell one round."""
    compared = target.compare(turn)
    say(f"  ours {turn.ours:,.2f} yardstick {turn.yardstick:,.2f} {target.unit}: {compared:.2f}")


def write(target: Target, turns: Mapping[str, list[Round]]) -> bool:
    """Write a target's figures down; say whether its first variant reached the floor."""
    first, *others = (entry(target, variant, turns[variant]) for variant in target.variants)
    every = read() | {target.name: first | {"beside": others}}
    FIGURES.write_text(json.dumps(every, indent=1) + "\n")
    page = PAGE.read_text()
    head, tail = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(head + BEGIN + "\n" + table(every) + END + tail)
    for variant in reversed(target.variants):
        result = target.result(turns[variant])
        beside = "" if variant == target.variants[0] else f" [{variant}]"
        say(f"{target.name}{beside} ratio {result:.2f} floor {target.floor:.2f}")
    return target.reached(target.result(turns[target.variants[0]]))


def entry(target: Target, variant: str, turns: list[Round]) -> Entry:
    """Return one variant's figures."""
    compared = [round(target.compare(turn), 3) for turn in turns]
    return {
        "on": variant,
        "ratio": round(target.result(turns), 3),
        "floor": target.floor,
        "aim": target.aim,
        "meaning": f"{target.unit} added" if target.added else "ours / yardstick",
        "unit": target.unit,
        "spread": [min(compared), max(compared)],
        "runs": [turn._asdict() | {"ratio": c} for turn, c in zip(turns, compared, strict=True)],
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "measured_on": datetime.now(UTC).date().isoformat(),
    }


def read() -> dict[str, dict[str, object]]:
    """Return what was measured before."""
    found: dict[str, dict[str, object]] = {}
    if FIGURES.exists():
        found = json.loads(FIGURES.read_text())
    return found


def table(every: Mapping[str, Mapping[str, object]]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        "",
        "| target | on | what | yardstick | result | spread | floor | aim | measured on |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for target in TARGETS:
        measured = every.get(target.name)
        if measured:
            beside = measured["beside"]
            assert isinstance(beside, list)
            lines += [row(target, each) for each in (measured, *beside)]
    return "\n".join([*lines, "", ""])


def row(target: Target, figures: Mapping[str, object]) -> str:
    """Return one line of the table."""
    spread = figures["spread"]
    assert isinstance(spread, list)
    unit = f" {target.unit}" if target.added else ""
    return (
        f"| {target.name} | {figures['on']} | {target.what} | {target.yardstick} "
        f"| **{figures['ratio']}**{unit} | {spread[0]} - {spread[1]} "
        f"| {figures['floor']} | {figures['aim']} "
        f"| {figures['measured_on']}, {figures['machine']} |"
    )
