"""Programmes, from a draft to their end."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.registry import HouseholdStatus
from kernel.ids import new_id
from services.empowerment.candidates.models import Candidate
from services.empowerment.programmes.eligibility import RULES, explain
from tests.empowerment.ministry import POOR, Ministry


async def test_a_programme_is_drafted_opened_and_closed(ministry: Ministry) -> None:
    programme = await ministry.programme()

    closed = await ministry.http.do(f"/v1/programmes/{programme['id']}/close")
    again = await ministry.http.post(f"/v1/programmes/{programme['id']}/close")

    assert (programme["state"], closed["state"]) == ("open", "closed")
    assert (again.status_code, again.json()["code"]) == (409, "KER-0003")
    assert closed["eligibility"] == POOR


async def test_a_programme_belongs_to_an_agency_that_exists_on_its_first_day(
    ministry: Ministry,
) -> None:
    await ministry.agency("KEMENPERIN", valid_from="2025-06-01")

    refused = await ministry.http.post(
        "/v1/programmes", ministry.programme_of("IKM-25", "KEMENPERIN")
    )

    assert (refused.status_code, refused.json()["code"]) == (404, "EMP-0101")


async def test_what_cannot_be_is_refused_with_its_reason(ministry: Ministry) -> None:
    await ministry.programme("KB-2025")

    taken = await ministry.http.post("/v1/programmes", ministry.programme_of("KB-2025", "KEMENSOS"))
    reversed_period = await ministry.http.post(
        "/v1/programmes", ministry.programme_of("KB-2", "KEMENSOS", ends_on="2025-01-01")
    )
    unknown_rule = await ministry.http.post(
        "/v1/programmes",
        ministry.programme_of("KB-3", "KEMENSOS", eligibility=[{"rule": "star_sign", "value": 1}]),
    )

    assert [a.json()["code"] for a in (taken, reversed_period)] == ["EMP-0202", "EMP-0206"]
    assert unknown_rule.status_code == 422


async def test_programmes_are_found_by_code_and_state(ministry: Ministry) -> None:
    programme = await ministry.programme("KB-2025")
    await ministry.programme("KB-2026")

    found = await ministry.http.read("/v1/programmes?code=KB-2025&state=open")

    assert [each["id"] for each in found["items"]] == [programme["id"]]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    decile=st.none() | st.integers(1, 10),
    women=st.none() | st.integers(0, 5),
    most=st.integers(1, 10),
    least=st.integers(1, 5),
)
def test_every_rule_is_answered_and_what_is_not_known_never_passes(
    decile: int | None, women: int | None, most: int, least: int
) -> None:
    rules = RULES.validate_python(
        [
            {"rule": "decile_at_most", "value": most},
            {"rule": "adult_women_at_least", "value": least},
            {"rule": "status_in", "value": [HouseholdStatus.ASSISTED]},
        ]
    )
    family = Candidate(id=new_id(), decile=decile, adult_women=women)

    answers = {finding.rule: finding for finding in explain(rules, family)}

    assert answers["decile_at_most"].passed is (decile is not None and decile <= most)
    assert answers["adult_women_at_least"].passed is (women is not None and women >= least)
    assert answers["status_in"].seen == "registered"
