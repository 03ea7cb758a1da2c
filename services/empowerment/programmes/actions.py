"""What touches a programme and the agency that owns it."""

from kernel.db import UnitOfWork
from services.empowerment.agencies import queries as agencies
from services.empowerment.programmes import queries
from services.empowerment.programmes.models import Programme
from services.empowerment.programmes.problems import PeriodReversed, ProgrammeCodeTaken


async def draft(uow: UnitOfWork, programme: Programme) -> None:
    """Add a programme; raises PeriodReversed, ProgrammeCodeTaken, AgencyNotFound."""
    if programme.ends_on < programme.starts_on:
        raise PeriodReversed(starts_on=programme.starts_on, ends_on=programme.ends_on)
    if await queries.find(uow.session, programme.code):
        raise ProgrammeCodeTaken(programme=programme.code)
    await agencies.get_active(uow.session, programme.owner_agency_code, on=programme.starts_on)
    uow.add(programme)
