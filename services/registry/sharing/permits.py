"""Whether somebody may read families for a purpose, which of them and what; it fails closed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.ids import new_id
from services.registry.households.models import Household
from services.registry.regions.queries import inside
from services.registry.settings import Settings
from services.registry.sharing import queries
from services.registry.sharing.consents.lifecycle import State as ConsentState
from services.registry.sharing.consents.models import Consent
from services.registry.sharing.fields import ALL, MASKED, SharedField
from services.registry.sharing.ledger.models import LEDGER, Access
from services.registry.sharing.models import Grant, Terms
from services.registry.sharing.problems import (
    BulkNotCovered,
    FieldsNotCovered,
    NoAgreement,
    PurposeNotCovered,
)
from services.registry.sharing.tokens import subject_token

__all__ = ["Permit", "SharedField", "note_access", "permit", "subject_token", "within"]

AGENCY: str = Settings.model_fields["agency"].default
SEES_IN_FULL = "pii:read"


@dataclass(frozen=True)
class Permit:
    """What an organisation may read for a purpose on a day; `terms` pins what was agreed then.

    No agreement: the registry's own ministry. `regions` are code prefixes; none: the country.
    `full` are the fields of which no digit is hidden; without `children` little is given of those.
    """

    agreement_id: UUID | None
    terms: int | None
    organisation: str
    purpose: str
    on: date
    fields: frozenset[SharedField]
    full: frozenset[SharedField]
    regions: tuple[str, ...]
    bulk: bool
    needs_consent: bool
    children: bool = False

    def gives(self, field: SharedField) -> bool:
        """Tell whether the field may be shown."""
        return field in self.fields

    def masks(self, field: SharedField, actor: Actor) -> bool:
        """Tell whether the field's digits stay hidden: unless agreed, and the caller may."""
        return field in MASKED and not (field in self.full and SEES_IN_FULL in actor.scopes)

    def narrowed(self, fields: Collection[SharedField] | None) -> "Permit":
        """Return the permit for some of its fields; a family that allows less is found then.

        Raises:
            FieldsNotCovered: it does not give them all.
        """
        if not fields:
            return self
        missing = set(fields) - self.fields
        if missing:
            raise FieldsNotCovered(missing=_named(missing), covered=_named(self.fields))
        return replace(self, fields=frozenset({*fields, SharedField.SUBJECT_TOKEN}))


async def permit(
    session: AsyncSession,
    actor: Actor,
    *,
    purpose: str,
    on: date,
    bulk: bool = False,
    agency: str = AGENCY,
) -> Permit:
    """Return what the actor's organisation may read for a purpose on a day.

    Raises:
        NoAgreement, PurposeNotCovered, BulkNotCovered: what is missing.
    """
    if actor.organisation == agency:
        return _of_the_ministry(actor, purpose=purpose, on=on)
    agreed = await queries.in_force_with(session, actor.organisation, on=on)
    if not agreed:
        raise NoAgreement(organisation=actor.organisation)
    terms, grant = _granted(agreed, actor, purpose=purpose, bulk=bulk)
    return Permit(
        agreement_id=terms.agreement_id,
        terms=terms.number,
        organisation=actor.organisation,
        purpose=purpose,
        on=on,
        fields=frozenset({*map(SharedField, grant["fields"]), SharedField.SUBJECT_TOKEN}),
        full=frozenset(map(SharedField, grant["full"])),
        regions=tuple(grant["regions"]),
        bulk=grant["bulk"],
        needs_consent=grant["needs_consent"],
        children=grant["children"],
    )


def within(permit: Permit) -> sa.ColumnElement[bool]:
    """Return the condition that the permit covers a family: it lies in its area, and consents.

    What names an erased family is gone: it is not found.
    """
    conditions: list[sa.ColumnElement[bool]] = [col(Household.data_key).is_not(None)]
    if permit.regions:
        areas = [inside(col(Household.desa_code), code) for code in permit.regions]
        conditions.append(sa.or_(*areas))
    if permit.needs_consent:
        conditions.append(_consents(permit))
    return sa.and_(*conditions)


async def note_access(
    uow: UnitOfWork,
    permit: Permit,
    *,
    actor: Actor,
    action: str,
    household_ids: Sequence[UUID],
    fields: Iterable[SharedField],
    request_id: str | None = None,
) -> None:
    """Enter a reading into the access ledger: it is there if, and only if, the reading happened."""
    asked = structlog.contextvars.get_contextvars().get("request_id")
    entry = Access(
        id=new_id(),
        at=clock.now(),
        actor=actor.subject,
        client_id=actor.client_id,
        organisation=actor.organisation,
        agreement_id=permit.agreement_id,
        terms=permit.terms,
        purpose=permit.purpose,
        action=action,
        household_ids=list(household_ids),
        fields=sorted(fields),
        request_id=request_id or asked,
    )
    await LEDGER.enter(uow, entry)


def _of_the_ministry(actor: Actor, *, purpose: str, on: date) -> Permit:
    return Permit(
        agreement_id=None,
        terms=None,
        organisation=actor.organisation,
        purpose=purpose,
        on=on,
        fields=ALL,
        full=ALL,
        regions=(),
        bulk=True,
        needs_consent=False,
        children=True,
    )


def _granted(
    agreed: Sequence[Terms], actor: Actor, *, purpose: str, bulk: bool
) -> tuple[Terms, Grant]:
    fitting = [(terms, grant) for terms in agreed for grant in terms.grants_for(purpose).values()]
    if not fitting:
        covered = {grant["purpose"] for terms in agreed for grant in terms.grants}
        raise PurposeNotCovered(
            organisation=actor.organisation, purpose=purpose, covered=_named(covered)
        )
    for terms, grant in fitting:
        if grant["bulk"] or not bulk:
            return terms, grant
    raise BulkNotCovered(organisation=actor.organisation, purpose=purpose)


def _consents(permit: Permit) -> sa.ColumnElement[bool]:
    told = sorted(permit.fields - {SharedField.SUBJECT_TOKEN})
    return (
        sa.exists()
        .where(col(Consent.household_id) == col(Household.id))
        .where(col(Consent.state) == ConsentState.LIVE)
        .where(col(Consent.given_on) <= permit.on, col(Consent.valid_until) >= permit.on)
        .where(col(Consent.recipients).contains([permit.organisation]))
        .where(col(Consent.purposes).contains([permit.purpose]))
        .where(col(Consent.fields_allowed).contains(told))
    )


def _named(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "-"
