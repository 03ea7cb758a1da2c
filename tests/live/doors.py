"""A gateway of the test's own before a running platform: its clients may do everything."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from cli import clients, environment, keys
from cli.places import address
from cli.story.parties import ClientSpec
from cli.webapp import GATEWAY, WebApp
from tests.live.machine import NEVER_TOO_MUCH, Machine, wait_until

READY_SECONDS = 60.0
CALLERS = (
    ("registrar", "kemensos", "ministry"),
    ("checker", "kemensos", "ministry"),
    ("buyer", "ooa", "partner"),
    ("officer", "pnm", "provider"),
)


@contextmanager
def second_gateway(machine: Machine, scopes: list[str]) -> Iterator[list[httpx.Client]]:
    """Run a gateway whose clients have all `scopes`; give it as each of them sees it."""
    folder = machine.places.folder("second-gateway", mode=0o700)
    secrets = clients.write(folder, [ClientSpec(*each, tuple(scopes)) for each in CALLERS])
    port = machine.ports.kafka  # nobody listens there: the platform runs on the embedded log
    env = environment.of_gateway(
        secrets=keys.load(machine.places.keys), places=machine.places, ports=machine.ports
    )
    env |= {
        "PORT": str(port),
        "GATEWAY_ISSUER": address(port),
        "CLIENTS_FILE": str(folder / "clients.json"),
        "RATE_QUOTA": NEVER_TOO_MUCH,
    }
    log = folder / "gateway.log"
    gateway = WebApp("second gateway", program=GATEWAY, port=port, env=env, log=log)
    gateway.start()
    try:
        wait_until(gateway.ready, seconds=READY_SECONDS, what=log.read_text)
        with ExitStack() as opened:
            yield [
                opened.enter_context(door(address(port), name, secret))
                for name, secret in secrets.items()
            ]
    finally:
        gateway.stop()


def door(gateway: str, client_id: str, secret: str) -> httpx.Client:
    """Return a gateway as one client sees it."""
    grant = {"grant_type": "client_credentials"}
    answer = httpx.post(f"{gateway}/oauth/token", data=grant, auth=(client_id, secret))
    authorization = f"Bearer {answer.json()['access_token']}"
    return httpx.Client(base_url=gateway, headers={"Authorization": authorization})
