"""From an order to a container, and to the makers' pay."""

from fastapi import FastAPI

from kernel.service import Service
from services.export.allocation import api as allocation
from services.export.capacity import api as capacity
from services.export.capacity.handlers import when as capacity_events
from services.export.db import Table
from services.export.earnings import api as earnings
from services.export.materials import api as materials
from services.export.orders import api as orders
from services.export.partners import api as partners
from services.export.production import api as production
from services.export.products import api as products
from services.export.quality import api as quality
from services.export.settings import Settings
from services.export.shipments import api as shipments
from services.export.summaries import api as summaries
from services.export.traceability import api as traceability

SERVICE = Service(
    name="export",
    title="Anyam Export",
    tables=Table,
    routers=(
        partners.router,
        products.router,
        orders.router,
        capacity.router,
        allocation.router,
        materials.router,
        production.router,
        quality.router,
        shipments.router,
        earnings.router,
        traceability.router,
        summaries.router,
    ),
    subscriptions=(capacity_events,),
    timers=(),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    return SERVICE.app(settings or Settings())
