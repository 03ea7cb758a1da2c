"""Three days of weaving, and who learned it."""

import asyncio

from contracts.empowerment import SkillGrade, TrainingCompleted
from tests.empowerment.ministry import Ministry


async def test_each_is_graded_by_the_score_and_the_world_is_told(ministry: Ministry) -> None:
    programme, families = await ministry.programme(), await ministry.families(4)
    await ministry.enrolled(programme, families)

    done = await ministry.train(programme, dict(zip(families, (85, 70, 60, 59), strict=True)))

    grades = {each["household_id"]: each["grade"] for each in done["participants"]}
    assert [grades[family] for family in families] == ["a", "b", "c", None]
    told = await ministry.world.published(TrainingCompleted)
    assert sorted(event.grade for event in told) == [SkillGrade.A, SkillGrade.B, SkillGrade.C]


async def test_who_missed_a_day_is_told_why_she_did_not_pass(ministry: Ministry) -> None:
    programme, (siti,) = await ministry.programme(), await ministry.families(1)
    await ministry.enrolled(programme, [siti])
    training = await ministry.training(programme)
    await ministry.seat(training, [siti])
    await ministry.teach(training, "start")
    for day in (1, 2):
        await ministry.teach(training, "attendance", day=day, present=[siti])
    await ministry.teach(training, "assessments", results=[{"household_id": siti, "score": 95}])

    await ministry.teach(training, "complete", completed_on="2025-03-12")

    (shown,) = (await ministry.http.read(f"/v1/trainings/{training['id']}"))["participants"]
    assert shown["passed"] is False
    assert shown["reasons"] == [
        {"rule": "attended_days_at_least", "passed": False, "seen": 2, "wanted": 3},
        {"rule": "score_at_least", "passed": True, "seen": 95, "wanted": 60},
    ]
    assert await ministry.world.published(TrainingCompleted) == []


async def test_a_day_sent_again_replaces_its_list(ministry: Ministry) -> None:
    programme, families = await ministry.programme(), await ministry.families(2)
    await ministry.enrolled(programme, families)
    training = await ministry.training(programme)
    await ministry.seat(training, families)
    await ministry.teach(training, "start")
    await ministry.teach(training, "attendance", day=1, present=families)

    await ministry.teach(training, "attendance", day=1, present=families[:1])

    shown = await ministry.http.read(f"/v1/trainings/{training['id']}")
    days = {each["household_id"]: each["attended_days"] for each in shown["participants"]}
    assert days == {families[0]: 1, families[1]: 0}


async def test_seats_are_never_oversold_however_many_ask_at_once(ministry: Ministry) -> None:
    programme, families = await ministry.programme(), await ministry.families(12)
    await ministry.enrolled(programme, families)
    training = await ministry.training(programme, seats=5)

    answers = await asyncio.gather(*(ministry.seat(training, [each]) for each in families))

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409] * 7
    shown = await ministry.http.read(f"/v1/trainings/{training['id']}")
    assert (shown["seats_taken"], len(shown["participants"])) == (5, 5)


async def test_only_families_of_the_programme_are_seated(ministry: Ministry) -> None:
    programme, (inside, outside) = await ministry.programme(), await ministry.families(2)
    await ministry.enrolled(programme, [inside])
    training = await ministry.training(programme)

    refused = await ministry.seat(training, [inside, outside])

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "EMP-0410")
    assert problem["household_ids"] == [outside]


async def test_a_family_sits_once(ministry: Ministry) -> None:
    programme, (siti,) = await ministry.programme(), await ministry.families(1)
    await ministry.enrolled(programme, [siti])
    training = await ministry.training(programme)
    await ministry.seat(training, [siti])

    again = await ministry.seat(training, [siti])

    assert (again.status_code, again.json()["code"]) == (409, "EMP-0409")


async def test_what_cannot_be_is_refused_with_its_reason(ministry: Ministry) -> None:
    programme, (siti, stranger) = await ministry.programme(), await ministry.families(2)
    await ministry.enrolled(programme, [siti, stranger])
    training = await ministry.training(programme)

    nobody = await ministry.teach(training, "start")
    too_early = await ministry.teach(training, "attendance", day=1, present=[])
    await ministry.seat(training, [siti])
    await ministry.teach(training, "start")
    fourth_day = await ministry.teach(training, "attendance", day=4, present=[siti])
    outsider = await ministry.teach(training, "attendance", day=1, present=[stranger])
    unfinished = await ministry.teach(training, "complete", completed_on="2025-03-11")

    codes = [a.json()["code"] for a in (nobody, too_early, fourth_day, outsider, unfinished)]
    assert codes == ["EMP-0406", "EMP-0405", "EMP-0407", "EMP-0408", "EMP-0411"]


async def test_a_code_is_used_once_and_the_days_must_be_possible(ministry: Ministry) -> None:
    programme = await ministry.programme()
    training = await ministry.training(programme)
    body = {
        key: training[key]
        for key in (
            "code",
            "programme_id",
            "course_code",
            "skill",
            "desa_code",
            "starts_on",
            "seats",
        )
    }

    again = await ministry.http.post("/v1/trainings", body)
    impossible = await ministry.http.post(
        "/v1/trainings", {**body, "code": "AG-02", "days": 2, "required_days": 3}
    )

    assert (again.status_code, again.json()["code"]) == (409, "EMP-0402")
    assert (impossible.status_code, impossible.json()["code"]) == (400, "EMP-0403")
