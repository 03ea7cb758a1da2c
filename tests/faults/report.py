"""What the long form found, as docs/reliability.md."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from cli.cluster import MAJOR
from cli.kafka_jars import POM
from cli.places import ROOT
from tests.faults.scenario import Scenario, Trial, Verdict

PAGE = ROOT / "docs" / "reliability.md"
QUIET = ("seconds", "answered")
TEMPLATE = Path(__file__).with_name("reliability.template.md")


@dataclass(frozen=True)
class Row:
    """One scenario, once."""

    scenario: Scenario
    trial: Trial
    verdict: Verdict
    seconds: float


def line(row: Row) -> str:
    """Return what the terminal is told."""
    verdict = row.verdict
    counted = f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.inverted} inverted"
    done = f"{verdict.acknowledged} commands, {verdict.events} events, {verdict.faults} faults"
    broken = "".join(f"\n  broken: {each}" for each in verdict.broken)
    return f"  {done}: {counted}; {row.seconds:.0f} s; {figures(verdict)}{broken}"


def write(rows: Sequence[Row], caught: Sequence[Row]) -> None:
    """Write the page."""
    sums = {
        "commands": sum(row.verdict.acknowledged for row in rows),
        **{
            name: sum(getattr(row.verdict, name) for row in rows)
            for name in ("events", "faults", "lost", "doubled", "inverted")
        },
    }
    page = TEMPLATE.read_text().format(
        machine=machine(),
        scenarios=scenarios(rows),
        figures=measured(rows),
        mistakes=mistakes(caught),
        **sums,
    )
    PAGE.write_text(page)


def machine() -> str:
    """Return where and with what it ran."""
    kafka = POM.read_text().partition("<kafka.version>")[2].partition("<")[0]
    parts = [
        f"{datetime.now(UTC).date()}",
        f"{os.cpu_count()} cores",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"PostgreSQL {MAJOR}",
        f"Apache Kafka {kafka}",
        *(f"{name} {version(name)}" for name in ("aiokafka", "asyncpg")),
    ]
    return ", ".join(parts) + "."


def scenarios(rows: Iterable[Row]) -> str:
    """Return the table of scenarios."""
    about = ("scenario", "fault", "invariant", "seed")
    counts = ("commands", "events", "faults", "lost", "doubled", "inverted", "seconds", "holds")
    return table((*about, *counts), (_cells(row) for row in rows))


def _cells(row: Row) -> Sequence[object]:
    verdict = row.verdict
    about = (row.scenario.name, row.scenario.fault, row.scenario.invariant, row.trial.seed)
    done = (verdict.acknowledged, verdict.events, verdict.faults)
    wrong = (verdict.lost, verdict.doubled, verdict.inverted)
    verdict_says = "yes" if verdict.holds else "; ".join(["no", *verdict.broken])
    return (*about, *done, *wrong, f"{row.seconds:.0f}", verdict_says)


def measured(rows: Iterable[Row]) -> str:
    """Return the table of recovery figures and answers."""
    return table(
        ("scenario", "figures", "answers"),
        ((row.scenario.name, figures(row.verdict), answers(row.verdict)) for row in rows),
    )


def figures(verdict: Verdict) -> str:
    """Return what was measured beside the counts."""
    shown = (item for item in verdict.figures.items() if not item[0].startswith(QUIET))
    return ", ".join(f"{name} {value:.4g}" for name, value in shown)


def answers(verdict: Verdict) -> str:
    """Return how often callers were answered what."""
    shown = (item for item in verdict.figures.items() if item[0].startswith("answered"))
    return ", ".join(f"{name.removeprefix('answered ')}: {value:.0f}" for name, value in shown)


def mistakes(caught: Sequence[Row]) -> str:
    """Return the matrix of planted mistakes and the scenarios that caught them."""
    names = sorted({row.scenario.name for row in caught})
    planted = list(dict.fromkeys(row.trial.planted for row in caught))
    cells = {(row.trial.planted, row.scenario.name): _damage(row.verdict) for row in caught}
    return table(
        ("planted", *names),
        ((mistake, *(cells.get((mistake, name), "") for name in names)) for mistake in planted),
    )


def _damage(verdict: Verdict) -> str:
    counts = {
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "inverted": verdict.inverted,
    }
    return ", ".join(f"**{count} {what}**" for what, count in counts.items() if count) or "-"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
