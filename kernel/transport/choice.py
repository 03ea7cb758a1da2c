"""Which broker a process uses: Kafka where one is named, else the embedded log."""

from kernel.transport.embedded import EmbeddedTransport
from kernel.transport.interface import Transport
from kernel.transport.kafka import KafkaTransport


def open_transport(*, kafka_bootstrap_servers: str, log_database_url: str) -> Transport:
    """Return the transport that the settings ask for; it connects when it is used.

    Raises:
        ValueError: neither is set.
    """
    if kafka_bootstrap_servers:
        return KafkaTransport(kafka_bootstrap_servers)
    if log_database_url:
        return EmbeddedTransport(log_database_url)
    raise ValueError("set KAFKA_BOOTSTRAP_SERVERS or LOG_DATABASE_URL")
