"""From evidence to a decision by a second person."""

import asyncio
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from contracts.empowerment import ExitKind, GraduationApproved, GraduationReversed
from kernel.ids import new_id
from services.empowerment.graduation.lifecycle import State
from services.empowerment.graduation.models import Proposal
from tests.empowerment.ministry import SUMBERAGUNG, Ministry
from tests.people import BANTUL_OFFICER, KEMENSOS, KEMENSOS_CHECKER
from tests.world import Json

FIRST_ORDER = 1_070_000


async def test_most_families_are_not_ready_after_the_first_order(ministry: Ministry) -> None:
    siti = await _after_the_first_order(ministry)

    refused = await ministry.propose_graduation(siti)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "EMP-1002")
    told = {reason["criterion"]: reason for reason in problem["reasons"]}
    assert told["paid_income_monthly_idr"]["seen"] == 356_666
    assert told["paid_income_monthly_idr"]["wanted"] == 1_500_000
    assert told["training_passed"]["passed"] is True
    assert told["quality_pass_rate"]["seen"] == 0.9722
    assert "Rp 356.666" in told["paid_income_monthly_idr"]["text"]


async def test_readiness_is_told_as_it_was_on_a_day_and_in_the_callers_language(
    ministry: Ministry,
) -> None:
    siti = await _after_the_first_order(ministry)

    before = await ministry.readiness(siti, on="2025-08-31")
    after = await ministry.readiness(siti, on="2025-10-01", language="en")

    assert (before["ready"], after["ready"]) == (False, False)
    assert before["reasons"][0]["seen"] == 0
    assert (after["readiness"], after["criteria_version"]) == ("0.48", "default")
    assert after["reasons"][0]["text"].startswith("Pay averages IDR 356,666")


async def test_a_ready_family_graduates_by_a_second_persons_decision(ministry: Ministry) -> None:
    siti = await _ready(ministry)
    proposal = (await ministry.propose_graduation(siti)).json()

    alone = await ministry.decide(proposal, "approve", as_=KEMENSOS)
    approved = await ministry.decide(proposal, "approve", as_=KEMENSOS_CHECKER)

    assert (alone.status_code, alone.json()["code"]) == (403, "EMP-1004")
    assert approved.json()["state"] == "approved"
    (told,) = await ministry.world.published(GraduationApproved)
    assert (told.household_id, told.exit_kind) == (UUID(siti), ExitKind.SELF_RELIANT)


@pytest.mark.parametrize("verb", ["refuse", "reverse"])
async def test_no_decision_is_made_by_who_proposed(ministry: Ministry, verb: str) -> None:
    proposal = (await ministry.propose_graduation(await _ready(ministry))).json()
    if verb == "reverse":
        await ministry.decide(proposal, "approve")

    alone = await ministry.decide(proposal, verb, as_=KEMENSOS)

    assert (alone.status_code, alone.json()["code"]) == (403, "EMP-1004")


async def test_the_database_itself_keeps_a_proposer_from_deciding(ministry: Ministry) -> None:
    siti = await _ready(ministry)
    forged = Proposal(
        household_id=UUID(siti),
        exit_kind=ExitKind.SELF_RELIANT,
        proposed_on=date(2025, 10, 1),
        proposed_by="one",
        criteria_version="default",
        readiness=Decimal(1),
        ready=True,
        snapshot={},
        state=State.APPROVED,
        decided_by="one",
    )

    with pytest.raises(IntegrityError, match="second_person"):
        await ministry.keep(forged)


async def test_the_readiness_of_the_proposal_is_kept_with_it(ministry: Ministry) -> None:
    siti = await _ready(ministry)
    proposal = (await ministry.propose_graduation(siti)).json()

    await ministry.verified(siti, 5_000_000, document="SKU-2")
    await ministry.paid(siti, 9_000_000, on=date(2025, 10, 2))
    await ministry.world.settle()

    kept = await ministry.http.read(f"/v1/graduation-proposals/{proposal['id']}")
    assert kept["snapshot"] == proposal["snapshot"]
    assert kept["snapshot"]["reasons"][0]["met_by"] == "verified_income_monthly_idr"
    assert kept["readiness"] == kept["snapshot"]["readiness"] == proposal["readiness"]


async def test_the_natural_exit_needs_no_readiness_and_says_what_was_seen(
    ministry: Ministry,
) -> None:
    siti = await ministry.family()

    proposal = await ministry.propose_graduation(siti, exit_kind="natural")

    assert proposal.status_code == 201
    assert (proposal.json()["ready"], proposal.json()["readiness"]) == (False, "0.00")


