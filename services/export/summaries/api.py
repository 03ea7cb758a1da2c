"""The export service in figures."""

from kernel.money import Money, rupiah
from kernel.web import Uow, View, slice_router
from services.export.summaries import queries
from services.export.summaries.access import MayRead

router = slice_router("/summaries", tag="summaries")


class FiguresOut(View):
    """Promised orders, what was made, shipped and paid; export value is nobody's income."""

    orders: int
    pieces_ordered: int
    pieces_accepted: int
    pieces_rejected: int
    pieces_packed: int
    pieces_shipped: int
    containers_released: int
    export_value: Money
    paid_to_makers: Money
    makers_paid: int
    slips: int
    batches: int
    by_kabupaten: dict[str, int]
    by_container: dict[str, int]


class SummaryOut(View):
    """The figures."""

    figures: FiguresOut


@router.get("/export")
async def summarise_export(actor: MayRead, uow: Uow) -> SummaryOut:
    """Count orders, pieces, containers and pay; a partner's client sees its own."""
    ordered = await queries.ordered(uow.session, actor=actor)
    made = await queries.made(uow.session, actor=actor)
    paid = await queries.paid(uow.session, actor=actor)
    figures = FiguresOut(
        orders=ordered.orders,
        pieces_ordered=ordered.pieces,
        pieces_accepted=made.accepted,
        pieces_rejected=made.rejected,
        pieces_packed=made.packed,
        pieces_shipped=await queries.shipped_pieces(uow.session, actor=actor),
        containers_released=await queries.released_containers(uow.session, actor=actor),
        export_value=rupiah(ordered.value),
        paid_to_makers=rupiah(paid.amount),
        makers_paid=paid.makers,
        slips=paid.slips,
        batches=paid.batches,
        by_kabupaten=await queries.accepted_by_kabupaten(uow.session, actor=actor),
        by_container=await queries.pieces_by_container(uow.session, actor=actor),
    )
    return SummaryOut(figures=figures)
