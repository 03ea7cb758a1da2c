"""Where an inspection moves the lot, the work order, the material and the makers' earnings."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.export import DefectClass
from kernel.db import UnitOfWork
from services.export.earnings import actions as earnings
from services.export.materials import actions as materials
from services.export.production import queries as production
from services.export.production.models import Lot, LotMaker
from services.export.products import queries as products
from services.export.quality import queries
from services.export.quality.lifecycle import Severity
from services.export.quality.models import Finding, Inspection, pieces_by_maker, plan_saved
from services.export.quality.problems import InspectionDiscontinued
from services.export.quality.sampling import Plan, plan_for


async def start(uow: UnitOfWork, lot: Lot, *, on: date, note: str | None) -> Inspection:
    """Lay a lot before an inspector, with the plan to follow.

    Raises:
        InspectionDiscontinued: the group must improve first.
        NoContractInForce: nobody has said how lots are sampled.
    """
    group = await queries.find_group(uow.session, lot.group_id)
    severity = group.severity if group else Severity.NORMAL
    if severity is Severity.DISCONTINUED:
        raise InspectionDiscontinued
    lot.inspect()
    plan = await _plan(uow, lot, severity=severity, on=on)
    before = await queries.find_latest(uow.session, lot.id)
    inspection = Inspection(
        lot_id=lot.id,
        number=before.number + 1 if before else 1,
        severity=severity,
        lot_size=lot.present,
        code_letter=plan.code_letter,
        sample_size=plan.sample_size,
        class_plans=plan_saved(plan),
        inspected_on=on,
        inspector_note=note,
        defects=[],
        set_aside=[],
    )
    uow.add(inspection)
    return inspection


async def _plan(uow: UnitOfWork, lot: Lot, *, severity: Severity, on: date) -> Plan:
    contract = await queries.get_contract(uow.session, lot.order_id, on=on)
    aql = {
        DefectClass.CRITICAL: contract.aql_critical,
        DefectClass.MAJOR: contract.aql_major,
        DefectClass.MINOR: contract.aql_minor,
    }
    return plan_for(lot.present, level=contract.sampling_level, aql=aql, severity=severity)


async def conclude(uow: UnitOfWork, inspection: Inspection, lot: Lot, finding: Finding) -> None:
    """Record what the inspector saw: the lot is accepted and settled, or held."""
    makers = await production.makers_of(uow.session, lot.id)
    accepted = inspection.conclude(finding)
    lot.put_aside(makers, pieces_by_maker(finding.set_aside))
    if inspection.original:
        group = await queries.group_to_count(uow.session, lot.group_id)
        group.count(accepted=accepted)
    on = inspection.inspected_on
    if accepted:
        uow.publish(lot.accept(makers, on=on), key=lot.id)
        await _settle(uow, lot, makers, on=on)
        return
    uow.publish(lot.hold(on=on, defects=finding.defects), key=lot.id)


async def rework(
    uow: UnitOfWork, lot: Lot, *, repaired: Mapping[UUID, int], set_aside: Mapping[UUID, int]
) -> None:
    """Record how the group sorted and repaired a held lot; it is offered again."""
    makers = await production.makers_of(uow.session, lot.id)
    lot.rework(makers, repaired=repaired)
    lot.put_aside(makers, set_aside)


async def scrap(uow: UnitOfWork, lot: Lot, *, on: date, reason: str) -> None:
    """Reject a held lot finally; its material is consumed all the same."""
    makers = await production.makers_of(uow.session, lot.id)
    latest = await queries.find_latest(uow.session, lot.id)
    defects = latest.defects_found if latest else ()
    uow.publish(lot.scrap(makers, on=on, reason=reason, defects=defects), key=lot.id)
    await _settle(uow, lot, makers, on=on)


async def _settle(uow: UnitOfWork, lot: Lot, makers: Sequence[LotMaker], *, on: date) -> None:
    work_order = await production.get_work_order(uow.session, lot.work_order_id, actor=None)
    work_order.settle(accepted=lot.accepted, rejected=lot.rejected)
    product = await products.get(uow.session, lot.product_id)
    await earnings.record(uow, lot, makers, piece_rate=product.piece_rate, on=on)
    grams = {each.material: each.grams_per_piece for each in product.materials}
    await materials.consume(uow, lot, grams_per_piece=grams)
