"""From aid to skill to income."""

from fastapi import FastAPI

from kernel.service import Service
from services.empowerment.db import Table
from services.empowerment.settings import Settings

SERVICE = Service(
    name="empowerment",
    title="Anyam Empowerment",
    tables=Table,
    routers=(),
    subscriptions=(),
    timers=(),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    return SERVICE.app(settings or Settings())
