"""From evidence to credit."""

from fastapi import FastAPI

from kernel.service import Service
from services.financing.db import Table
from services.financing.settings import Settings

SERVICE = Service(
    name="financing",
    title="Anyam Financing",
    tables=Table,
    routers=(),
    subscriptions=(),
    timers=(),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    return SERVICE.app(settings or Settings())
