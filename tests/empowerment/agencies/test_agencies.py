"""Ministries that split, and what they promised each other."""

from datetime import date
from uuid import UUID

import pytest

from contracts.empowerment import (
    ExitKind,
    GraduationApproved,
    GraduationReversed,
    SkillGrade,
    TrainingCompleted,
)
from contracts.financing import ReferralDisbursed
from kernel.ids import new_id
from kernel.testing.mischief import Order
from tests.empowerment.ministry import Ministry
from tests.world import Json


async def test_a_ministry_that_splits_keeps_its_days_and_names_its_successors(
    ministry: Ministry,
) -> None:
    old = await ministry.agency("KEMENKOPUKM", valid_from="2014-10-27")
    successors = [
        {"code": "KEMENKOP", "name": "Kementerian Koperasi"},
        {"code": "KEMENUMKM", "name": "Kementerian UMKM"},
    ]

    ended = await ministry.http.do(
        f"/v1/agencies/{old['id']}/succeed", {"successors": successors, "on": "2024-10-21"}
    )

    assert (ended["valid_until"], ended["successors"]) == ("2024-10-21", ["KEMENKOP", "KEMENUMKM"])
    assert await _codes(ministry, on="2024-10-20") == ["KEMENKOPUKM"]
    assert await _codes(ministry, on="2024-10-21") == ["KEMENKOP", "KEMENUMKM"]


async def test_an_agency_is_succeeded_once_and_never_before_it_began(ministry: Ministry) -> None:
    agency = await ministry.agency()
    path, new = f"/v1/agencies/{agency['id']}/succeed", [{"code": "BARU", "name": "Baru"}]

    too_early = await ministry.http.post(path, {"successors": new, "on": "2020-01-01"})
    await ministry.http.do(path, {"successors": new, "on": "2026-01-01"})
    again = await ministry.http.post(path, {"successors": new, "on": "2027-01-01"})

    assert [a.json()["code"] for a in (too_early, again)] == ["EMP-0104", "EMP-0103"]


async def test_codes_and_numbers_are_used_once(ministry: Ministry) -> None:
    await ministry.agency("KEMENSOS")
    await ministry.agency("KEMENPERIN")
    await _mou(ministry)

    agency = await ministry.http.post(
        "/v1/agencies",
        {"code": "KEMENSOS", "name": "Lain", "kind": "other", "valid_from": "2025-01-01"},
    )
    agreement = await ministry.http.post("/v1/agreements", _mou_body())

    assert [a.json()["code"] for a in (agency, agreement)] == ["EMP-0102", "EMP-0106"]


async def test_a_party_must_have_existed_when_it_signed(ministry: Ministry) -> None:
    await ministry.agency("KEMENSOS")
    await ministry.agency("KEMENPERIN", valid_from="2026-01-01")

    refused = await ministry.http.post("/v1/agreements", _mou_body())

    assert (refused.status_code, refused.json()["agency"]) == (404, "KEMENPERIN")


@pytest.mark.parametrize(("deliveries", "order"), [(1, "as sent"), (2, "reversed")])
async def test_progress_counts_families_once_whatever_arrives_when(
    ministry: Ministry, deliveries: int, order: Order
) -> None:
    await ministry.agency("KEMENSOS")
    await ministry.agency("KEMENPERIN")
    agreement = await _mou(ministry)
    stays, falls_back, proposal = new_id(), new_id(), new_id()
    world = ministry.world
    await world.announce(_graduated(stays), _trained(stays), _trained(stays))
    await world.announce(_financed(stays))
    back = GraduationReversed(
        proposal_id=proposal, household_id=falls_back, reversed_on=date(2025, 11, 1)
    )
    await world.announce(_graduated(falls_back, proposal=proposal), key=falls_back)
    await world.announce(back, key=falls_back)

    await world.settle(deliveries=deliveries, order=order)

    shown = await ministry.http.read(f"/v1/agreements/{agreement['id']}")
    assert {target["metric"]: target["reached"] for target in shown["progress"]} == {
        "graduated_households": 1,
        "trained_households": 1,
        "financed_households": 1,
    }


def _graduated(household_id: UUID, *, proposal: UUID | None = None) -> GraduationApproved:
    return GraduationApproved(
        proposal_id=proposal or new_id(),
        household_id=household_id,
        exit_kind=ExitKind.SELF_RELIANT,
        decided_on=date(2025, 10, 1),
        criteria_version="2025",
    )


def _trained(household_id: UUID) -> TrainingCompleted:
    return TrainingCompleted(
        training_id=new_id(),
        household_id=household_id,
        course_code="ANYAM",
        skill="anyaman",
        grade=SkillGrade.B,
        completed_on=date(2025, 4, 1),
    )


def _financed(household_id: UUID) -> ReferralDisbursed:
    return ReferralDisbursed(
        referral_id=new_id(),
        household_id=household_id,
        provider_id=new_id(),
        product_code="MEKAAR",
        on=date(2025, 12, 1),
    )


def _mou_body() -> dict[str, Json]:
    return {
        "number": "MOU-2025-03-20",
        "title": "Pemberdayaan keluarga penerima manfaat",
        "parties": ["KEMENSOS", "KEMENPERIN"],
        "fields": ["training", "finance_access"],
        "signed_on": "2025-03-20",
        "targets": [
            {"metric": "graduated_households", "value": 300_000, "per": "total"},
            {"metric": "trained_households", "value": 350, "per": "total"},
            {"metric": "financed_households", "value": 100, "per": "total"},
        ],
    }


async def _mou(ministry: Ministry) -> dict[str, Json]:
    return await ministry.http.do("/v1/agreements", _mou_body())


async def _codes(ministry: Ministry, *, on: str) -> list[str]:
    listed = await ministry.http.read(f"/v1/agencies?on={on}")
    return sorted(agency["code"] for agency in listed["items"])
