"""Agreeing on what is shared, and changing it without rewriting what was agreed."""

from uuid import UUID

from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.registry.sharing import queries
from services.registry.sharing.drafts import GrantIn, TermsIn
from services.registry.sharing.fields import MASKED
from services.registry.sharing.models import Agreement, Grant, Terms
from services.registry.sharing.problems import EndsBeforeItStarts, GrantsContradict


def require_sound(told: TermsIn) -> None:
    """Guard terms.

    Raises:
        EndsBeforeItStarts: the period is reversed.
        GrantsContradict: a purpose stands twice, or a field is given in full that is not given.
    """
    if told.ends_on < told.starts_on:
        raise EndsBeforeItStarts
    purposes = [grant.purpose for grant in told.grants]
    loose = any(set(grant.full) - (set(grant.fields) & MASKED) for grant in told.grants)
    if loose or len(set(purposes)) < len(purposes):
        raise GrantsContradict


async def propose(uow: UnitOfWork, agreement: Agreement, told: TermsIn, *, actor: Actor) -> None:
    """Write new terms down beside the others; they hold once a second person approves."""
    require_sound(told)
    number = await queries.next_number(uow.session, agreement.id)
    agreement.propose(number)
    uow.add(_terms(told, agreement_id=agreement.id, number=number, by=actor.subject))


def _terms(told: TermsIn, *, agreement_id: UUID, number: int, by: str) -> Terms:
    return Terms(
        agreement_id=agreement_id,
        number=number,
        title=told.title,
        parties=sorted(set(told.parties)),
        legal_basis=told.legal_basis,
        starts_on=told.starts_on,
        ends_on=told.ends_on,
        grants=[_grant(grant) for grant in told.grants],
        proposed_by=by,
        proposed_at=clock.now(),
    )


def _grant(told: GrantIn) -> Grant:
    return Grant(
        purpose=told.purpose,
        fields=sorted(told.fields),
        full=sorted(told.full),
        regions=told.regions,
        bulk=told.bulk,
        needs_consent=told.needs_consent,
        children=told.children,
    )
