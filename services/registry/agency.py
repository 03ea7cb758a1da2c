"""The ministry whose registry this is: what only it may do, and what other ministries may not."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.params import Security as Door

from kernel.auth import Actor, allow
from kernel.problems import Forbidden, Text


class OnlyTheAgency(Forbidden):
    """The registry's own ministry does this, nobody else."""

    code = "REG-0811"
    title = Text(id="Hanya untuk kementerian pengelola", en="For the registry's ministry only")
    detail = Text(id="Hanya '{agency}' yang mengelola hal ini.", en="Only '{agency}' manages this.")


class AgreementNeeded(Forbidden):
    """Another ministry reads families under an agreement, for a purpose; not here."""

    code = "REG-0812"
    title = Text(id="Perlu perjanjian berbagi data", en="A data-sharing agreement is needed")
    detail = Text(
        id="'{organisation}' membaca data keluarga lewat /v1/shared-households dengan tujuan "
        "yang tercakup perjanjian.",
        en="'{organisation}' reads families at /v1/shared-households, for a purpose that an "
        "agreement covers.",
    )


def allow_agency(scope: str) -> Door:
    """Return the dependency that lets in an actor of the registry's ministry with `scope`.

    Raises:
        Unauthenticated, ScopeMissing, OnlyTheAgency: when the endpoint is called.
    """

    async def enter(request: Request, actor: Annotated[Actor, allow(scope)]) -> Actor:
        agency = request.app.state.settings.agency
        if actor.organisation != agency:
            raise OnlyTheAgency(agency=agency)
        return actor

    door: Door = Security(enter, scopes=[scope])
    return door


def allow_at_home(scope: str) -> Door:
    """Return the dependency that lets in whoever has `scope`, but no other ministry.

    Raises:
        Unauthenticated, ScopeMissing, AgreementNeeded: when the endpoint is called.
    """

    async def enter(request: Request, actor: Annotated[Actor, allow(scope)]) -> Actor:
        require_at_home(request, actor)
        return actor

    door: Door = Security(enter, scopes=[scope])
    return door


def require_at_home(request: Request, actor: Actor) -> None:
    """Guard families from other ministries.

    Raises:
        AgreementNeeded: the actor is of one.
    """
    foreign = actor.organisation != request.app.state.settings.agency
    if foreign and actor.kind == "ministry":
        raise AgreementNeeded(organisation=actor.organisation)


async def _agency(request: Request) -> str:
    agency: str = request.app.state.settings.agency
    return agency


Agency = Annotated[str, Depends(_agency)]
"""The organisation that needs no agreement."""
