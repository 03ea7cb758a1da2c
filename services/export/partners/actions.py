"""Recording partners and contracts under numbers that nobody else has."""

from sqlalchemy.exc import IntegrityError

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.export.partners.models import Contract, Partner
from services.export.partners.problems import (
    ContractEndsBeforeItStarts,
    ContractNumberTaken,
    NotYourOrganisation,
    PartnerCodeTaken,
)
from services.export.partners.queries import is_company


async def record(uow: UnitOfWork, partner: Partner, *, actor: Actor) -> None:
    """Record a new partner.

    Raises:
        NotYourOrganisation: a partner's client names another organisation than its own.
        PartnerCodeTaken: another partner has the code.
    """
    if is_company(actor) and partner.organisation != actor.organisation:
        raise NotYourOrganisation
    uow.add(partner)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise PartnerCodeTaken(partner_code=partner.code) from error


async def record_contract(uow: UnitOfWork, contract: Contract) -> None:
    """Record a new contract of a known partner.

    Raises:
        ContractEndsBeforeItStarts: its last day is before its first.
        ContractNumberTaken: another contract has the number.
    """
    if contract.valid_until and contract.valid_until < contract.valid_from:
        raise ContractEndsBeforeItStarts
    uow.add(contract)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise ContractNumberTaken(number=contract.number) from error
