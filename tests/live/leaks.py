"""Finds what must never be written down: NIK and KK numbers, names, telephone numbers."""

import re
from collections.abc import Iterator

from cli.story import cast

# A span id may be sixteen digits by chance, one in two thousand; it stands in a `traceparent`.
TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
# Sixteen digits that stand alone; the decimals of a measured number are none.
NUMBER = re.compile(r"(?<![0-9A-Za-z])(?<!\d\.)\d{16}(?![0-9A-Za-z])")
PHONE = re.compile(r"(?:\+?62|\b0)81200\d{6}")
SPACE_IN_A_QUERY = re.compile(r"\+|%20")
NAMES = tuple(
    sorted({member.name.lower() for family in cast.families() for member in family.members})
)
FAMILY_NAMES = tuple(name.lower() for name in cast.FAMILY)


def leaks(text: str) -> Iterator[str]:
    """Give everything personal that a text holds."""
    plain = TRACE.sub("", text)
    yield from NUMBER.findall(plain)
    yield from PHONE.findall(plain)
    yield from _names_in(plain.lower())


def _names_in(text: str) -> Iterator[str]:
    if any(name in text for name in FAMILY_NAMES):
        spaced = SPACE_IN_A_QUERY.sub(" ", text)
        yield from (name for name in NAMES if name in spaced)
