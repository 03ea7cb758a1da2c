"""From aid to skill to income."""

from fastapi import FastAPI

from kernel.service import Service
from services.empowerment.agencies.api import router as agencies
from services.empowerment.agencies.handlers import when as agencies_when
from services.empowerment.candidates.api import router as candidates
from services.empowerment.candidates.handlers import when as candidates_when
from services.empowerment.db import Table
from services.empowerment.enrolments.api import router as enrolments
from services.empowerment.evidence.api import router as evidence
from services.empowerment.evidence.handlers import when as evidence_when
from services.empowerment.graduation.api import router as graduation
from services.empowerment.groups.api import router as groups
from services.empowerment.mentoring.api import router as mentoring
from services.empowerment.mentoring.handlers import when as mentoring_when
from services.empowerment.programmes.api import router as programmes
from services.empowerment.settings import Settings
from services.empowerment.summaries.api import router as summaries
from services.empowerment.trainings.api import router as trainings
from services.empowerment.villages.api import router as villages
from services.empowerment.villages.handlers import when as villages_when

SERVICE = Service(
    name="empowerment",
    title="Anyam Empowerment",
    tables=Table,
    routers=(
        agencies,
        programmes,
        enrolments,
        trainings,
        mentoring,
        groups,
        villages,
        candidates,
        evidence,
        graduation,
        summaries,
    ),
    subscriptions=(
        agencies_when,
        candidates_when,
        mentoring_when,
        villages_when,
        evidence_when,
    ),
    timers=(),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the web application; settings come from the environment unless given."""
    return SERVICE.app(settings or Settings())
