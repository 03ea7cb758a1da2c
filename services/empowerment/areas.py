"""Which rows an actor sees, and may add: those in the regions that it works in."""

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import Mapped

from kernel.auth import Actor
from kernel.problems import Forbidden, Text

DesaCodes = Mapped[str] | Mapped[str | None]
"""A column of desa codes; a row without one is seen by nobody whose regions are limited."""


def in_region(desa_code: DesaCodes, region: str) -> ColumnElement[bool]:
    """Match the codes that lie in one province, kabupaten, kecamatan or desa."""
    return or_(desa_code == region, desa_code.startswith(f"{region}.", autoescape=True))


def visible(desa_code: DesaCodes, actor: Actor) -> ColumnElement[bool]:
    """Match the codes that the actor may see; an actor without regions sees the whole country."""
    if not actor.regions:
        return true()
    return or_(false(), *(in_region(desa_code, region) for region in actor.regions))


class OutsideYourRegion(Forbidden):
    """What would be recorded lies outside the caller's area."""

    code = "EMP-0001"
    title = Text(id="Di luar wilayah kerja Anda", en="Outside your area")
    detail = Text(
        id="Desa {desa_code} tidak termasuk wilayah kerja Anda.",
        en="The desa {desa_code} is not in your area.",
    )


def require(actor: Actor, desa_code: str) -> None:
    """Guard a new record in a desa; raises OutsideYourRegion."""
    if not actor.sees_region(desa_code):
        raise OutsideYourRegion(desa_code=desa_code)


def kabupaten_of(code: str) -> str:
    """Return the kabupaten or kota of a desa: `33.02` of `33.02.05.2007`."""
    return ".".join(code.split(".")[:2])
