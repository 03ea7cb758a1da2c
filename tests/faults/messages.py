"""The scenarios that concern messages: two toy services, real processes, real servers."""

from tests.faults import deliveries, gaps, kills, members, networks, outages, replays
from tests.faults.scenario import SCENARIOS, Scenario

SUBJECTS = (kills, gaps, outages, deliveries, members, networks, replays)
"""Importing them registers their scenarios."""

NAMES = tuple(
    name
    for one in SUBJECTS
    for name, each in SCENARIOS.items()
    if each.run.__module__ == one.__name__
)

CATCHERS = (
    "outbox gap",
    "kill between publish and mark",
    "kill the consumer",
    "duplicate and reorder",
)
"""The scenarios that every planted mistake is tried in."""


def named(name: str) -> Scenario:
    """Return one of them."""
    return SCENARIOS[name]
