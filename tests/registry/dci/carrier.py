"""A worker process that a test may kill: it carries the callbacks of DATABASE_URL, then ends."""

import asyncio

from kernel.db import Database
from services.registry.dci import turns
from services.registry.dci.callbacks import Office
from services.registry.settings import Settings
from services.registry.vault import Vault


async def main() -> None:
    """Carry everything that is due."""
    settings = Settings()
    database = Database(settings.database_url, service="registry", row_security=True)
    courier = turns.courier(Office.of(settings, Vault(settings)))
    while await courier.run_once(database):
        pass
    await database.dispose()


if __name__ == "__main__":
    asyncio.run(main())
