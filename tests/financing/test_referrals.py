"""From a graduation and a consent to money in hand."""

import asyncio
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

import pytest

from contracts.empowerment import ExitKind, GraduationApproved, GroupActivated
from contracts.export import EarningRecorded, SlipPaid
from contracts.financing import ReferralDisbursed, ReferralDrafted, ReferralWithdrawn
from contracts.registry import HouseholdRegistered
from kernel.lifecycle import IllegalMove
from kernel.money import rupiah
from kernel.testing.clock import FrozenClock
from services.financing.referrals.lifecycle import ReferralLifecycle, State
from services.financing.referrals.models import Referral
from tests.people import KEMENKOPUKM, OOA, OTHER_PROVIDER, PNM
from tests.world import Json, World

SEPTEMBER: Final = date(2025, 9, 15)
CREDIT: Final[dict[str, str]] = {"amount": "5000000.00", "currency": "IDR"}


@dataclass(frozen=True)
class Family:
    """A family known to financing, and the lender it turns to."""

    id: UUID
    provider_id: str


async def a_family(world: World, *, women: int = 1, consenting: bool = True) -> Family:
    """Bring a family with work, pay and a group before PNM."""
    household_id, provider = uuid4(), await pnm(world)
    await world.announce(
        HouseholdRegistered(
            household_id=household_id,
            desa_code="33.02.05.2007",
            member_count=4,
            adult_women=women,
            registered_on=date(2025, 3, 1),
        ),
        GroupActivated(
            group_id=uuid4(),
            desa_code="33.02.05.2007",
            leader_household_id=household_id,
            member_household_ids=(household_id,),
            activated_on=date(2025, 4, 1),
        ),
    )
    for month in (5, 6, 7, 8):
        await world.announce(*paid_work(household_id, month=month))
    if consenting:
        await consent(world, household_id, provider)
    await world.settle()
    return Family(household_id, provider)


def paid_work(household_id: UUID, *, month: int) -> tuple[EarningRecorded, SlipPaid]:
    """Return one month's accepted work and its pay."""
    earned = EarningRecorded(
        earning_id=uuid4(),
        household_id=household_id,
        lot_id=uuid4(),
        order_id=uuid4(),
        accepted_pieces=9,
        rejected_pieces=1,
        amount=rupiah(270_000),
        earned_on=date(2025, month, 20),
    )
    paid = SlipPaid(
        slip_id=uuid4(),
        batch_id=uuid4(),
        household_id=household_id,
        accepted_pieces=9,
        amount=rupiah(270_000),
        paid_on=date(2025, month, 28),
    )
    return earned, paid


async def pnm(world: World) -> str:
    """Record PNM and its product Mekaar once."""
    known = (await world.financing.read("/v1/providers"))["items"]
    if known:
        return str(known[0]["id"])
    body = {"code": "PNM", "name": "PNM", "organisation": "pnm", "kind": "ventura"}
    provider = await world.financing.do("/v1/providers", body)
    mekaar = {
        "code": "MEKAAR",
        "name": "Mekaar",
        "rules": [{"rule": "adult_woman"}, {"rule": "group_member"}],
        "minimum": {"amount": "2000000.00"},
        "maximum": {"amount": "15000000.00"},
    }
    await world.financing.do(f"/v1/providers/{provider['id']}/products", mekaar)
    return str(provider["id"])


async def consent(world: World, household_id: UUID, provider_id: str) -> dict[str, Json]:
    """Let the family allow the lender to see its evidence until the end of 2026."""
    body = {
        "household_id": str(household_id),
        "provider_id": provider_id,
        "purposes": ["credit_assessment"],
        "data_sets": ["income", "quality"],
        "given_on": "2025-09-10",
        "valid_until": "2026-12-31",
        "evidence_reference": f"FORM-{household_id.hex[:12]}",
    }
    return await world.financing.do("/v1/consents", body)


def wish(family: Family, **changes: Json) -> dict[str, Json]:
    """Return the body that asks for Rp 5 million of Mekaar."""
    body = {
        "household_id": str(family.id),
        "provider_id": family.provider_id,
        "product_code": "MEKAAR",
        "amount": CREDIT,
        "drafted_on": "2025-09-15",
    }
    return {**body, **changes}


