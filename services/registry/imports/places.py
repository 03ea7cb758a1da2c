"""A desa named in words becomes its code, or the reason why not: never one of several silently."""

from collections.abc import Collection, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.imports.columns import Village, Villages, Wrong
from services.registry.imports.faults import Fault
from services.registry.regions import queries as regions
from services.registry.regions.models import Level
from services.registry.regions.queries import Candidate

MOST_TOLD = 5
SAME = 1


async def resolved(session: AsyncSession, villages: Collection[Village]) -> Villages:
    """Return the code of each village that is one desa, and what is wrong with the others."""
    gazetteer = Gazetteer(session)
    return {village: await gazetteer.find(village) for village in villages}


class Gazetteer:
    """Looks names up from the kabupaten down; a name asked for before is not looked up again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._known: dict[tuple[str, Level, str | None], Sequence[Candidate]] = {}

    async def find(self, village: Village) -> str | Wrong:
        """Return the code of the one desa that is meant, or what is wrong."""
        areas: list[str | None] = [None]
        for column, level, name in village.from_above():
            found = [each for area in areas for each in await self._named(name, level, area)]
            same = [each.region.code for each in found if each.score == SAME]
            if not same:
                return Wrong(column, Fault.PLACE_UNKNOWN, _nearest(found))
            areas = [*same]
        if len(areas) > 1:
            return Wrong("desa_name", Fault.DESA_AMBIGUOUS, _told([str(code) for code in areas]))
        return str(areas[0])

    async def _named(self, name: str, level: Level, area: str | None) -> Sequence[Candidate]:
        asked = (name, level, area)
        if asked not in self._known:
            self._known[asked] = await regions.candidates(
                self._session, name, level=level, within=area
            )
        return self._known[asked]


def _nearest(found: Sequence[Candidate]) -> str:
    best = sorted(found, key=lambda each: -each.score)[:MOST_TOLD]
    return _told([f"{each.region.name} ({each.region.code})" for each in best]) or "-"


def _told(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > MOST_TOLD else ""
    return ", ".join(names[:MOST_TOLD]) + more
