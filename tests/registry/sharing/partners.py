"""Agreements and consents of tests: made by one person, approved by another."""

import dataclasses

from kernel.auth import Actor
from tests.people import KEMENKOPUKM, KEMENPERIN, KEMENSOS_CHECKER, person
from tests.world import Json, World

READS_SHARED = frozenset({"registry.shared:read"})
TRAINER = dataclasses.replace(KEMENPERIN, scopes=READS_SHARED)
"""Kemenperin's desk that reads what is shared, without `pii:read`."""
TRUSTED = dataclasses.replace(KEMENPERIN, scopes=READS_SHARED | {"pii:read"})
ORGANISER = dataclasses.replace(KEMENKOPUKM, scopes=READS_SHARED)
BPS = person("bps-reader", organisation="bps", scopes=READS_SHARED)

FIELDS = ["name", "nik", "birth_year", "members", "desa_code", "status", "decile"]
TODAY = "2026-01-01"


def grant(purpose: str = "empowerment", **told: Json) -> Json:
    """Return a grant of `FIELDS` to a purpose; no consent is needed unless told."""
    return {"purpose": purpose, "fields": FIELDS, "bulk": True, "needs_consent": False, **told}


def terms(*grants: Json, party: str = "kemenperin", **told: Json) -> Json:
    """Return terms with a party that hold in our time."""
    return {
        "title": "Nota kesepahaman contoh",
        "parties": ["kemensos", party],
        "legal_basis": "MoU 8 Februari 2019",
        "starts_on": "2019-02-08",
        "ends_on": "2099-12-31",
        "grants": list(grants) or [grant()],
        **told,
    }


async def drafted(world: World, *grants: Json, number: str = "MOU-1", **told: Json) -> str:
    """Draft an agreement, and return its id."""
    body = {"number": number, **terms(*grants, **told)}
    return str((await world.registry.do("/v1/sharing-agreements", body))["id"])


async def approved(world: World, agreement_id: str, number: int = 1) -> None:
    """Let a second person approve terms."""
    path = f"/v1/sharing-agreements/{agreement_id}/approve"
    await world.registry.do(path, {"terms": number}, as_=KEMENSOS_CHECKER)


async def agreed(world: World, *grants: Json, number: str = "MOU-1", **told: Json) -> str:
    """Bring an agreement into force, and return its id."""
    agreement_id = await drafted(world, *grants, number=number, **told)
    await approved(world, agreement_id)
    return agreement_id


async def shared(
    world: World, actor: Actor, *, purpose: str = "empowerment", **asked: Json
) -> list[Json]:
    """List what is shared with somebody."""
    params = {"purpose": purpose, **asked}
    page = await world.registry.read("/v1/shared-households", as_=actor, params=params)
    return list(page["items"])


async def token_of(world: World, actor: Actor) -> str:
    """Return the token of the first family that is shared with somebody."""
    return str((await shared(world, actor))[0]["subject_token"])


async def adult_and_child(world: World, household_id: str) -> tuple[str, str]:
    """Return the members of a family of `families.card`: its head, and a son."""
    page = await world.registry.read("/v1/households")
    [family] = [each for each in page["items"] if each["id"] == household_id]
    head, child = (str(member["id"]) for member in family["members"])
    return head, child


async def consented(world: World, household_id: str, **told: Json) -> str:
    """Record a consent of the family's head to `FIELDS` for Kemenperin, and return its id."""
    head, _ = await adult_and_child(world, household_id)
    body = {
        "household_id": household_id,
        "given_by": head,
        "receipt_number": f"TT-{household_id}",
        "recipients": ["kemenperin"],
        "purposes": ["empowerment"],
        "fields_allowed": FIELDS,
        "way": "signed_form",
        "text_version": "2026-1",
        "given_on": "2025-01-15",
        "valid_until": "2099-12-31",
        **told,
    }
    return str((await world.registry.do("/v1/sharing-consents", body))["id"])


async def accesses(world: World, household_id: str) -> list[Json]:
    """Return who read a family, the newest first."""
    page = await world.registry.read(f"/v1/households/{household_id}/accesses")
    return list(page["items"])
