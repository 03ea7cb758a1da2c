"""Who the families are, and who may know it."""

from fastapi import FastAPI

from kernel.service import Service
from services.registry.db import Table
from services.registry.households import api as households
from services.registry.households import handlers as households_handlers
from services.registry.regions import api as regions
from services.registry.settings import Settings
from services.registry.vault import Vault

SERVICE = Service(
    name="registry",
    title="Anyam Registry",
    tables=Table,
    routers=(*regions.ROUTERS, *households.ROUTERS),
    subscriptions=(households_handlers.when,),
    timers=(),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    settings = settings or Settings()
    app = SERVICE.app(settings)
    app.state.vault = Vault(settings)
    return app
