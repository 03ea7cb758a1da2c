"""Caseloads and graduations against targets: the same as counted one by one, at every level."""

import random
from collections import Counter, defaultdict
from datetime import date
from uuid import UUID, uuid4

from contracts.empowerment import ExitKind, GraduationApproved, GraduationReversed
from tests.registry.facilitators.test_caseloads import entrust, pendamping, transfer
from tests.registry.families import BANTUL_DESA, registered
from tests.world import Json, World

OFFICES = ("33.02", "33.02.05", "33.02.23", "33.01", "34.02", "34.02.01.2001")
LEVELS = {"province": 2, "kabupaten": 5, "kecamatan": 8, "desa": 13}
FIGURES = ("facilitators", "families", "target", "graduated", "reached")


async def graduate(world: World, family: str, on: date) -> None:
    await world.announce(
        GraduationApproved(
            proposal_id=uuid4(),
            household_id=UUID(family),
            exit_kind=ExitKind.SELF_RELIANT,
            decided_on=on,
            criteria_version="2025",
        )
    )
    await world.settle(deliveries=2)


async def fall_back(world: World, family: str, on: date) -> None:
    await world.announce(
        GraduationReversed(proposal_id=uuid4(), household_id=UUID(family), reversed_on=on)
    )
    await world.settle(deliveries=2)


async def figures(world: World, year: int = 2025, **asked: str) -> dict[str, Json]:
    query = "".join(f"&{name}={value}" for name, value in asked.items())
    return await world.registry.read(f"/v1/facilitator-statistics?year={year}{query}")


async def set_target(world: World, target: int, **rest: Json) -> None:
    body = {"year": 2025, "target": target, "effective_on": "2025-01-01", **rest}
    await world.registry.do("/v1/facilitator-targets", body)


async def test_a_graduation_counts_for_whose_caseload_it_was(world: World) -> None:
    rina, dewi = await pendamping(world, "P-1", "33.01"), await pendamping(world, "P-2", "33.02")
    await world.registry.do(
        f"/v1/facilitators/{rina}/areas", {"area_code": "33.02", "valid_from": "2025-01-01"}
    )
    [family] = await registered(world, 1)
    await entrust(world, rina, family)

    await graduate(world, family, date(2025, 10, 1))
    await transfer(world, rina, dewi, family, on="2025-11-01")

    items = {
        each["region_code"]: each for each in (await figures(world, level="kabupaten"))["items"]
    }
    assert [(items[code]["families"], items[code]["graduated"]) for code in ("33.01", "33.02")] == [
        (0, 1),
        (1, 0),
    ]
    assert (await figures(world))["total"]["share"] == 0.05
    assert (await figures(world, 2024))["total"]["graduated"] == 0


async def test_a_family_that_fell_back_counts_for_nobody(world: World) -> None:
    rina = await pendamping(world, "P-1")
    [family] = await registered(world, 1)
    await entrust(world, rina, family)
    await graduate(world, family, date(2025, 10, 1))

    await fall_back(world, family, date(2025, 12, 1))

    assert (await figures(world))["total"]["graduated"] == 0


async def test_a_target_is_ten_until_another_is_set(world: World) -> None:
    rina = await pendamping(world, "P-1")
    await pendamping(world, "P-2")
    totals = [(await figures(world))["total"]["target"]]

    for target, rest in (
        (12, {}),
        (15, {"effective_on": "2025-02-01"}),
        (3, {"facilitator_id": rina}),
    ):
        await set_target(world, target, **rest)
        totals.append((await figures(world))["total"]["target"])

    assert totals == [20, 24, 30, 18]
    assert (await figures(world, 2026))["total"]["target"] == 20
    kept = await world.registry.read("/v1/facilitator-targets?year=2025")
    assert [each["target"] for each in kept["items"]] == [12, 15, 3]


async def test_a_target_to_come_does_not_count_yet(world: World) -> None:
    await pendamping(world, "P-1")

    await set_target(world, 50, effective_on="2100-01-01")

    assert (await figures(world))["total"]["target"] == 10


async def test_figures_are_what_one_counts_at_every_level(world: World) -> None:
    counted = await population(world, seed=2025)

    for level, length in LEVELS.items():
        expected: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for office, desk in counted:
            expected[office[:length]] += desk
        answer = await figures(world, level=level)
        found = {each["region_code"]: only(each) for each in answer["items"]}
        assert found == {code: only(desks) for code, desks in expected.items()}, level
        assert only(answer["total"]) == only(sum((desk for _, desk in counted), Counter())), level
    inside = await figures(world, within="33.02", level="kecamatan")
    assert {each["region_code"] for each in inside["items"]} <= {"33.02", "33.02.05", "33.02.23"}


def only(figures_of: Json) -> dict[str, int]:
    return {name: figures_of[name] for name in FIGURES}


async def population(world: World, seed: int) -> list[tuple[str, Counter[str]]]:
    """Make pendamping with families and graduations at random; return what each has, counted."""
    chance = random.Random(seed)  # noqa: S311 - the same population each time
    counted = []
    for number in range(12):
        office, target = chance.choice(OFFICES), chance.randrange(3)
        desk = await pendamping(world, f"P-{number}", office)
        await set_target(world, target, facilitator_id=desk)
        for area in ("33.02", "34.02"):
            body = {"area_code": area, "valid_from": "2024-01-01"}
            await world.registry.post(f"/v1/facilitators/{desk}/areas", body)
        families = await families_of(world, chance.randrange(4), number, chance)
        if families:
            await entrust(world, desk, *families)
        gone = [family for family in families if chance.random() < 0.5]
        for family in gone:
            await graduate(world, family, date(2025, chance.randint(3, 12), 1))
        figures_of = {
            "facilitators": 1,
            "families": len(families),
            "target": target,
            "graduated": len(gone),
            "reached": len(gone) >= target,
        }
        counted.append((office, Counter(figures_of)))
    return counted


async def families_of(world: World, count: int, number: int, chance: random.Random) -> list[str]:
    desa = chance.choice(["33.02.05.2007", "33.02.23.2010", BANTUL_DESA])
    return await registered(world, *range(number * 10 + 1, number * 10 + 1 + count), desa_code=desa)
