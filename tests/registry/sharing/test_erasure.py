"""Forgetting a family: decided by two, stopped by the law, and final in every table."""

from itertools import product
from typing import NamedTuple
from uuid import UUID

import pytest
import sqlalchemy as sa

from contracts.registry import HouseholdErased, HouseholdStatusChanged, SharingConsentWithdrawn
from kernel.crypto import CannotDecrypt
from kernel.testing.clock import FrozenClock
from services.registry.sharing.erasure.actions import keep_no_longer
from services.registry.vault import Seal, Vault
from tests.people import KEMENSOS_CHECKER
from tests.registry.duplicates.pairs import merged, pair
from tests.registry.families import card, everything_stored, registered
from tests.registry.sharing.partners import (
    TRAINER,
    accesses,
    agreed,
    consented,
    grant,
    shared,
    token_of,
)
from tests.world import Json, World

PATH = "/v1/erasures"


class Sealed(NamedTuple):
    """Bytes somewhere in the database, and what their row could be bound to."""

    place: str
    value: bytes
    row_ids: tuple[UUID, ...]


async def requested(world: World, household_id: str) -> str:
    """Ask that a family be forgotten, and return the request's id."""
    wish = {"household_id": household_id, "reason": "subject_request", "reference": "SURAT-1"}
    return str((await world.registry.do(PATH, wish))["id"])


async def erased(world: World, household_id: str) -> None:
    """Forget a family."""
    erasure_id = await requested(world, household_id)
    await world.registry.do(f"{PATH}/{erasure_id}/carry-out", as_=KEMENSOS_CHECKER)


async def sealed_values(world: World) -> list[Sealed]:
    """Return every value of bytes in every table, with every id in its row."""
    found: list[Sealed] = []
    async with world.registry.database.engine.begin() as connection:
        await connection.execute(sa.text("SELECT set_config('anyam.sight', 'all', true)"))
        for table in world.registry.module.SERVICE.tables.metadata.sorted_tables:
            for row in (await connection.execute(sa.select(table))).mappings():
                ids = tuple(value for value in row.values() if isinstance(value, UUID))
                found += [
                    Sealed(f"{table.name}.{name}", value, ids)
                    for name, value in row.items()
                    if isinstance(value, bytes) and value
                ]
    return found


def opened(seals: list[Seal], values: list[Sealed]) -> set[str]:
    """Return every text that any of the keys opens."""
    texts = set()
    for seal, sealed in product(seals, values):
        for row_id in sealed.row_ids:
            try:
                texts.add(seal.open(sealed.value, place=sealed.place, row_id=row_id))
            except CannotDecrypt:
                continue
    return texts


def keys_that_remain(vault: Vault, values: list[Sealed]) -> list[Seal]:
    """Return the service's keys, and those of all families whose wrapped key is stored."""
    seals: list[Seal] = [vault]
    for sealed in values:
        if sealed.place == "households.data_key":
            seals += [vault.family(sealed.value, row_id) for row_id in own_id(sealed, vault)]
    return seals


def own_id(sealed: Sealed, vault: Vault) -> list[UUID]:
    """Return those ids of a row with which a wrapped key opens."""
    opening = []
    for row_id in sealed.row_ids:
        try:
            vault.family(sealed.value, row_id)
        except CannotDecrypt:
            continue
        opening.append(row_id)
    return opening


def names_of(number: int) -> set[str]:
    """Return all that names a family of `families.card`."""
    told = card(number)
    people = {text for member in told["members"] for text in (member["nik"], member["name"])}
    return people | {told["kk_number"], told["address"], told["phone"]}


async def test_after_erasure_no_stored_byte_opens_with_any_key_that_remains(world: World) -> None:
    vault: Vault = world.registry.app.state.vault
    gone, stays = await registered(world, 1, 2)
    before = await sealed_values(world)

    await erased(world, gone)

    after = await sealed_values(world)
    seals = keys_that_remain(vault, after)
    own = names_of(1) - names_of(2)
    assert names_of(1) <= opened(keys_that_remain(vault, before), before)
    assert not own & opened(seals, after)
    assert names_of(2) <= opened(seals, after)
    assert not own & opened(seals, before), "not even what somebody copied before"
    assert stays


