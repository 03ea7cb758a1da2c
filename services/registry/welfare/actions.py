"""Recording deciles, hundreds at a time: the ledger, the family's newest decile, the events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from kernel.db import UnitOfWork
from kernel.problems import FieldError
from services.registry.households.actions import keep_versions
from services.registry.households.models import Household, Why
from services.registry.welfare import queries
from services.registry.welfare.models import DecileRecord, Source
from services.registry.welfare.problems import DIFFERS, DecileDiffers


@dataclass(frozen=True)
class Ranking:
    """One cycle as BPS sent it, and who hands it in."""

    cycle: str
    reference_date: date
    source: Source = Source.BPS
    by: str = "registry"


async def record(
    uow: UnitOfWork,
    ranking: Ranking,
    deciles: Mapping[UUID, int],
    *,
    families: Mapping[UUID, Household],
) -> int:
    """Write deciles that the cycle does not hold yet; return how many were new.

    `families` are locked. What the ledger holds already is left alone.

    Raises:
        DecileDiffers: the ledger holds another decile for the same cycle.
    """
    known = await queries.deciles_of(uow.session, deciles.keys(), cycle=ranking.cycle)
    _require_equal(known, deciles, cycle=ranking.cycle)
    fresh = [
        _recorded(ranking, families[key], decile=decile)
        for key, decile in deciles.items()
        if key not in known
    ]
    if fresh:
        await uow.execute(sa.insert(DecileRecord), [each.model_dump() for each in fresh])
        await _show_newest(uow, fresh, families, by=ranking.by)
    for each in fresh:
        uow.publish(each.told(), key=each.household_id)
    return len(fresh)


def _recorded(ranking: Ranking, family: Household, *, decile: int) -> DecileRecord:
    return DecileRecord(
        household_id=family.id,
        cycle=ranking.cycle,
        decile=decile,
        reference_date=ranking.reference_date,
        source=ranking.source,
        desa_code=family.desa_code,
    )


def _require_equal(known: Mapping[UUID, int], told: Mapping[UUID, int], *, cycle: str) -> None:
    errors = tuple(
        FieldError(f"/items/{index}/decile", DecileDiffers.code, DIFFERS)
        for index, (key, decile) in enumerate(told.items())
        if known.get(key, decile) != decile
    )
    if errors:
        raise DecileDiffers(cycle=cycle, count=len(errors), errors=errors)


async def _show_newest(
    uow: UnitOfWork,
    fresh: Sequence[DecileRecord],
    families: Mapping[UUID, Household],
    *,
    by: str,
) -> None:
    newest = [each for each in fresh if families[each.household_id].decile_before(each.cycle)]
    for each in newest:
        families[each.household_id].rank(each.decile, cycle=each.cycle)
    if newest:
        ids = [each.household_id for each in newest]
        await keep_versions(uow, ids, on=newest[0].reference_date, why=Why(by, "ranked"))
