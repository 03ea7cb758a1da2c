"""Everything we ask of the senders and of what they sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel.db import UnitOfWork
from kernel.pagination import PageRequest, Rows
from services.registry.dci.models import SeenMessage, Sender, SenderKeyChange
from services.registry.dci.problems import KeyChangeNotFound, SenderIdTaken, SenderNotFound
from services.registry.households.models import Household, Member

REMEMBERED = timedelta(hours=25)
"""How long a message id is remembered: longer than a message may be old."""
FORGOTTEN_AT_ONCE = 100
MOST_NAMED = 20


@dataclass(frozen=True)
class Part:
    """Which of the families or persons are wanted, in which order."""

    condition: sa.ColumnElement[bool]
    order: Sequence[sa.ColumnElement[object]]
    offset: int
    limit: int


async def get(session: AsyncSession, dci_sender_id: UUID, *, for_change: bool = False) -> Sender:
    """Return a sender, locked until the transaction ends when it is `for_change`.

    Raises:
        SenderNotFound: there is none.
    """
    query = select(Sender).where(Sender.id == dci_sender_id)
    if for_change:
        query = query.with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise SenderNotFound(dci_sender_id=str(dci_sender_id))
    return found


async def find_named(session: AsyncSession, sender_id: str) -> Sender | None:
    """Return the sender that calls itself so."""
    query = select(Sender).where(Sender.sender_id == sender_id)
    return (await session.exec(query)).one_or_none()


async def require_new(session: AsyncSession, sender_id: str) -> None:
    """Guard a registration.

    Raises:
        SenderIdTaken: a sender calls itself so already.
    """
    if await find_named(session, sender_id):
        raise SenderIdTaken(sender_id=sender_id)


async def list_(session: AsyncSession, page: PageRequest) -> Rows[Sender]:
    """Return a page of the senders."""
    return await page.rows(session, select(Sender), Sender)


async def key_changes_of(
    session: AsyncSession, page: PageRequest, dci_sender_id: UUID
) -> Rows[SenderKeyChange]:
    """Return a page of what was proposed for a sender's keys, oldest first."""
    query = select(SenderKeyChange).where(SenderKeyChange.sender == dci_sender_id)
    return await page.rows(session, query, SenderKeyChange)


async def get_key_change(
    session: AsyncSession, dci_sender_id: UUID, key_change_id: UUID
) -> SenderKeyChange:
    """Return a change of a sender's keys, locked.

    Raises:
        KeyChangeNotFound: there is none.
    """
    query = select(SenderKeyChange).where(
        SenderKeyChange.id == key_change_id, SenderKeyChange.sender == dci_sender_id
    )
    found = (await session.exec(query.with_for_update())).one_or_none()
    if found is None:
        raise KeyChangeNotFound(key_change_id=str(key_change_id))
    return found


async def remember(uow: UnitOfWork, sender: Sender, message_id: str, *, at: datetime) -> bool:
    """Note a message id and tell whether it is new; forget a few that are too old to matter."""
    too_old: Sequence[tuple[UUID, str]] = (
        await uow.session.exec(
            select(SeenMessage.sender, SeenMessage.message_id)
            .where(SeenMessage.received_at < at - REMEMBERED)
            .limit(FORGOTTEN_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    ).all()
    if too_old:
        key = sa.tuple_(col(SeenMessage.sender), col(SeenMessage.message_id))
        await uow.execute(sa.delete(SeenMessage).where(key.in_(too_old)))
    row = {"sender": sender.id, "message_id": message_id, "received_at": at}
    noted = await uow.execute(insert(SeenMessage).values(row).on_conflict_do_nothing())
    return noted.rowcount == 1


async def count_up_to(
    session: AsyncSession, condition: sa.ColumnElement[bool], *, of_persons: bool, most: int
) -> int:
    """Count families, or persons, that meet a condition; no further than one more than `most`."""
    some = sa.select(sa.literal(1)).select_from(Household)
    if of_persons:
        current = sa.and_(
            col(Member.household_id) == col(Household.id), col(Member.until_version).is_(None)
        )
        some = some.join(Member, current)
    bounded = some.where(condition).limit(most + 1).subquery()
    return (await session.exec(select(sa.func.count()).select_from(bounded))).one()


async def families(session: AsyncSession, part: Part) -> Sequence[Household]:
    """Return one page of the families that meet a condition."""
    query = select(Household).where(part.condition).order_by(*part.order, col(Household.id))
    return (await session.exec(query.offset(part.offset).limit(part.limit))).all()


async def persons(session: AsyncSession, part: Part) -> Sequence[tuple[Member, Household]]:
    """Return one page of the persons who meet a condition, with their families."""
    query = (
        select(Member, Household)
        .join(Household, col(Household.id) == col(Member.household_id))
        .where(col(Member.until_version).is_(None), part.condition)
        .order_by(*part.order, col(Household.id), col(Member.id))
    )
    return (await session.exec(query.offset(part.offset).limit(part.limit))).all()


async def whether(
    session: AsyncSession,
    condition: sa.ColumnElement[bool],
    *,
    of: Sequence[sa.ColumnElement[bool]],
) -> Sequence[tuple[UUID, bool]]:
    """Return the few families that are named, and whether each meets a condition."""
    query = select(Household.id, condition).where(*of).order_by(col(Household.id))
    return (await session.exec(query.limit(MOST_NAMED))).all()
