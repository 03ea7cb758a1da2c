"""Lots are inspected by the contract's plan: accepted, held, reworked, scrapped."""

from contracts.export import EarningRecorded, LotAccepted, LotRejected
from tests.export.trade import problem_of
from tests.export.workshop import INSPECTED, Group, Workshop
from tests.people import OOA, OTHER_PARTNER
from tests.world import Json


async def test_an_inspection_tells_the_plan(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 15, 15)

    inspection = await workshop.inspect(lot)

    plan = inspection["plan"]
    assert (plan["code_letter"], plan["sample_size"]) == ("D", 13)
    assert plan["major"] == {"sample_size": 5, "ac": 0, "re": 1}
    assert plan["minor"] == {"sample_size": 13, "ac": 1, "re": 2}
    assert plan["critical"] == {"sample_size": 13, "ac": 0, "re": 1}
    assert (inspection["severity"], inspection["verdict"]) == ("normal", None)


async def test_an_accepted_lot_counts_what_was_set_aside_as_rejected(workshop: Workshop) -> None:
    group = await workshop.group()
    siti, dewi = group.makers[:2]
    lot = await workshop.deliver(group, 10, 8)

    accepted = await workshop.accept(lot, set_aside={siti: 2})

    assert (accepted["state"], accepted["accepted"], accepted["rejected"]) == ("accepted", 16, 2)
    by_maker = {
        each["household_id"]: (each["accepted"], each["rejected"]) for each in accepted["makers"]
    }
    assert by_maker == {
        str(siti): (8, 2),
        str(dewi): (8, 0),
    }
    [told] = await workshop.trade.told(LotAccepted)
    assert (told.group_id, told.accepted_pieces, told.rejected_pieces) == (group.id, 16, 2)
    earned = {each.household_id: each for each in await workshop.trade.told(EarningRecorded)}
    assert f"{earned[siti].amount.amount}" == "240000.00"
    assert (earned[siti].accepted_pieces, earned[siti].rejected_pieces) == (8, 2)


async def test_a_failed_lot_is_held_and_tells_its_defects(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 10, 8)

    held = await workshop.hold(lot, major=2)

    assert (held["state"], held["accepted"], held["rejected"]) == ("held", 0, 0)
    [told] = await workshop.trade.told(LotRejected)
    assert (told.final, [(d.code, d.pieces) for d in told.defects]) == (False, [("loose_weave", 2)])
    assert await workshop.trade.told(EarningRecorded) == []


async def test_a_held_lot_is_reworked_and_inspected_again(workshop: Workshop) -> None:
    group = await workshop.group()
    siti, dewi = group.makers[:2]
    lot = await workshop.deliver(group, 10, 8)
    inspection = await workshop.inspect(lot)
    await workshop.report(inspection, major=3, set_aside={siti: 3})

    reworked = await workshop.export.do(
        f"/v1/lots/{lot['id']}/rework",
        {
            "reworked_on": INSPECTED,
            "repaired": [{"household_id": str(siti), "pieces": 2}],
            "set_aside": [{"household_id": str(dewi), "pieces": 1, "code": "mould"}],
        },
        as_=OOA,
    )
    assert (reworked["state"], reworked["set_aside"]) == ("reworked", 2)
    again = await workshop.inspect(lot)
    assert (again["number"], again["lot_size"]) == (2, 16)
    await workshop.report(again)

    lot = await workshop.lot(lot)
    assert (lot["state"], lot["accepted"], lot["rejected"]) == ("accepted", 16, 2)


async def test_a_scrapped_lot_is_rejected_wholly_and_finally(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 10, 8)
    await workshop.hold(lot, major=4)

    scrapped = await workshop.export.do(
        f"/v1/lots/{lot['id']}/scrap",
        {"scrapped_on": INSPECTED, "reason": "mould all over"},
        as_=OOA,
    )

    assert (scrapped["state"], scrapped["accepted"], scrapped["rejected"]) == ("scrapped", 0, 18)
    _, final = await workshop.trade.told(LotRejected)
    assert (final.final, final.pieces) == (True, 18)
    nothing = await workshop.trade.told(EarningRecorded)
    assert sum(each.amount.amount for each in nothing) == 0
    assert sum(each.rejected_pieces for each in nothing) == 18
    assert (await workshop.work_order(group))["open_pieces"] == 200


async def test_a_result_is_given_once(workshop: Workshop) -> None:
    group = await workshop.group()
    inspection = await workshop.inspect(await workshop.deliver(group, 10))
    await workshop.report(inspection)

    again = await workshop.report(inspection)

    assert problem_of(again) == (409, "KER-0003")
    assert len(await workshop.trade.told(LotAccepted)) == 1


async def test_a_lot_is_inspected_once_at_a_time(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 10)
    await workshop.inspect(lot)

    again = await workshop.export.post(
        f"/v1/lots/{lot['id']}/inspections", {"inspected_on": INSPECTED}, as_=OOA
    )

    assert problem_of(again) == (409, "KER-0003")


async def result(
    workshop: Workshop, inspection: dict[str, Json], **body: object
) -> tuple[int, str]:
    path = f"/v1/inspections/{inspection['id']}/result"
    return problem_of(await workshop.export.post(path, body, as_=OOA))


