"""The command that rebuilds a projection, with the environment of the service's worker.

`python -m kernel.rebuild services.financing --consumer financing.evidence [--replay ID]`
"""

import argparse
import asyncio
import importlib
import os
import sys
from dataclasses import asdict

import structlog

from kernel import telemetry
from kernel.db import Database
from kernel.ledger import HistoryIncomplete
from kernel.rebuilding import CannotRebuild, Rebuild
from kernel.service import Service
from kernel.subscriptions import Subscriptions
from kernel.transport.choice import open_transport

log = structlog.get_logger("rebuild")

CONNECTIONS = 3


def main() -> None:
    """Rebuild; what stands in the way is one line and exit code 1."""
    asked = arguments().parse_args()
    telemetry.configure_logs(level="INFO")
    try:
        service: Service = importlib.import_module(f"{asked.service}.app").SERVICE
        when = consumer_of(service, asked.consumer)
        if asked.topics:
            print(",".join(sorted(when.topics)))  # noqa: T201 - the answer
        else:
            asyncio.run(rebuild(when, replay=asked.replay, allow_gaps=asked.allow_gaps))
    except (CannotRebuild, HistoryIncomplete) as refusal:
        sys.exit(str(refusal))


def arguments() -> argparse.ArgumentParser:
    """Return what the command takes."""
    parser = argparse.ArgumentParser(prog="python -m kernel.rebuild")
    parser.add_argument("service", help="services.financing")
    parser.add_argument("--consumer", required=True, help="financing.evidence")
    parser.add_argument("--topics", action="store_true", help="only name the topics that it reads")
    parser.add_argument("--replay", default="", help="read the copies of this name first")
    parser.add_argument(
        "--allow-gaps", action="store_true", help="make do with the events that are left"
    )
    return parser


def consumer_of(service: Service, name: str) -> Subscriptions:
    """Return a consumer of the service.

    Raises:
        CannotRebuild: it has none of this name.
    """
    known = {each.consumer: each for each in service.subscriptions}
    if name not in known:
        projections = [name for name, each in known.items() if each.projection]
        raise CannotRebuild(f"{service.name} has no {name}; it can rebuild {projections}")
    return known[name]


async def rebuild(when: Subscriptions, *, replay: str, allow_gaps: bool) -> None:
    """Rebuild on the database and the log that the environment names; tell what differed."""
    name = f"rebuild {when.consumer}"
    database = Database(os.environ["DATABASE_URL"], service=name, pool_size=CONNECTIONS)
    transport = open_transport(
        kafka_bootstrap_servers=os.environ.get("KAFKA_BOOTSTRAP_SERVERS", ""),
        log_database_url=os.environ.get("LOG_DATABASE_URL", ""),
    )
    try:
        work = Rebuild(database, when, transport, replay=replay, allow_gaps=allow_gaps)
        for table, difference in (await work.run()).items():
            log.info("rebuild.equal", consumer=when.consumer, table=table, **asdict(difference))
    finally:
        await transport.close()
        await database.dispose()


if __name__ == "__main__":
    main()
