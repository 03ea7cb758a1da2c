"""Families of tests: invented, with numbers that no person can have (serial 0000)."""

from datetime import date
from typing import TypedDict

import sqlalchemy as sa

from tests.world import World

KEBASEN, KEDUNGBANTENG = "33.02.05.2007", "33.02.23.2010"
"""The two desa named Kalisalak."""
BANTUL_DESA = "34.02.01.2001"


class Told(TypedDict):
    """A member as the API is told."""

    nik: str
    name: str
    sex: str
    birth_date: str
    relation: str


class Card(TypedDict):
    """A family as the API is told."""

    reference: str
    kk_number: str
    desa_code: str
    registered_on: str
    address: str
    phone: str
    members: list[Told]


def nik(desa_code: str, birth_date: date, *, woman: bool) -> str:
    """Return a synthetic NIK that fits a person."""
    day = birth_date.day + (40 if woman else 0)
    place = desa_code.replace(".", "")[:6]
    return f"{place}{day:02}{birth_date.month:02}{birth_date.year % 100:02}0000"


def member(desa_code: str, born: date, *, relation: str = "head", woman: bool = True) -> Told:
    """Return a member whose NIK fits the rest."""
    return Told(
        nik=nik(desa_code, born, woman=woman),
        name="Siti Contoh" if woman else "Budi Contoh",
        sex="female" if woman else "male",
        birth_date=born.isoformat(),
        relation=relation,
    )


def card(number: int = 1, *, desa_code: str = KEBASEN) -> Card:
    """Return the family card of family `number`: a mother, who is its head, and a son."""
    turn = date.fromordinal(date(1980, 1, 1).toordinal() + number)
    place = desa_code.replace(".", "")[:6]
    return Card(
        reference=f"OOA-{number:04}",
        kk_number=f"{place}{turn:%d%m}{turn.year - 1970:02}0000",
        desa_code=desa_code,
        registered_on="2025-01-15",
        address="Jalan Contoh 1",
        phone=f"0812{number:08}",
        members=[
            member(desa_code, turn),
            member(desa_code, date(turn.year + 30, turn.month, 1), relation="child", woman=False),
        ],
    )


async def registered(world: World, *numbers: int, desa_code: str = KEBASEN) -> list[str]:
    """Register families, and return their ids."""
    answers = [
        await world.registry.do("/v1/households", card(number, desa_code=desa_code))
        for number in numbers
    ]
    return [str(answer["id"]) for answer in answers]


async def status_of(world: World, household_id: str) -> str:
    """Return where a family stands."""
    return str((await world.registry.read(f"/v1/households/{household_id}"))["status"])


async def everything_stored(world: World) -> str:
    """Return every row of the registry's database as text, bytes in hexadecimal."""
    names = world.registry.module.SERVICE.tables.metadata.tables.keys() - {"regions"}
    query = " UNION ALL ".join(
        f'SELECT to_jsonb(t)::text FROM "{name}" t'  # noqa: S608 - names of our own tables
        for name in sorted(names)
    )
    async with world.registry.database.transaction() as uow:
        return "\n".join((await uow.execute(sa.text(query))).scalars())