async def graduate(world: World, family: Family, *, on: date = date(2025, 9, 12)) -> None:
    """Tell that the family graduated."""
    await world.announce(
        GraduationApproved(
            proposal_id=uuid4(),
            household_id=family.id,
            exit_kind=ExitKind.SELF_RELIANT,
            decided_on=on,
            criteria_version="2025.1",
        )
    )


async def test_a_referral_goes_from_a_wish_to_money_in_hand(world: World) -> None:
    family = await a_family(world)
    referral = await world.financing.do("/v1/referrals", wish(family), as_=KEMENKOPUKM)
    path, on = f"/v1/referrals/{referral['id']}", {"on": "2025-09-16"}

    await world.financing.do(f"{path}/refer", on, as_=KEMENKOPUKM)
    await world.financing.do(f"{path}/acknowledge", {**on, "provider_reference": "P-1"}, as_=PNM)
    await world.financing.do(f"{path}/request-information", {**on, "question": "?"}, as_=PNM)
    await world.financing.do(f"{path}/answer-information", on, as_=KEMENKOPUKM)
    await world.financing.do(f"{path}/assess", {**on, "note": "baik"}, as_=PNM)
    offer = {**on, "amount": CREDIT, "months": 12, "yearly_rate_percent": "3.00"}
    await world.financing.do(f"{path}/offer", offer, as_=PNM)
    await world.financing.do(f"{path}/accept", on, as_=KEMENKOPUKM)
    await world.financing.do(f"{path}/approve", on, as_=PNM)
    await world.financing.do(f"{path}/disburse", {**on, "proof_reference": "T-1"}, as_=PNM)

    assert (await world.financing.read(path, as_=PNM))["state"] == "disbursed"
    assert [e.household_id for e in await world.published(ReferralDisbursed)] == [family.id]
    figures = (await world.financing.read("/v1/summaries/financing"))["figures"]
    assert (figures["disbursed"], figures["referred"]) == (1, 1)


@pytest.mark.parametrize("consent_first", [True, False])
async def test_a_graduate_who_consents_gets_one_draft_in_either_order(
    world: World, *, consent_first: bool
) -> None:
    family = await a_family(world, consenting=consent_first)

    await graduate(world, family)
    await world.settle(deliveries=2)
    if not consent_first:
        await consent(world, family.id, family.provider_id)
    await world.settle(deliveries=2, order="reversed")

    assert [e.household_id for e in await world.published(ReferralDrafted)] == [family.id]
    assert await world.dead_letters() == []


async def test_without_consent_nothing_is_referred_or_shown(world: World) -> None:
    family = await a_family(world, consenting=False)

    refused = await world.financing.post("/v1/referrals", wish(family))
    hidden = await world.financing.get(f"/v1/bankability/{family.id}", as_=PNM)

    assert (refused.status_code, refused.json()["code"]) == (403, "FIN-0203")
    assert (hidden.status_code, hidden.json()["code"]) == (403, "FIN-0203")


async def test_a_withdrawn_consent_stops_the_lender_at_once_and_ends_the_referral(
    world: World,
) -> None:
    family = await a_family(world)
    referral = await world.financing.do("/v1/referrals", wish(family))
    path = f"/v1/referrals/{referral['id']}"
    await world.financing.do(f"{path}/refer", {"on": "2025-09-16"})
    [given] = (await world.financing.read(f"/v1/consents?household_id={family.id}"))["items"]

    await world.financing.do(f"/v1/consents/{given['id']}/withdraw", {"withdrawn_on": "2025-09-17"})
    stopped = await world.financing.post(
        f"{path}/acknowledge", {"on": "2025-09-17", "provider_reference": "P-9"}, as_=PNM
    )
    await world.settle()

    assert (stopped.status_code, stopped.json()["code"]) == (403, "FIN-0203")
    assert len(await world.published(ReferralWithdrawn)) == 1
    assert (await world.financing.read(path))["state"] == "withdrawn"


