"""How a value that names a person is shown to who decides: enough to compare, not to copy."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kernel.crypto import mask
from services.registry.changes.policies import Kind
from services.registry.changes.proposal import kind_of

HIDDEN = "***"


def _initials(name: str) -> str:
    return " ".join(f"{word[0]}{HIDDEN}" for word in name.split())


def _year(day: str) -> str:
    return f"{day[:4]}-**-**"


def _ending(number: str) -> str:
    return HIDDEN + number[-3:]


def _nothing(_: str) -> str:
    return HIDDEN


MASKS: Mapping[Kind, Callable[[str], str]] = MappingProxyType(
    {
        Kind.KK_NUMBER: mask,
        Kind.NIK: mask,
        Kind.NAME: _initials,
        Kind.BIRTH_DATE: _year,
        Kind.PHONE: _ending,
        Kind.ADDRESS: _nothing,
    }
)


def masked(pointer: str, value: str | None) -> str | None:
    """Return a value as it may be shown; a desa, a sex and a status name nobody."""
    hide = MASKS.get(kind_of(pointer))
    return value if value is None or hide is None else hide(value)