async def test_history_is_unreadable_too(world: World) -> None:
    [household_id] = await registered(world, 1)
    born = card(1)["members"][0]["birth_date"]
    await world.registry.patch(
        f"/v1/households/{household_id}", {"address": "Jalan Lama 2"}, headers={"If-Match": "*"}
    )

    await erased(world, household_id)

    values = await sealed_values(world)
    stored = await everything_stored(world)
    assert not opened(keys_that_remain(world.registry.app.state.vault, values), values) & {
        "Jalan Lama 2",
        *names_of(1),
    }
    assert born not in stored


async def test_what_finds_a_family_again_is_replaced(world: World) -> None:
    vault: Vault = world.registry.app.state.vault
    [household_id] = await registered(world, 1)
    told = card(1)
    indexes = [
        vault.index_of("kk", told["kk_number"]).hex(),
        *(vault.index_of("nik", member["nik"]).hex() for member in told["members"]),
    ]
    before = await everything_stored(world)

    await erased(world, household_id)

    after = await everything_stored(world)
    assert all(index in before for index in indexes)
    assert not any(index in after for index in indexes)


async def test_an_erased_family_answers_gone_and_its_accesses_stay_readable(world: World) -> None:
    [household_id] = await registered(world, 1)
    await agreed(world)
    token = await token_of(world, TRAINER)
    identity = f"/v1/households/{household_id}/identity"

    await erased(world, household_id)

    ours = await world.registry.get(identity, params={"purpose": "audit"})
    theirs = await world.registry.get(
        f"/v1/shared-households/{token}", as_=TRAINER, params={"purpose": "empowerment"}
    )
    assert (ours.status_code, ours.json()["code"]) == (410, "REG-0210")
    assert theirs.status_code == 410
    assert await shared(world, TRAINER) == []
    assert len(await accesses(world, household_id)) == 1


async def test_an_erasure_is_told_closes_the_family_and_ends_its_consents(world: World) -> None:
    [household_id] = await registered(world, 1)
    await consented(world, household_id)

    await erased(world, household_id)

    [told] = await world.published(HouseholdErased)
    [moved] = await world.published(HouseholdStatusChanged)
    assert (str(told.household_id), told.reason) == (household_id, "subject_request")
    assert (moved.status, moved.reason) == ("closed", "erased")
    assert len(await world.published(SharingConsentWithdrawn)) == 1


async def test_who_requests_an_erasure_does_not_decide(world: World) -> None:
    [household_id] = await registered(world, 1)
    erasure_id = await requested(world, household_id)

    answers = [
        await world.registry.post(f"{PATH}/{erasure_id}/{verb}") for verb in ("carry-out", "refuse")
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (403, "REG-0807"),
        (403, "REG-0807"),
    ]


async def test_a_refused_erasure_leaves_the_family_as_it_was(world: World) -> None:
    [household_id] = await registered(world, 1)
    erasure_id = await requested(world, household_id)

    await world.registry.do(f"{PATH}/{erasure_id}/refuse", as_=KEMENSOS_CHECKER)

    told = await world.registry.read(
        f"/v1/households/{household_id}/identity", params={"purpose": "audit"}
    )
    assert told["members"][0]["name"] == "Siti Contoh"


async def test_a_legal_hold_blocks_an_erasure_until_it_is_lifted(world: World) -> None:
    [household_id] = await registered(world, 1)
    erasure_id = await requested(world, household_id)
    order = {"household_id": household_id, "reference": "PN-1", "placed_on": "2026-01-01"}
    hold = await world.registry.do("/v1/legal-holds", order)
    path = f"{PATH}/{erasure_id}/carry-out"

    blocked = await world.registry.post(path, as_=KEMENSOS_CHECKER)
    await world.registry.do(f"/v1/legal-holds/{hold['id']}/lift", as_=KEMENSOS_CHECKER)
    done = await world.registry.do(path, as_=KEMENSOS_CHECKER)

    assert (blocked.status_code, blocked.json()["code"]) == (409, "REG-0832")
    assert done["state"] == "carried_out"


async def test_an_erasure_is_requested_once_and_never_of_one_erased(world: World) -> None:
    first, second = await registered(world, 1, 2)
    await requested(world, first)
    await erased(world, second)

    answers = [
        await world.registry.post(
            PATH, {"household_id": each, "reason": "unlawful", "reference": "X"}
        )
        for each in (first, second)
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (409, "REG-0831"),
        (410, "REG-0210"),
    ]


