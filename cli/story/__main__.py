"""Plays the September container through the gateway, and checks what came of it.

Reads GATEWAY_URL, and CREDENTIALS_FILE: JSON of client id -> secret.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console

from cli.story import (
    graduating,
    lending,
    ordering,
    pay,
    recall,
    reckoning,
    registration,
    shipping,
    training,
    weaving,
)
from cli.story.stage import Away, NotYet, StoryFailed, open_stage
from cli.story.tale import Tale

Chapter = Callable[[Tale], Awaitable[None]]

CHAPTERS: tuple[tuple[str, tuple[Chapter, ...]], ...] = (
    (
        "March: 350 families are registered",
        (
            registration.register,
            registration.rank,
            registration.note_the_aid,
            registration.assign_pendamping,
        ),
    ),
    (
        "March: a programme, training, 25 groups",
        (
            training.agree,
            training.enrol,
            training.train,
            training.organise,
            training.declare_the_village,
        ),
    ),
    (
        "April: 12,422 baskets are ordered, the work and the material divided",
        (ordering.place, ordering.match_material, ordering.allocate, ordering.hand_out_material),
    ),
    ("April to August: weaving and quality control", (weaving.weave, weaving.clear_the_workshops)),
    ("May to September: the makers are paid", (pay.pay,)),
    ("September: four containers leave", (shipping.release,)),
    ("September: who is ready graduates", (graduating.set_the_bar, graduating.weigh)),
    ("September: PNM lends", (lending.open_the_desk, lending.refer)),
)


async def tell(console: Console, gateway: str, credentials: dict[str, str]) -> bool:
    """Play every chapter, then check every figure; return whether all hold."""
    began = time.perf_counter()
    async with open_stage(gateway, credentials) as stage:
        tale = Tale(stage)
        if await recall.was_played(tale):
            console.print("The story was played here before; it is read back.")
            await recall.recall(tale)
        else:
            await _play(console, tale)
        holds = await _reckon(console, tale)
    console.print(f"The story took {time.perf_counter() - began:.1f} s.")
    return holds


async def _play(console: Console, tale: Tale) -> None:
    for title, scenes in CHAPTERS:
        started = time.perf_counter()
        for scene in scenes:
            await scene(tale)
        console.print(f"  {title} ({time.perf_counter() - started:.1f} s)")


async def _reckon(console: Console, tale: Tale) -> bool:
    holds = True
    async for figure in reckoning.figures(tale):
        holds = holds and figure.holds
        sign = "[green]ok[/]" if figure.holds else f"[red]WRONG, {figure.wanted} expected[/]"
        console.print(f"  {figure.name}: {figure.read} {sign}")
    return holds


def main() -> int:
    """Run the story; return the exit code."""
    console = Console(highlight=False, soft_wrap=True)
    credentials = json.loads(Path(os.environ["CREDENTIALS_FILE"]).read_text())
    try:
        holds = asyncio.run(tell(console, os.environ["GATEWAY_URL"], credentials))
    except (StoryFailed, Away, NotYet) as error:
        console.print(f"[red]The story cannot go on:[/] {error}", markup=True)
        return 1
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
