"""What one process of the harness is: the sender's web, its relay, or the receiver's worker."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import uvicorn
from pydantic import SecretStr

from kernel import outbox
from kernel.db import Database
from kernel.inbox import Runner
from kernel.rebuilding import Rebuild
from kernel.settings import ServiceSettings
from kernel.testing.passing import PassingTransport
from kernel.transport import kafka
from kernel.transport.choice import open_transport
from kernel.transport.interface import Transport
from kernel.worker import STALLED_SECONDS, Worker
from tests.faults import planted, toy
from tests.faults.points import (
    Fate,
    PointedDatabase,
    Points,
    let_marks_be_points,
    pointed,
)
from tests.faults.repeating import Repeats

HOST = "127.0.0.1"
DRAIN_SECONDS = 8


@dataclass(frozen=True)
class Order:
    """What to be: everything that a deployment would say by its environment, and the faults."""

    role: str
    run: str
    database_url: str
    bootstrap: str = ""
    log_url: str = ""
    jwks: str = ""
    port: int = 0
    points: Mapping[str, Fate] = field(default_factory=dict)
    planted: str = ""
    repeats: bool = False
    maps: bool = False
    stalled_seconds: float = STALLED_SECONDS
    session_ms: int = kafka.SESSION_MS
    poll_seconds: float = outbox.POLL_SECONDS


def become(order: Order) -> None:
    """Be that process, until it is told to end."""
    toy.use_topics_of(order.run)
    kafka.SESSION_MS, kafka.HEARTBEAT_MS = order.session_ms, order.session_ms // 3
    outbox.POLL_SECONDS = order.poll_seconds
    ROLES[order.role](order)


def serve(order: Order) -> None:
    """Be the sender's web process."""
    settings = ServiceSettings(
        database_url=order.database_url,
        internal_jwks=order.jwks,
        signing_key=SecretStr("a key for page cursors in tests"),
        log_level="WARNING",
    )
    app = toy.SERVICE.app(settings)
    database = PointedDatabase(settings.database_url, service=toy.SERVICE.name)
    database.points = Points(order.points)
    app.state.database = database
    uvicorn.run(
        app,
        host=HOST,
        port=order.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def relay(order: Order) -> None:
    """Be the sender's worker, which only relays."""
    points = Points(order.points)
    transport = pointed(transport_of(order), points)
    worker = Worker(Database(order.database_url, service="faults"), "faults", transport, ())
    mistaken = planted.RELAYS.get(order.planted)
    if mistaken:
        worker.relays = [mistaken(order.database_url, service="faults", transport=transport)]
    let_marks_be_points(points)
    asyncio.run(worker.run_until_signalled())


def receive(order: Order) -> None:
    """Be the receiver's worker: its consumer, and the relay of what that causes."""
    points, database = Points(order.points), Database(order.database_url, service="tracking")
    outgoing = transport_of(order)
    transport = pointed(spoiled(outgoing, order), points)
    worker = Worker(database, "tracking", outgoing, (), stalled_seconds=order.stalled_seconds)
    consumers = [toy.tracking(order.run, points), *([toy.mapping(order.run)] if order.maps else [])]
    worker.runners = [Runner(database, each, transport) for each in consumers]
    asyncio.run(worker.run_until_signalled())


def rebuild(order: Order) -> None:
    """Be the command that makes the projection anew."""

    async def run() -> None:
        database = Database(order.database_url, service="rebuild", pool_size=3)
        await Rebuild(database, toy.mapping(order.run), transport_of(order)).run()

    asyncio.run(run())


def spoiled(transport: Transport, order: Order) -> Transport:
    """Return the transport, with its consumers wrapped if the order says so."""
    wrap = planted.CONSUMERS.get(order.planted)
    if order.repeats:
        transport = PassingTransport(transport, consumers=Repeats)
    return PassingTransport(transport, consumers=wrap) if wrap else transport


def transport_of(order: Order) -> Transport:
    """Return the log that the order names."""
    return open_transport(kafka_bootstrap_servers=order.bootstrap, log_database_url=order.log_url)


ROLES: Mapping[str, Callable[[Order], None]] = {
    "web": serve,
    "relay": relay,
    "receiver": receive,
    "rebuild": rebuild,
}