async def test_a_lender_sees_its_own_referrals_alone_and_a_partner_none(world: World) -> None:
    family = await a_family(world)
    referral = await world.financing.do("/v1/referrals", wish(family))
    path = f"/v1/referrals/{referral['id']}"

    draft = await world.financing.get(path, as_=PNM)
    await world.financing.do(f"{path}/refer", {"on": "2025-09-16"})

    assert draft.status_code == 404
    assert (await world.financing.get(path, as_=PNM)).status_code == 200
    assert (await world.financing.get(path, as_=OTHER_PROVIDER)).status_code == 404
    assert (await world.financing.get(path, as_=OOA)).status_code == 404


async def test_the_products_rules_are_told_one_by_one(world: World) -> None:
    family = await a_family(world, women=0)

    refused = await world.financing.post(
        "/v1/referrals", wish(family, amount={"amount": "20000000.00"})
    )

    rules = {each["rule"]: each["passed"] for each in refused.json()["rules"]}
    assert (refused.status_code, refused.json()["code"]) == (409, "FIN-0403")
    assert rules == {
        "min_amount": True,
        "max_amount": False,
        "adult_woman": False,
        "group_member": True,
    }


async def test_only_the_lender_decides_and_only_the_referrer_speaks_for_the_family(
    world: World,
) -> None:
    family = await a_family(world)
    referral = await world.financing.do("/v1/referrals", wish(family))
    path, on = f"/v1/referrals/{referral['id']}", {"on": "2025-09-16"}
    await world.financing.do(f"{path}/refer", on)

    by_ministry = await world.financing.post(f"{path}/reject", {**on, "reason": "x"})
    by_lender = await world.financing.post(f"{path}/withdraw", {**on, "reason": "x"}, as_=PNM)

    assert (by_ministry.status_code, by_ministry.json()["code"]) == (403, "FIN-0406")
    assert (by_lender.status_code, by_lender.json()["code"]) == (403, "FIN-0407")


async def test_of_many_drafts_at_once_one_is_opened(world: World) -> None:
    family = await a_family(world)

    answers = await asyncio.gather(
        *(world.financing.post("/v1/referrals", wish(family)) for _ in range(10))
    )

    assert sorted(a.status_code for a in answers) == [201] + [409] * 9


async def test_a_referral_nobody_answers_expires(world: World, frozen: FrozenClock) -> None:
    family = await a_family(world)
    await world.financing.do("/v1/referrals", wish(family))
    [timer] = world.financing.module.SERVICE.timers

    frozen.advance(days=400)
    await timer.run_once(world.financing.database)

    assert (await world.financing.read("/v1/referrals"))["items"][0]["state"] == "expired"


async def test_the_score_gives_its_reasons(world: World) -> None:
    family = await a_family(world)

    answer = await world.financing.read(f"/v1/bankability/{family.id}")

    reasons = {each["factor"]: each for each in answer["reasons"]}
    assert reasons["paid_months"]["seen"] == "4"
    assert reasons["monthly_income_idr"]["seen"] == "270000.00"
    assert reasons["quality_pass_rate"]["seen"] == "0.90"
    assert Decimal(answer["score"]) == sum(Decimal(r["points"]) for r in answer["reasons"])


STEPS: Final[dict[str, dict[str, Json]]] = {
    "refer": {},
    "acknowledge": {"provider_reference": "P-1"},
    "request_information": {"question": "?"},
    "answer_information": {},
    "assess": {"note": "n"},
    "offer": {"amount": rupiah(5_000_000), "months": 12, "yearly_rate": 3},
    "accept": {},
    "approve": {},
    "disburse": {"proof_reference": "T-1"},
    "reject": {"reason": "r"},
    "withdraw": {"reason": "r"},
    "expire": {},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", STEPS)
def test_every_step_in_every_state_happens_or_is_refused(verb: str, state: State) -> None:
    referral = Referral(
        household_id=uuid4(),
        provider_id=uuid4(),
        drafted_on=SEPTEMBER,
        state=state,
        product_code="MEKAAR",
        amount=Decimal(5_000_000),
    )
    move = getattr(ReferralLifecycle, verb)

    if state in move.sources:
        getattr(referral, verb)(on=SEPTEMBER, **STEPS[verb])
        assert referral.state is move.target
    else:
        with pytest.raises(IllegalMove):
            getattr(referral, verb)(on=SEPTEMBER, **STEPS[verb])
