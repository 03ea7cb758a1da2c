"""Where material moves between a lot, a group and the pieces made of it."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from kernel.db import UnitOfWork
from services.export.materials import queries
from services.export.materials.models import (
    MaterialLot,
    MaterialMovement,
    MovementKind,
    UnissuedUse,
    use_up,
)
from services.export.materials.problems import MaterialReferenceTaken, WorkOrderTakesNoMaterial
from services.export.production.lifecycle import WorkOrderState
from services.export.production.models import Lot, WorkOrder


async def move(
    uow: UnitOfWork,
    paper: MaterialMovement,
    *,
    work_order: WorkOrder,
    material_lot: MaterialLot,
) -> None:
    """Record an issue, a return or a loss, on the lot's and on the group's side.

    Raises:
        MaterialReferenceTaken: the paper was recorded before.
        WorkOrderTakesNoMaterial, NotEnoughInStore, NotEnoughOnHand: it cannot be.
    """
    holding = await queries.get_holding(uow.session, work_order, material_lot)
    match paper.kind:
        case MovementKind.ISSUE:
            if work_order.state is not WorkOrderState.OPEN:
                raise WorkOrderTakesNoMaterial(state=work_order.state.value)
            material_lot.issue(paper.grams)
            holding.receive(paper.grams)
        case MovementKind.RETURN:
            holding.give_back(paper.grams)
            material_lot.take_back(paper.grams)
        case MovementKind.WASTE:
            holding.waste(paper.grams)
    uow.add(holding, paper)
    await _flush(uow, reference=paper.reference, paper=paper.kind.value)


async def receive(uow: UnitOfWork, material_lot: MaterialLot) -> None:
    """Take a new lot into the store.

    Raises:
        MaterialReferenceTaken: it was recorded before.
    """
    uow.add(material_lot)
    await _flush(uow, reference=material_lot.reference, paper="lot")


async def consume(uow: UnitOfWork, lot: Lot, *, grams_per_piece: Mapping[str, int]) -> None:
    """Count the material in a settled lot, by the product's grams a piece, oldest lots first."""
    holdings = await queries.holdings_of(uow.session, lot.work_order_id)
    for material, grams in grams_per_piece.items():
        held = [holding for holding in holdings if holding.material == material]
        accepted, rejected = lot.accepted * grams, lot.rejected * grams
        uses = list(use_up(held, lot_id=lot.id, accepted=accepted, rejected=rejected))
        uow.add(*uses)
        found = sum(use.accepted_grams + use.rejected_grams for use in uses)
        if found < accepted + rejected:
            uow.add(
                UnissuedUse(
                    lot_id=lot.id,
                    material=material,
                    work_order_id=lot.work_order_id,
                    order_id=lot.order_id,
                    grams=accepted + rejected - found,
                )
            )


async def _flush(uow: UnitOfWork, *, reference: str, paper: str) -> None:
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise MaterialReferenceTaken(reference=reference, paper=paper) from error
