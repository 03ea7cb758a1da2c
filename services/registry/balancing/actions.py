"""Proposing how to even out a region's caseloads, and moving the families that were proposed."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa

from kernel.db import UnitOfWork
from services.registry.balancing import queries
from services.registry.balancing.models import CaseloadProposal, Caseloads, ProposedMove, Reason
from services.registry.balancing.plans import Move, Takers, balance
from services.registry.balancing.problems import ProposalOutdated, TooManyFacilitators
from services.registry.facilitators import queries as facilitators
from services.registry.facilitators.actions import transfer
from services.registry.facilitators.models import FacilitatorArea
from services.registry.households import queries as households

MOST_FACILITATORS = 100

Entrusted = Sequence[tuple[UUID, UUID, str]]
"""Families of a region: family, pendamping, desa."""


async def propose(uow: UnitOfWork, within: str, *, on: date, by: str) -> CaseloadProposal:
    """Propose which families of a region should go to whom; nothing moves.

    Families elsewhere count in a caseload and stay. The last who came to a pendamping go first.

    Raises:
        TooManyFacilitators: the region is larger than people can oversee.
    """
    areas = await queries.working_in(uow.session, within, on=on)
    entrusted = await queries.entrusted_in(uow.session, within)
    desks = sorted({*areas, *(giver for _, giver, _ in entrusted)})
    if len(desks) > MOST_FACILITATORS:
        raise TooManyFacilitators(count=len(desks), within=within, most=MOST_FACILITATORS)
    caseloads = await queries.caseloads_of(uow.session, desks)
    alike = _alike(entrusted, areas, on=on)
    movable = {key: len(families) for key, families in alike.items()}
    moves = await asyncio.to_thread(balance, caseloads, movable)
    return await _write(uow, moves, alike, caseloads, within=within, on=on, by=by)


async def apply(uow: UnitOfWork, proposal: CaseloadProposal, *, by: str, on: date) -> None:
    """Move the families of a proposal.

    Raises:
        SecondPersonNeeded, ProposalOutdated, OutsideTheArea, HouseholdIsClosed: nothing moves.
    """
    proposal.apply(by=by)
    moves = await queries.moves_of(uow.session, proposal.id, after=None, limit=None)
    families = await households.find_all(uow.session, [move.household_id for move in moves])
    held = await facilitators.assignments_of(uow.session, families)
    gone = sum(
        move.household_id not in held
        or held[move.household_id].facilitator_id != move.from_facilitator_id
        for move in moves
    )
    if gone:
        raise ProposalOutdated(count=gone)
    by_pair = sorted(moves, key=_pair)
    for (giver_id, taker_id), some in groupby(by_pair, key=_pair):
        theirs = {move.household_id: families[move.household_id] for move in some}
        giver = await facilitators.get_one(uow.session, giver_id)
        taker = await facilitators.get_one(uow.session, taker_id)
        await transfer(uow, giver=giver, taker=taker, families=theirs, on=on)


def _pair(move: ProposedMove) -> tuple[UUID, UUID]:
    return move.from_facilitator_id, move.to_facilitator_id


def _alike(
    entrusted: Entrusted, areas: Mapping[UUID, Sequence[FacilitatorArea]], *, on: date
) -> Mapping[tuple[UUID, Takers], list[UUID]]:
    """Return the families by pendamping and by who may take them."""

    @cache
    def takers_of(desa_code: str) -> Takers:
        return tuple(
            desk
            for desk, theirs in areas.items()
            if any(area.covers(desa_code, on=on) for area in theirs)
        )

    alike: defaultdict[tuple[UUID, Takers], list[UUID]] = defaultdict(list)
    for household_id, giver, desa_code in entrusted:
        alike[giver, takers_of(desa_code)].append(household_id)
    return alike


async def _write(
    uow: UnitOfWork,
    moves: Sequence[Move],
    alike: Mapping[tuple[UUID, Takers], list[UUID]],
    caseloads: Mapping[UUID, int],
    *,
    within: str,
    on: date,
    by: str,
) -> CaseloadProposal:
    proposal = CaseloadProposal(
        within=within,
        on_day=on,
        made_by=by,
        families=sum(move.families for move in moves),
        caseloads=_before_and_after(caseloads, moves),
    )
    uow.add(proposal)
    chosen = [each.model_dump() for each in _chosen(proposal.id, moves, alike)]
    if chosen:
        await uow.execute(sa.insert(ProposedMove), chosen)
    return proposal


def _chosen(
    proposal_id: UUID,
    moves: Sequence[Move],
    alike: Mapping[tuple[UUID, Takers], list[UUID]],
) -> Iterator[ProposedMove]:
    waiting = {key: iter(families) for key, families in alike.items()}
    for move in moves:
        outside = move.giver not in move.takers
        for _ in range(move.families):
            yield ProposedMove(
                proposal_id=proposal_id,
                household_id=next(waiting[move.giver, move.takers]),
                from_facilitator_id=move.giver,
                to_facilitator_id=move.taker,
                reason=Reason.OUTSIDE_THE_AREA if outside else Reason.EVEN_OUT,
            )


def _before_and_after(caseloads: Mapping[UUID, int], moves: Sequence[Move]) -> list[Caseloads]:
    after = Counter(caseloads)
    for move in moves:
        after[move.giver] -= move.families
        after[move.taker] += move.families
    return [
        Caseloads(facilitator_id=str(desk), before=before, after=after[desk])
        for desk, before in caseloads.items()
    ]
