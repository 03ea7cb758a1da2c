"""What makers earned, and the payouts that bring it to them."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from kernel.fields import BusinessDate, Code, Name
from kernel.idempotency import IDEMPOTENCY_KEY_REQUIRED
from kernel.money import Money
from kernel.pagination import Page, PageQuery, Rows
from kernel.web import Body, Uow, View, slice_router
from services.export.earnings import actions, queries
from services.export.earnings.access import MayApprove, MayRead, MayWrite
from services.export.earnings.lifecycle import PayoutState
from services.export.earnings.models import Deduction, Earning, PayoutBatch, Slip
from services.export.earnings.problems import PeriodBackwards

router = slice_router("", tag="earnings")


class EarningOut(View):
    """What a family earned with one lot; `slip_id` when a payout took it up."""

    id: UUID
    version: int
    household_id: UUID
    lot_id: UUID
    order_id: UUID
    accepted_pieces: int
    rejected_pieces: int
    amount: Money
    earned_on: date
    slip_id: UUID | None


class DeductionIn(Body):
    """Something to take off one family's pay; the amount is in the batch's currency."""

    household_id: UUID
    reason: Name
    amount: Annotated[
        Decimal, Field(gt=0, le=1_000_000_000, max_digits=12, decimal_places=2, allow_inf_nan=False)
    ]


class PayoutBatchIn(Body):
    """Pay what was earned in a period, both days included, and is unpaid."""

    reference: Code
    period_from: BusinessDate
    period_to: BusinessDate
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "IDR"
    deductions: Annotated[list[DeductionIn], Field(default_factory=list, max_length=500)]


class PayoutBatchOut(View):
    """A batch of slips; `total` is their sum."""

    id: UUID
    version: int
    reference: str
    period_from: date
    period_to: date
    state: PayoutState
    slips: int
    total: Money
    made_by: str
    approved_by: str | None
    approved_on: date | None
    paid_on: date | None
    proof_reference: str | None


class DeductionOut(View):
    """One deduction, in the slip's currency."""

    reason: str
    amount: Decimal


class SlipOut(View):
    """One family's pay: gross less deductions."""

    id: UUID
    version: int
    batch_id: UUID
    household_id: UUID
    accepted_pieces: int
    gross: Money
    deductions: list[DeductionOut]
    amount: Money


class OnIn(Body):
    """The day of a step."""

    on: BusinessDate


class PaidIn(Body):
    """The day of the payment, and the number of its proof."""

    paid_on: BusinessDate
    proof_reference: Name


@router.get("/earnings", response_model=Page[EarningOut])
async def list_earnings(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    household_id: UUID | None = None,
    order_id: UUID | None = None,
) -> Rows[Earning]:
    """List what makers earned."""
    return await queries.list_earnings(
        uow.session, page, actor=actor, household_id=household_id, order_id=order_id
    )


@router.post(
    "/payout-batches",
    response_model=PayoutBatchOut,
    status_code=201,
    dependencies=[IDEMPOTENCY_KEY_REQUIRED],
)
async def make_payout_batch(
    body: PayoutBatchIn, actor: MayWrite, uow: Uow, response: Response
) -> PayoutBatch:
    """Collect a period's unpaid earnings into one slip a family."""
    if body.period_to < body.period_from:
        raise PeriodBackwards
    batch = PayoutBatch(
        **body.model_dump(exclude={"deductions"}),
        organisation=actor.organisation,
        made_by=actor.subject,
    )
    deductions = [Deduction(**each.model_dump()) for each in body.deductions]
    await actions.make_batch(uow, batch, actor=actor, deductions=deductions)
    response.headers["Location"] = f"/v1/payout-batches/{batch.id}"
    return batch


@router.get("/payout-batches", response_model=Page[PayoutBatchOut])
async def list_payout_batches(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    state: PayoutState | None = None,
    reference: Annotated[str | None, Query(max_length=64)] = None,
) -> Rows[PayoutBatch]:
    """List payout batches."""
    return await queries.list_(uow.session, page, actor=actor, state=state, reference=reference)


@router.get("/payout-batches/{batch_id}", response_model=PayoutBatchOut)
async def read_payout_batch(batch_id: UUID, actor: MayRead, uow: Uow) -> PayoutBatch:
    """Show a payout batch."""
    return await queries.get(uow.session, batch_id, actor=actor, for_update=False)


@router.get("/payout-batches/{batch_id}/slips", response_model=Page[SlipOut])
async def list_slips(batch_id: UUID, actor: MayRead, uow: Uow, page: PageQuery) -> Rows[Slip]:
    """List a batch's slips with their deductions."""
    batch = await queries.get(uow.session, batch_id, actor=actor, for_update=False)
    return await queries.list_slips(uow.session, page, batch_id=batch.id)


@router.post("/payout-batches/{batch_id}/approve", response_model=PayoutBatchOut)
async def approve_payout_batch(
    batch_id: UUID, body: OnIn, actor: MayApprove, uow: Uow
) -> PayoutBatch:
    """Let a batch be paid, as somebody who did not make it."""
    batch = await queries.get(uow.session, batch_id, actor=actor)
    batch.approve(by=actor.subject, on=body.on)
    return batch


@router.post("/payout-batches/{batch_id}/pay", response_model=PayoutBatchOut)
async def pay_payout_batch(batch_id: UUID, body: PaidIn, actor: MayWrite, uow: Uow) -> PayoutBatch:
    """Record that every slip was paid."""
    batch = await queries.get(uow.session, batch_id, actor=actor)
    await actions.pay(uow, batch, on=body.paid_on, proof_reference=body.proof_reference)
    return batch


@router.post("/payout-batches/{batch_id}/discard", response_model=PayoutBatchOut)
async def discard_payout_batch(batch_id: UUID, actor: MayWrite, uow: Uow) -> PayoutBatch:
    """Give a batch up before it is paid; its earnings are free again."""
    batch = await queries.get(uow.session, batch_id, actor=actor)
    await actions.discard(uow, batch)
    return batch
