"""From an order to a container, and to the makers' pay."""

from fastapi import FastAPI

from kernel.service import Service
from services.export.db import Table
from services.export.settings import Settings

SERVICE = Service(
    name="export",
    title="Anyam Export",
    tables=Table,
    routers=(),
    subscriptions=(),
    timers=(),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    return SERVICE.app(settings or Settings())
