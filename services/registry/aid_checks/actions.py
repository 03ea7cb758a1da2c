"""Answering whether families receive aid, to an agency that would else give it twice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.registry import AidScheme
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.sight import SYSTEM
from services.registry.aid_checks import queries
from services.registry.aid_checks.queries import Asked, Found
from services.registry.sharing.permits import Permit, SharedField, note_access, permit


@dataclass(frozen=True)
class Answer:
    """Yes or no for each scheme; `known` None: the caller may not know whether we know it."""

    known: bool | None
    enrolled: Mapping[AidScheme, bool]


@dataclass(frozen=True)
class Question:
    """Families, schemes and the day that an agency asks about, and what for."""

    asked: Sequence[Asked]
    schemes: Collection[AidScheme]
    on: date
    purpose: str


async def check(
    uow: UnitOfWork, question: Question, *, actor: Actor, today: date, agency: str
) -> list[Answer]:
    """Return an answer for each family, across all areas, and note whose aid was asked for.

    Raises:
        NoAgreement, PurposeNotCovered, BulkNotCovered, FieldsNotCovered: another agency needs
            an agreement that covers it.
    """
    many = len(question.asked) > 1
    given = await permit(
        uow.session, actor, purpose=question.purpose, on=today, bulk=many, agency=agency
    )
    # The question is about other areas too, and the answer tells nothing more of them.
    async with uow.seeing(SYSTEM):
        narrowed = given.narrowed({SharedField.PROGRAMMES})
        found = await queries.find_all(uow, question.asked, permit=narrowed)
        ids = {each.household_id for families in found.values() for each in families}
        aid = await queries.enrolled(uow.session, ids, on=question.on)
    await _note(uow, narrowed, actor=actor, ids=ids)
    own = actor.organisation == agency and not actor.regions
    return [_answer(question, found.get(each, ()), aid, tells=own) for each in question.asked]


def _answer(
    question: Question,
    families: Collection[Found],
    aid: Mapping[UUID, Collection[tuple[AidScheme, UUID | None]]],
    *,
    tells: bool,
) -> Answer:
    received = {
        scheme
        for family in families
        for scheme, member_id in aid.get(family.household_id, ())
        if member_id is None or family.member_id in {None, member_id}
    }
    enrolled = {scheme: scheme in received for scheme in question.schemes}
    return Answer(known=bool(families) if tells else None, enrolled=enrolled)


async def _note(uow: UnitOfWork, given: Permit, *, actor: Actor, ids: Collection[UUID]) -> None:
    if ids:
        await note_access(
            uow,
            given,
            actor=actor,
            action="aid_check",
            household_ids=sorted(ids),
            fields=[SharedField.PROGRAMMES],
        )
