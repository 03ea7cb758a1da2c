"""What is not there is answered as such, by every slice, in both languages."""

from uuid import uuid4

import pytest

from tests.empowerment.ministry import Ministry

NOWHERE = uuid4()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("agencies", "EMP-0101"),
        ("agreements", "EMP-0105"),
        ("programmes", "EMP-0201"),
        ("enrolments", "EMP-0301"),
        ("trainings", "EMP-0401"),
        ("mentoring-visits", "EMP-0501"),
        ("groups", "EMP-0601"),
        ("villages", "EMP-0701"),
        ("supply-offers", "EMP-0703"),
        ("graduation-proposals", "EMP-1001"),
        ("candidates", "EMP-1101"),
        ("readiness", "EMP-1101"),
    ],
)
async def test_what_is_not_there_is_not_found(ministry: Ministry, path: str, code: str) -> None:
    indonesian = await ministry.http.get(f"/v1/{path}/{NOWHERE}")
    english = await ministry.http.get(f"/v1/{path}/{NOWHERE}", headers={"Accept-Language": "en"})

    assert (indonesian.status_code, indonesian.json()["code"]) == (404, code)
    assert indonesian.json()["detail"] != english.json()["detail"]


async def test_a_programme_that_is_over_takes_nobody(ministry: Ministry) -> None:
    programme, siti = await ministry.programme(ends_on="2025-03-02"), await ministry.family()

    refused = await ministry.propose(programme, siti)

    assert (refused.status_code, refused.json()["code"]) == (409, "EMP-0204")


async def test_nobody_leaves_a_group_before_joining(ministry: Ministry) -> None:
    families = await ministry.families(5)
    group = await ministry.working_group(families)
    path = f"/v1/groups/{group['id']}/members/{families[4]}/leave"

    refused = await ministry.http.post(path, {"left_on": "2025-01-01", "reason": "pindah"})

    assert (refused.status_code, refused.json()["code"]) == (409, "EMP-0611")
