"""T12: what row security, encryption and the access ledger add to a reading.

Ours is the registry as it is: rows hidden by PostgreSQL, fields sealed with each family's key,
another ministry's reading entered into the ledger. The yardstick is the same application with
these three off (`bench.unguarded`), on the same families, lying open.
"""

import random
from collections.abc import AsyncIterator, Sequence

from bench import http_load
from bench.ground import Ground
from bench.reading import HEADERS, IDS, OK, SEED, column, peopled, registry_settings
from bench.served import bearer, served
from bench.target import Round, Target
from bench.unguarded import GlassVault
from cli.cluster import SUPERUSER
from kernel import http
from kernel.auth import Actor
from kernel.ids import read_id
from services.registry.sharing.tokens import subject_token

FAMILIES = 5_000
READS = 500
PARTNERS, OWN = "another ministry's reading", "the ministry's own"

PARTNER = Actor(
    subject="trainer",
    client_id="kemenperin",
    organisation="kemenperin",
    kind="ministry",
    scopes=frozenset({"registry.shared:read", "pii:read"}),
)
KEEPERS = [
    Actor(
        subject=subject,
        client_id="kemensos",
        organisation="kemensos",
        kind="ministry",
        scopes=frozenset({"registry.sharing:write", "registry.sharing:approve"}),
    )
    for subject in ("maker", "checker")
]
FIELDS = ["nik", "name", "kk_number", "members", "desa_code", "decile", "status"]
TERMS = {
    "number": "MOU-BENCH",
    "title": "Bench",
    "parties": ["kemensos", "kemenperin"],
    "legal_basis": "Bench",
    "starts_on": "2019-02-08",
    "ends_on": "2099-12-31",
    "grants": [
        {
            "purpose": "empowerment",
            "fields": FIELDS,
            "full": ["nik", "kk_number"],
            "bulk": False,
            "needs_consent": False,
        }
    ],
}


async def rounds(ground: Ground, variant: str, count: int) -> AsyncIterator[Round]:
    """Read under guard and without, in turns."""
    guarded = await peopled(ground, "guarded", FAMILIES)
    glass = GlassVault(registry_settings(""))
    bare_url = await peopled(ground, "unguarded", FAMILIES, vault=glass)
    bare_by_all = ground.postgres.url("unguarded", SUPERUSER)
    unguarded = "bench.unguarded:create_app"
    with (
        served("registry", url=guarded, folder=ground.folder) as ours,
        served("registry", url=bare_by_all, folder=ground.folder, factory=unguarded) as bare,
    ):
        asked = [await requests(ground, url, variant) for url in (guarded, bare_url)]
        for each in (ours.port, bare.port):
            await agree(each)
        for turn in range(count + 1):
            of_ours = usual(ours.port, asked[0])
            of_bare = usual(bare.port, asked[1])
            if turn:  # the first warms up
                yield Round(of_ours, of_bare)


async def requests(ground: Ground, url: str, variant: str) -> list[bytes]:
    """Return readings of families in a random order."""
    ids = await column(ground, url, IDS)
    order = random.Random(SEED).choices(ids, k=READS)  # noqa: S311 - an order, no secret
    if variant == OWN:
        return [http_load.get(f"/v1/households/{each}", headers=HEADERS) for each in order]
    headers = {"Authorization": bearer(PARTNER, service="registry")}
    settings = registry_settings(url)
    return [
        http_load.get(
            f"/v1/shared-households/{subject_token(settings, 'kemenperin', read_id(each))}"
            "?purpose=empowerment",
            headers=headers,
        )
        for each in order
    ]


async def agree(port: int) -> None:
    """Bring an agreement with the partner into force."""
    maker, checker = ({"Authorization": bearer(each, service="registry")} for each in KEEPERS)
    async with http.client(f"http://{http_load.HOST}:{port}") as client:
        made = await client.post("/v1/sharing-agreements", json=TERMS, headers=maker)
        assert made.is_success, made.text
        path = f"/v1/sharing-agreements/{made.json()['id']}/approve"
        done = await client.post(path, json={"terms": 1}, headers=checker)
        assert done.is_success, done.text


def usual(port: int, asked: Sequence[bytes]) -> float:
    """Return the median of the answers, in milliseconds."""
    sent = http_load.load(port, asked, connections=1)
    assert sent.statuses == {OK: len(asked)}, sent.statuses
    return sent.percentile(50) * 1000


TARGET = Target(
    name="T12",
    what="median of a reading under row security, encryption and access ledger",
    yardstick="the same application with the three off",
    unit="ms",
    floor=1.25,
    aim=1.10,
    variants=(PARTNERS, OWN),
    rounds=rounds,
    at_most=True,
)
