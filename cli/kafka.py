"""The development broker: one node of Apache Kafka (KRaft) from Maven, on 127.0.0.1."""

import base64
import socket
import struct
import subprocess
import time
import uuid
from pathlib import Path

from cli import kafka_jars, ports
from cli.children import end, launch, pause
from cli.failures import CannotGoOn

START_SECONDS = 90.0
STOP_SECONDS = 20.0
JVM = ("-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
LOGGING = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
# ApiVersions (key 18), version 0, correlation id 1, no client id: the smallest question.
ARE_YOU_READY = struct.pack(">ihhih", 10, 18, 0, 1, -1)
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
# Topics are made on purpose, with the partitions they need.
auto.create.topics.enable=false
# One node keeps every copy there is.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# After a kill the node may join again this soon.
broker.session.timeout.ms=6000
"""


class EmbeddedKafka:
    """One Kafka node with its data in `folder`; it ends with the process that started it."""

    name = "kafka"

    def __init__(
        self, folder: Path, port: int = 0, controller_port: int = 0, *, log: Path | None = None
    ) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.properties = self.folder / "server.properties"
        self.log = log or self.folder / "kafka.log"
        self.asked_ports = (port, controller_port)
        self.bootstrap = ""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Fetch Kafka if needed, format the data folder if it is new, start, wait for an answer.

        CannotGoOn: Java 17 or Maven is missing, a port is taken, or the broker does not start.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.java, self.jars = kafka_jars.find_java(), kafka_jars.fetch()
        port, controller_port = (ports.claim(each, for_="Kafka") for each in self.asked_ports)
        self.bootstrap = f"{ports.HOST}:{port}"
        self.properties.write_text(
            PROPERTIES.format(
                host=ports.HOST, port=port, controller_port=controller_port, data=self.data
            )
        )
        self.format()
        try:
            self.run(deadline=time.monotonic() + START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the broker cleanly."""
        end(self.process, grace=STOP_SECONDS)

    def running(self) -> bool:
        """Say whether the broker's process lives."""
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        """Say whether the broker answers."""
        return self.running() and answers(int(self.bootstrap.rpartition(":")[2]))

    def format(self) -> None:
        """Give a new data folder its cluster id; an existing one keeps its own."""
        if (self.data / "meta.properties").exists():
            return
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        options = ["format", f"--cluster-id={cluster_id}", f"--config={self.properties}"]
        with self.log.open("ab") as log:
            done = subprocess.run(
                self.argv("kafka.tools.StorageTool", *options), stdout=log, stderr=log, check=False
            )
        if done.returncode != 0:
            raise self.cannot_start()

    def run(self, *, deadline: float) -> None:
        """Start the broker and wait until it answers."""
        self.process = launch(self.argv("kafka.Kafka", str(self.properties)), log=self.log)
        while self.running() and time.monotonic() < deadline:
            if self.ready():
                return
            pause(self.process, seconds=0.1)
        raise self.cannot_start()

    def argv(self, main_class: str, *options: str) -> list[str]:
        """Return the command line of one of Kafka's programs."""
        return [self.java, *JVM, LOGGING, "-cp", f"{self.jars}/*", main_class, *options]

    def cannot_start(self) -> CannotGoOn:
        """Return the failure that names the log."""
        return CannotGoOn(
            id=f"Kafka tidak dapat dimulai: baca {self.log}, atau jalankan tanpa KAFKA=1.",
            en=f"Kafka cannot start: read {self.log}, or go without KAFKA=1.",
        )


def answers(port: int) -> bool:
    """Ask the broker which requests it knows; False without an answer within a second."""
    try:
        with socket.create_connection((ports.HOST, port), timeout=1) as connection:
            connection.sendall(ARE_YOU_READY)
            return connection.recv(4) != b""
    except OSError:
        return False
