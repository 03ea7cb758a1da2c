"""Where chunks are prepared ahead: in processes of their own, while the database writes.

A file of one chunk is prepared here and now; starting processes would take longer. What lies
ready is never wrong: the lines of a chunk do not change, and which of its rows are new was decided
by the dry run. A worker that takes the file over prepares again what another had ready.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from uuid import UUID

from services.registry.imports.lifecycle import Phase
from services.registry.imports.preparing import Order, Prepared, prepare
from services.registry.vault import Vault

PROCESSES = max(1, min(4, (os.cpu_count() or 2) - 1))  # more than four no database keeps up with
AHEAD = PROCESSES + 1
FEW_CHUNKS = 1

Place = tuple[UUID, Phase, int]
"""A chunk in one of its two phases."""

_vaults: list[Vault] = []


class Workshop:
    """Prepares chunks; its processes live as long as files wait."""

    def __init__(self, vault: Vault, *, processes: int = PROCESSES) -> None:
        self.vault = vault
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._begun: dict[Place, tuple[Order, Future[Prepared]]] = {}

    def lacks(self, place: Place) -> bool:
        """Tell whether nobody works on a chunk yet."""
        return place not in self._begun

    def begin(self, place: Place, order: Order) -> None:
        """Let a process prepare a chunk."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_move_in,
                initargs=(self.vault,),
            )
        self._begun[place] = (order, self._pool.submit(_prepare, order))

    async def finished(self, place: Place) -> tuple[Order, Prepared]:
        """Wait for a chunk; what lies ready of those before it is thrown away.

        Raises:
            CannotDecrypt: the chunk is damaged.
            BrokenExecutor: a process was killed; others are started for the next chunk.
        """
        import_id, phase, number = place
        order, begun = self._begun.pop(place)
        for passed in [p for p in self._begun if p[:2] == (import_id, phase) and p[2] < number]:
            self._begun.pop(passed)[1].cancel()
        try:
            return order, await asyncio.wrap_future(begun)
        except BrokenExecutor:
            self.rest()
            raise

    def rest(self) -> None:
        """End the processes; nothing waits for them."""
        self._begun.clear()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _move_in(vault: Vault) -> None:
    """Begin the life of a process: it ends with the one that started it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # thousands of rows live until their chunk is done
    _vaults.append(vault)
    threading.Thread(target=_end_with_the_owner, daemon=True).start()


def _end_with_the_owner() -> None:
    owner = multiprocessing.parent_process()
    if owner is not None:
        owner.join()
    os._exit(0)


def _prepare(order: Order) -> Prepared:
    return prepare(order, _vaults[0])
