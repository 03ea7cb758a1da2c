"""Kills the services one after another while the story is told, at moments that a seed names."""

import random
import subprocess
from dataclasses import dataclass
from functools import partial

from cli.places import SERVICES
from cli.webapp import is_ready
from tests.live import telling
from tests.live.machine import Machine, wait_until

SEED = 12_422
ANSWERS = 2_000
"""Requests that every story needs: it takes some 2,500."""
BACK_SECONDS = 120.0
NEXT_MOMENT_SECONDS = 900.0


@dataclass(frozen=True)
class Kill:
    """Whom to kill, and after how many answers of the gateway."""

    service: str
    answers: int


def plan(seed: int) -> list[Kill]:
    """Return one kill a service, in a random order, at random moments of the story."""
    chance = random.Random(seed)  # noqa: S311 - a dice, not a secret
    moments = sorted(chance.sample(range(ANSWERS // 20, ANSWERS), len(SERVICES)))
    victims = chance.sample(SERVICES, len(SERVICES))
    return [Kill(*kill) for kill in zip(victims, moments, strict=True)]


def carry_out(kills: list[Kill], *, on: Machine, during: subprocess.Popen[str]) -> None:
    """Kill each service when its moment has come, and wait until the supervisor has healed it.

    Raises:
        TookTooLong: the story stands still, or a killed service does not come back.
    """
    for kill in kills:
        wait_until(partial(has_come, kill, on, during), seconds=NEXT_MOMENT_SECONDS)
        assert during.poll() is None, f"the story ended before {kill}: {telling.ended(during)}"
        kill_once(on, kill.service)


def kill_once(machine: Machine, service: str) -> None:
    """Kill a service and see another process in its place."""
    victim = machine.process_of(service)
    victim.kill()
    wait_until(lambda: not victim.is_running(), seconds=BACK_SECONDS)
    wait_until(lambda: is_ready(machine.ports.service(service)), seconds=BACK_SECONDS)


def has_come(kill: Kill, machine: Machine, story: subprocess.Popen[str]) -> bool:
    """Say whether the gateway has answered so many requests, or never will."""
    log = machine.places.logs / "gateway.log"
    answers = log.read_bytes().count(b'"event": "request"')
    return answers >= kill.answers or story.poll() is not None
