"""Aid over HTTP: started one by one or 500 at a time, ended; whom PKH supports; what is odd."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from contracts.registry import AidScheme
from kernel import clock
from kernel.fields import BusinessDate, RegionCode
from kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page, PageQuery, Rows
from kernel.problems import FieldError, Problem, render
from kernel.web import Body, Uow, View, slice_router
from services.registry.assistance import actions, doubles, exits, queries
from services.registry.assistance.access import MayRead, MayWrite
from services.registry.assistance.components import Component
from services.registry.assistance.lifecycle import State
from services.registry.assistance.models import Assistance, PkhComponent
from services.registry.assistance.queries import Filters
from services.registry.language import CallersLanguage

router = slice_router("/assistance", tag="assistance")
exits_router = slice_router("/natural-graduations", tag="assistance")
doubles_router = slice_router("/double-aid", tag="assistance")
ROUTERS: tuple[APIRouter, ...] = (router, exits_router, doubles_router)

ReasonCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", examples=["natural_exit"])]


class AssistanceIn(Body):
    """Aid of one scheme from a day on; `components` are PKH's, "pregnancy", "primary_school".

    `member_id`: PBI JKN of one person; without it, of the whole family.
    """

    household_id: UUID
    scheme: AidScheme
    member_id: UUID | None = None
    components: Annotated[list[ReasonCode], Field(max_length=10, default_factory=list)]
    started_on: BusinessDate

    def row(self) -> Assistance:
        """Return the aid as asked for."""
        return Assistance(
            household_id=self.household_id,
            scheme=self.scheme,
            member_id=self.member_id,
            components=self.components,
            started_on=self.started_on,
        )


class AssistanceOut(View):
    """Aid of one scheme that a family receives, or received."""

    id: UUID
    version: int
    household_id: UUID
    scheme: AidScheme
    member_id: UUID | None
    components: list[str]
    started_on: date
    state: State
    ended_on: date | None
    end_reason: str | None


class BatchIn(Body):
    """Up to 500; `rollback`: all or nothing, `proceed`: whatever can be started."""

    on_error: Literal["rollback", "proceed"]
    items: Annotated[list[AssistanceIn], Field(min_length=1, max_length=500)]


class ResultOut(View):
    """What became of one item: 201 with its `id`, or the problem that stood against it."""

    index: int
    status: int
    id: UUID | None = None
    problem: dict[str, object] | None = None


class BatchOut(View):
    """What became of each item, in order."""

    results: list[ResultOut]


class EndIn(Body):
    """When and why aid ends; `reason` is a code, never a text about a person."""

    ended_on: BusinessDate
    reason: ReasonCode


class ComponentIn(Body):
    """A person whom PKH supports, from a day on; `ends_on` is the first day without."""

    member_id: UUID
    component: Component
    starts_on: BusinessDate
    ends_on: BusinessDate | None = None


class ComponentOut(View):
    """A person whom PKH supports, or supported."""

    id: UUID
    member_id: UUID
    component: Component
    starts_on: date
    ends_on: date | None
    end_reason: str | None


class ComponentsOut(View):
    """Whom PKH supports in a family."""

    items: list[ComponentOut]


class ComponentEndIn(Body):
    """When and why the support of a person ends: "left_school", "born", "deceased"."""

    ends_on: BusinessDate
    reason: ReasonCode


class NaturalExitOut(View):
    """A family in PKH of whom no component is left; `told_on`: since when the world knows."""

    household_id: UUID
    assistance_id: UUID
    desa_code: str
    told_on: date | None


class DoubleOut(View):
    """One person's aid in several families; ids of the families and of their aid, in one order."""

    scheme: AidScheme
    household_ids: list[UUID]
    assistance_ids: list[UUID]


async def _filters(
    household_id: UUID | None = None,
    scheme: AidScheme | None = None,
    *,
    active: bool | None = None,
) -> Filters:
    return Filters(household_id, scheme, active)


@router.post("", status_code=201, response_model=AssistanceOut)
async def start_assistance(
    body: AssistanceIn, actor: MayWrite, uow: Uow, response: Response
) -> Assistance:
    """Start aid; a registered family becomes assisted."""
    aid = body.row()
    [problem] = await actions.start(uow, [aid], seen_by=actor)
    if problem is not None:
        raise problem
    response.headers["Location"] = f"/v1/assistance/{aid.id}"
    return aid


