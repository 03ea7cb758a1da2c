"""Evening out caseloads: as even as the areas allow, and then with as few moves as possible.

Families whom the same pendamping may take are alike, so only their numbers are reckoned with. A
cycle of moves whose cost is below nothing is an improvement; when there is none left, no other
plan is better (minimum-cost flow). The cost, in this order: families that stay outside their
pendamping's areas, the sum of the squares of the caseloads, families moved. One pendamping's
caseload grows and another's shrinks through the pool, a node of its own.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

Takers = tuple[UUID, ...]
"""Who may take a family: the pendamping in whose areas it lives, in order."""

POOL = -1
LEAST = 2
"""Between caseloads that differ by less, a family that goes makes nothing more even."""


@dataclass(frozen=True)
class Move:
    """So many families, alike in who may take them, go from one pendamping to another."""

    takers: Takers
    giver: UUID
    taker: UUID
    families: int


class Step(NamedTuple):
    """A family, first of `origin`, goes from `giver` to `taker`; or a caseload, at the pool."""

    giver: int
    taker: int
    cost: int
    origin: int = POOL
    alike: int = 0


def balance(
    caseloads: Mapping[UUID, int], movable: Mapping[tuple[UUID, Takers], int]
) -> list[Move]:
    """Return the moves that even out caseloads, of which the `movable` families are a part."""
    desks, alike = sorted(caseloads), sorted({takers for _, takers in movable})
    number = {desk: position for position, desk in enumerate(desks)}
    kind = {takers: position for position, takers in enumerate(alike)}
    plan = Plan(
        [caseloads[desk] for desk in desks],
        takers=[[number[taker] for taker in takers] for takers in alike],
        movable={(number[giver], kind[takers]): n for (giver, takers), n in movable.items()},
    )
    for improvement in (steepest, cheaper):
        while steps := improvement(plan):
            plan.take(steps)
    return [
        Move(alike[group], desks[giver], desks[taker], families)
        for giver, taker, group, families in plan.moves()
    ]


class Plan:
    """Who holds how many families, and whose they were at first; by numbers, for speed."""

    def __init__(
        self,
        caseloads: Sequence[int],
        *,
        takers: Sequence[Sequence[int]],
        movable: Mapping[tuple[int, int], int],
    ) -> None:
        self.loads = list(caseloads)
        self._takers = takers
        self._held = Counter(
            {(giver, giver, group): count for (giver, group), count in movable.items()}
        )
        # One unit of a weight outweighs all that the lesser ones can come to.
        self.uneven = sum(movable.values()) + 1
        self._outside = self.uneven * (2 * sum(caseloads) + 2)

    def families(self) -> list[Step]:
        """Return how families may go on now: the cheapest step between each two, in order."""
        cheapest: dict[tuple[int, int], Step] = {}
        for step in self._families():
            pair = (step.giver, step.taker)
            if pair not in cheapest or step.cost < cheapest[pair].cost:
                cheapest[pair] = step
        return list(cheapest.values())

    def caseloads(self) -> Iterator[Step]:
        """Give what it costs that a caseload grows or shrinks by one."""
        for desk, load in enumerate(self.loads):
            yield Step(POOL, desk, cost=-self.uneven * (2 * load - 1))
            yield Step(desk, POOL, cost=self.uneven * (2 * load + 1))

    def take(self, cycle: Sequence[Step]) -> None:
        """Make the moves of a cycle as often as it goes on improving."""
        times = self._times(cycle)
        for step in cycle:
            if step.giver == POOL:
                self.loads[step.taker] -= times
            elif step.taker == POOL:
                self.loads[step.giver] += times
            else:
                self._held[step.giver, step.origin, step.alike] -= times
                self._held[step.taker, step.origin, step.alike] += times

    def moves(self) -> list[tuple[int, int, int, int]]:
        """Return giver, taker, group and number of the families that the plan moves, in order."""
        return sorted(
            (origin, holder, group, families)
            for (holder, origin, group), families in self._held.items()
            if families and holder != origin
        )

    def _families(self) -> Iterator[Step]:
        for (holder, origin, group), families in sorted(self._held.items()):
            if families:
                takers = self._takers[group]
                outside = 0 if holder in takers else self._outside
                for taker in takers:
                    moved = (taker != origin) - (holder != origin)
                    if taker != holder:
                        yield Step(holder, taker, moved - outside, origin, group)

    def _times(self, cycle: Sequence[Step]) -> int:
        families = [step for step in cycle if POOL not in step[:2]]
        most = min(self._held[step.giver, step.origin, step.alike] for step in families)
        if len(families) == len(cycle):
            return most
        # Each time brings the two caseloads nearer: the next one improves less, by four squares.
        gain = -sum(step.cost for step in cycle)
        return min(most, -(-gain // (4 * self.uneven)))


def steepest(plan: Plan) -> list[Step]:
    """Return the shortest way from the fullest caseload that has one to the emptiest; else none.

    It brings a plan near the best one, quickly; the cycles of lesser cost do the rest.
    """
    onward: defaultdict[int, list[Step]] = defaultdict(list)
    for step in plan.families():
        onward[step.giver].append(step)
    caseloads = {(step.giver, step.taker): step for step in plan.caseloads()}
    for giver in sorted(onward, key=lambda desk: (-plan.loads[desk], desk)):
        ways = _ways(giver, onward)
        emptiest = min(ways, key=lambda desk: (plan.loads[desk], len(ways[desk]), desk))
        if plan.loads[giver] - plan.loads[emptiest] >= LEAST:
            return [caseloads[POOL, giver], *ways[emptiest], caseloads[emptiest, POOL]]
    return []


def _ways(giver: int, onward: Mapping[int, Sequence[Step]]) -> dict[int, list[Step]]:
    """Return the shortest way from one pendamping to each that families can reach."""
    ways: dict[int, list[Step]] = {giver: []}
    waiting = deque([giver])
    while waiting:
        desk = waiting.popleft()
        for step in onward.get(desk, ()):
            if step.taker not in ways:
                ways[step.taker] = [*ways[desk], step]
                waiting.append(step.taker)
    return ways


def cheaper(plan: Plan) -> list[Step]:
    """Return a cycle of steps that costs less than nothing; none when no plan is better."""
    steps = [*plan.caseloads(), *plan.families()]
    distance: Counter[int] = Counter()
    last: dict[int, Step] = {}
    shorter = True
    while shorter:
        shorter = False
        for step in steps:
            reached = distance[step.giver] + step.cost
            if reached < distance[step.taker]:
                distance[step.taker], last[step.taker], shorter = reached, step, True
        if cycle := _cycle(last):
            return cycle
    return []


def _cycle(last: Mapping[int, Step]) -> list[Step]:
    """Return the steps of a cycle among the last steps that lead to each node, if there is one."""
    seen: set[int] = set()
    for start in last:
        path: dict[int, Step] = {}
        node = start
        while node in last and node not in seen and node not in path:
            path[node] = last[node]
            node = last[node].giver
        if node in path:
            nodes = list(path)
            return [path[each] for each in nodes[nodes.index(node) :]]
        seen |= path.keys()
    return []
