"""What groups can make and have promised, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from kernel.fields import BusinessDate, RegionCode
from kernel.pagination import Page, PageQuery
from kernel.web import Uow, View, slice_router
from services.export.capacity import queries
from services.export.capacity.access import MayRead

router = slice_router("/capacity", tag="capacity")


class CapacityOut(View):
    """A group's makers, their pieces a week, and the pieces promised to accepted allocations."""

    group_id: UUID
    desa_code: str
    makers: int
    skilled_makers: int
    pieces_per_week: int
    committed_pieces: int

    @classmethod
    def of(cls, promised: queries.Promised) -> "CapacityOut":
        """Return the group's capacity as shown."""
        output = promised.output
        return cls(
            group_id=promised.group.group_id,
            desa_code=promised.group.desa_code,
            makers=output.makers,
            skilled_makers=output.skilled_makers,
            pieces_per_week=output.weekly_pieces,
            committed_pieces=promised.committed_pieces,
        )


async def _wanted(
    region: RegionCode | None = None,
    group_id: UUID | None = None,
    skill: Annotated[str | None, Query(max_length=200)] = None,
    since: BusinessDate | None = None,
) -> queries.Wanted:
    return queries.Wanted(region, group_id, skill, since)


@router.get("")
async def list_capacity(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    wanted: Annotated[queries.Wanted, Depends(_wanted)],
) -> Page[CapacityOut]:
    """List active groups; `skill` counts its makers alone, `since` later promises alone."""
    found = await queries.list_(uow.session, page, actor=actor, wanted=wanted)
    return Page(items=[CapacityOut.of(each) for each in found.items], next=found.next)
