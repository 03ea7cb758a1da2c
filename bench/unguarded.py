"""The registry with its guards off: nothing sealed, no row hidden, no reading written down.

Only to be measured against. It is the service's own application in which three things are replaced.
"""

from uuid import UUID

from fastapi import FastAPI

from kernel.db import Database, UnitOfWork
from services.registry.app import create_app as guarded
from services.registry.settings import Settings
from services.registry.sharing.ledger.models import LEDGER, Access
from services.registry.vault import Seal, Vault


class Glass(Seal):
    """Keeps a value as it is."""

    def __init__(self) -> None:
        """Have no key."""

    def seal(self, text: str, *, place: str, row_id: UUID) -> bytes:
        """Return the bytes of the text."""
        return text.encode()

    def open(self, sealed: bytes, *, place: str, row_id: UUID) -> str:
        """Return the text."""
        return sealed.decode()


GLASS = Glass()


class GlassVault(Vault):
    """A vault in which everything lies open."""

    def __reduce__(self) -> tuple[type["GlassVault"], tuple[Settings]]:
        """Let another process of ours open the same vault."""
        return GlassVault, (self._settings,)

    def new_family_key(self, household_id: UUID) -> bytes:
        """Return no key."""
        return b"none"

    def family(self, data_key: bytes | None, household_id: UUID) -> Seal:
        """Return what seals nothing."""
        return GLASS


def create_app() -> FastAPI:
    """Return the application; its database's role is one that row security does not bind."""
    settings = Settings()
    app = guarded(settings)
    app.state.vault = GlassVault(settings)
    app.state.database = Database(settings.database_url, service="registry")
    LEDGER.enter = _write_nothing_down  # type: ignore[method-assign]  # this process measures only
    return app


async def _write_nothing_down(uow: UnitOfWork, row: Access) -> None:
    """Let the reading pass."""
