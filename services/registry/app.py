"""Who the families are, and who may know it."""

from dataclasses import replace

from fastapi import FastAPI

from kernel.service import Service
from services.registry.aid_checks import api as aid_checks
from services.registry.assistance import api as assistance
from services.registry.assistance import handlers as assistance_handlers
from services.registry.balancing import api as balancing
from services.registry.changes import api as changes
from services.registry.changes import expiry
from services.registry.db import Table
from services.registry.dci import api as dci
from services.registry.dci import turns as dci_turns
from services.registry.dci.deliveries import api as dci_deliveries
from services.registry.dci.envelope import Ourselves
from services.registry.dci.exchanges import api as dci_exchanges
from services.registry.dci.subscriptions import handlers as dci_subscriptions
from services.registry.dtsen import api as dtsen
from services.registry.dtsen import publishing
from services.registry.duplicates import api as duplicates
from services.registry.duplicates import handlers as duplicates_handlers
from services.registry.duplicates import jobs as duplicates_jobs
from services.registry.duplicates import scans_api as duplicate_scans
from services.registry.facilitators import api as facilitators
from services.registry.facilitators import handlers as facilitators_handlers
from services.registry.households import api as households
from services.registry.households import handlers as households_handlers
from services.registry.imports import api as imports
from services.registry.imports import jobs, rejected
from services.registry.regions import api as regions
from services.registry.settings import Settings
from services.registry.sharing import api as sharing
from services.registry.sharing import turns as sharing_turns
from services.registry.summaries import api as summaries
from services.registry.targets import api as targets
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
        *dtsen.ROUTERS,
        *assistance.ROUTERS,
        *aid_checks.ROUTERS,
        *facilitators.ROUTERS,
        *balancing.ROUTERS,
        *targets.ROUTERS,
        *imports.ROUTERS,
        *duplicates.ROUTERS,
        *duplicate_scans.ROUTERS,
        *summaries.ROUTERS,
        *changes.ROUTERS,
        *sharing.ROUTERS,
        *dci.ROUTERS,
        *dci_exchanges.ROUTERS,
        *dci_deliveries.ROUTERS,
    ),
    subscriptions=(
        households_handlers.when,
        assistance_handlers.when,
        facilitators_handlers.when,
        duplicates_handlers.when,
        dci_subscriptions.when,
    ),
    timers=(publishing.TIMER, expiry.TIMER, rejected.timer()),
)


def service(settings: Settings, vault: Vault) -> Service:
    """Return the service with the timers that need keys: imported files, the access ledger."""
    timers = (
        *SERVICE.timers,
        jobs.timer(vault),
        duplicates_jobs.timer(vault),
        *sharing_turns.timers(settings),
    )
    return replace(SERVICE, timers=(*timers, *dci_turns.timers(settings, vault)))


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    settings = settings or Settings()
    vault = Vault(settings)
    app = service(settings, vault).app(settings)
    app.state.vault = vault
    app.state.dci = Ourselves(settings)
    return app