async def test_a_family_is_proposed_once_however_many_propose_at_once(ministry: Ministry) -> None:
    siti = await _ready(ministry)

    answers = await asyncio.gather(*(ministry.propose_graduation(siti) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"EMP-1003"}


async def test_a_refused_family_may_be_proposed_again(ministry: Ministry) -> None:
    siti = await _ready(ministry)
    first = (await ministry.propose_graduation(siti)).json()
    await ministry.decide(first, "refuse")

    again = await ministry.propose_graduation(siti)

    assert again.status_code == 201


async def test_a_family_that_falls_back_returns_and_may_graduate_again(
    ministry: Ministry,
) -> None:
    siti = await _ready(ministry)
    first = (await ministry.propose_graduation(siti)).json()
    await ministry.decide(first, "approve")

    too_early = await ministry.decide(first, "reverse", on="2025-10-01")
    back = await ministry.decide(first, "reverse", on="2025-12-01")
    second = await ministry.propose_graduation(siti, on="2025-12-02")

    assert (too_early.status_code, too_early.json()["code"]) == (409, "EMP-1005")
    assert back.json()["state"] == "reversed"
    assert len(await ministry.world.published(GraduationReversed)) == 1
    assert second.status_code == 201


async def test_recorded_criteria_are_used_from_their_day_on_and_never_change(
    ministry: Ministry,
) -> None:
    siti = await _after_the_first_order(ministry)
    lenient = {
        "version": "2025-2",
        "effective_from": "2025-09-15",
        "minimum_readiness": "0.50",
        "criteria": [
            {"name": "paid_months", "threshold": 1, "weight": 1, "required": True},
            {"name": "decile_at_least", "threshold": 2, "weight": 1, "required": False},
        ],
    }
    await ministry.http.do("/v1/graduation-criteria", lenient)

    again = await ministry.http.post("/v1/graduation-criteria", lenient)
    before = await ministry.readiness(siti, on="2025-09-14")
    after = await ministry.readiness(siti, on="2025-10-01")

    assert again.json()["code"] == "EMP-1006"
    assert (before["criteria_version"], after["criteria_version"]) == ("default", "2025-2")
    assert (after["readiness"], after["ready"]) == ("0.75", True)
    in_force = await ministry.http.read("/v1/graduation-criteria/in-force?on=2025-09-14")
    assert (in_force["version"], in_force["effective_from"]) == ("default", None)


async def test_criteria_without_weight_or_named_twice_are_refused(ministry: Ministry) -> None:
    one = {"name": "paid_months", "threshold": 1, "weight": 0, "required": True}
    body = {"version": "x", "effective_from": "2025-01-01", "minimum_readiness": "0.5"}

    weightless = await ministry.http.post("/v1/graduation-criteria", {**body, "criteria": [one]})
    twice = await ministry.http.post(
        "/v1/graduation-criteria", {**body, "criteria": [{**one, "weight": 1}] * 2}
    )

    assert [a.json()["code"] for a in (weightless, twice)] == ["EMP-1007", "EMP-1007"]


async def test_families_are_listed_ready_or_not_by_pendamping(ministry: Ministry) -> None:
    pendamping = new_id()
    ready = await _ready(ministry, facilitator_id=pendamping)
    not_ready = await ministry.families(3, facilitator_id=pendamping)
    await ministry.families(2)

    async def listed(query: str) -> list[str]:
        found: list[str] = []
        page = await ministry.http.read(f"/v1/readiness?on=2025-10-01&{query}")
        found += [each["household_id"] for each in page["items"]]
        while page["next"]:
            more = f"/v1/readiness?on=2025-10-01&{query}&cursor={page['next']}"
            page = await ministry.http.read(more)
            found += [each["household_id"] for each in page["items"]]
        return found

    assert await listed(f"facilitator_id={pendamping}&ready=true") == [ready]
    assert await listed(f"facilitator_id={pendamping}&ready=false&limit=2") == sorted(not_ready)
    assert len(await listed("limit=2")) == 6


async def test_the_board_aims_at_ten_a_year_and_counts_what_holds(ministry: Ministry) -> None:
    pendamping, other = new_id(), new_id()
    families = await ministry.families(4, facilitator_id=pendamping)
    await ministry.families(1, facilitator_id=other)
    proposals = [
        (await ministry.propose_graduation(each, exit_kind="natural")).json() for each in families
    ]
    await ministry.decide(proposals[0], "approve")
    await ministry.decide(proposals[1], "approve")
    await ministry.decide(proposals[1], "reverse", on="2025-11-01")
    await ministry.decide(proposals[2], "refuse")

    board = await ministry.http.read("/v1/graduation-board?year=2025")

    standings = {each["facilitator_id"]: each for each in board["items"]}
    assert standings[str(pendamping)] == {
        "facilitator_id": str(pendamping),
        "target": 10,
        "families": 4,
        "proposed": 4,
        "approved": 1,
        "refused": 1,
    }
    assert standings[str(other)]["proposed"] == 0
    empty = await ministry.http.read("/v1/graduation-board?year=2024&limit=1")
    assert (len(empty["items"]), empty["items"][0]["proposed"]) == (1, 0)


async def test_an_officer_sees_readiness_and_proposals_of_his_region_only(
    ministry: Ministry,
) -> None:
    there, here = await ministry.family(), await ministry.family(desa_code=SUMBERAGUNG)
    proposal = (await ministry.propose_graduation(there, exit_kind="natural")).json()

    seen = await ministry.http.read("/v1/readiness", as_=BANTUL_OFFICER)
    foreign = await ministry.http.get(
        f"/v1/graduation-proposals/{proposal['id']}", as_=BANTUL_OFFICER
    )

    assert [each["household_id"] for each in seen["items"]] == [here]
    assert foreign.status_code == 404


async def _after_the_first_order(ministry: Ministry, **known: Json) -> str:
    """Bring a family through training, a group, and the first order's pay of September."""
    programme, families = await ministry.programme(), await ministry.families(5, **known)
    await ministry.enrolled(programme, families)
    await ministry.train(programme, dict.fromkeys(families, 80))
    await ministry.working_group(families)
    siti = families[0]
    await ministry.judged(siti, accepted=35, rejected=1, on=date(2025, 8, 20))
    await ministry.paid(siti, FIRST_ORDER, on=date(2025, 9, 25))
    await ministry.world.settle(deliveries=2, order="reversed")
    return siti


async def _ready(ministry: Ministry, **known: Json) -> str:
    """Bring a family whose shop earns what weaving does not yet."""
    programme, siti = await ministry.programme(), await ministry.family(**known)
    await ministry.enrolled(programme, [siti])
    await ministry.train(programme, {siti: 80})
    await ministry.verified(siti, 1_600_000)
    return siti
