"""Check digits of the numbers on containers (ISO 6346) and on cartons (GS1 SSCC-18)."""

import re
import string

CONTAINER_NUMBER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")

# A=10, B=12 ... Z=38: the multiples of eleven (11, 22, 33) are left out (ISO 6346, table A.1).
LETTER_VALUES = dict(zip(string.ascii_uppercase, (n for n in range(10, 39) if n % 11), strict=True))

# No GS1 company prefix is owned: 040-049 is GS1's range for numbers used inside one company.
COMPANY_PREFIX = "0400001"
EXTENSION_DIGIT = "0"
SERIALS = 10**9


def is_container_number(number: str) -> bool:
    """Tell whether a container number has the form of ISO 6346 and its right check digit."""
    if not CONTAINER_NUMBER.fullmatch(number):
        return False
    return container_check_digit(number[:10]) == int(number[10])


def container_check_digit(number: str) -> int:
    """Return the check digit of owner code, category and serial, `CSQU305438` (ISO 6346, A.3)."""
    values = (LETTER_VALUES.get(each) or int(each) for each in number)
    return sum(value << place for place, value in enumerate(values)) % 11 % 10


def sscc(serial: int) -> str:
    """Return the serial shipping container code of our carton number `serial`, 18 digits."""
    digits = f"{EXTENSION_DIGIT}{COMPANY_PREFIX}{serial % SERIALS:09}"
    return f"{digits}{gs1_check_digit(digits)}"


def gs1_check_digit(digits: str) -> int:
    """Return the check digit of a GS1 key: weights 3 and 1 from the right (GS1 7.9)."""
    weighted = sum(
        int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(reversed(digits))
    )
    return -weighted % 10
