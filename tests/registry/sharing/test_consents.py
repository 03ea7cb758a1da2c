"""Consents: enforced inside the search, with a receipt, and taken back at once."""

from contracts.registry import SharingConsentGiven, SharingConsentWithdrawn
from tests.registry.families import registered
from tests.registry.sharing.partners import (
    TRAINER,
    adult_and_child,
    agreed,
    consented,
    grant,
    shared,
)
from tests.world import World

PATH = "/v1/sharing-consents"


async def test_only_families_that_consent_are_found(world: World) -> None:
    first, _ = await registered(world, 1, 2)
    await agreed(world, grant(needs_consent=True))

    await consented(world, first)

    assert len(await shared(world, TRAINER)) == 1
    [given] = await world.published(SharingConsentGiven)
    assert (str(given.household_id), given.recipients) == (first, ("kemenperin",))


async def test_a_withdrawal_holds_at_once(world: World) -> None:
    [household_id] = await registered(world, 1)
    await agreed(world, grant(needs_consent=True))
    consent_id = await consented(world, household_id)
    before = await shared(world, TRAINER)

    await world.registry.do(f"{PATH}/{consent_id}/withdraw", {"withdrawn_on": "2026-02-01"})

    assert (len(before), await shared(world, TRAINER)) == (1, [])
    [told] = await world.published(SharingConsentWithdrawn)
    assert str(told.consent_id) == consent_id


async def test_a_consent_for_others_for_another_purpose_or_over_gives_nothing(
    world: World,
) -> None:
    one, two, three = await registered(world, 1, 2, 3)
    await agreed(world, grant(needs_consent=True))

    await consented(world, one, recipients=["kemenkopukm"])
    await consented(world, two, purposes=["credit"])
    await consented(world, three, valid_until="2025-02-01")

    assert await shared(world, TRAINER) == []


async def test_a_family_that_allows_less_is_found_by_who_asks_for_less(world: World) -> None:
    [household_id] = await registered(world, 1)
    await agreed(world, grant(needs_consent=True))
    await consented(world, household_id, fields_allowed=["status"])

    everything, little = await shared(world, TRAINER), await shared(world, TRAINER, fields="status")

    assert (len(everything), len(little)) == (0, 1)


async def test_the_receipt_says_in_words_what_was_allowed(world: World) -> None:
    [household_id] = await registered(world, 1)
    consent_id = await consented(world, household_id)

    receipt = await world.registry.read(
        f"{PATH}/{consent_id}/receipt", headers={"Accept-Language": "en"}
    )

    assert "allowed kemenperin to read" in receipt["words"]
    assert "until 2099-12-31 (text 2026-1)" in receipt["words"]


async def test_only_an_adult_of_the_family_consents(world: World) -> None:
    [household_id, other] = await registered(world, 1, 2)
    _, child = await adult_and_child(world, household_id)
    stranger, _ = await adult_and_child(world, other)
    body = {
        "household_id": household_id,
        "receipt_number": "TT-1",
        "recipients": ["kemenperin"],
        "purposes": ["empowerment"],
        "fields_allowed": ["status"],
        "way": "thumbprint",
        "text_version": "2026-1",
        "given_on": "2025-01-15",
        "valid_until": "2026-01-15",
    }

    answers = [
        await world.registry.post(PATH, {**body, "given_by": who}) for who in (child, stranger)
    ]

    assert [answer.json()["code"] for answer in answers] == ["REG-0822", "REG-0822"]


async def test_a_receipts_number_is_given_once(world: World) -> None:
    first, second = await registered(world, 1, 2)
    await consented(world, first, receipt_number="TT-1")
    adult, _ = await adult_and_child(world, second)
    consent = await world.registry.read(PATH)
    body = {
        name: value
        for name, value in consent["items"][0].items()
        if name not in {"id", "version", "state", "withdrawn_on"}
    }

    refused = await world.registry.post(PATH, {**body, "household_id": second, "given_by": adult})

    assert (refused.status_code, refused.json()["code"]) == (409, "REG-0823")
