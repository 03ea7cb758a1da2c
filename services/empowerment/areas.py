"""Which rows an actor sees: those in the regions that it works in."""

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import Mapped

from kernel.auth import Actor

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


def kabupaten_of(code: str) -> str:
    """Return the kabupaten or kota of a desa: `33.02` of `33.02.05.2007`."""
    return ".".join(code.split(".")[:2])
