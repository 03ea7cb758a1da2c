"""Types of request fields that many slices share, with their bounds."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def _in_our_time(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"between {EARLIEST} and {LATEST}")
    return day


BusinessDate = Annotated[date, AfterValidator(_in_our_time)]
"""The day on which something happened; when it was recorded is kept apart."""

RegionCode = Annotated[
    str, Field(pattern=r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$", examples=["33.02.05.2007"])
]
"""A Kemendagri code: province, kabupaten, kecamatan or desa."""

DesaCode = Annotated[
    str, Field(pattern=r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$", examples=["33.02.05.2007"])
]
"""A Kemendagri code of a desa or kelurahan."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$", examples=["OOA-0001"])]
"""A short code or number that people gave to something."""

Name = Annotated[str, Field(min_length=1, max_length=200)]
Note = Annotated[str, Field(min_length=1, max_length=2000)]

Pieces = Annotated[int, Field(ge=1, le=10_000_000)]
Kilograms = Annotated[int, Field(ge=1, le=10_000_000)]
