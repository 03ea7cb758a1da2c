"""Where benches run: a durable PostgreSQL and a real Apache Kafka, started on demand."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.kafka import EmbeddedKafka
from cli.postgres import EmbeddedPostgres
from kernel.transport.embedded import EmbeddedTransport
from kernel.transport.interface import Transport
from kernel.transport.kafka import KafkaTransport


class Ground:
    """Two servers, each started when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._postgres: EmbeddedPostgres | None = None
        self._kafka: EmbeddedKafka | None = None

    @property
    def postgres(self) -> EmbeddedPostgres:
        """The server of every database; it syncs each commit to the disk."""
        if self._postgres is None:
            self._postgres = EmbeddedPostgres(self.folder / "postgres")
            self._postgres.start()
        return self._postgres

    @property
    def kafka(self) -> EmbeddedKafka:
        """One broker."""
        if self._kafka is None:
            (self.folder / "kafka").mkdir()
            self._kafka = EmbeddedKafka(self.folder / "kafka")
            self._kafka.start()
        return self._kafka

    def fresh_database(self, name: str) -> str:
        """Return the URL of an empty database."""
        self.postgres.drop_database(name)
        return self.postgres.create_database(name)

    def address(self, variant: str) -> str:
        """Return where the log that the variant names is: of brokers, or of a database."""
        return self.kafka.bootstrap if variant == "kafka" else self.postgres.url("log", "log")

    def transport(self, variant: str) -> Transport:
        """Return the log that the variant names: `kafka` or `embedded`."""
        if variant == "kafka":
            return KafkaTransport(self.kafka.bootstrap)
        return EmbeddedTransport(self.fresh_database("log"))

    def close(self) -> None:
        """Stop what was started."""
        if self._kafka:
            self._kafka.stop()
        if self._postgres:
            self._postgres.stop()


@contextmanager
def ground() -> Iterator[Ground]:
    """Give the ground, and clear it away."""
    with tempfile.TemporaryDirectory(prefix="anyam-bench-") as folder:
        Path(folder).chmod(0o711)  # the server of the databases may be another user
        made = Ground(Path(folder))
        try:
            yield made
        finally:
            made.close()
