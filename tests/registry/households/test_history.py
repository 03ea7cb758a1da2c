"""What was known of a family and its members when, who changed it, and why."""

from datetime import timedelta

from kernel import clock
from tests.people import KEMENSOS_CHECKER
from tests.registry.families import KEDUNGBANTENG, card, registered
from tests.world import Json, World


async def test_a_version_tells_who_changed_what_and_why(world: World) -> None:
    [family] = await registered(world, 1)
    moved = {"desa_code": KEDUNGBANTENG, "changed_on": "2025-06-01", "reason": "home_visit"}

    await world.registry.patch(
        f"/v1/households/{family}", moved, as_=KEMENSOS_CHECKER, headers={"If-Match": "*"}
    )

    page = await world.registry.read(f"/v1/households/{family}/versions")
    assert [(each["changed_by"], each["reason"]) for each in page["items"]] == [
        ("kemensos-registrar", "registered"),
        ("kemensos-checker", "home_visit"),
    ]


async def test_a_family_is_read_as_of_a_day_with_its_members(world: World) -> None:
    [family] = await registered(world, 1)
    moved = {"desa_code": KEDUNGBANTENG, "changed_on": "2025-06-01"}
    await world.registry.patch(f"/v1/households/{family}", moved, headers={"If-Match": "*"})

    before = await world.registry.read(f"/v1/households/{family}/as-of/2025-05-31")
    unknown = await world.registry.get(f"/v1/households/{family}/as-of/2025-01-14")

    assert (before["desa_code"], before["version"]) == ("33.02.05.2007", 1)
    assert [member["relation"] for member in before["members"]] == ["head", "child"]
    assert all("*" in member["nik"] for member in before["members"])
    assert (unknown.status_code, unknown.json()["code"]) == (404, "REG-0211")


async def test_what_was_believed_before_a_correction_is_still_told(world: World) -> None:
    [family] = await registered(world, 1)
    before = (clock.now() + timedelta(microseconds=1)).isoformat()
    late = {"desa_code": KEDUNGBANTENG, "changed_on": "2025-02-01", "reason": "corrected"}
    await world.registry.patch(f"/v1/households/{family}", late, headers={"If-Match": "*"})
    path = f"/v1/households/{family}/as-of/2025-03-01"

    now = await world.registry.read(path)
    then = await world.registry.read(path, params={"known_at": before})

    assert (now["desa_code"], then["desa_code"]) == (KEDUNGBANTENG, "33.02.05.2007")


async def test_an_approximate_birth_date_is_compared_as_far_as_it_is_known(world: World) -> None:
    told = card(1)
    mother: Json = {**told["members"][0], "birth_precision": "year", "education": "sd"}
    mother["birth_date"] = f"{mother['birth_date'][:4]}-01-01"
    mother["disabilities"] = ["sensory"]

    answer = await world.registry.do("/v1/households", {**told, "members": [mother]})

    assert answer["warnings"] == []
    [member] = answer["members"]
    assert (member["birth_precision"], member["education"]) == ("year", "sd")
    assert member["disabilities"] == ["sensory"]


async def test_families_are_found_by_what_they_can_do(world: World) -> None:
    await registered(world, 1)
    livelihood = {
        "skills": ["weaving"],
        "productive_members": 2,
        "micro_business": True,
        "business": "mendong mats",
        "assets": ["loom"],
    }
    weaver = await world.registry.do("/v1/households", {**card(2), "livelihood": livelihood})

    found = await world.registry.read("/v1/households?skill=weaving&micro_business=true")
    none = await world.registry.read("/v1/households?skill=pottery")

    assert [family["id"] for family in found["items"]] == [weaver["id"]]
    assert found["items"][0]["livelihood"] == livelihood
    assert none["items"] == []


async def test_a_family_is_shown_alike_alone_and_in_a_list(world: World) -> None:
    livelihood = {"skills": ["weaving"], "productive_members": 1, "micro_business": False}
    told = {**card(1), "kk_number": "3402015501250000", "livelihood": livelihood}
    made = await world.registry.do("/v1/households", told, headers={"Accept-Language": "en"})

    alone = await world.registry.get(
        f"/v1/households/{made['id']}", headers={"Accept-Language": "en"}
    )
    listed = await world.registry.read("/v1/households", headers={"Accept-Language": "en"})
    again = await world.registry.get(
        f"/v1/households/{made['id']}", headers={"If-None-Match": alone.headers["ETag"]}
    )

    assert alone.json() == made == listed["items"][0]
    assert len(made["warnings"]) == 2
    assert (again.status_code, again.content) == (304, b"")
