"""The figures of this service."""

from tests.empowerment.ministry import Ministry


async def test_the_summary_counts_what_happened_and_who_is_not_ready(ministry: Ministry) -> None:
    programme, families = await ministry.programme(), await ministry.families(6)
    await ministry.enrolled(programme, families)
    await ministry.train(programme, dict.fromkeys(families, 80))
    await ministry.working_group(families)
    (last, other, *_) = families
    for household_id, verb in ((last, "approve"), (other, "refuse")):
        proposal = await ministry.propose_graduation(household_id, exit_kind="natural")
        await ministry.decide(proposal.json(), verb)

    summary = await ministry.http.read("/v1/summaries/empowerment")

    assert summary["figures"] == {
        "programmes": 1,
        "enrolments_active": 6,
        "trained": 6,
        "groups_active": 1,
        "villages": 0,
        "proposals": 2,
        "graduated": 1,
        "refused": 1,
        "not_ready": 5,
    }
