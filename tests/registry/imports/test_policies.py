"""Which family a row is about, and what becomes of it, follows a named policy of its own."""

import pytest

from tests.people import KEMENSOS_CHECKER
from tests.registry.families import Card, card
from tests.registry.imports.files import applied, families, faults, file_of, line, work
from tests.world import Json, World

RENUMBERED = card(1) | {"reference": "OOA-0009", "address": "Jalan Baru"}


async def test_by_reference_a_known_family_card_is_an_error(world: World) -> None:
    await applied(world, families(1))

    job = await under(world, file_of([told(RENUMBERED), line(card(2))]), "reference")

    assert [each["code"] for each in await faults(world, job)] == ["kk_taken"]


@pytest.mark.parametrize("policy", ["kk", "reference_or_kk"])
async def test_by_family_card_a_family_is_found_and_keeps_its_reference(
    world: World, policy: str
) -> None:
    await applied(world, families(1))

    job = await under(world, file_of([told(RENUMBERED)]), policy)

    assert (job["state"], job["counts"]["changed"]) == ("applied", 1)
    [family] = (await world.registry.read("/v1/households"))["items"]
    assert (family["reference"], family["version"]) == ("OOA-0001", 2)


async def test_by_family_card_a_new_card_is_a_new_family(world: World) -> None:
    await applied(world, families(1))
    renewed = card(1) | {"reference": "OOA-0009", "kk_number": card(5)["kk_number"]}

    job = await under(world, file_of([told(renewed)]), "kk")

    assert job["counts"]["new"] == 1


@pytest.mark.parametrize("policy", ["kk", "reference_or_kk"])
async def test_reference_and_card_of_two_families_are_an_error(world: World, policy: str) -> None:
    await applied(world, families(1, 2))
    mixed = card(1) | {"kk_number": card(2)["kk_number"]}

    job = await under(world, file_of([told(mixed), line(card(3))]), policy)

    [fault] = await faults(world, job)
    assert fault["code"] == ("reference_taken" if policy == "kk" else "kk_taken")


async def test_reference_before_card_where_both_may_find(world: World) -> None:
    await applied(world, families(1))
    renewed = card(1) | {"kk_number": card(5)["kk_number"]}

    job = await under(world, file_of([told(renewed)]), "reference_or_kk")

    assert job["counts"]["changed"] == 1


@pytest.mark.parametrize("policy", ["reference", "reference_or_kk", "kk"])
async def test_only_new_families_leaves_the_known_as_they_are(world: World, policy: str) -> None:
    await applied(world, families(1))
    retold = file_of([line(card(1), address="Jalan Baru", decile="2"), line(card(2))])

    job = await under(world, retold, f"{policy}&on_conflict=only_new")

    assert (job["counts"]["new"], job["counts"]["unchanged"]) == (1, 1)
    page = await world.registry.read("/v1/households")
    assert [(each["version"], each["decile"]) for each in page["items"]] == [(1, None), (1, None)]


async def test_the_policy_is_pinned_and_the_same_file_under_another_is_another_import(
    world: World,
) -> None:
    text = families(1)

    jobs = [(await sent(world, text, policy)).json() for policy in ("reference", "kk", "kk")]

    assert [job["match_policy"] for job in jobs] == ["reference", "kk", "kk"]
    assert len({job["id"] for job in jobs}) == 2


async def test_the_policies_are_described_in_both_languages(world: World) -> None:
    english, indonesian = [
        await world.registry.read(
            "/v1/household-import-policies", headers={"Accept-Language": language}
        )
        for language in ("en", "id")
    ]

    assert english["version"] == 1
    assert {each["name"] for each in english["match"]} == {"reference", "reference_or_kk", "kk"}
    assert {each["name"] for each in english["on_conflict"]} == {"update", "only_new"}
    assert english["match"] != indonesian["match"]


def told(family: Card | dict[str, object]) -> dict[str, str]:
    return line(Card(**family))  # type: ignore[typeddict-item]  # a card with one cell replaced


async def sent(world: World, text: str, policy: str) -> Json:
    return await world.registry.call(
        "POST",
        f"/v1/household-imports?filename=families.csv&match_policy={policy}",
        content=text,
        headers={"Content-Type": "text/csv"},
    )


async def under(world: World, text: str, policy: str) -> Json:
    """Let a file be checked, approved and applied under a policy; return how it stands."""
    path = f"/v1/household-imports/{(await sent(world, text, policy)).json()['id']}"
    await work(world)
    if (await world.registry.read(path))["state"] == "checked":
        await world.registry.do(f"{path}/approve", as_=KEMENSOS_CHECKER)
        await work(world)
    return await world.registry.read(path)
