"""How what a search asks for becomes a condition of SQLAlchemy, and which fields that takes.

Every leaf is one fixed condition on one column, in which the caller's values are bound parameters;
`and`, `or` and `not` join conditions. What is not known of a family makes a test false, never
unknown, so that `not` is its opposite. What a person has (an age, a NIK) is asked of the person
when persons are searched, and of any current member when families are.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from math import ceil, floor
from uuid import UUID

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Mapped
from sqlmodel import col

from contracts.registry import AidScheme, HouseholdStatus
from kernel.problems import Text
from services.registry.assistance.lifecycle import State
from services.registry.assistance.models import Assistance
from services.registry.dci.filters import (
    Attribute,
    Comparison,
    Filter,
    Identifier,
    IdType,
    Joined,
    Not,
    Operator,
    Test,
    tests_in,
)
from services.registry.dci.items import Rejection
from services.registry.dci.messages import Entity, SearchReason
from services.registry.households.models import Household, Member
from services.registry.regions.queries import inside
from services.registry.sharing.fields import CHILDS_YEARS, SharedField
from services.registry.sharing.permits import Permit
from services.registry.sharing.tokens import SubjectTokens
from services.registry.vault import Vault

Condition = sa.ColumnElement[bool]

REGION = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?", re.ASCII)
OF_KABUPATEN = len("33.02")
SMALLEST, LARGEST = -1, 1_000
"""Beyond these no age, decile or size lies; larger numbers mean the same as these."""

NOT_COVERED = Text(
    id="Perjanjian tidak memberi '{field}', jadi tidak dapat dicari menurut '{attribute}'.",
    en="The agreement does not give '{field}', so it cannot be searched by '{attribute}'.",
)
WRONG_VALUE = Text(
    id="Nilai atau operator untuk '{attribute}' tidak sah.",
    en="The value or operator for '{attribute}' is not valid.",
)

FIELD_OF = {
    Attribute.AGE: SharedField.BIRTH_DATE,
    Attribute.POVERTY_SCORE: SharedField.DECILE,
    Attribute.LOCATION: SharedField.DESA_CODE,
    Attribute.GROUP_SIZE: SharedField.GROUP_SIZE,
    Attribute.PROGRAMME: SharedField.PROGRAMMES,
    Attribute.STATUS: SharedField.STATUS,
    IdType.UIN: SharedField.NIK,
    IdType.NIK: SharedField.NIK,
    IdType.KK: SharedField.KK_NUMBER,
    IdType.HOUSEHOLD_ID: SharedField.HOUSEHOLD_ID,
}
"""The field that must be given to search by an attribute or number: nothing else is probed."""

COMPARED: Mapping[Operator, Callable[[Mapped[int] | Mapped[int | None], int], Condition]] = {
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}
ROUNDED = {Operator.LT: ceil, Operator.LE: floor, Operator.GT: floor, Operator.GE: ceil}


@dataclass(frozen=True)
class Conditions:
    """Makes conditions for one permit; ages are of the permit's day."""

    permit: Permit
    entity: Entity
    vault: Vault
    tokens: SubjectTokens

    def of(self, asked: Filter) -> Condition:
        """Return the condition on a family, and, where persons are searched, on the person.

        Raises:
            Rejection: the agreement does not give what is asked, or a value is none.
        """
        for leaf in tests_in(asked):
            self._require(leaf)
        return self._of(asked)

    def _require(self, leaf: Identifier | Test) -> None:
        name = leaf.kind if isinstance(leaf, Identifier) else leaf.attribute
        field = FIELD_OF.get(name)
        if field is None or self.permit.gives(field) or self._is_wide_enough(leaf):
            return
        raise Rejection(
            SearchReason.FILTER_INVALID, NOT_COVERED, field=field.value, attribute=name.value
        )

    def _is_wide_enough(self, leaf: Identifier | Test) -> bool:
        """Tell whether a place is asked for that is no smaller than the kabupaten that is given."""
        if not isinstance(leaf, Test) or leaf.attribute is not Attribute.LOCATION:
            return False
        codes = [code for each in leaf.comparisons for code in each.values]
        wide = all(isinstance(code, str) and len(code) <= OF_KABUPATEN for code in codes)
        return wide and self.permit.gives(SharedField.KABUPATEN_CODE)

    def _of(self, asked: Filter) -> Condition:
        if isinstance(asked, Not):
            return sa.not_(self._of(asked.inside))
        if isinstance(asked, Joined):
            join = sa.and_ if asked.how == "and" else sa.or_
            return join(*map(self._of, asked.inside))
        if isinstance(asked, Identifier):
            return self.named(asked)
        return self._tested(asked)

    def named(self, asked: Identifier) -> Condition:
        """Return the condition to have a number, whether or not the agreement gives it."""
        if asked.kind in (IdType.UIN, IdType.NIK):
            return self._person(col(Member.nik_index) == self.vault.index_of("nik", asked.value))
        if asked.kind is IdType.KK:
            return col(Household.kk_index) == self.vault.index_of("kk", asked.value)
        if asked.kind is IdType.HOUSEHOLD_ID:
            return _is_family(_uuid(asked.value))
        if asked.kind is IdType.SUBJECT_TOKEN:
            return _is_family(self.tokens.household(self.permit.organisation, asked.value))
        return sa.false()

    def _tested(self, asked: Test) -> Condition:
        if asked.attribute is Attribute.AGE:
            born = [self._born(each) for each in asked.comparisons]
            return self._person(sa.and_(*born))
        return sa.and_(*(self._compared(asked.attribute, each) for each in asked.comparisons))

    def _compared(self, attribute: Attribute, comparison: Comparison) -> Condition:
        if attribute is Attribute.POVERTY_SCORE:
            known = col(Household.decile).is_not(None)
            return sa.and_(known, _number(col(Household.decile), comparison, attribute))
        if attribute is Attribute.GROUP_SIZE:
            return _number(col(Household.member_count), comparison, attribute)
        found = sa.or_(*(_word(attribute, word) for word in _words(comparison, attribute)))
        return sa.not_(found) if comparison.operator is Operator.NE else found

    def _born(self, comparison: Comparison) -> Condition:
        """Return the condition that a person is so old: what is asked of the birthday."""
        ages = _numbers(comparison, Attribute.AGE)
        if comparison.operator in COMPARED:
            past = comparison.operator in (Operator.GT, Operator.LE)
            older = self._is_at_least(ages[0] + past)
            up = comparison.operator in (Operator.GT, Operator.GE)
            return older if up else sa.not_(older)
        exactly = [
            sa.and_(self._is_at_least(age), sa.not_(self._is_at_least(age + 1))) for age in ages
        ]
        found = sa.or_(sa.false(), *exactly)
        return sa.not_(found) if comparison.operator is Operator.NE else found

    def _is_at_least(self, age: int) -> Condition:
        return col(Member.birth_date) <= _years_before(self.permit.on, age)

    def _person(self, condition: Condition) -> Condition:
        """Ask it of a person; of a child only where the agreement gives children's data."""
        if not self.permit.children:
            condition = sa.and_(condition, self._is_at_least(CHILDS_YEARS))
        if self.entity is Entity.MEMBER:
            return condition
        return (
            sa.exists()
            .where(col(Member.household_id) == col(Household.id))
            .where(col(Member.until_version).is_(None), condition)
        )


