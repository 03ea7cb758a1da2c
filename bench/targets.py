"""The targets that are measured, in the order of their names."""

from bench import inbox, latency, orders, relay
from bench.target import Target

TARGETS: tuple[Target, ...] = (relay.TARGET, latency.TARGET, inbox.TARGET, orders.TARGET)
