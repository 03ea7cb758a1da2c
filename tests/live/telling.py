"""The story, told by its own program to a platform; what it said and what came of it."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg

from cli import environment
from cli.places import ROOT
from tests.live.machine import Machine

STORY = (sys.executable, "-m", "cli.story")
STORY_SECONDS = 1200.0
FIGURE = re.compile(r"^  (?P<name>\S.*): (?P<read>\S+) (?P<sign>ok|WRONG.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Telling:
    """How one telling ended."""

    code: int
    said: str

    @property
    def figures(self) -> dict[str, str]:
        """What was read of the platform at the end, by name."""
        return {found["name"]: found["read"] for found in FIGURE.finditer(self.said)}

    @property
    def wrong(self) -> list[str]:
        """The figures that are not what the story says."""
        return [found[0] for found in FIGURE.finditer(self.said) if found["sign"] != "ok"]


@contextmanager
def begun(machine: Machine) -> Iterator[subprocess.Popen[str]]:
    """Let the story begin; it does not outlive the block."""
    env = environment.of_story(places=machine.places, gateway=machine.gateway)
    with subprocess.Popen(
        STORY, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as story:
        try:
            yield story
        finally:
            story.kill()


def ended(story: subprocess.Popen[str]) -> Telling:
    """Wait for the story's end; TimeoutExpired when it never comes."""
    said, _ = story.communicate(timeout=STORY_SECONDS)
    return Telling(story.returncode, said)


def tell(machine: Machine) -> Telling:
    """Tell the whole story."""
    with begun(machine) as story:
        return ended(story)


def events(machine: Machine) -> dict[str, int]:
    """Count the events that each service told so far."""
    return asyncio.run(_events(machine.databases))


async def _events(databases: dict[str, str]) -> dict[str, int]:
    counted = {}
    for service, url in databases.items():
        connection = await asyncpg.connect(url)
        counted[service] = await connection.fetchval("SELECT count(*) FROM outbox")
        await connection.close()
    return counted