def _is_family(household_id: UUID | None) -> Condition:
    return sa.false() if household_id is None else col(Household.id) == household_id


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _word(attribute: Attribute, word: str) -> Condition:
    """Return the condition that a family lies in a region, has a status, or receives an aid."""
    if attribute is Attribute.LOCATION and REGION.fullmatch(word):
        return inside(col(Household.desa_code), word)
    if attribute is Attribute.STATUS and word in set(HouseholdStatus):
        return col(Household.status) == HouseholdStatus(word)
    if attribute is Attribute.PROGRAMME and word in set(AidScheme):
        return receives(AidScheme(word))
    raise _wrong(attribute)


def receives(scheme: AidScheme) -> Condition:
    """Return the condition that a family receives aid of a scheme now."""
    return (
        sa.exists()
        .where(col(Assistance.household_id) == col(Household.id))
        .where(col(Assistance.scheme) == scheme, col(Assistance.state) == State.ACTIVE)
    )


def _words(comparison: Comparison, attribute: Attribute) -> list[str]:
    words = [value for value in comparison.values if isinstance(value, str)]
    if comparison.operator in COMPARED or len(words) != len(comparison.values):
        raise _wrong(attribute)
    return words


def _number(
    column: Mapped[int] | Mapped[int | None], comparison: Comparison, attribute: Attribute
) -> Condition:
    numbers = _numbers(comparison, attribute)
    if comparison.operator in COMPARED:
        return COMPARED[comparison.operator](column, numbers[0])
    if comparison.operator is Operator.NE:
        return column.not_in(numbers)
    return column.in_(numbers)


def _numbers(comparison: Comparison, attribute: Attribute) -> list[int]:
    """Return whole numbers that mean the same: under 2.5 is under 3; nothing equals 2.5."""
    given = [_decimal(value, attribute) for value in comparison.values]
    rounded = ROUNDED.get(comparison.operator)
    whole = [rounded(each) for each in given] if rounded else [int(n) for n in given if n % 1 == 0]
    return [min(max(number, SMALLEST), LARGEST) for number in whole]


def _decimal(value: JsonValue, attribute: Attribute) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _wrong(attribute)
    try:
        number = Decimal(str(value)[:40])
    except InvalidOperation as error:
        raise _wrong(attribute) from error
    if not number.is_finite():
        raise _wrong(attribute)
    return min(max(number, Decimal(SMALLEST)), Decimal(LARGEST))


def _years_before(day: date, years: int) -> date:
    """Return the last birthday of whoever is at least so many years old on a day."""
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February, in a year without one
        return day.replace(year=year, day=28)


def _wrong(attribute: Attribute) -> Rejection:
    return Rejection(SearchReason.FILTER_INVALID, WRONG_VALUE, attribute=attribute.value)
