"""A service of one slice, to try what the kernel promises every service."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from sqlalchemy import MetaData
from sqlmodel import SQLModel, select

from kernel.auth import Actor, allow
from kernel.db import NAMING_CONVENTION, Aggregate
from kernel.events import Event
from kernel.idempotency import IDEMPOTENCY_KEY_REQUIRED
from kernel.messaging_tables import add_messaging_tables
from kernel.pagination import Page, PageQuery, Rows
from kernel.problems import NotFound, Text
from kernel.service import Service
from kernel.web import Body, IfMatch, Uow, View, slice_router

MayRead = Annotated[Actor, allow("toy.baskets:read")]
MayWrite = Annotated[Actor, allow("toy.baskets:write")]


class Table(SQLModel):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


add_messaging_tables(Table.metadata)


class BasketWoven(Event, type="toy.basket.woven.v1"):
    basket_id: UUID
    pieces: int


class Basket(Aggregate, Table, table=True):
    label: str
    pieces: int


class BasketNotFound(NotFound):
    code = "TOY-0001"
    title = Text(id="Keranjang tidak ditemukan", en="No such basket")
    detail = Text(id="Tidak ada keranjang {basket_id}.", en="There is no basket {basket_id}.")


class BasketIn(Body):
    label: str
    pieces: int


class BasketOut(View):
    id: UUID
    version: int
    label: str
    pieces: int


router = slice_router("/baskets", tag="baskets")


async def _get(uow: Uow, basket_id: UUID) -> Basket:
    basket = await uow.session.get(Basket, basket_id, with_for_update=True)
    if basket is None:
        raise BasketNotFound(basket_id=basket_id)
    return basket


@router.post("", status_code=201, response_model=BasketOut)
async def weave(body: BasketIn, actor: MayWrite, uow: Uow, response: Response) -> Basket:
    basket = Basket(label=body.label, pieces=body.pieces)
    uow.add(basket)
    uow.publish(BasketWoven(basket_id=basket.id, pieces=basket.pieces), key=basket.id)
    response.headers["Location"] = f"/v1/baskets/{basket.id}"
    return basket


@router.post("/strict", status_code=201, dependencies=[IDEMPOTENCY_KEY_REQUIRED])
async def weave_strictly(body: BasketIn, actor: MayWrite, uow: Uow) -> dict[str, str]:
    return {"label": body.label}


@router.get("", response_model=Page[BasketOut])
async def list_baskets(
    actor: MayRead, uow: Uow, page: PageQuery, label: str | None = None
) -> Rows[Basket]:
    query = select(Basket)
    if label is not None:
        query = query.where(Basket.label == label)
    return await page.rows(uow.session, query, Basket)


@router.get("/{basket_id}", response_model=BasketOut)
async def get_basket(basket_id: UUID, actor: MayRead, uow: Uow) -> Basket:
    return await _get(uow, basket_id)


@router.patch("/{basket_id}", response_model=BasketOut)
async def add_pieces(
    basket_id: UUID, body: BasketIn, actor: MayWrite, expected: IfMatch, uow: Uow
) -> Basket:
    basket = await _get(uow, basket_id)
    expected.check(basket)
    basket.label, basket.pieces = body.label, body.pieces
    return basket


@router.post("/{basket_id}/fail", response_model=BasketOut)
async def fail_late(basket_id: UUID, actor: MayWrite, uow: Uow) -> Basket:
    basket = await _get(uow, basket_id)
    uow.publish(BasketWoven(basket_id=basket.id, pieces=1), key=basket.id)
    basket.pieces = 2**40  # PostgreSQL's integer holds 31 bits: the write fails after the verb
    return basket


@router.get("/{basket_id}/broken")
async def break_down(basket_id: UUID, actor: MayRead, uow: Uow) -> None:
    raise RuntimeError("a bug that quotes 3302054107900001")


SERVICE = Service(name="toy", title="Toy", tables=Table, routers=(router,))
