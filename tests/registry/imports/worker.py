"""A worker process that a test may kill: it deals with the files of DATABASE_URL, then ends."""

import asyncio

from kernel.db import Database
from services.registry.imports import jobs
from services.registry.settings import Settings
from services.registry.vault import Vault


async def main() -> None:
    """Deal with every file that waits."""
    settings = Settings()
    database = Database(settings.database_url, service="registry", row_security=True)
    await jobs.run_pending(database, Vault(settings))
    await database.dispose()


if __name__ == "__main__":
    asyncio.run(main())
