"""Who sees and moves a family's credit: its region's officers, and never a lender by itself."""

from datetime import date

from contracts.financing import ReferralDrafted
from tests.financing.test_referrals import a_family, graduate, wish
from tests.people import BANTUL_OFFICER, PNM, person
from tests.world import World

BANYUMAS_OFFICER = person("banyumas-officer", organisation="kemenkopukm", regions=("33.02",))


async def test_an_officer_of_another_region_finds_nothing(world: World) -> None:
    family = await a_family(world)
    referral = await world.financing.do("/v1/referrals", wish(family))
    path = f"/v1/referrals/{referral['id']}"
    [consent] = (await world.financing.read("/v1/consents"))["items"]

    hidden = [
        await world.financing.get(path, as_=BANTUL_OFFICER),
        await world.financing.post(f"{path}/refer", {"on": "2025-09-16"}, as_=BANTUL_OFFICER),
        await world.financing.get(f"/v1/consents/{consent['id']}", as_=BANTUL_OFFICER),
        await world.financing.get(f"/v1/bankability/{family.id}", as_=BANTUL_OFFICER),
        await world.financing.post("/v1/referrals", wish(family), as_=BANTUL_OFFICER),
    ]
    lists = [
        await world.financing.read(f"/v1/{name}", as_=BANTUL_OFFICER)
        for name in ("referrals", "consents")
    ]

    assert [each.status_code for each in hidden] == [404] * 5
    assert [each["items"] for each in lists] == [[], []]


async def test_an_officer_of_the_familys_region_sees_and_refers_it(world: World) -> None:
    family = await a_family(world)

    referral = await world.financing.do("/v1/referrals", wish(family), as_=BANYUMAS_OFFICER)
    path = f"/v1/referrals/{referral['id']}"
    moved = await world.financing.do(f"{path}/refer", {"on": "2025-09-16"}, as_=BANYUMAS_OFFICER)
    score = await world.financing.get(f"/v1/bankability/{family.id}", as_=BANYUMAS_OFFICER)

    assert (moved["state"], score.status_code) == ("referred", 200)


async def test_a_lender_refers_no_family_to_itself(world: World) -> None:
    family = await a_family(world)

    refused = await world.financing.post("/v1/referrals", wish(family), as_=PNM)

    assert (refused.status_code, refused.json()["code"]) == (403, "FIN-0407")


async def test_a_consent_covers_no_day_before_it_was_given(world: World) -> None:
    family = await a_family(world)

    refused = await world.financing.post("/v1/referrals", wish(family, drafted_on="2025-09-09"))

    assert (refused.status_code, refused.json()["code"]) == (403, "FIN-0203")


async def test_a_late_consent_opens_a_draft_with_all_its_days(world: World) -> None:
    family = await a_family(world)
    await graduate(world, family, on=date(2024, 1, 15))
    await world.settle()

    [referral] = (await world.financing.read("/v1/referrals"))["items"]

    assert (referral["drafted_on"], referral["due_on"]) == ("2025-09-10", "2025-12-09")
    assert len(await world.published(ReferralDrafted)) == 1
