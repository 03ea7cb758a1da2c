"""March and April: a programme, three days of training a group, and twenty-five KUBE."""

import asyncio

from cli.story.cast import KALISALAK, Group
from cli.story.stage import Answer
from cli.story.tale import Tale

SKILL = "anyaman eceng gondok"
AGENCIES = (
    ("KEMENSOS", "Kementerian Sosial", "ministry", "2010-01-01"),
    ("KEMENPERIN", "Kementerian Perindustrian", "ministry", "2010-01-01"),
    ("KEMENKOPUKM", "Kementerian Koperasi dan UKM", "ministry", "2012-01-01"),
    ("OOA", "PT Out of Asia", "partner", "2000-01-01"),
    ("PNM", "PT Permodalan Nasional Madani", "lender", "2000-01-01"),
)


AGREEMENTS = (
    {
        "number": "MOU/KEMENSOS-KEMENPERIN/2019-02-08",
        "title": "Wirausaha baru dari keluarga PKH yang graduasi",
        "parties": ["KEMENSOS", "KEMENPERIN"],
        "fields": [
            "data_exchange",
            "training",
            "digital_market",
            "finance_access",
            "raw_material",
            "institutional",
        ],
        "signed_on": "2019-02-08",
        "targets": [{"metric": "graduated_households", "value": 400_000, "per": "total"}],
    },
    {
        "number": "KEMENSOS-KEMENKOPUKM/2025-03-20",
        "title": "Pemberdayaan keluarga penerima manfaat melalui koperasi dan UKM",
        "parties": ["KEMENSOS", "KEMENKOPUKM"],
        "fields": ["data_exchange", "finance_access"],
        "signed_on": "2025-03-20",
        "targets": [{"metric": "graduated_households", "value": 300_000, "per": "year"}],
    },
)
PROGRAMME = {
    "code": "OOA-2025",
    "name": "Anyaman ekspor PT Out of Asia",
    "owner_agency_code": "KEMENSOS",
    "scheme": "kampung_berdaya",
    "eligibility": [{"rule": "decile_at_most", "value": 2}],
    "quota": 350,
    "starts_on": "2025-03-01",
    "ends_on": "2026-02-28",
}


async def agree(tale: Tale) -> None:
    """Record the parties and the two agreements between ministries."""
    office = tale.as_("kemensos-programmes")
    for code, name, kind, since in AGENCIES:
        body = {"code": code, "name": name, "kind": kind, "valid_from": since}
        await office.do(f"agency-{code}", "/v1/agencies", body)
    for agreement in AGREEMENTS:
        await office.do(f"agreement-{agreement['signed_on']}", "/v1/agreements", agreement)


async def enrol(tale: Tale) -> None:
    """Open the programme and take the 350 families in."""
    office, checker = tale.as_("kemensos-programmes"), tale.as_("kemensos-checker")
    programme = await office.do("programme", "/v1/programmes", PROGRAMME)
    tale.programme_id = programme["id"]
    await office.do("programme-open", f"/v1/programmes/{programme['id']}/open")
    items = [
        {"programme_id": programme["id"], "household_id": each, "proposed_on": "2025-03-05"}
        for each in tale.households.values()
    ]
    batch = {"on_error": "rollback", "items": items}
    answer = await office.do("enrolments", "/v1/enrolments/batch", batch, patient=True)
    ids = [result["id"] for result in answer["results"]]
    for move, party, on in (("approve", checker, "2025-03-07"), ("activate", office, "2025-03-10")):
        body = {"move": move, "ids": ids, "on": on, "on_error": "rollback"}
        await party.do(f"enrolments-{move}", "/v1/enrolments/moves", body)


async def train(tale: Tale) -> None:
    """Train every group for three days in March."""
    await asyncio.gather(*(_train(tale, group) for group in tale.groups))


async def _train(tale: Tale, group: Group) -> None:
    trainer, members = tale.as_("kemenperin-trainer"), tale.members_of(group)
    code = f"LATIH-{group.number:02}"
    training = await trainer.do(code, "/v1/trainings", _course(tale, group, code))
    path = f"/v1/trainings/{training['id']}"
    await trainer.do(f"{code}-people", f"{path}/participants", {"household_ids": members})
    await trainer.do(f"{code}-start", f"{path}/start")
    for day in (1, 2, 3):
        body = {"day": day, "present": members}
        await trainer.do(f"{code}-day-{day}", f"{path}/attendance", body)
    results = [
        {"household_id": each, "score": 66 + (7 * nth + group.number) % 30}
        for nth, each in enumerate(members)
    ]
    await trainer.do(f"{code}-scores", f"{path}/assessments", {"results": results})
    await trainer.do(f"{code}-done", f"{path}/complete", {"completed_on": "2025-03-19"})


def _course(tale: Tale, group: Group, code: str) -> Answer:
    return {
        "code": code,
        "programme_id": tale.programme_id,
        "course_code": "ANYAM-DASAR",
        "skill": SKILL,
        "desa_code": group.desa_code,
        "starts_on": "2025-03-17",
        "seats": len(group.families),
    }


async def organise(tale: Tale) -> None:
    """Form the twenty-five groups."""
    for group_id, group in zip(
        await asyncio.gather(*(_form(tale, group) for group in tale.groups)),
        tale.groups,
        strict=True,
    ):
        tale.group_ids[group.number] = group_id


async def _form(tale: Tale, group: Group) -> str:
    organiser, members = tale.as_("kemenkopukm-organiser"), tale.members_of(group)
    formed = await organiser.do(
        group.code,
        "/v1/groups",
        {
            "number": group.code,
            "name": f"KUBE Anyam {group.number:02}",
            "desa_code": group.desa_code,
            "formed_on": "2025-03-24",
        },
    )
    path = f"/v1/groups/{formed['id']}"
    body = {"household_ids": members, "joined_on": "2025-03-24"}
    await organiser.do(f"{group.code}-members", f"{path}/members", body)
    roles = dict(zip(("chair", "secretary", "treasurer"), members, strict=False))
    await organiser.do(f"{group.code}-roles", f"{path}/roles", roles)
    await organiser.do(f"{group.code}-active", f"{path}/activate", {"activated_on": "2025-03-31"})
    return str(formed["id"])


async def declare_the_village(tale: Tale) -> None:
    """Declare Kalisalak a Kampung Berdaya, and note a first mentoring visit."""
    office = tale.as_("kemensos-programmes")
    await office.do(
        "kalisalak",
        "/v1/villages",
        {
            "desa_code": KALISALAK,
            "name": "Kampung Berdaya Kalisalak",
            "kind": "kampung_berdaya",
            "commodities": ["eceng gondok", "mendong"],
            "declared_on": "2025-03-14",
        },
    )
    group = next(group for group in tale.groups if group.desa_code == KALISALAK)
    planned = {
        "group_id": tale.group_ids[group.number],
        "kind": "production",
        "planned_on": "2025-04-21",
    }
    visit = await office.do("visit", "/v1/mentoring-visits", planned, patient=True)
    path = f"/v1/mentoring-visits/{visit['id']}"
    seen = {"visited_on": "2025-04-21", "findings": "Anyaman rapat, ukuran seragam."}
    await office.do("visit-record", f"{path}/record", seen)
    ended = {"closed_on": "2025-04-21", "outcome": "Lanjutkan."}
    await office.do("visit-close", f"{path}/close", ended)
