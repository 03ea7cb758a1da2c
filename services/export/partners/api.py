"""Partners and their contracts, over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field, PlainSerializer

from kernel.fields import BusinessDate, Code, Name
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.export.partners import actions, queries
from services.export.partners.access import MayRead, MayWrite
from services.export.partners.models import Aql, Contract, InspectionLevel, Partner

router = slice_router("/partners", tag="partners")

Country = Annotated[str, Field(pattern="^[A-Z]{2}$", examples=["ID"])]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["IDR"])]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
PercentOut = Annotated[Decimal, PlainSerializer(lambda part: f"{part:.2f}", return_type=str)]


class PartnerIn(Body):
    """A partner to record; `organisation` is the one in the tokens that act for it."""

    code: Code
    name: Name
    organisation: Code
    country: Country


class PartnerOut(View):
    """A partner as recorded."""

    id: UUID
    version: int
    code: str
    name: str
    organisation: str
    country: str


class AqlByClass(Body):
    """The acceptance quality limit per class of defect, in percent."""

    critical: Aql
    major: Aql
    minor: Aql


class Sampling(Body):
    """How lots are sampled (ISO 2859-1)."""

    level: InspectionLevel
    aql: AqlByClass


class ContractIn(Body):
    """A contract to record; without `valid_until` it holds until another is made."""

    number: Code
    currency: Currency
    payment_terms_days: Annotated[int, Field(ge=0, le=365)]
    sampling: Sampling
    tolerance_percent: Percent
    valid_from: BusinessDate
    valid_until: BusinessDate | None = None


class ContractOut(View):
    """A contract as recorded."""

    id: UUID
    version: int
    partner_id: UUID
    number: str
    currency: str
    payment_terms_days: int
    sampling: Sampling
    tolerance_percent: PercentOut
    valid_from: date
    valid_until: date | None

    @classmethod
    def of(cls, contract: Contract) -> "ContractOut":
        """Return the contract as shown."""
        aql = AqlByClass(
            critical=contract.aql_critical, major=contract.aql_major, minor=contract.aql_minor
        )
        sampling = Sampling(level=contract.sampling_level, aql=aql)
        return cls(**contract.model_dump(), sampling=sampling)


@router.post("", status_code=201, response_model=PartnerOut)
async def record_partner(body: PartnerIn, actor: MayWrite, uow: Uow, response: Response) -> Partner:
    """Record an offtaker."""
    partner = Partner(**body.model_dump())
    await actions.record(uow, partner, actor=actor)
    response.headers["Location"] = f"/v1/partners/{partner.id}"
    return partner


@router.get("/{partner_id}", response_model=PartnerOut)
async def read_partner(partner_id: UUID, actor: MayRead, uow: Uow) -> Partner:
    """Show a partner."""
    return await queries.get(uow.session, partner_id, actor=actor)


@router.get("", response_model=Page[PartnerOut])
async def list_partners(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    code: Annotated[str | None, Query(max_length=64)] = None,
) -> Rows[Partner]:
    """List partners; a partner's client sees its own."""
    return await queries.list_(uow.session, page, actor=actor, code=code)


@router.post("/{partner_id}/contracts", status_code=201)
async def record_contract(
    partner_id: UUID, body: ContractIn, actor: MayWrite, uow: Uow, response: Response
) -> ContractOut:
    """Record a contract with a partner."""
    partner = await queries.get(uow.session, partner_id, actor=actor)
    contract = Contract(
        **body.model_dump(exclude={"sampling"}),
        partner_id=partner.id,
        sampling_level=body.sampling.level,
        aql_critical=body.sampling.aql.critical,
        aql_major=body.sampling.aql.major,
        aql_minor=body.sampling.aql.minor,
    )
    await actions.record_contract(uow, contract)
    response.headers["Location"] = f"/v1/partners/{partner.id}/contracts"
    return ContractOut.of(contract)


@router.get("/{partner_id}/contracts")
async def list_contracts(
    partner_id: UUID, actor: MayRead, uow: Uow, page: PageQuery
) -> Page[ContractOut]:
    """List a partner's contracts, oldest first."""
    partner = await queries.get(uow.session, partner_id, actor=actor)
    rows = await queries.list_contracts(uow.session, page, partner_id=partner.id)
    return Page(items=[ContractOut.of(row) for row in rows.items], next=rows.next)
