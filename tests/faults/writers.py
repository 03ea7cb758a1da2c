"""Writers that send commands until they are acknowledged, each under one key, whatever happens."""

import asyncio
import random
from dataclasses import dataclass
from uuid import UUID

import httpx
import orjson

from tests.faults.ledger import Ledger, Move
from tests.faults.toy import MOST_PARCELS, CommandRefused
from tests.waiting import let_run, until

ANSWER_SECONDS = 15.0
AGAIN_SECONDS = 0.1
PATIENCE = 1_200.0
STEADY = 1_500.0
"""Events a second that leave the machine room to breathe, so that a wait is the fault's doing."""


@dataclass(frozen=True)
class Shape:
    """How the writers write: how many, on how many parcels, how many a command, how fast."""

    writers: int = 6
    parcels: int = 600
    batch: int = MOST_PARCELS
    per_second: float = float("inf")
    """Events a second at most."""
    dawdle_ms: int = 0
    """The longest pause on either side of the outbox's insert."""
    refused: float = 0.0
    """The share of commands that are taken back."""


class Writers:
    """They write from the start until `finish`."""

    def __init__(
        self, url: str, *, token: str, ledger: Ledger, shape: Shape, dice: random.Random
    ) -> None:
        self.parcels = [UUID(int=dice.getrandbits(128), version=4) for _ in range(shape.parcels)]
        self.ledger = ledger
        self.shape = shape
        self._stop = asyncio.Event()
        self._moves_before = ledger.moves
        self._began = asyncio.get_running_loop().time()
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=ANSWER_SECONDS,
            trust_env=False,
        )
        seeds = [dice.getrandbits(64) for _ in range(shape.writers)]
        self._writing = [asyncio.create_task(self._write(random.Random(seed))) for seed in seeds]  # noqa: S311 - dice

    async def reach(self, events: int) -> None:
        """Wait until so many events were acknowledged."""

        async def reached() -> bool:
            return self.ledger.moves >= events or any(w.done() for w in self._writing)

        await until(reached, seconds=PATIENCE)

    async def finish(self) -> None:
        """Let every writer finish its last command."""
        self._stop.set()
        await asyncio.gather(*self._writing)
        await self._client.aclose()

    async def abandon(self) -> None:
        """Stop at once; what was in doubt stays so."""
        for writing in self._writing:
            writing.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)
        await self._client.aclose()

    async def _write(self, dice: random.Random) -> None:
        while not self._stop.is_set():
            await self._turn()
            command = str(UUID(int=dice.getrandbits(128), version=4))
            body = orjson.dumps(self._command(command, dice))
            while not await self._sent(command, body):
                await let_run(AGAIN_SECONDS * (0.5 + dice.random()))

    async def _turn(self) -> None:
        """Wait while the writers are ahead of their pace."""
        loop = asyncio.get_running_loop()
        moves = self.ledger.moves - self._moves_before
        due = self._began + moves / self.shape.per_second
        if due > loop.time():
            await let_run(due - loop.time())

    def _command(self, command: str, dice: random.Random) -> dict[str, object]:
        shape = self.shape
        return {
            "command_id": command,
            "parcels": dice.sample(self.parcels, dice.randint(1, shape.batch)),
            "before": dice.randint(0, shape.dawdle_ms),
            "after": dice.randint(0, shape.dawdle_ms),
            "refused": dice.random() < shape.refused,
        }

    async def _sent(self, command: str, body: bytes) -> bool:
        """Send it once; return whether the outcome is known now."""
        try:
            answer = await self._client.post(
                "/v1/moves", content=body, headers={"Idempotency-Key": command}
            )
        except httpx.TransportError as error:
            self.ledger.doubt(command, type(error).__name__)
            return False
        if answer.is_success:
            self.ledger.acknowledge(command, [_move(*pair) for pair in answer.json()])
            return True
        if CommandRefused.code in answer.text:
            self.ledger.refuse(command)
            return True
        self.ledger.doubt(command, _name_of(answer))
        return False


def _move(parcel: str, number: int) -> Move:
    return parcel, number


def _name_of(answer: httpx.Response) -> str:
    name = str(answer.status_code)
    return name if "retry-after" in answer.headers else f"{name} without Retry-After"
