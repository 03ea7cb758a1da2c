"""A partner that listens: its server takes our callbacks and checks our signature by our JWKS."""

import base64
import dataclasses
import hashlib
import re

import httpx
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kernel import clock
from services.registry.dci import turns
from tests.receiver import Receiver
from tests.registry.dci.partner import FIELDS, SYSTEM, Partner, keys_approved, registered_sender
from tests.registry.sharing.partners import agreed, grant
from tests.world import Json, World

SUBSCRIBER = dataclasses.replace(SYSTEM, scopes=SYSTEM.scopes | {"registry.dci:subscribe"})
SIGNED = re.compile(r'([A-Za-z]+)="([^"]*)"')


class Listening(Partner):
    """A partner's system with a server of its own, which is called back."""

    def __init__(self, world: World, receiver: Receiver, *, sender_id: str) -> None:
        super().__init__(world, sender_id=sender_id, actor=SUBSCRIBER)
        self.receiver = receiver
        self.sender_uri: str | None = f"{receiver.url}/dci"
        self.agreement = ""

    async def asks(self, path: str, message: Json, *, count: int = 1, **header: Json) -> str:
        """Send a message that is taken in, and return its correlation id."""
        response = await self.tries(path, message, count=count, **header)
        assert response.status_code == 200, response.text
        receipt = response.json()["message"]
        assert receipt["ack_status"] == "ACK", receipt
        return str(receipt["correlation_id"])

    async def tries(
        self, path: str, message: Json, *, count: int = 1, **header: Json
    ) -> httpx.Response:
        """Send a message to an address of the standard."""
        action = ACTIONS[path]
        uri = {} if self.sender_uri is None else {"sender_uri": self.sender_uri}
        envelope = self.envelope(action, message, count=count, **{**uri, **header})
        return await self.send(envelope, path)

    async def searches_later(self, *items: Json) -> str:
        """Ask for families, and return the correlation id."""
        message = {"transaction_id": "txn-1", "search_request": list(items)}
        return await self.asks("/registry/search", message, count=len(items))

    async def subscribes(self, *items: Json) -> list[Json]:
        """Subscribe, and return what became of each subscription."""
        message = {"transaction_id": "txn-s", "subscribe_request": list(items)}
        await self.asks("/registry/subscribe", message, count=len(items))
        await work(self.world)
        return list(self.got("on-subscribe")[-1]["message"]["subscribe_response"])

    async def subscribed(self, **told: Json) -> str:
        """Subscribe, and return the code."""
        [result] = await self.subscribes(wish(**told))
        assert result["status"] == "succ", result
        return str(result["subscriptions"][0]["code"])

    def got(self, action: str) -> list[Json]:
        """Return the messages of an action that the server got."""
        messages = [each.json for each in self.receiver.got]
        return [each for each in messages if each["header"]["action"] == action]

    async def check_signatures(self) -> None:
        """Check every callback as the standard and our profile say, by the published keys."""
        published = (await self.world.registry.get("/registry/.well-known/jwks.json")).json()[
            "keys"
        ]
        keys = {each["kid"]: each["x"] for each in published}
        for received in self.receiver.got:
            parts = dict(SIGNED.findall(received.json["signature"]))
            sender, kid, _ = parts["kidId"].split("|")
            assert sender == received.json["header"]["sender_id"]
            signed = {name: received.json[name] for name in ("header", "message")}
            digest = base64.b64encode(hashlib.sha256(rfc8785.dumps(signed)).digest()).decode()
            text = f"(created): {parts['created']}\n(expires): {parts['expires']}\n"
            key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(keys[kid] + "="))
            signature = base64.b64decode(parts["signature"])
            key.verify(signature, f"{text}digest: SHA-256={digest}".encode())


ACTIONS = {
    "/registry/search": "search",
    "/registry/subscribe": "subscribe",
    "/registry/unsubscribe": "unsubscribe",
    "/registry/txn/status": "txn-status",
    "/registry/sync/txn/status": "txn-status",
}


async def listening(
    world: World, receiver: Receiver, *, sender_id: str = "spmis.listening", **grants: Json
) -> Listening:
    """Return a sandbox system that signs and listens, under an agreement for empowerment."""
    known = Listening(world, receiver, sender_id=sender_id)
    sender = await registered_sender(
        world, sender_id=sender_id, actor=SUBSCRIBER, sandbox=True, callback_uri=receiver.url
    )
    await keys_approved(world, sender, known.key)
    given = grant(**{"fields": FIELDS, "full": ["nik", "kk_number"], **grants})
    known.agreement = await agreed(
        world, given, party=SUBSCRIBER.organisation, number=f"MOU-{sender_id}"
    )
    return known


def wish(
    kind: str = "REGISTER",
    *,
    filter_type: str = "expression",
    query: Json = None,
    reference_id: str = "sub-1",
    **criteria: Json,
) -> Json:
    """Return one subscription: to families of Central Java, unless told otherwise."""
    anywhere = {"value": {"expression": {"query": {"location": "33"}}}, "type": "NoSql"}
    return {
        "reference_id": reference_id,
        "timestamp": clock.now().isoformat(),
        "subscribe_criteria": {
            "reg_event_type": kind,
            "filter_type": filter_type,
            "filter": anywhere if query is None else query,
            "notify_record_type": "Group",
            "authorize": {"purpose": {"code": "empowerment"}},
            **criteria,
        },
    }


async def work(world: World) -> None:
    """Let the worker have one turn at whatever it does for partners."""
    app = world.registry.app
    for each in turns.timers(app.state.settings, app.state.vault):
        await each.run_once(world.registry.database)


async def events_told(world: World) -> None:
    """Let events reach the registry's own reactions, and the worker have its turn."""
    await world.settle()
    await work(world)


async def deliveries(world: World, **filters: str) -> list[Json]:
    """Return how callbacks fare."""
    page = await world.registry.read("/v1/dci-deliveries", params=filters)
    return list(page["items"])
