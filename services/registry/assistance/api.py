"""Aid over HTTP: started one by one or 500 at a time, ended, and the double-aid check."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from contracts.registry import AidScheme
from kernel import clock
from kernel.fields import BusinessDate
from kernel.pagination import Page, PageQuery, Rows
from kernel.problems import FieldError, Problem, render
from kernel.sight import SYSTEM
from kernel.web import Body, Uow, View, slice_router
from services.registry.assistance import actions, queries
from services.registry.assistance.access import MayRead, MayWrite
from services.registry.assistance.lifecycle import State
from services.registry.assistance.models import Assistance
from services.registry.assistance.queries import Filters
from services.registry.households import queries as households
from services.registry.language import CallersLanguage

router = slice_router("/assistance", tag="assistance")
checks_router = slice_router("/assistance-checks", tag="assistance")
ROUTERS: tuple[APIRouter, ...] = (router, checks_router)

ReasonCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", examples=["natural_exit"])]


class AssistanceIn(Body):
    """Aid of one scheme from a day on; `components` are PKH's, "pregnancy", "primary_school"."""

    household_id: UUID
    scheme: AidScheme
    components: Annotated[list[ReasonCode], Field(max_length=10, default_factory=list)]
    started_on: BusinessDate

    def row(self) -> Assistance:
        """Return the aid as asked for."""
        return Assistance(
            household_id=self.household_id,
            scheme=self.scheme,
            components=self.components,
            started_on=self.started_on,
        )


class AssistanceOut(View):
    """Aid of one scheme that a family receives, or received."""

    id: UUID
    version: int
    household_id: UUID
    scheme: AidScheme
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


class CheckIn(Body):
    """A question by an agency before it gives aid; `on` is today when left out."""

    household_id: UUID
    scheme: AidScheme
    on: BusinessDate | None = None


class CheckOut(View):
    """Yes or no, and nothing else of the family."""

    enrolled: bool


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


@checks_router.post("")
async def check_assistance(body: CheckIn, actor: MayRead, uow: Uow) -> CheckOut:
    """Answer whether a family receives aid, to an agency that would else give it twice."""
    async with uow.seeing(SYSTEM):
        await households.get(uow.session, body.household_id)
        enrolled = await queries.is_enrolled(
            uow.session, body.household_id, scheme=body.scheme, on=body.on or clock.today()
        )
    return CheckOut(enrolled=enrolled)


def _raise_first(answers: list[Problem | None]) -> None:
    for index, problem in enumerate(answers):
        if problem is not None:
            problem.errors = (FieldError(f"/items/{index}", problem.code, problem.title),)
            raise problem
