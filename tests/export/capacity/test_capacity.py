"""Who can make what, where, and how many a week, as skills and groups become known."""

from datetime import date
from uuid import UUID

import pytest

from contracts.empowerment import GroupChanged, GroupDissolved, SkillGrade
from kernel.ids import new_id
from services.export.capacity import queries
from services.export.capacity.room import Output, Room, full_weeks
from tests.export.trade import WEAVING, Trade, activated, passed
from tests.people import BANTUL_OFFICER

GROUP, SITI, WATI, DEWI = (new_id() for _ in range(4))


def changed(*families: UUID) -> GroupChanged:
    return GroupChanged(
        group_id=GROUP,
        desa_code="33.02.05.2007",
        leader_household_id=SITI,
        member_household_ids=families,
    )


async def test_a_grade_opens_capacity_and_an_untrained_member_does_not(trade: Trade) -> None:
    await trade.hear(
        passed(SITI, SkillGrade.A), passed(WATI, SkillGrade.B), activated(GROUP, [SITI, WATI, DEWI])
    )

    assert await trade.capacity(GROUP) == {
        "group_id": str(GROUP),
        "desa_code": "33.02.05.2007",
        "makers": 3,
        "skilled_makers": 2,
        "pieces_per_week": 18 + 14,
        "committed_pieces": 0,
    }


async def test_news_in_another_order_or_twice_makes_the_same_capacity(trade: Trade) -> None:
    start, better = activated(GROUP, [SITI, WATI]), passed(SITI, SkillGrade.A)

    await trade.hear(start, better, passed(SITI, SkillGrade.C), start, better)

    assert (await trade.capacity(GROUP))["pieces_per_week"] == 18


async def test_only_the_skill_that_is_asked_for_counts(trade: Trade) -> None:
    await trade.hear(
        passed(SITI, SkillGrade.A, skill="rotan"),
        passed(SITI, SkillGrade.C),
        passed(WATI, SkillGrade.B),
        activated(GROUP, [SITI, WATI]),
    )

    assert (await trade.capacity(GROUP))["pieces_per_week"] == 18 + 14
    assert (await trade.capacity(GROUP, skill=WEAVING))["pieces_per_week"] == 10 + 14
    assert (await trade.capacity(GROUP, skill="rotan"))["skilled_makers"] == 1


async def test_who_joined_counts_and_who_left_does_not(trade: Trade) -> None:
    await trade.hear(activated(GROUP, [SITI, WATI]), changed(SITI, DEWI))

    async with trade.export.database.transaction() as uow:
        assert await queries.members_of(uow.session, GROUP) == {SITI, DEWI}
        assert await queries.members_of(uow.session, new_id()) == set()


async def test_a_dissolved_group_gets_no_more_work_but_its_members_stay_known(
    trade: Trade,
) -> None:
    await trade.hear(activated(GROUP, [SITI, WATI]))

    await trade.hear(GroupDissolved(group_id=GROUP, dissolved_on=date(2025, 6, 1)))

    assert (await trade.export.read("/v1/capacity"))["items"] == []
    async with trade.export.database.transaction() as uow:
        assert await queries.members_of(uow.session, GROUP) == {SITI, WATI}


async def test_the_end_of_a_group_that_never_worked_changes_nothing(trade: Trade) -> None:
    await trade.hear(GroupDissolved(group_id=GROUP, dissolved_on=date(2025, 6, 1)))

    assert (await trade.export.read("/v1/capacity"))["items"] == []


async def test_groups_are_listed_by_region_and_an_officer_sees_its_own(trade: Trade) -> None:
    banyumas = await trade.group(desa_code="33.02.05.2007")
    bantul = await trade.group(desa_code="34.02.01.2001")

    in_banyumas = await trade.export.read("/v1/capacity", params={"region": "33.02"})
    of_bantul = await trade.export.read("/v1/capacity", as_=BANTUL_OFFICER)

    assert [group["group_id"] for group in in_banyumas["items"]] == [str(banyumas)]
    assert [group["group_id"] for group in of_bantul["items"]] == [str(bantul)]


async def test_groups_come_in_pages(trade: Trade) -> None:
    groups = {str(await trade.group()) for _ in range(3)}

    first = await trade.export.read("/v1/capacity", params={"limit": 2})
    last = await trade.export.read("/v1/capacity", params={"limit": 2, "cursor": first["next"]})

    assert {group["group_id"] for group in first["items"] + last["items"]} == groups
    assert (len(first["items"]), last["next"]) == (2, None)


@pytest.mark.parametrize(
    ("first", "last", "mondays"),
    [
        (date(2025, 5, 12), date(2025, 5, 18), [date(2025, 5, 12)]),
        (date(2025, 5, 13), date(2025, 5, 25), [date(2025, 5, 19)]),
        (date(2025, 5, 12), date(2025, 5, 17), []),
        (date(2025, 5, 12), date(2025, 5, 1), []),
    ],
)
def test_only_full_weeks_are_promised(first: date, last: date, mondays: list[date]) -> None:
    assert full_weeks(first, last) == mondays


def test_the_earliest_free_weeks_are_filled_first() -> None:
    weeks = full_weeks(date(2025, 5, 12), date(2025, 6, 1))
    output = Output(GROUP, makers=1, skilled_makers=1, weekly_pieces=10)
    room = Room(output, weeks, booked={weeks[0]: 4, weeks[1]: 12})

    assert room.free_pieces == 6 + 0 + 10
    assert list(room.fill(9)) == [(weeks[0], 6), (weeks[2], 3)]
