"""Offtakers, what was agreed with them, and who may see it."""

from datetime import date
from uuid import UUID

import pytest

from services.export.partners import queries
from tests.export.trade import CONTRACT, Trade, problem_of
from tests.people import OOA, OTHER_PARTNER
from tests.world import Json


async def test_a_partner_is_recorded_and_read(trade: Trade) -> None:
    ooa = await trade.partner()

    shown = await trade.export.get(f"/v1/partners/{ooa['id']}")

    assert shown.json() == ooa
    assert shown.headers["etag"] == '"1"'


async def test_a_partners_code_is_its_own(trade: Trade) -> None:
    ooa = await trade.partner()

    again = await trade.export.post("/v1/partners", {**_given(ooa), "name": "Another"})

    assert problem_of(again) == (409, "EXP-0102")


async def test_a_partners_client_sees_its_own_organisation_alone(trade: Trade) -> None:
    ooa = await trade.partner()
    rattan = await trade.partner("ROTAN", organisation="rattan")

    listed = await trade.export.read("/v1/partners", as_=OTHER_PARTNER)
    foreign = await trade.export.get(f"/v1/partners/{ooa['id']}", as_=OTHER_PARTNER)
    contracts = await trade.export.get(f"/v1/partners/{ooa['id']}/contracts", as_=OTHER_PARTNER)

    assert [partner["id"] for partner in listed["items"]] == [rattan["id"]]
    assert problem_of(foreign) == problem_of(contracts) == (404, "EXP-0101")


async def test_a_partners_client_records_its_own_organisation_alone(trade: Trade) -> None:
    body = {"code": "X", "name": "X", "organisation": "rattan", "country": "ID"}

    foreign = await trade.export.post("/v1/partners", body, as_=OOA)
    own = await trade.export.post("/v1/partners", {**body, "organisation": "ooa"}, as_=OOA)

    assert problem_of(foreign) == (403, "EXP-0103")
    assert own.status_code == 201


async def test_partners_are_found_by_code(trade: Trade) -> None:
    ooa = await trade.partner()
    await trade.partner("ROTAN", organisation="rattan")

    found = await trade.export.read("/v1/partners", params={"code": "OOA"})

    assert [partner["id"] for partner in found["items"]] == [ooa["id"]]


async def test_a_contract_is_recorded_and_listed(trade: Trade) -> None:
    ooa = await trade.partner()

    contract = await trade.export.do(f"/v1/partners/{ooa['id']}/contracts", CONTRACT)
    listed = await trade.export.read(f"/v1/partners/{ooa['id']}/contracts", as_=OOA)

    assert contract["sampling"] == CONTRACT["sampling"]
    assert contract["tolerance_percent"] == "2.50"
    assert [each["id"] for each in listed["items"]] == [contract["id"]]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({}, 409, "EXP-0104"),
        ({"number": "OOA-2", "valid_until": "2025-02-28"}, 400, "EXP-0105"),
        ({"number": "OOA-2", "currency": "rupiah"}, 422, "KER-0009"),
        ({"number": "OOA-2", "tolerance_percent": "101"}, 422, "KER-0009"),
    ],
)
async def test_a_contract_that_cannot_be_is_refused(
    trade: Trade, changed: dict[str, Json], status: int, code: str
) -> None:
    ooa = await trade.partner()
    await trade.export.do(f"/v1/partners/{ooa['id']}/contracts", CONTRACT)

    refused = await trade.export.post(
        f"/v1/partners/{ooa['id']}/contracts", {**CONTRACT, **changed}
    )

    assert problem_of(refused) == (status, code)


async def test_the_contract_in_force_is_the_one_that_began_last(trade: Trade) -> None:
    ooa = await trade.partner()
    path = f"/v1/partners/{ooa['id']}/contracts"
    await trade.export.do(path, CONTRACT)
    later = {**CONTRACT, "number": "OOA-2025-02", "valid_from": "2025-07-01", "valid_until": None}
    await trade.export.do(path, later)

    assert await _in_force(trade, ooa, on=date(2025, 2, 28)) is None
    assert await _in_force(trade, ooa, on=date(2025, 6, 30)) == "OOA-2025-01"
    assert await _in_force(trade, ooa, on=date(2025, 7, 1)) == "OOA-2025-02"
    assert await _in_force(trade, ooa, on=date(2026, 7, 1)) == "OOA-2025-02"


async def _in_force(trade: Trade, partner: dict[str, Json], *, on: date) -> str | None:
    async with trade.export.database.transaction() as uow:
        contract = await queries.find_contract(uow.session, UUID(partner["id"]), on=on)
        return contract.number if contract else None


def _given(partner: dict[str, Json]) -> dict[str, Json]:
    return {name: partner[name] for name in ("code", "name", "organisation", "country")}
