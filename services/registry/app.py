"""Who the families are, and who may know it."""

from dataclasses import replace

from fastapi import FastAPI

from kernel.service import Service
from services.registry.assistance import api as assistance
from services.registry.assistance import handlers as assistance_handlers
from services.registry.db import Table
from services.registry.facilitators import api as facilitators
from services.registry.facilitators import handlers as facilitators_handlers
from services.registry.households import api as households
from services.registry.households import handlers as households_handlers
from services.registry.imports import api as imports
from services.registry.imports import jobs
from services.registry.regions import api as regions
from services.registry.settings import Settings
from services.registry.summaries import api as summaries
from services.registry.vault import Vault
from services.registry.welfare import api as welfare

SERVICE = Service(
    name="registry",
    title="Anyam Registry",
    tables=Table,
    row_security=True,
    routers=(
        *regions.ROUTERS,
        *households.ROUTERS,
        *welfare.ROUTERS,
        *assistance.ROUTERS,
        *facilitators.ROUTERS,
        *imports.ROUTERS,
        *summaries.ROUTERS,
    ),
    subscriptions=(
        households_handlers.when,
        assistance_handlers.when,
        facilitators_handlers.when,
    ),
)


def service(vault: Vault) -> Service:
    """Return the service with the timer that opens imported files, which needs the keys."""
    return replace(SERVICE, timers=(jobs.timer(vault),))


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    settings = settings or Settings()
    vault = Vault(settings)
    app = service(vault).app(settings)
    app.state.vault = vault
    return app
