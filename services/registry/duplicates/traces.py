"""From a family to the trace by which its duplicates are found: keyed numbers, nothing readable.

A name becomes the set of its trigrams, each an HMAC cut to twelve bits, so that several trigrams
share a number. Whoever steals the database without the key can still count how often a number
occurs and guess the commonest names from it: the cut, the lost order and the spelling that is
ironed out blur that, and the trace is deleted with what names the family. The key is not in the
database.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from services.registry.duplicates import names
from services.registry.duplicates.comparing import Person, Trace
from services.registry.duplicates.models import FamilyTrace, PersonTrace, TraceRow
from services.registry.households.identity_numbers import BirthPrecision, Sex
from services.registry.households.models import Household, Member
from services.registry.vault import Seal, Vault

Words = tuple[str, ...]

GRAM_DIGITS = 3
KABUPATEN = 5
USUAL_GUESSES = frozenset(((1, 1), (1, 7), (31, 12)))
"""Days that offices write for people who do not know theirs: too many share them."""


class Tracer:
    """Makes traces with the vault's key."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._gram = lru_cache(maxsize=65536)(self._keyed_gram)

    def trace(self, household: Household, members: Sequence[Member]) -> TraceRow:
        """Return the trace of a family as it is now.

        Raises:
            FamilyErased: what named the family was destroyed.
        """
        seal = self.vault.family(household.data_key, household.id)
        phone = _phone(household, seal)
        told = [(member, _words(member, seal)) for member in members]
        return TraceRow(
            household_id=household.id,
            version=household.version,
            desa_code=household.desa_code,
            phone=self._keyed("phone_trace", phone).hex() if phone is not None else None,
            persons=[self._person(member, words) for member, words in told],
            blocks=sorted(set(self._blocks(household, told, phone))),
        )

    def _person(self, member: Member, words: Words) -> PersonTrace:
        return PersonTrace(
            nik=member.nik_index[:8].hex(),
            grams="".join(sorted({self._gram(gram) for gram in names.trigrams(words)})),
            sex=member.sex,
            born=member.birth_date.isoformat(),
            precision=member.birth_precision,
        )

    def _blocks(
        self, household: Household, told: Sequence[tuple[Member, Words]], phone: str | None
    ) -> Iterator[int]:
        """Give a number for each way in which another family may be worth a comparison."""
        desa = household.desa_code
        if phone is not None:
            yield self._block("phone", phone)
        for member, words in told:
            born = member.birth_date
            yield self._block("nik", member.nik_index.hex())
            yield self._block("name", f"{desa} {member.sex} {' '.join(words)}")
            if member.birth_precision is BirthPrecision.DAY:
                low, high = sorted((born.day, born.month))
                around = _around(desa, born)
                yield self._block("born", f"{around} {member.sex} {born.year} {low} {high}")

    def _block(self, way: str, value: str) -> int:
        return int.from_bytes(self._keyed(f"block_{way}", value)[:4], "big", signed=True)

    def _keyed_gram(self, gram: str) -> str:
        return self._keyed("name_trigram", gram).hex()[:GRAM_DIGITS]

    def _keyed(self, kind: str, value: str) -> bytes:
        return self.vault.index_of(kind, value)[:8]


def read(row: FamilyTrace) -> Trace:
    """Return a stored trace as it is compared."""
    return Trace(row.desa_code, row.phone, [_read_person(each) for each in row.persons])


def _read_person(told: PersonTrace) -> Person:
    return Person(
        nik=told["nik"],
        grams=frozenset(map("".join, zip(*[iter(told["grams"])] * GRAM_DIGITS, strict=True))),
        sex=Sex(told["sex"]),
        born=date.fromisoformat(told["born"]),
        precision=BirthPrecision(told["precision"]),
    )


def _words(member: Member, seal: Seal) -> Words:
    name = seal.open(member.name, place="household_members.name", row_id=member.id)
    return names.words_of(name)


def _phone(household: Household, seal: Seal) -> str | None:
    if household.phone is None:
        return None
    return _digits(seal.open(household.phone, place="households.phone", row_id=household.id))


def _around(desa_code: str, born: date) -> str:
    guessed = (born.day, born.month) in USUAL_GUESSES
    return desa_code if guessed else desa_code[:KABUPATEN]


def _digits(phone: str) -> str:
    """Return a phone number as one writes it inside the country: 0812..."""
    digits = "".join(each for each in phone if each.isdigit())
    return f"0{digits[2:]}" if digits.startswith("62") else digits
