"""Rebuilds a depot's projection in a process of its own, which may be killed."""

import asyncio
import sys

from kernel.db import Database
from kernel.transport.embedded import EmbeddedTransport
from tests.kernel.rebuild.depot import Depot


async def main(url: str, name: str) -> None:
    """Rebuild from the embedded log in the same database."""
    database = Database(url, service="depot")
    await Depot(database, EmbeddedTransport(url), name=name).rebuild().run()
    await database.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
