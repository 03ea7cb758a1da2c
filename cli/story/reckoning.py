"""The end: every figure is read back through the API and held against the story's facts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal

from cli.story.graduating import VERIFIED_EVERY, tell_who_is_not_ready
from cli.story.ordering import PIECES
from cli.story.stage import Answer, NotYet
from cli.story.tale import Tale

SERVICES = ("registry", "empowerment", "export", "financing")
EXPORT_VALUE = "1099968100.00"
SETTLED_SECONDS, MOST_LOOKS = 60.0, 60
BEFORE_ALL = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class Figure:
    """One thing that was checked: what was read, and what the story says."""

    name: str
    read: object
    wanted: object

    @property
    def holds(self) -> bool:
        """Tell whether the platform says what the story says."""
        return self.read == self.wanted


async def figures(tale: Tale) -> AsyncIterator[Figure]:
    """Read and compare every figure."""
    checker = tale.as_("kemensos-checker")
    seen = {
        service: (await checker.read(f"/v1/summaries/{service}"))["figures"] for service in SERVICES
    }
    for part in (_work(seen), _conserved(tale), _graduation(tale, seen), _credit(tale, seen)):
        async for figure in part:
            yield figure
    yield Figure("order", await _order_state(tale), "shipped")
    async for figure in _messaging(tale):
        yield figure


async def _work(seen: Answer) -> AsyncIterator[Figure]:
    families, skill, export = seen["registry"], seen["empowerment"], seen["export"]
    yield Figure("families registered", families["households"], 350)
    yield Figure("kabupaten", families["kabupaten"], 5)
    yield Figure("families trained", skill["trained"], 350)
    yield Figure("KUBE groups at work", skill["groups_active"], 25)
    yield Figure("pieces ordered", export["pieces_ordered"], PIECES)
    yield Figure("pieces accepted", export["pieces_accepted"], PIECES)
    yield Figure("pieces packed", export["pieces_packed"], PIECES)
    yield Figure("containers released", export["containers_released"], 4)
    yield Figure("export value, IDR", export["export_value"]["amount"], EXPORT_VALUE)


async def _graduation(tale: Tale, seen: Answer) -> AsyncIterator[Figure]:
    graduates, proposed = len(tale.graduates), len(tale.families[::VERIFIED_EVERY])
    yield Figure("graduated", seen["registry"]["graduated"], graduates)
    yield Figure("graduations approved", seen["empowerment"]["graduated"], graduates)
    yield Figure("refused for now", seen["empowerment"]["refused"], proposed - graduates)
    waiting = await tell_who_is_not_ready(tale)
    yield Figure("not ready, and told why", len(waiting), 350 - proposed)


async def _order_state(tale: Tale) -> str:
    return str((await tale.as_("ooa-buyer").read(f"/v1/orders/{tale.order_id}"))["state"])


async def _conserved(tale: Tale) -> AsyncIterator[Figure]:
    production, payroll = tale.as_("ooa-production"), tale.as_("ooa-payroll")
    orders = await production.list(f"/v1/work-orders?order_id={tale.order_id}")
    delivered, accepted, rejected = (
        sum(each[name] for each in orders) for name in ("delivered", "accepted", "rejected")
    )
    yield Figure(
        "pieces conserved: delivered = accepted + rejected", accepted + rejected, delivered
    )
    balances = await production.read(f"/v1/material-balances?order_id={tale.order_id}")
    for each in balances["items"]:
        parts = ("consumed_accepted", "consumed_rejected", "returned", "wasted", "on_hand")
        name = f"{each['material']} conserved, grams"
        yield Figure(name, sum(each[part] for part in parts), each["issued"])
    batches = await payroll.list("/v1/payout-batches?state=paid")
    slips = [
        slip
        for batch in batches
        for slip in await payroll.list(f"/v1/payout-batches/{batch['id']}/slips")
    ]
    paid = sum(Decimal(batch["total"]["amount"]) for batch in batches)
    yield Figure("slips = batches, IDR", sum(Decimal(s["amount"]["amount"]) for s in slips), paid)
    yield Figure("pieces paid", sum(slip["accepted_pieces"] for slip in slips), PIECES)
    yield Figure("makers paid", len({slip["household_id"] for slip in slips}), 350)


async def _credit(tale: Tale, seen: Answer) -> AsyncIterator[Figure]:
    lending = seen["financing"]
    consents = await tale.as_("kemenkopukm-organiser").list("/v1/consents?state=live")
    referred = len(consents)
    declined = referred // 4
    yield Figure("referred to PNM", lending["referred"], referred)
    yield Figure("declined by PNM", lending["by_state"]["rejected"], declined)
    yield Figure("disbursed by PNM", lending["disbursed"], referred - declined)


async def _messaging(tale: Tale) -> AsyncIterator[Figure]:
    """Every event published was delivered to everyone who asked for it."""
    states = await _states(tale)
    async for attempt in tale.stage.attempts(NotYet, SETTLED_SECONDS):
        with attempt:
            states = await _states(tale)
            if attempt.num < MOST_LOOKS and _delivered(states) != _published(states):
                raise NotYet("events are under way")
    consumers = [consumer for state in states for consumer in state["consumers"]]
    published = sum(n for state in states for n in state["published"].values())
    yield Figure("events published and not on the log", _unpublished(states), 0)
    name = f"deliveries of {published} events = what consumers asked for"
    yield Figure(name, _delivered(states), _published(states))
    yield Figure("events parked", sum(each["parked"] for each in consumers), 0)
    yield Figure("dead letters", sum(each["dead"] for each in consumers), 0)


async def _states(tale: Tale) -> list[Answer]:
    checker = tale.as_("kemensos-checker")
    return [
        await checker.read(f"/v1/operations/{service}/messaging?since={BEFORE_ALL}")
        for service in SERVICES
    ]


def _unpublished(states: list[Answer]) -> int:
    return sum(int(state["unpublished"]["events"]) for state in states)


def _published(states: list[Answer]) -> int:
    published = {kind: n for state in states for kind, n in state["published"].items()}
    consumers = [consumer for state in states for consumer in state["consumers"]]
    return sum(published.get(kind, 0) for each in consumers for kind in each["delivered"])


def _delivered(states: list[Answer]) -> int:
    consumers = [consumer for state in states for consumer in state["consumers"]]
    return sum(n for each in consumers for n in each["delivered"].values())
