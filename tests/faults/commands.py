"""The scenarios that concern commands, on the real services."""

from tests.faults import (
    capacity_race,
    cut_backends,
    killed_import,
    killed_services,
    lost_update,
    one_key,
    rolling_restart,
)
from tests.faults.scenario import SCENARIOS

SLICES = (
    capacity_race,
    one_key,
    lost_update,
    cut_backends,
    killed_import,
    killed_services,
    rolling_restart,
)
"""Importing them registers their scenarios."""

NAMES = tuple(
    name
    for one in SLICES
    for name, each in SCENARIOS.items()
    if each.run.__module__ == one.__name__
)
