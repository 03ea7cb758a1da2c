"""An officer records nothing outside the officer's own area."""

from uuid import uuid4

import pytest

from tests.empowerment.ministry import KALISALAK, MARCH, SUMBERAGUNG, Ministry
from tests.people import BANTUL_OFFICER
from tests.world import Json

GROUP: dict[str, Json] = {"number": "KUBE-99", "name": "Melati", "formed_on": MARCH}
VILLAGE: dict[str, Json] = {
    "name": "Kampung",
    "kind": "kampung_berdaya",
    "commodities": ["mendong"],
    "declared_on": MARCH,
}
TRAINING: dict[str, Json] = {
    "code": "T-99",
    "programme_id": str(uuid4()),
    "course_code": "ANYAM-1",
    "skill": "anyam",
    "starts_on": MARCH,
    "seats": 10,
}


@pytest.mark.parametrize(
    ("path", "body"), [("groups", GROUP), ("villages", VILLAGE), ("trainings", TRAINING)]
)
async def test_nothing_is_recorded_in_a_foreign_region(
    ministry: Ministry, path: str, body: dict[str, Json]
) -> None:
    foreign = await ministry.http.post(
        f"/v1/{path}", {**body, "desa_code": KALISALAK}, as_=BANTUL_OFFICER
    )

    assert (foreign.status_code, foreign.json()["code"]) == (403, "EMP-0001")
    assert (await ministry.http.read(f"/v1/{path}"))["items"] == []


async def test_a_group_of_the_own_region_is_formed(ministry: Ministry) -> None:
    formed = await ministry.http.post(
        "/v1/groups", {**GROUP, "desa_code": SUMBERAGUNG}, as_=BANTUL_OFFICER
    )

    assert formed.status_code == 201
