"""What a search asks for: the standard's three ways of writing it, read into one tree.

The tree knows no database. Its leaves are tests of attributes from a short list; everything else
that a query may hold is refused, so that no query can name a column, a table or a function.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import JsonValue, TypeAdapter, ValidationError

from kernel.problems import Text
from services.registry.dci.header import Part
from services.registry.dci.items import Rejection
from services.registry.dci.messages import Entity, QueryType, SearchCriteria, SearchReason

MOST_TESTS = 50

NOT_READABLE = Text(id="Kueri tidak terbaca: {what}.", en="The query cannot be read: {what}.")
UNKNOWN_TYPE = Text(
    id="Jenis kueri atau pengenal '{kind}' tidak dikenal.",
    en="The type of query or identifier '{kind}' is not known.",
)
TOO_LONG = Text(
    id="Paling banyak {most} syarat dalam satu kueri.", en="At most {most} tests in one query."
)


class IdType(StrEnum):
    """What a family or person is found by; UIN is the NIK, and the registers of births, marriages
    and deaths are not ours: their numbers find nobody."""

    UIN = "UIN"
    BRN = "BRN"
    MRN = "MRN"
    DRN = "DRN"
    NIK = "NIK"
    KK = "KK"
    HOUSEHOLD_ID = "HOUSEHOLD_ID"
    SUBJECT_TOKEN = "SUBJECT_TOKEN"  # noqa: S105 - the name of an identifier, not a password


class Attribute(StrEnum):
    """What may be asked of a family or person."""

    AGE = "age"
    POVERTY_SCORE = "poverty_score"
    LOCATION = "location"
    GROUP_SIZE = "group_size"
    PROGRAMME = "programme"
    STATUS = "status"


class Operator(StrEnum):
    """How an attribute is compared; `ne` is of expressions only."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"


@dataclass(frozen=True)
class Identifier:
    """The family or person with a number."""

    kind: IdType
    value: str


@dataclass(frozen=True)
class Comparison:
    """One operator with its value; `in` has several."""

    operator: Operator
    values: tuple[JsonValue, ...]


@dataclass(frozen=True)
class Test:
    """One value of the attribute stands every comparison."""

    attribute: Attribute
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Not:
    """What is inside does not hold."""

    inside: "Filter"


@dataclass(frozen=True)
class Joined:
    """All, or any, of what is inside holds."""

    how: Literal["and", "or"]
    inside: tuple["Filter", ...]


Filter = Identifier | Test | Not | Joined

OPERATORS = {
    "$eq": Operator.EQ,
    "$ne": Operator.NE,
    "$lt": Operator.LT,
    "$lte": Operator.LE,
    "$gt": Operator.GT,
    "$gte": Operator.GE,
    "$in": Operator.IN,
}


class _Identified(Part):
    type: str
    value: str | int


class _Tested(Part):
    attribute_name: str
    operator: Literal["gt", "lt", "eq", "ge", "le", "in"]
    attribute_value: JsonValue


class _Predicate(Part):
    seq_num: float | None = None
    expression1: _Tested
    condition: Literal["and", "or", "not"] | None = None
    expression2: _Tested | None = None


PREDICATES = TypeAdapter(list[_Predicate])


def filter_of(criteria: SearchCriteria) -> Filter:
    """Return what a search asks for.

    Raises:
        Rejection: the query is not of its `query_type`, or asks for what may not be asked.
    """
    try:
        found = _read(criteria)
    except ValidationError as error:
        raise _unreadable(criteria.query_type.value) from error
    if sum(1 for _ in tests_in(found)) > MOST_TESTS:
        raise Rejection(SearchReason.FILTER_INVALID, TOO_LONG, most=MOST_TESTS)
    return found


def tests_in(found: Filter) -> Iterator[Identifier | Test]:
    """Yield the leaves."""
    if isinstance(found, Identifier | Test):
        yield found
    for inner in _inside(found):
        yield from tests_in(inner)


def _inside(found: Filter) -> tuple[Filter, ...]:
    if isinstance(found, Not):
        return (found.inside,)
    return found.inside if isinstance(found, Joined) else ()


def _read(criteria: SearchCriteria) -> Filter:
    if criteria.query_type is QueryType.IDTYPE_VALUE:
        told = _Identified.model_validate(criteria.query)
        return identifier(told.type, str(told.value))
    if criteria.query_type is QueryType.EXPRESSION:
        return _expression(criteria.query, entity=criteria.response_entity)
    return _predicates(PREDICATES.validate_python(criteria.query))


