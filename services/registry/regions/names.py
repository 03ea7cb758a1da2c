"""Names of places as people write them: with or without the rank, spaced otherwise, misspelt."""

import re
from dataclasses import dataclass

from services.registry.regions.models import Level, letters_of, search_name_of

PREFIX = re.compile(
    r"^(?:(?P<province>prov(?:insi)?|propinsi|dki|d\.?i|daerah istimewa|daerah khusus ibu ?kota)"
    r"|(?P<kota>kota(?: adm(?:inistrasi)?)?)|(?P<kabupaten>kab(?:upaten)?(?: adm(?:inistrasi)?)?)"
    r"|(?P<kecamatan>kec(?:amatan)?|distrik|kapanewon|kemantren)"
    r"|(?P<desa>desa|ds|kel(?:urahan)?|kalurahan))(?:\.\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
CITY = {"kota": True, "kabupaten": False}


@dataclass(frozen=True)
class Reading:
    """One way to understand a name: its letters, and the level and rank that its prefix tells."""

    letters: str
    level: Level | None
    city: bool | None = None

    @property
    def slips(self) -> int:
        """How many letters may be wrong: none of three, one of up to seven, two of more."""
        return sum(len(self.letters) >= enough for enough in (4, 8))


def readings(name: str, level: Level | None) -> list[Reading]:
    """Return the ways to read a name at a level, or at any; Kota Baru may be a whole name."""
    whole = Reading(letters_of(name), level)
    prefix = PREFIX.match(name.strip())
    if prefix is None or prefix.lastgroup is None:
        return [whole]
    city = CITY.get(prefix.lastgroup)
    told = Level(prefix.lastgroup) if city is None else Level.KABUPATEN
    if level not in {None, told}:
        return [whole]
    rest = name.strip()[prefix.end() :]
    return [whole, Reading(search_name_of(rest, told), told, city)]


def likeness(name: str, known: str, *, slips: int) -> float:
    """Return 1 for the same letters, less for each one wrong, 0 beyond so many slips."""
    wrong = distance(name, known, most=slips)
    return 0.0 if wrong > slips else round(1 - wrong / max(len(name), len(known), 1), 3)


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters to add, drop, change or swap with the next; above `most`, give up."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, against in enumerate(other, 1):
            change = before[j - 1] + (letter != against)
            cost = min(before[j] + 1, row[j - 1] + 1, change)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
