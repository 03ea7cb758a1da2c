"""The scenarios that concern messages: two toy services, real processes, real servers."""

from tests.faults import deliveries, gaps, kills, members, networks, outages, planted, replays
from tests.faults.scenario import SCENARIOS, Scenario

SUBJECTS = (kills, gaps, outages, deliveries, members, networks, replays)
"""Importing them registers their scenarios."""

NAMES = tuple(
    name
    for one in SUBJECTS
    for name, each in SCENARIOS.items()
    if each.run.__module__ == one.__name__
)

FOR_ALL = ("outbox gap", "kill the consumer", "duplicate and reorder")
CATCHERS = {
    # A relay with a cursor never marks, and cannot be killed between the two.
    **dict.fromkeys(planted.RELAYS, FOR_ALL),
    **dict.fromkeys(planted.CONSUMERS, (*FOR_ALL, "kill between publish and mark")),
}
"""The scenarios that each planted mistake is tried in."""


def named(name: str) -> Scenario:
    """Return one of them."""
    return SCENARIOS[name]
