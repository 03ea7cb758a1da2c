"""Which members of two families are one person, and how the others come over and go back."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kernel import clock
from kernel.db import UnitOfWork
from kernel.ids import new_id
from kernel.problems import FieldError, Text
from services.registry.duplicates.models import Merge, Moved, MovedIn, Proposal
from services.registry.duplicates.problems import (
    NOT_A_MEMBER,
    ONE_HEAD,
    SAME_PERSON,
    TOLD_TWICE,
    MemberCannotMove,
    MovedMembersChanged,
    TooManyMembers,
)
from services.registry.households import queries as households
from services.registry.households.actions import keep_versions
from services.registry.households.identity_numbers import Sex
from services.registry.households.models import Household, Member, Why
from services.registry.households.registration import ADULT_YEARS, MAX_MEMBERS, Relation
from services.registry.vault import Seal, Vault

Members = Sequence[Member]


def same_persons(absorbed: Members, survivor: Members) -> dict[UUID, UUID]:
    """Return which member of the one is which of the other, by NIK."""
    there = {member.nik_index: member.id for member in survivor}
    return {member.id: there[member.nik_index] for member in absorbed if member.nik_index in there}


def require_movable(moves: Sequence[MovedIn], absorbed: Members, survivor: Members) -> None:
    """Guard a proposal.

    Raises:
        MemberCannotMove: with the place of each.
        TooManyMembers: the survivor would have more than a family card holds.
    """
    errors = tuple(_errors(moves, absorbed, survivor))
    if errors:
        raise MemberCannotMove(count=len(errors), errors=errors)
    if len(survivor) + len(moves) > MAX_MEMBERS:
        raise TooManyMembers(most=MAX_MEMBERS)


async def move_members(
    uow: UnitOfWork,
    made: Merge,
    proposal: Proposal,
    *,
    families: tuple[Household, Household],
    vault: Vault,
    why: Why,
) -> None:
    """Unite and move the members of the absorbed family, and note of each what became of them."""
    survivor, absorbed = families
    members = await households.members_of(uow.session, [survivor.id, absorbed.id])
    united = same_persons(members[absorbed.id], members[survivor.id])
    made.united = {str(gone): str(stays) for gone, stays in united.items()}
    copies = _copies(proposal, members, families=families, vault=vault)
    if not copies:
        return
    made.moved = [
        Moved(member_id=str(gone.id), became=str(row.id), adult_woman=_is_adult_woman(gone))
        for gone, row in copies
    ]
    await _count(uow, survivor, made.moved, sign=1, why=why)
    made.since_version = survivor.version
    for _, row in copies:
        row.since_version = survivor.version
        uow.add(row)


async def take_members_back(uow: UnitOfWork, made: Merge, survivor: Household, *, why: Why) -> None:
    """End what the survivor knew of those who came with the merge.

    Raises:
        MovedMembersChanged: someone changed it since, and would be lost.
    """
    if not made.moved:
        return
    rows = await _as_they_came(uow.session, made)
    if len(rows) < len(made.moved):
        raise MovedMembersChanged(count=len(made.moved) - len(rows))
    await _count(uow, survivor, made.moved, sign=-1, why=why)
    for row in rows:
        row.until_version = survivor.version


async def _as_they_came(session: AsyncSession, made: Merge) -> Sequence[Member]:
    query = select(Member).where(
        col(Member.id).in_([UUID(each["became"]) for each in made.moved]),
        Member.since_version == made.since_version,
        col(Member.until_version).is_(None),
    )
    return (await session.exec(query)).all()


async def _count(
    uow: UnitOfWork, survivor: Household, moved: Sequence[Moved], *, sign: int, why: Why
) -> None:
    survivor.member_count += sign * len(moved)
    survivor.adult_women += sign * sum(each["adult_woman"] for each in moved)
    await uow.flush()
    await keep_versions(uow, [survivor.id], on=clock.today(), why=why)
    uow.publish(survivor.changed(), key=survivor.id)


def _copies(
    proposal: Proposal,
    members: Mapping[UUID, Members],
    *,
    families: tuple[Household, Household],
    vault: Vault,
) -> list[tuple[Member, Member]]:
    """Return each person who moves, and the same as a member of the survivor."""
    survivor, absorbed = families
    seals = [vault.family(family.data_key, family.id) for family in (absorbed, survivor)]
    chosen = {UUID(each["member_id"]): Relation(each["relation"]) for each in proposal["moves"]}
    coming = [member for member in members[absorbed.id] if member.id in chosen]
    after = 1 + max(member.position for member in members[survivor.id])
    return [
        (
            member,
            Member(
                **{
                    **member.model_dump(),
                    **_resealed(member, *seals),
                    "household_id": survivor.id,
                    "position": position,
                    "relation": chosen[member.id],
                }
            ),
        )
        for position, member in enumerate(coming, start=after)
    ]


def _resealed(member: Member, theirs: Seal, ours: Seal) -> dict[str, UUID | bytes]:
    """Return what names a person, under a new id and sealed with the survivor's key."""
    member_id = new_id()
    told: dict[str, UUID | bytes] = {"id": member_id}
    for name in ("nik", "name"):
        place = f"household_members.{name}"
        text = theirs.open(getattr(member, name), place=place, row_id=member.id)
        told[name] = ours.seal(text, place=place, row_id=member_id)
    return told


def _is_adult_woman(member: Member) -> bool:
    today, born = clock.today(), member.birth_date
    birthday_to_come = (today.month, today.day) < (born.month, born.day)
    return member.sex is Sex.FEMALE and today.year - born.year - birthday_to_come >= ADULT_YEARS


def _errors(moves: Sequence[MovedIn], absorbed: Members, survivor: Members) -> Iterator[FieldError]:
    ids, united = {member.id for member in absorbed}, same_persons(absorbed, survivor)
    seen: set[UUID] = set()
    for at, each in enumerate(moves):
        member_id = UUID(each["member_id"])
        if (wrong := _wrong(member_id, ids, united, seen)) is not None:
            yield FieldError(f"/moves/{at}/member_id", MemberCannotMove.code, wrong)
        if each["relation"] == Relation.HEAD:
            yield FieldError(f"/moves/{at}/relation", MemberCannotMove.code, ONE_HEAD)
        seen.add(member_id)


def _wrong(
    member_id: UUID, ids: set[UUID], united: dict[UUID, UUID], seen: set[UUID]
) -> Text | None:
    if member_id not in ids:
        return NOT_A_MEMBER
    if member_id in united:
        return SAME_PERSON
    return TOLD_TWICE if member_id in seen else None
