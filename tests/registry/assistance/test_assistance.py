"""Aid starts once a scheme, moves a family on, and ends when it graduates."""

import asyncio
from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.empowerment import ExitKind, GraduationApproved
from contracts.registry import AidScheme, AssistanceEnded, HouseholdStatusChanged
from kernel.lifecycle import IllegalMove
from services.registry.assistance.lifecycle import AssistanceLifecycle, State
from services.registry.assistance.models import Assistance
from tests.people import BANTUL_OFFICER
from tests.registry.families import registered, status_of
from tests.world import Json, World


def aid(family: str, scheme: str = "pkh") -> dict[str, Json]:
    return {"household_id": family, "scheme": scheme, "started_on": "2025-01-20"}


async def graduate(world: World, family: str) -> None:
    await world.announce(
        GraduationApproved(
            proposal_id=uuid4(),
            household_id=UUID(family),
            exit_kind=ExitKind.SELF_RELIANT,
            decided_on="2025-10-01",
            criteria_version="2025",
        )
    )
    await world.settle()


async def test_aid_makes_a_registered_family_assisted(world: World) -> None:
    [family] = await registered(world, 1)

    started = await world.registry.do("/v1/assistance", aid(family) | {"components": ["elderly"]})

    assert (started["state"], started["components"]) == ("active", ["elderly"])
    assert await status_of(world, family) == "assisted"
    assert started == await world.registry.read(f"/v1/assistance/{started['id']}")


async def test_a_second_scheme_moves_no_status(world: World) -> None:
    [family] = await registered(world, 1)
    await world.registry.do("/v1/assistance", aid(family))

    await world.registry.do("/v1/assistance", aid(family, "sembako"))

    assert len(await world.published(HouseholdStatusChanged)) == 1


async def test_aid_of_a_scheme_is_given_once_at_a_time(world: World) -> None:
    [family] = await registered(world, 1)

    answers = await asyncio.gather(
        *(world.registry.post("/v1/assistance", aid(family)) for _ in range(6))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "REG-0402"


async def test_ended_aid_may_start_again(world: World) -> None:
    [family] = await registered(world, 1)
    first = await world.registry.do("/v1/assistance", aid(family))
    end = {"ended_on": "2025-06-30", "reason": "natural_exit"}

    ended = await world.registry.do(f"/v1/assistance/{first['id']}/end", end)
    again = await world.registry.post("/v1/assistance", aid(family))

    assert (ended["state"], again.status_code) == ("ended", 201)
    [event] = await world.published(AssistanceEnded)
    assert event.reason == "natural_exit"


async def test_aid_does_not_end_before_it_started(world: World) -> None:
    [family] = await registered(world, 1)
    first = await world.registry.do("/v1/assistance", aid(family))

    refused = await world.registry.post(
        f"/v1/assistance/{first['id']}/end", {"ended_on": "2025-01-01", "reason": "mistake"}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0404")


async def test_only_pkh_has_components(world: World) -> None:
    [family] = await registered(world, 1)

    refused = await world.registry.post(
        "/v1/assistance", aid(family, "sembako") | {"components": ["elderly"]}
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0405")


async def test_aid_elsewhere_is_not_seen(world: World) -> None:
    [family] = await registered(world, 1)
    started = await world.registry.do("/v1/assistance", aid(family))

    hidden = await world.registry.get(f"/v1/assistance/{started['id']}", as_=BANTUL_OFFICER)

    assert (hidden.status_code, hidden.json()["code"]) == (404, "REG-0401")


async def test_a_graduated_family_leaves_pkh_and_sembako_and_keeps_its_insurance(
    world: World,
) -> None:
    [family] = await registered(world, 1)
    for scheme in ("pkh", "sembako", "pbi_jkn"):
        await world.registry.do("/v1/assistance", aid(family, scheme))

    await graduate(world, family)

    left = await world.registry.read(f"/v1/assistance?household_id={family}&active=true")
    assert [each["scheme"] for each in left["items"]] == ["pbi_jkn"]
    ended = await world.published(AssistanceEnded)
    assert {(event.scheme, event.reason) for event in ended} == {
        (AidScheme.PKH, "graduated"),
        (AidScheme.SEMBAKO, "graduated"),
    }


async def test_a_graduated_family_gets_no_new_pkh(world: World) -> None:
    [family] = await registered(world, 1)
    await graduate(world, family)

    refused = await world.registry.post("/v1/assistance", aid(family))

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0403")


async def test_a_closed_family_leaves_all_aid(world: World) -> None:
    [family] = await registered(world, 1)
    await world.registry.do("/v1/assistance", aid(family, "pbi_jkn"))

    await world.registry.do(
        f"/v1/households/{family}/close", {"reason": "deceased", "closed_on": "2025-03-01"}
    )
    await world.settle(deliveries=2)

    left = await world.registry.read(f"/v1/assistance?household_id={family}&active=true")
    assert left["items"] == []


async def test_a_batch_that_proceeds_answers_each_item(world: World) -> None:
    first, second = await registered(world, 1, 2)
    items = [aid(first), aid(str(uuid4())), aid(first), aid(second)]

    answer = await world.registry.post(
        "/v1/assistance/batch", {"on_error": "proceed", "items": items}
    )

    results = answer.json()["results"]
    assert answer.status_code == 207
    assert [each["status"] for each in results] == [201, 404, 409, 201]
    assert results[1]["problem"]["code"] == "REG-0201"
    page = await world.registry.read("/v1/assistance")
    assert [each["household_id"] for each in page["items"]] == [first, second]


async def test_a_batch_that_rolls_back_starts_nothing(world: World) -> None:
    [family] = await registered(world, 1)
    items = [aid(family), aid(str(uuid4()))]

    refused = await world.registry.post(
        "/v1/assistance/batch", {"on_error": "rollback", "items": items}
    )

    assert refused.status_code == 404
    assert refused.json()["errors"][0]["pointer"] == "/items/1"
    assert (await world.registry.read("/v1/assistance"))["items"] == []
    assert await status_of(world, family) == "registered"


async def test_another_agency_learns_yes_or_no(world: World) -> None:
    [family] = await registered(world, 1)
    await world.registry.do("/v1/assistance", aid(family))

    async def answer(day: str, scheme: str) -> dict[str, Json]:
        question = {"household_id": family, "scheme": scheme, "on": day}
        return await world.registry.do("/v1/assistance-checks", question, as_=BANTUL_OFFICER)

    assert await answer("2025-02-01", "pkh") == {"enrolled": True}
    assert await answer("2025-01-19", "pkh") == {"enrolled": False}
    assert await answer("2025-02-01", "sembako") == {"enrolled": False}


@pytest.mark.parametrize("state", State)
def test_aid_ends_once(state: State) -> None:
    if state in AssistanceLifecycle.end.sources:
        assert AssistanceLifecycle.end(state) is State.ENDED
        return

    row = Assistance(
        household_id=uuid4(), scheme=AidScheme.PKH, started_on=date(2025, 1, 1), state=state
    )
    with pytest.raises(IllegalMove):
        row.end(on=row.started_on, reason="again")
