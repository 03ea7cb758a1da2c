"""Who plays: 350 families in 25 groups, invented; where they live and how many is the sample.

The splits over kabupaten, groups and months are sample data, labelled so wherever they are shown;
the totals are the programme's facts. Every NIK and KK number has the serial 0000, which no real
number has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

GROUP_SIZE = 14

# The desa in which each group weaves; one group a desa, six, five, six, four and four groups in
# Bantul, Gunungkidul, Banyumas, Cilacap and Wonosobo.
DESA = (
    "34.02.01.2001", "34.02.02.2001", "34.02.03.2001", "34.02.04.2001", "34.02.05.2001",
    "34.02.06.2001",
    "34.03.01.2001", "34.03.02.2001", "34.03.03.2001", "34.03.04.2001", "34.03.05.2001",
    "33.02.05.2007", "33.02.01.2001", "33.02.02.2001", "33.02.03.2001", "33.02.04.2001",
    "33.02.06.2001",
    "33.01.01.2001", "33.01.02.2001", "33.01.03.2001", "33.01.04.2001",
    "33.07.01.1007", "33.07.02.1008", "33.07.03.1008", "33.07.04.1015",
)  # fmt: skip
KALISALAK = "33.02.05.2007"
MENDONG_VILLAGE = "34.02.01.2001"

WOMEN = ("Wagiyem", "Sutinah", "Kasiyem", "Parjinah", "Tukirah", "Ngatinem", "Mujiyem")
MEN = ("Paijo", "Sukirman", "Wagimin", "Tukiran", "Ngadino", "Sardiyono", "Kasiman")
FAMILY = ("Wongsodimejo", "Kartosuwiryo", "Prawirodiharjo", "Sastrowinoto", "Mangunsemito")

COLUMNS = ("nik", "name", "sex", "birth_date", "relation")
MOST_MEMBERS = 4


@dataclass(frozen=True)
class Member:
    """A person of a family, invented."""

    nik: str
    name: str
    sex: str
    birth_date: date
    relation: str


@dataclass(frozen=True)
class Family:
    """A family of the story; `number` counts from 1 to 350."""

    number: int
    desa_code: str
    kk_number: str
    members: tuple[Member, ...]

    @property
    def reference(self) -> str:
        """The programme's number of the family."""
        return f"OOA-{self.number:04}"

    @property
    def kabupaten(self) -> str:
        """The code of the kabupaten it lives in."""
        return self.desa_code[:5]

    @property
    def decile(self) -> int:
        """The sample's DTSEN decile: the programme takes deciles 1 and 2."""
        return 1 + self.number % 2


@dataclass(frozen=True)
class Group:
    """A KUBE group of 14 neighbours; `number` counts from 1 to 25."""

    number: int
    desa_code: str
    families: tuple[Family, ...]

    @property
    def code(self) -> str:
        """The group's number in the programme."""
        return f"KUBE-{self.number:02}"

    @property
    def kabupaten(self) -> str:
        """The code of the kabupaten it works in."""
        return self.desa_code[:5]


def groups() -> tuple[Group, ...]:
    """Return the 25 groups with their families."""
    return tuple(
        Group(number, desa, tuple(_families(number, desa)))
        for number, desa in enumerate(DESA, start=1)
    )


def families() -> tuple[Family, ...]:
    """Return the 350 families, group by group."""
    return tuple(family for group in groups() for family in group.families)


def _families(group: int, desa: str) -> Iterator[Family]:
    for nth in range(GROUP_SIZE):
        number = (group - 1) * GROUP_SIZE + nth + 1
        issued = date(2015, 1, 1) + timedelta(days=number)
        kk_number = f"{_kecamatan(desa)}{issued:%d%m%y}0000"
        yield Family(number, desa, kk_number, tuple(_members(number, desa)))


def _members(number: int, desa: str) -> Iterator[Member]:
    roles = (
        ("head", "male", date(1975, 1, 1), MEN),
        ("spouse", "female", date(1978, 1, 1), WOMEN),
        ("child", "female", date(2008, 1, 1), WOMEN),
        ("child", "male", date(2012, 1, 1), MEN),
    )
    for relation, sex, earliest, names in roles:
        born = earliest + timedelta(days=number)
        name = f"{names[number % len(names)]} {FAMILY[number % len(FAMILY)]}"
        nik = _nik(desa, born, female=sex == "female")
        yield Member(nik, name, sex, born, relation)


def _nik(desa: str, born: date, *, female: bool) -> str:
    day = born.day + (40 if female else 0)
    return f"{_kecamatan(desa)}{day:02}{born:%m%y}0000"


def _kecamatan(desa: str) -> str:
    return desa[:8].replace(".", "")


def as_csv() -> str:
    """Return the file by which the families are registered."""
    members = [f"member_{n}_{name}" for n in range(1, MOST_MEMBERS + 1) for name in COLUMNS]
    head = ["reference", "kk_number", "desa_code", "registered_on", "phone", "address", *members]
    lines = [head, *(_row(family) for family in families())]
    return "".join(",".join(line) + "\n" for line in lines)


def _row(family: Family) -> list[str]:
    phone = f"+6281200{family.number:06}"
    row = [family.reference, family.kk_number, family.desa_code, "2025-03-03", phone]
    row.append(f"RT {family.number % 9 + 1:02} RW 01")
    for member in family.members:
        row += [member.nik, member.name, member.sex, member.birth_date.isoformat(), member.relation]
    return row
