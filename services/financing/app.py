"""From evidence to credit."""

from datetime import timedelta

from fastapi import FastAPI

from kernel.service import Service
from kernel.timers import Timer
from services.financing.bankability import api as bankability
from services.financing.consents import api as consents
from services.financing.db import Table
from services.financing.evidence import handlers as evidence
from services.financing.providers import api as providers
from services.financing.referrals import api as referrals
from services.financing.referrals import process as referral_process
from services.financing.referrals.actions import expire_overdue
from services.financing.settings import Settings
from services.financing.summaries import api as summaries

SERVICE = Service(
    name="financing",
    title="Anyam Financing",
    tables=Table,
    routers=(
        providers.router,
        consents.router,
        bankability.router,
        referrals.router,
        summaries.router,
    ),
    subscriptions=(evidence.when, referral_process.when),
    timers=(Timer("financing.referrals.expire", timedelta(hours=1), expire_overdue),),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    return SERVICE.app(settings or Settings())
