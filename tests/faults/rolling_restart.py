"""Every process is restarted in turn while clients work, and no client notices."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from cli import environment, keys
from cli.places import SERVICES, address
from cli.webapp import GATEWAY, WebApp
from tests.faults.accounts import verdict_on
from tests.faults.load import Load
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.stand import open_stand
from tests.faults.workshop import furnish
from tests.live.machine import NEVER_TOO_MUCH, Machine, wait_until

CLIENTS = 6
DESA = "33.07.04.1015"
READY_SECONDS = 60.0


@scenario(
    "rolling restart",
    fault="SIGTERM to every process in turn, under load",
    invariant="0 failed requests at the gateway",
    short=1,
    long=5,
)
async def run(trial: Trial) -> Verdict:
    """Restart the services and the gateway, `events` times around; every request is sent once.

    One process a service: its gateway holds the requests meanwhile. Two gateways: a client takes
    the other one where a connection is refused, as the load balancer before them does.
    """
    order = trial.dice.sample((*SERVICES, "gateway"), len(SERVICES) + 1)
    async with open_stand() as stand:
        workshop = await furnish(stand.stage)
        with second_gateway(stand.machine) as second:
            async with open_stand(second, at=stand.machine) as both:
                name, way = f"ROLL-{trial.seed}", both.callers.send
                load = Load(workshop, name=name, desa_code=DESA, way=way)
                async with load.running(clients=CLIENTS):
                    for victim in order * trial.events:
                        await both.end(victim, kill=False)
                verdict = await verdict_on(load.ledger, both)
                verdict.faults = len(order) * trial.events
                verdict.figures = dict(both.callers.tally)
                return verdict


@contextmanager
def second_gateway(machine: Machine) -> Iterator[str]:
    """Run another gateway before the same services, with the same keys and clients."""
    port = machine.ports.kafka  # nobody listens there: the platform runs on the embedded log
    env = environment.of_gateway(
        secrets=keys.load(machine.places.keys), places=machine.places, ports=machine.ports
    )
    env |= {"PORT": str(port), "RATE_QUOTA": NEVER_TOO_MUCH}
    log = machine.places.logs / "second-gateway.log"
    gateway = WebApp("second gateway", program=GATEWAY, port=port, env=env, log=log)
    gateway.start()
    try:
        wait_until(gateway.ready, seconds=READY_SECONDS, what=partial(log.read_text))
        yield address(port)
    finally:
        gateway.stop()
