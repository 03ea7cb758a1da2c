"""Every service is killed in turn, at random moments, while commands come in."""

from cli.places import SERVICES
from tests.faults.accounts import verdict_on
from tests.faults.load import Load
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.stand import open_stand
from tests.faults.workshop import furnish
from tests.waiting import let_run

CLIENTS = 8
DESA = "33.07.03.1008"
LONGEST_SECONDS = 2.0


@scenario(
    "kill -9 of services",
    fault="SIGKILL of every service in turn, at random moments",
    invariant="nothing acknowledged is lost, nothing doubled, the projections agree",
    short=4,
    long=24,
)
async def run(trial: Trial) -> Verdict:
    """Kill `events` times, each service in its turn, while a mixed load runs."""
    dice = trial.dice
    victims = dice.sample(SERVICES, len(SERVICES))
    async with open_stand() as stand:
        workshop = await furnish(stand.stage)
        name = f"KILL-{trial.seed}"
        load = Load(workshop, name=name, desa_code=DESA, way=stand.callers.insist)
        async with load.running(clients=CLIENTS):
            for nth in range(trial.events):
                await let_run(dice.uniform(0, LONGEST_SECONDS))
                await stand.end(victims[nth % len(victims)], kill=True)
        verdict = await verdict_on(load.ledger, stand)
        verdict.faults = trial.events
        verdict.figures = dict(stand.callers.tally)
        return verdict
