"""Whether two families may be one: every reason for and against, and the score they add up to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.registry.duplicates.policy import Policy, Reason
from services.registry.households.identity_numbers import BirthPrecision, Sex

BIRTH_AGREES = frozenset(
    (Reason.SAME_BIRTH_DATE, Reason.DAY_AND_MONTH_SWAPPED, Reason.COMPATIBLE_BIRTH_DATES)
)
COARSER = tuple(BirthPrecision)
NAME_AGREES = frozenset((Reason.SAME_NAME, Reason.SIMILAR_NAME))


@dataclass(frozen=True)
class Person:
    """A member without anything that names them: NIK and name trigrams are keyed numbers."""

    nik: str
    grams: frozenset[str]
    sex: Sex
    born: date
    precision: BirthPrecision


@dataclass(frozen=True)
class Trace:
    """A family as it is compared; `phone` is a keyed number."""

    desa_code: str
    phone: str | None
    persons: Sequence[Person]


@dataclass(frozen=True)
class Finding:
    """What was seen of two families, and how far it speaks for their being one: 0 to 100."""

    score: int
    reasons: frozenset[Reason]


@dataclass(frozen=True)
class Alike:
    """What was seen of a member of the one family and a member of the other."""

    a: int
    b: int
    seen: tuple[Reason, Reason, Reason]
    weight: int

    @property
    def agree(self) -> bool:
        """Tell whether they may be one person, whatever else their families have in common."""
        nik, name, birth = self.seen
        return nik is Reason.SAME_NIK or (name in NAME_AGREES and birth in BIRTH_AGREES)


def compare(one: Trace, other: Trace, *, policy: Policy) -> Finding:
    """Compare two families by the members who are most alike, by place, phone and the others."""
    pairs = list(_pairs(one, other, policy))
    reasons = set(_of_the_families(one, other))
    if pairs:
        best = max(pairs, key=lambda pair: pair.weight)
        others = [pair for pair in pairs if pair.a != best.a and pair.b != best.b]
        reasons.update(best.seen, _of_the_others(others, one, other))
    return Finding(policy.score(reasons), frozenset(reasons))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of trigrams that two names have in common (Dice), from 0 to 1."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def _pairs(one: Trace, other: Trace, policy: Policy) -> Iterator[Alike]:
    for at, a in enumerate(one.persons):
        for beside, b in enumerate(other.persons):
            if a.sex is b.sex or a.nik == b.nik:
                seen = (_nik(a, b), _name(a, b, policy), _birth(a, b))
                yield Alike(at, beside, seen, policy.weigh(seen))


def _nik(a: Person, b: Person) -> Reason:
    return Reason.SAME_NIK if a.nik == b.nik else Reason.DIFFERING_NIKS


def _name(a: Person, b: Person, policy: Policy) -> Reason:
    alike = likeness(a.grams, b.grams)
    if alike >= policy.same_name_from:
        return Reason.SAME_NAME
    return Reason.SIMILAR_NAME if alike >= policy.similar_name_from else Reason.DIFFERING_NAMES


def _birth(a: Person, b: Person) -> Reason:
    coarsest = max(a.precision, b.precision, key=COARSER.index)
    if coarsest is not BirthPrecision.DAY:
        same = a.born.year == b.born.year and (
            coarsest is BirthPrecision.YEAR or a.born.month == b.born.month
        )
        return Reason.COMPATIBLE_BIRTH_DATES if same else Reason.DIFFERING_BIRTH_DATES
    if a.born == b.born:
        return Reason.SAME_BIRTH_DATE
    swapped = (a.born.year, a.born.day, a.born.month) == (b.born.year, b.born.month, b.born.day)
    return Reason.DAY_AND_MONTH_SWAPPED if swapped else Reason.DIFFERING_BIRTH_DATES


def _of_the_families(one: Trace, other: Trace) -> Iterator[Reason]:
    if one.desa_code == other.desa_code:
        yield Reason.SAME_DESA
    elif one.desa_code[:8] == other.desa_code[:8]:
        yield Reason.SAME_KECAMATAN
    if one.phone is not None and one.phone == other.phone:
        yield Reason.SAME_PHONE


def _of_the_others(others: Sequence[Alike], one: Trace, other: Trace) -> Iterator[Reason]:
    if any(pair.agree for pair in others):
        yield Reason.ANOTHER_MEMBER_AGREES
    elif min(len(one.persons), len(other.persons)) > 1:
        yield Reason.OTHER_MEMBERS_DIFFER