async def test_the_sample_is_as_large_as_the_plan_asks(workshop: Workshop) -> None:
    group = await workshop.group()
    inspection = await workshop.inspect(await workshop.deliver(group, 20))

    assert await result(workshop, inspection, inspected_pieces=4) == (400, "EXP-0804")
    assert await result(workshop, inspection, inspected_pieces=21) == (400, "EXP-0805")
    many = [{"code": "hole", "defect_class": "major", "pieces": 6}]
    assert await result(workshop, inspection, inspected_pieces=5, defects=many) == (400, "EXP-0805")


async def test_known_defectives_do_not_pass_with_the_lot(workshop: Workshop) -> None:
    group = await workshop.group(makers=14, pieces=400)
    inspection = await workshop.inspect(await workshop.deliver(group, *[20] * 14))
    assert inspection["plan"]["major"]["ac"] == 2

    refused = await workshop.report(inspection, major=2)
    accepted = await workshop.report(inspection, major=2, set_aside={group.makers[0]: 2})

    assert problem_of(refused) == (409, "EXP-0806")
    assert accepted.json()["verdict"] == "accepted"


async def test_only_makers_of_the_lot_lose_pieces_and_only_those_they_made(
    workshop: Workshop,
) -> None:
    group = await workshop.group()
    siti, dewi = group.makers[:2]
    inspection = await workshop.inspect(await workshop.deliver(group, 5))

    stranger = await workshop.report(inspection, set_aside={dewi: 1})
    too_many = await workshop.report(inspection, set_aside={siti: 6})

    assert problem_of(stranger) == (409, "EXP-0710")
    assert problem_of(too_many) == (409, "EXP-0711")


async def test_no_more_comes_back_repaired_than_was_set_aside(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 10)
    await workshop.hold(lot)

    response = await workshop.export.post(
        f"/v1/lots/{lot['id']}/rework",
        {
            "reworked_on": INSPECTED,
            "repaired": [{"household_id": str(group.makers[0]), "pieces": 1}],
        },
        as_=OOA,
    )

    assert problem_of(response) == (409, "EXP-0712")


async def test_an_empty_lot_is_not_inspected(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 10)
    await workshop.report(await workshop.inspect(lot), major=3, set_aside={group.makers[0]: 10})
    await workshop.export.do(f"/v1/lots/{lot['id']}/rework", {"reworked_on": INSPECTED}, as_=OOA)

    response = await workshop.export.post(
        f"/v1/lots/{lot['id']}/inspections", {"inspected_on": INSPECTED}, as_=OOA
    )

    assert problem_of(response) == (409, "EXP-0713")


async def test_lots_are_sampled_by_a_contract_in_force(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 10)

    response = await workshop.export.post(
        f"/v1/lots/{lot['id']}/inspections", {"inspected_on": "2026-01-01"}, as_=OOA
    )

    assert problem_of(response) == (409, "EXP-0802")


async def fail(workshop: Workshop, group: Group, *, lots: int) -> None:
    for _ in range(lots):
        await workshop.hold(await workshop.deliver(group, 10))


async def test_failing_groups_are_inspected_more_strictly_and_at_last_not_at_all(
    workshop: Workshop,
) -> None:
    group = await workshop.group(pieces=500)
    await fail(workshop, group, lots=2)
    strict = await workshop.inspect(await workshop.deliver(group, 16))
    assert (strict["severity"], strict["plan"]["major"]["sample_size"]) == ("tightened", 8)
    await workshop.report(strict, major=2)
    await fail(workshop, group, lots=4)
    lot = await workshop.deliver(group, 10)

    refused = await workshop.export.post(
        f"/v1/lots/{lot['id']}/inspections", {"inspected_on": INSPECTED}, as_=OOA
    )
    resumed = await workshop.export.do(f"/v1/group-severities/{group.id}/resume")

    assert problem_of(refused) == (409, "EXP-0803")
    assert resumed["severity"] == "tightened"
    assert (await workshop.inspect(lot))["severity"] == "tightened"


async def test_a_second_look_at_a_reworked_lot_does_not_count_against_the_group(
    workshop: Workshop,
) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 10)
    await workshop.hold(lot)
    await workshop.export.do(f"/v1/lots/{lot['id']}/rework", {"reworked_on": INSPECTED}, as_=OOA)
    await workshop.hold(lot)

    severity = await workshop.export.read(f"/v1/group-severities/{group.id}", as_=OOA)

    assert (severity["severity"], severity["recent"]) == ("normal", "R")


async def test_a_group_must_be_steady_for_reduced_inspection(workshop: Workshop) -> None:
    group = await workshop.group()
    await workshop.accepted_lot(group, 5)

    response = await workshop.export.post(f"/v1/group-severities/{group.id}/reduce")

    assert problem_of(response) == (409, "EXP-0807")


async def test_another_partner_sees_no_inspections(workshop: Workshop) -> None:
    group = await workshop.group()
    inspection = await workshop.inspect(await workshop.deliver(group, 5))
    await workshop.report(inspection)

    shown = await workshop.export.get(f"/v1/inspections/{inspection['id']}", as_=OTHER_PARTNER)
    severity = await workshop.export.get(f"/v1/group-severities/{group.id}", as_=OTHER_PARTNER)

    assert problem_of(shown) == (404, "EXP-0801")
    assert problem_of(severity) == (404, "EXP-0808")


async def test_a_lots_inspections_are_listed(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.deliver(group, 5)
    inspection = await workshop.inspect(lot)
    await workshop.report(inspection)

    listed = await workshop.export.read(f"/v1/lots/{lot['id']}/inspections", as_=OOA)

    assert [(each["id"], each["verdict"]) for each in listed["items"]] == [
        (inspection["id"], "accepted")
    ]
