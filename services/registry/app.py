"""Who the families are, and who may know it."""

from fastapi import FastAPI

from kernel.service import Service
from services.registry.db import Table
from services.registry.settings import Settings

SERVICE = Service(
    name="registry",
    title="Anyam Registry",
    tables=Table,
    routers=(),
    subscriptions=(),
    timers=(),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    return SERVICE.app(settings or Settings())
