"""Schema changes: one alembic tree a service, run before the new code starts.

`python -m kernel.migrations services.registry` brings DATABASE_URL to the newest revision.
"""

import asyncio
import os
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

# Two migration jobs that start together take turns.
ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('anyam.migrations'))")
LOCK_TIMEOUT = sa.text("SET LOCAL lock_timeout = '5s'")


def configuration(package: str, *, url: str) -> Config:
    """Return alembic's configuration for a service's tree, `services.registry`."""
    config = Config()
    config.set_main_option(
        "script_location", str(Path(*package.split("."), "migrations").resolve())
    )
    config.attributes["url"] = url
    return config


def upgrade(package: str, *, url: str) -> None:
    """Bring a database to the newest revision of a service."""
    command.upgrade(configuration(package, url=url), "head")


def newest(package: str) -> str | None:
    """Return the newest revision that the code knows."""
    return ScriptDirectory.from_config(configuration(package, url="")).get_current_head()


def run_environment(metadata: sa.MetaData) -> None:
    """Run the migrations that alembic asked for; a tree's `env.py` is this one call."""
    asyncio.run(_run(context.config.attributes["url"], metadata))


async def _run(url: str, metadata: sa.MetaData) -> None:
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool
    )
    async with engine.begin() as connection:
        await connection.run_sync(_migrate, metadata)
    await engine.dispose()


def _migrate(connection: sa.Connection, metadata: sa.MetaData) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        connection.execute(ONE_AT_A_TIME)
        connection.execute(LOCK_TIMEOUT)
        context.run_migrations()


if __name__ == "__main__":
    upgrade(sys.argv[1], url=os.environ["DATABASE_URL"])
