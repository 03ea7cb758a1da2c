"""Caseloads are evened out by a proposal, which explains itself and a second person applies."""

import asyncio
from datetime import date

import pytest

from kernel.lifecycle import IllegalMove
from services.registry.balancing.lifecycle import ProposalLifecycle, State
from services.registry.balancing.models import CaseloadProposal
from tests.people import BANTUL_OFFICER, KEMENSOS, KEMENSOS_CHECKER
from tests.registry.facilitators.test_caseloads import caseload, entrust, pendamping, transfer
from tests.registry.families import KEDUNGBANTENG, registered
from tests.world import Json, World


async def proposed(world: World, within: str = "33.02", on: str = "2025-03-01") -> dict[str, Json]:
    return await world.registry.do("/v1/caseload-proposals", {"within": within, "on": on})


async def moves(world: World, proposal: dict[str, Json]) -> list[dict[str, Json]]:
    page = await world.registry.read(f"/v1/caseload-proposals/{proposal['id']}/moves")
    items: list[dict[str, Json]] = page["items"]
    return items


async def decide(world: World, proposal: dict[str, Json], verb: str, **rest: Json) -> Json:
    body = {"on": "2025-03-05"} if verb == "apply" else None
    path = f"/v1/caseload-proposals/{proposal['id']}/{verb}"
    return await world.registry.post(path, body, **{"as_": KEMENSOS_CHECKER, **rest})


async def full_and_empty(world: World) -> tuple[str, str, list[str]]:
    rina, dewi = await pendamping(world, "P-1"), await pendamping(world, "P-2")
    families = await registered(world, 1, 2, 3, 4, 5)
    await entrust(world, rina, *families)
    return rina, dewi, families


async def test_a_proposal_shows_before_and_after_and_moves_nobody(world: World) -> None:
    rina, dewi, families = await full_and_empty(world)

    proposal = await proposed(world)

    counts = {
        each["facilitator_id"]: (each["before"], each["after"]) for each in proposal["caseloads"]
    }
    assert counts == {rina: (5, 3), dewi: (0, 2)}
    assert (proposal["state"], proposal["families"]) == ("proposed", 2)
    told = await moves(world, proposal)
    assert {(each["from_facilitator_id"], each["to_facilitator_id"]) for each in told} == {
        (rina, dewi)
    }
    assert {each["reason"] for each in told} == {"even_out"}
    assert await caseload(world, rina) == families


async def test_the_same_question_gets_the_same_proposal(world: World) -> None:
    await full_and_empty(world)

    first, second = await proposed(world), await proposed(world)

    assert await moves(world, first) == await moves(world, second) != []


async def test_the_last_who_came_goes_first(world: World) -> None:
    rina, _, families = await full_and_empty(world)
    [newest] = await registered(world, 6)
    body = {"household_ids": [newest], "assigned_on": "2025-02-20"}
    await world.registry.do(f"/v1/facilitators/{rina}/caseload", body)

    told = await moves(world, await proposed(world))

    assert {each["household_id"] for each in told} == {newest, *sorted(families)[:2]}


async def test_families_outside_every_area_of_theirs_are_moved_into_one(world: World) -> None:
    rina, dewi = await pendamping(world, "P-1"), await pendamping(world, "P-2", "33.02.23")
    [near] = await registered(world, 1)
    [far] = await registered(world, 2, desa_code=KEDUNGBANTENG)
    await entrust(world, rina, near, far)
    [area] = (await world.registry.read(f"/v1/facilitators/{rina}/areas"))["items"]
    await world.registry.do(f"/v1/facilitators/{rina}/areas/{area['id']}/end", {"on": "2025-02-15"})
    body = {"area_code": "33.02.05", "valid_from": "2025-02-15"}
    await world.registry.do(f"/v1/facilitators/{rina}/areas", body)

    [told] = await moves(world, await proposed(world))

    assert (told["household_id"], told["to_facilitator_id"]) == (far, dewi)
    assert told["reason"] == "outside_the_area"


async def test_a_second_person_applies_a_proposal_and_the_history_is_kept(world: World) -> None:
    rina, dewi, _ = await full_and_empty(world)
    proposal = await proposed(world)

    own = await decide(world, proposal, "apply", as_=KEMENSOS)
    applied = await decide(world, proposal, "apply")

    assert (own.status_code, own.json()["code"]) == (403, "REG-0512")
    assert applied.json()["state"] == "applied"
    assert [len(await caseload(world, each)) for each in (rina, dewi)] == [3, 2]
    [moved, _] = await moves(world, proposal)
    path = f"/v1/households/{moved['household_id']}/versions?as_of="
    before = await world.registry.read(f"{path}2025-03-04")
    after = await world.registry.read(f"{path}2025-03-05")
    assert [page["items"][0]["facilitator_id"] for page in (before, after)] == [rina, dewi]


async def test_a_proposal_is_applied_once_however_many_ask(world: World) -> None:
    rina, dewi, _ = await full_and_empty(world)
    proposal = await proposed(world)

    answers = await asyncio.gather(*(decide(world, proposal, "apply") for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 3
    assert [len(await caseload(world, each)) for each in (rina, dewi)] == [3, 2]


async def test_a_proposal_that_families_overtook_is_not_applied(world: World) -> None:
    rina, dewi, _ = await full_and_empty(world)
    proposal = await proposed(world)
    [moved, _] = await moves(world, proposal)
    await transfer(world, rina, dewi, moved["household_id"], on="2025-03-02")

    refused = await decide(world, proposal, "apply")

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0513")
    assert [len(await caseload(world, each)) for each in (rina, dewi)] == [4, 1]
    assert (await decide(world, proposal, "refuse")).json()["state"] == "refused"


async def test_proposals_are_seen_in_their_region(world: World) -> None:
    await full_and_empty(world)
    proposal = await proposed(world)

    hidden = await world.registry.get(
        f"/v1/caseload-proposals/{proposal['id']}", as_=BANTUL_OFFICER
    )
    refused = await world.registry.post(
        "/v1/caseload-proposals", {"within": "33.02"}, as_=BANTUL_OFFICER
    )

    assert [each.json()["code"] for each in (hidden, refused)] == ["REG-0511", "REG-0515"]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", ProposalLifecycle.moves(), ids=lambda move: move.name)
def test_a_proposal_is_decided_once(state: State, move: Json) -> None:
    proposal = CaseloadProposal(
        within="33.02",
        on_day=date(2025, 3, 1),
        made_by="one",
        families=0,
        caseloads=[],
        state=state,
    )

    if state in move.sources:
        getattr(proposal, move.name)(by="two")
        assert proposal.state is move.target
        return

    with pytest.raises(IllegalMove):
        getattr(proposal, move.name)(by="two")
