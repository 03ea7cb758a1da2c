"""The database hangs up on the services, five times a second, while commands come in."""

from random import Random

from tests.faults.accounts import verdict_on
from tests.faults.calls import Answer, counted
from tests.faults.load import Load
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.stand import CHECKER, Stand, open_stand
from tests.faults.workshop import furnish
from tests.waiting import let_run

CUT_EVERY_SECONDS = 0.2
CLIENTS = 8
DESA = "33.07.02.1008"
VICTIMS = ("export", "registry")

CUT = (
    "SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name <> $1"
    " AND backend_type = 'client backend' ORDER BY md5(pid::text || $2) LIMIT 1"
)


@scenario(
    "backend kill",
    fault="pg_terminate_backend 5 times a second",
    invariant="2xx, 4xx or 503 with Retry-After; no 500; no double effect",
    short=40,
    long=300,
)
async def run(trial: Trial) -> Verdict:
    """Cut `events` connections of two services while a mixed load runs."""
    async with open_stand() as stand:
        workshop = await furnish(stand.stage)
        name = f"CUT-{trial.seed}"
        load = Load(workshop, name=name, desa_code=DESA, way=stand.callers.insist)
        async with load.running(clients=CLIENTS):
            cut = await _cut(stand, trial.dice, times=trial.events)
        answers = list(stand.callers.heard)
        verdict = await verdict_on(load.ledger, stand)
        verdict.faults = cut
        verdict.broken += counted(answer.told for answer in answers if not _may_be(answer))
        verdict.figures = dict(stand.callers.tally)
        return verdict


async def _cut(stand: Stand, dice: Random, *, times: int) -> int:
    cut = 0
    for _ in range(times):
        await let_run(CUT_EVERY_SECONDS)
        salt = str(dice.random())
        cut += len(await stand.rows(dice.choice(VICTIMS), CUT, CHECKER, salt))
    return cut


def _may_be(answer: Answer) -> bool:
    if answer.status == 503:
        return bool(answer.retry_after)
    return 200 <= answer.status < 500