@router.post("/batch", status_code=207)
async def start_many(
    body: BatchIn, actor: MayWrite, uow: Uow, request: Request, language: CallersLanguage
) -> BatchOut:
    """Start aid of many families, each answered apart."""
    asked = [item.row() for item in body.items]
    answers = await actions.start(uow, asked, seen_by=actor)
    if body.on_error == "rollback":
        _raise_first(answers)

    def result(index: int) -> ResultOut:
        problem = answers[index]
        if problem is None:
            return ResultOut(index=index, status=201, id=asked[index].id)
        document = render(
            problem,
            language=language,
            instance=f"{request.url.path}#/items/{index}",
            request_id=request.state.request_id,
        )
        return ResultOut(index=index, status=problem.status, problem=document)

    return BatchOut(results=[result(index) for index in range(len(asked))])


@router.get("/{assistance_id}", response_model=AssistanceOut)
async def show_assistance(assistance_id: UUID, actor: MayRead, uow: Uow) -> Assistance:
    """Show one aid."""
    return await queries.get(uow.session, assistance_id, seen_by=actor)


@router.post("/{assistance_id}/end", response_model=AssistanceOut)
async def end_assistance(assistance_id: UUID, body: EndIn, actor: MayWrite, uow: Uow) -> Assistance:
    """End aid; the family's status stays."""
    aid = await queries.get(uow.session, assistance_id, seen_by=actor, for_change=True)
    uow.publish(aid.end(on=body.ended_on, reason=body.reason), key=aid.id)
    return aid


@router.get("", response_model=Page[AssistanceOut])
async def list_assistance(
    actor: MayRead, uow: Uow, page: PageQuery, filters: Annotated[Filters, Depends(_filters)]
) -> Rows[Assistance]:
    """List the aid of families that the caller may see."""
    return await queries.list_(uow.session, page, filters=filters, seen_by=actor)


@router.post("/{assistance_id}/components", status_code=201, response_model=ComponentOut)
async def add_component(
    assistance_id: UUID, body: ComponentIn, actor: MayWrite, uow: Uow
) -> PkhComponent:
    """Let PKH support a person of the family; four persons at most at a time."""
    aid = await queries.get(uow.session, assistance_id, seen_by=actor, for_change=True)
    component = PkhComponent(
        assistance_id=aid.id, household_id=aid.household_id, **body.model_dump()
    )
    await actions.support(uow, aid, component)
    return component


@router.get("/{assistance_id}/components", response_model=ComponentsOut)
async def list_components(
    assistance_id: UUID, actor: MayRead, uow: Uow, on: BusinessDate | None = None
) -> ComponentsOut:
    """List whom PKH supports and supported, or with `on` those of a day."""
    await queries.get(uow.session, assistance_id, seen_by=actor)
    found = await queries.components_of(uow.session, assistance_id, on=on)
    return ComponentsOut(items=[ComponentOut.model_validate(each) for each in found])


@router.post("/{assistance_id}/components/{component_id}/end", response_model=ComponentOut)
async def end_component(
    assistance_id: UUID, component_id: UUID, body: ComponentEndIn, actor: MayWrite, uow: Uow
) -> PkhComponent:
    """End the support of a person; the aid itself goes on."""
    aid = await queries.get(uow.session, assistance_id, seen_by=actor, for_change=True)
    component = await queries.get_component(uow.session, component_id, assistance_id=aid.id)
    component.end(on=body.ends_on, reason=body.reason)
    return component


@exits_router.get("")
async def list_natural_graduations(
    actor: MayRead,
    uow: Uow,
    page: PageQuery,
    on: BusinessDate | None = None,
    within: RegionCode | None = None,
) -> Page[NaturalExitOut]:
    """List families in PKH of whom no component is left on a day: a proposal, no decision."""
    day = on or clock.today()
    rows = await exits.list_(uow.session, page, on=day, within=within, seen_by=actor)
    places = await exits.places_of(uow.session, [aid.household_id for aid in rows.items])
    items = [
        NaturalExitOut(
            household_id=aid.household_id,
            assistance_id=aid.id,
            desa_code=places[aid.household_id],
            told_on=aid.exit_told_on,
        )
        for aid in rows.items
    ]
    return Page(items=items, next=rows.next)


@doubles_router.get("")
async def list_double_aid(  # one parameter a filter
    scheme: AidScheme,
    actor: MayRead,
    uow: Uow,
    *,
    within: RegionCode | None = None,
    cursor: Annotated[UUID | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[DoubleOut]:
    """List persons who have active aid of a scheme in two families or more."""
    found = await doubles.list_(
        uow, scheme=scheme, within=within, after=cursor, limit=limit + 1, seen_by=actor
    )
    items = [DoubleOut.model_validate(double) for double in found[:limit]]
    more = len(found) > limit
    return Page(items=items, next=str(found[limit - 1].first_member_id) if more else None)


def _raise_first(answers: list[Problem | None]) -> None:
    for index, problem in enumerate(answers):
        if problem is not None:
            problem.errors = (FieldError(f"/items/{index}", problem.code, problem.title),)
            raise problem
