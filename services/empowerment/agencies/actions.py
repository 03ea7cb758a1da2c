"""What touches several agencies, or an agreement and its parties."""

from collections.abc import Iterable
from datetime import date

from kernel.db import UnitOfWork
from services.empowerment.agencies import queries
from services.empowerment.agencies.models import Agency, Agreement, Metric, Per, Succession, Target
from services.empowerment.agencies.problems import AgencyCodeTaken, AgreementNumberTaken


async def record(uow: UnitOfWork, agency: Agency) -> Agency:
    """Add an agency; raises AgencyCodeTaken."""
    if await queries.find(uow.session, agency.code):
        raise AgencyCodeTaken(agency=agency.code)
    uow.add(agency)
    return agency


async def take_over(uow: UnitOfWork, ended: Agency, *, code: str, name: str, on: date) -> None:
    """Add a successor that begins on the day the other ends; raises AgencyCodeTaken."""
    successor = Agency(code=code, name=name, kind=ended.kind, valid_from=on)
    await record(uow, successor)
    await uow.session.flush()
    uow.add(Succession(agency_id=ended.id, successor_id=successor.id))


async def record_agreement(uow: UnitOfWork, agreement: Agreement) -> None:
    """Add an agreement; raises AgreementNumberTaken, AgencyNotFound (a party unknown then)."""
    if await queries.find_agreement(uow.session, agreement.number):
        raise AgreementNumberTaken(number=agreement.number)
    for code in agreement.parties:
        await queries.get_active(uow.session, code, on=agreement.signed_on)
    uow.add(agreement)
    await uow.session.flush()


def promise(
    uow: UnitOfWork, agreement: Agreement, targets: Iterable[tuple[Metric, Per, int]]
) -> None:
    """Add an agreement's targets; the last word counts where one is named twice."""
    values = {(metric, per): value for metric, per, value in targets}
    for (metric, per), value in values.items():
        uow.add(Target(agreement_id=agreement.id, metric=metric, per=per, value=value))
