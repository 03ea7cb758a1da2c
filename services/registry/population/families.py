"""Invented families of any number, for load tests and trainings: the same number, the same family.

Nobody is meant: every NIK and KK number has the serial 0000, which no real one has. They spread
over every desa of the country; within a kecamatan no KK number comes twice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

SERIAL = "0000"
REGISTERED_ON = date(2025, 1, 15)
FIRST_CARD, CARD_DAYS = date(1994, 1, 1), 11_300
FIRST_ADULT, ADULT_DAYS = date(1950, 1, 1), 19_000
FIRST_CHILD, CHILD_DAYS = date(2007, 1, 1), 6_500

GIVEN = (
    *("Agus", "Ahmad", "Ani", "Asih", "Bambang", "Budi", "Darmi", "Dewi", "Eko", "Endang", "Fitri"),
    *("Gunawan", "Hadi", "Hartini", "Iwan", "Joko", "Kartini", "Lestari", "Mulyono", "Ningsih"),
    *("Nur", "Parti", "Purwanto", "Ratna", "Rina", "Rukmini", "Samsul", "Sari", "Siti", "Slamet"),
    *("Sri", "Sukarno", "Sulastri", "Sumarni", "Supri", "Suryani", "Suyatno", "Tini", "Tri"),
    *("Untung", "Wahyu", "Warsini", "Wati", "Wiji", "Yanti", "Yanto", "Yuli"),
)
FAMILY = (
    *("Astuti", "Handayani", "Hidayat", "Kurniawan", "Kusuma", "Lestari", "Maryati", "Nugroho"),
    *("Nurjanah", "Permana", "Prasetyo", "Pratama", "Purnomo", "Rahayu", "Rahman", "Riyadi"),
    *("Santoso", "Saputra", "Setiawan", "Subagyo", "Sugiarto", "Suharto", "Sumiati", "Susanto"),
    *("Sutrisno", "Utami", "Wahyuni", "Wibowo", "Widodo", "Wijaya", "Winarti", "Wulandari"),
)
SKILLS = ("weaving", "sewing", "cooking", "farming", "carpentry", "batik")
BIG_STEP = 7_919  # a prime: one after the other they are far apart, and none comes twice


class Person(NamedTuple):
    """A member as a family card lists it."""

    nik: str
    name: str
    sex: str
    birth_date: date
    relation: str


@dataclass(frozen=True)
class Family:
    """A family as a file tells it; `skill` is None where nothing is known of its livelihood."""

    reference: str
    kk_number: str
    desa_code: str
    phone: str
    address: str
    decile: int
    skill: str | None
    members: Sequence[Person]


class Country:
    """The desa that families live in, and the families of any number in them."""

    def __init__(self, desa_codes: Iterable[str]) -> None:
        self._desa = sorted(desa_codes)
        self._size = Counter(code[:8] for code in self._desa)
        seen: Counter[str] = Counter()
        self._rank = [_next(seen, code[:8]) for code in self._desa]

    def families(self, first: int, last: int) -> Iterator[Family]:
        """Give the families of the numbers from `first` to before `last`."""
        for number in range(first, last):
            yield self.family(number)

    def family(self, number: int) -> Family:
        """Return the family of a number."""
        row, place = number // len(self._desa), number * BIG_STEP % len(self._desa)
        desa_code = self._desa[place]
        # The family's number in its kecamatan, of which each has another card.
        nth = self._rank[place] + row * self._size[desa_code[:8]]
        digits = desa_code[:8].replace(".", "")
        card = FIRST_CARD + timedelta(days=nth % CARD_DAYS)
        return Family(
            reference=f"GEN-{number:09}",
            kk_number=f"{digits}{card:%d%m%y}{SERIAL}",
            desa_code=desa_code,
            phone=f"0812{number % 10**8:08}",
            address=f"RT {number % 9 + 1:02} RW {number % 7 + 1:02}",
            decile=number * 31 % 4 + 1,
            skill=SKILLS[number % len(SKILLS)] if number % 3 == 0 else None,
            members=_members(number, nth, digits),
        )


def _next(seen: Counter[str], kecamatan: str) -> int:
    seen[kecamatan] += 1
    return seen[kecamatan] - 1


def _members(number: int, nth: int, digits: str) -> list[Person]:
    surname = FAMILY[number * BIG_STEP // len(GIVEN) % len(FAMILY)]
    woman_leads = number % 4 == 0
    members = [_adult(number, nth, digits, woman=woman_leads, relation="head", surname=surname)]
    if number % 5:
        members.append(
            _adult(number, nth, digits, woman=not woman_leads, relation="spouse", surname=surname)
        )
    for child in range(number % 3):
        born = FIRST_CHILD + timedelta(days=(nth * 2 + child * 911) % CHILD_DAYS)
        members.append(
            _person(
                digits,
                born,
                woman=(number + child) % 2 == 0,
                relation="child",
                name=f"{_given(number + child + 3)} {surname}",
            )
        )
    return members


def _adult(
    number: int, nth: int, digits: str, *, woman: bool, relation: str, surname: str
) -> Person:
    born = FIRST_ADULT + timedelta(days=nth * 5 % ADULT_DAYS)
    name = f"{_given(number * 2 + woman)} {surname}"
    return _person(digits, born, woman=woman, relation=relation, name=name)


def _person(digits: str, born: date, *, woman: bool, relation: str, name: str) -> Person:
    nik = f"{digits}{born.day + 40 * woman:02}{born:%m%y}{SERIAL}"
    return Person(nik, name, "female" if woman else "male", born, relation)


def _given(number: int) -> str:
    return GIVEN[number * BIG_STEP % len(GIVEN)]
