"""The targets that are measured, in the order of their names."""

from bench import imports, inbox, latency, orders, overhead, reading, relay
from bench.target import Target

TARGETS: tuple[Target, ...] = (
    imports.T1,
    imports.T2,
    relay.TARGET,
    latency.TARGET,
    inbox.TARGET,
    orders.TARGET,
    reading.READING,
    reading.GROWTH,
    overhead.TARGET,
)
