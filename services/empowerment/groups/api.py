"""KUBE groups over HTTP."""

from datetime import date
from uuid import UUID

from fastapi import Response
from pydantic import model_validator

from kernel.fields import BusinessDate, Code, DesaCode, Name, RegionCode
from kernel.pagination import Page, PageQuery
from kernel.web import Body, Uow, View, slice_router
from services.empowerment import areas
from services.empowerment.fields import HouseholdIds, Reason
from services.empowerment.groups import actions, queries
from services.empowerment.groups.access import MayRead, MayWrite
from services.empowerment.groups.lifecycle import State
from services.empowerment.groups.models import Group

router = slice_router("/groups", tag="groups")


class GroupIn(Body):
    """A group to form, in the desa where it meets."""

    number: Code
    name: Name
    desa_code: DesaCode
    formed_on: BusinessDate


class MembersIn(Body):
    """Families that join."""

    household_ids: HouseholdIds
    joined_on: BusinessDate


class LeaveIn(Body):
    """When and why a family leaves."""

    left_on: BusinessDate
    reason: Reason


class RolesIn(Body):
    """The three officers, each another family."""

    chair: UUID
    secretary: UUID
    treasurer: UUID

    @model_validator(mode="after")
    def _three_families(self) -> "RolesIn":
        if len({self.chair, self.secretary, self.treasurer}) < 3:
            raise ValueError("three different families")
        return self


class ActivationIn(Body):
    """The day on which the group begins to work."""

    activated_on: BusinessDate


class DissolutionIn(Body):
    """The day on which the group ends."""

    dissolved_on: BusinessDate


class GroupOut(View):
    """A group and its officers (household ids)."""

    id: UUID
    version: int
    number: str
    name: str
    desa_code: str
    formed_on: date
    state: State
    activated_on: date | None
    dissolved_on: date | None
    chair: UUID | None
    secretary: UUID | None
    treasurer: UUID | None


class MemberOut(View):
    """A family that belongs, or belonged, to a group."""

    household_id: UUID
    joined_on: date
    left_on: date | None
    reason: str | None


class GroupWithMembers(GroupOut):
    """A group and its families; who left comes last."""

    members: list[MemberOut]


@router.post("", status_code=201, response_model=GroupOut)
async def form_group(body: GroupIn, actor: MayWrite, uow: Uow, response: Response) -> Group:
    """Form a group."""
    areas.require(actor, body.desa_code)
    group = Group(**body.model_dump())
    await actions.form(uow, group)
    response.headers["Location"] = f"/v1/groups/{group.id}"
    return group


@router.get("", response_model=Page[GroupOut])
async def list_groups(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    region: RegionCode | None = None,
    state: State | None = None,
    number: Code | None = None,
) -> object:
    """List groups."""
    return await queries.list_(
        uow.session, page, actor=actor, region=region, state=state, number=number
    )


@router.get("/{group_id}")
async def read_group(group_id: UUID, actor: MayRead, uow: Uow) -> GroupWithMembers:
    """Show a group and its families."""
    group = await queries.get(uow.session, group_id, actor=actor)
    return await _shown(uow, group)


@router.post("/{group_id}/members")
async def join_group(
    group_id: UUID, body: MembersIn, actor: MayWrite, uow: Uow
) -> GroupWithMembers:
    """Let families join; a family is in one live group at most."""
    group = await queries.get(uow.session, group_id, actor=actor, lock=True)
    await actions.join(uow, group, body.household_ids, on=body.joined_on, actor=actor)
    return await _shown(uow, group)


@router.post("/{group_id}/members/{household_id}/leave")
async def leave_group(
    group_id: UUID, household_id: UUID, body: LeaveIn, actor: MayWrite, uow: Uow
) -> GroupWithMembers:
    """Let a family leave; officers are replaced first."""
    group = await queries.get(uow.session, group_id, actor=actor, lock=True)
    await actions.leave(uow, group, household_id, on=body.left_on, reason=body.reason)
    return await _shown(uow, group)


@router.post("/{group_id}/roles", response_model=GroupOut)
async def give_roles(group_id: UUID, body: RolesIn, actor: MayWrite, uow: Uow) -> Group:
    """Name the officers among the members."""
    group = await queries.get(uow.session, group_id, actor=actor, lock=True)
    await actions.give_offices(
        uow, group, chair=body.chair, secretary=body.secretary, treasurer=body.treasurer
    )
    return group


@router.post("/{group_id}/activate", response_model=GroupOut)
async def activate_group(group_id: UUID, body: ActivationIn, actor: MayWrite, uow: Uow) -> Group:
    """Begin to work: 5 to 20 families of one kabupaten, with three officers."""
    group = await queries.get(uow.session, group_id, actor=actor, lock=True)
    await actions.activate(uow, group, on=body.activated_on, actor=actor)
    return group


@router.post("/{group_id}/dissolve", response_model=GroupOut)
async def dissolve_group(group_id: UUID, body: DissolutionIn, actor: MayWrite, uow: Uow) -> Group:
    """End the group; its families are free to join others."""
    group = await queries.get(uow.session, group_id, actor=actor, lock=True)
    await actions.dissolve(uow, group, on=body.dissolved_on)
    return group


async def _shown(uow: Uow, group: Group) -> GroupWithMembers:
    await uow.session.flush()
    uow.shown = group.version
    members = await queries.memberships(uow.session, group.id)
    shown = GroupOut.model_validate(group).model_dump()
    return GroupWithMembers.model_validate({**shown, "members": members})