async def test_the_card_may_be_registered_anew_but_not_under_the_same_reference(
    world: World,
) -> None:
    [household_id] = await registered(world, 1)
    await erased(world, household_id)

    same = await world.registry.post("/v1/households", card(1))
    anew = await world.registry.post("/v1/households", {**card(1), "reference": "OOA-NEW"})

    assert (same.status_code, same.json()["code"]) == (409, "REG-0202")
    assert anew.status_code == 201


async def test_a_reference_that_is_a_number_of_the_family_is_wiped_too(world: World) -> None:
    told = {**card(1), "reference": card(1)["kk_number"]}
    household_id = str((await world.registry.do("/v1/households", told))["id"])

    await erased(world, household_id)

    assert card(1)["kk_number"] not in await everything_stored(world)


async def test_a_family_that_was_merged_into_the_erased_one_is_forgotten_with_it(
    world: World,
) -> None:
    first, second, ticket = await pair(world)
    await merged(world, ticket, into=first)

    await erased(world, first)

    values = await sealed_values(world)
    texts = opened(keys_that_remain(world.registry.app.state.vault, values), values)
    told = await world.published(HouseholdErased)
    assert not names_of(1) & texts
    assert {str(event.household_id) for event in told} == {first, second}


async def test_a_list_goes_on_beside_an_erased_family(world: World) -> None:
    gone, stays = await registered(world, 1, 2)

    await erased(world, gone)

    listed = await world.registry.read("/v1/households")
    assert stays in {family["id"] for family in listed["items"]}
    assert "Siti" not in str(listed)


async def kept(world: World) -> None:
    """Let the retention rules have their daily turn."""
    async with world.registry.database.transaction() as uow:
        await keep_no_longer(uow)


def rule(**told: Json) -> Json:
    """Return a retention rule that holds in our time."""
    return {
        "data_kind": "closed_household",
        "purpose": "social_assistance",
        "keep_months": 12,
        "legal_basis": "Peraturan contoh",
        "valid_from": "2020-01-01",
        **told,
    }


@pytest.mark.parametrize(
    ("keeps", "proposed"), [([12], 1), ([12, 120], 0), ([], 0)], ids=["due", "longest", "none"]
)
async def test_closed_families_are_proposed_once_no_purpose_needs_them(
    world: World, frozen: FrozenClock, keeps: list[int], proposed: int
) -> None:
    [household_id] = await registered(world, 1)
    close = {"reason": "moved", "closed_on": "2025-02-01"}
    await world.registry.do(f"/v1/households/{household_id}/close", close)
    for number, months in enumerate(keeps):
        told = rule(purpose=f"purpose_{number}", keep_months=months)
        await world.registry.do("/v1/retention-rules", told)

    frozen.advance(days=800)
    await kept(world)
    await kept(world)

    listed = await world.registry.read(PATH)
    assert [(each["household_id"], each["reason"]) for each in listed["items"]] == [
        (household_id, "retention_expired")
    ] * proposed


async def test_a_rule_ends_on_a_day_not_before_its_first(world: World) -> None:
    made = await world.registry.do("/v1/retention-rules", rule())
    path = f"/v1/retention-rules/{made['id']}/end"

    refused = await world.registry.post(path, {"valid_until": "2019-01-01"})
    ended = await world.registry.do(path, {"valid_until": "2021-01-01"})

    assert (refused.status_code, refused.json()["code"]) == (400, "REG-0835")
    assert ended["valid_until"] == "2021-01-01"


async def test_consents_are_deleted_when_their_time_is_over(
    world: World, frozen: FrozenClock
) -> None:
    one, two = await registered(world, 1, 2)
    await agreed(world, grant(needs_consent=True))
    await consented(world, one, valid_until="2025-03-01")
    await consented(world, two)
    await world.registry.do("/v1/retention-rules", rule(data_kind="ended_consent"))

    frozen.advance(days=800)
    await kept(world)

    listed = await world.registry.read("/v1/sharing-consents")
    assert [each["household_id"] for each in listed["items"]] == [two]
