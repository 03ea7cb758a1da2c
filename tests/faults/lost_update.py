"""A hundred changes of one family with one ETag: the first wins, the others read again."""

import asyncio
from collections import Counter
from uuid import UUID

from tests.faults.calls import Command, reading
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.stand import Stand, open_stand
from tests.registry.families import card

DESA = "33.07.01.1007"
STALE = "412 KER-0019"
REGISTRAR = "kemensos-registrar"
VERSION = "SELECT version FROM households WHERE id = $1"


@scenario(
    "lost update",
    fault="100 PATCH of one family with one ETag",
    invariant="1 x 200, 99 x 412",
    short=100,
    long=1_000,
)
async def run(trial: Trial) -> Verdict:
    """Register a family; let `events` clients change what they all have read."""
    async with open_stand() as stand:
        number = 1 + trial.seed % 9_999
        body = {**card(number, desa_code=DESA), "reference": f"ETAG-{trial.seed}"}
        family = await stand.callers.do(Command(REGISTRAR, "/v1/households", body))
        path = f"/v1/households/{family['id']}"
        read = await stand.callers.send(reading(REGISTRAR, path))
        changes = [
            Command(REGISTRAR, path, {"address": f"Jalan {nth}"}, method="PATCH", etag=read.etag)
            for nth in range(trial.events)
        ]
        answers = await asyncio.gather(*(stand.callers.insist(each) for each in changes))
        counted = Counter(answer.told for answer in answers)
        verdict = Verdict(acknowledged=counted["200"], faults=trial.events)
        verdict.figures = dict(counted)
        if counted != {"200": 1, STALE: trial.events - 1}:
            verdict.broken.append(f"answered {dict(counted)}")
        verdict.broken += await _changed_more_than_once(stand, UUID(family["id"]))
        return verdict


async def _changed_more_than_once(stand: Stand, household_id: UUID) -> list[str]:
    [row] = await stand.rows("registry", VERSION, household_id)
    return [] if row["version"] == 2 else [f"the family has version {row['version']}"]