def identifier(kind: str, value: str) -> Identifier:
    """Return the number of a family or person.

    Raises:
        Rejection: we know no such kind of number.
    """
    if kind not in set(IdType):
        raise Rejection(SearchReason.FILTER_INVALID, UNKNOWN_TYPE, kind=kind[:40])
    return Identifier(IdType(kind), value)


def _expression(query: JsonValue, *, entity: Entity) -> Filter:
    """Read `{type, value: {expression: {collection, query}}}`."""
    outer = _object(query, "query")
    kind = str(outer.get("type", "")).rpartition(":")[2]
    if kind.lower() not in {"nosql", "expression"}:
        raise Rejection(SearchReason.FILTER_INVALID, UNKNOWN_TYPE, kind=kind[:40])
    inner = _object(_object(outer.get("value"), "value").get("expression"), "expression")
    if inner.get("collection", entity.value) not in set(Entity):
        raise _unreadable("collection")
    return _all_of(inner.get("query"))


def _all_of(given: JsonValue) -> Filter:
    """Read one object: everything in it holds."""
    members = _object(given, "query")
    parts = tuple(_member(name, value) for name, value in members.items())
    if not parts:
        raise _unreadable("{}")
    return parts[0] if len(parts) == 1 else Joined("and", parts)


def _member(name: str, value: JsonValue) -> Filter:
    if name == "$not":
        return Not(_all_of(value))
    if name in ("$and", "$or"):
        if not isinstance(value, list) or not value:
            raise _unreadable(name)
        return Joined("and" if name == "$and" else "or", tuple(map(_all_of, value)))
    return _attribute(_known(name), value)


def _attribute(attribute: Attribute, value: JsonValue) -> Filter:
    """Read `{"$gte": 60, "$lt": 70}`, `{"$not": {...}}`, or a value that it equals."""
    if not isinstance(value, dict):
        return Test(attribute, (Comparison(Operator.EQ, (value,)),))
    if set(value) == {"$not"}:
        return Not(_attribute(attribute, _object(value["$not"], "$not")))
    if not value or not value.keys() <= OPERATORS.keys():
        raise _unreadable(attribute.value)
    compared = tuple(_comparison(OPERATORS[name], inner) for name, inner in value.items())
    return Test(attribute, compared)


def _predicates(given: Sequence[_Predicate]) -> Filter:
    """Read the list in the order of `seq_num`, each predicate joined to what came before it.

    A condition joins the two expressions of its predicate; where there is one expression only, it
    joins the next predicate. Predicates that nothing joins must both hold.
    """
    numbers = [each.seq_num for each in given if each.seq_num is not None]
    if not given or len(set(numbers)) != len(numbers) or len(numbers) not in (0, len(given)):
        raise _unreadable("seq_num")
    found: Filter | None = None
    joint = "and"
    for each in sorted(given, key=lambda each: each.seq_num or 0):
        part, condition = _tested(each.expression1), each.condition or "and"
        if each.expression2 is not None:
            part, condition = _join(condition, part, _tested(each.expression2)), "and"
        found = _join(joint, found, part) if found else part
        joint = condition
    return found or Joined("and", ())


def _join(condition: str, left: Filter, right: Filter) -> Filter:
    if condition == "not":
        return Joined("and", (left, Not(right)))
    return Joined("or" if condition == "or" else "and", (left, right))


def _tested(told: _Tested) -> Filter:
    compared = _comparison(Operator(told.operator), told.attribute_value)
    return Test(_known(told.attribute_name), (compared,))


def _comparison(operator: Operator, value: JsonValue) -> Comparison:
    if operator is not Operator.IN:
        return Comparison(operator, (value,))
    if not isinstance(value, list) or not 0 < len(value) <= MOST_TESTS:
        raise _unreadable("in")
    return Comparison(operator, tuple(value))


def _known(name: str) -> Attribute:
    if name not in set(Attribute):
        raise _unreadable(name[:40])
    return Attribute(name)


def _object(given: JsonValue, what: str) -> dict[str, JsonValue]:
    if not isinstance(given, dict):
        raise _unreadable(what)
    return given


def _unreadable(what: str) -> Rejection:
    return Rejection(SearchReason.FILTER_INVALID, NOT_READABLE, what=what)
