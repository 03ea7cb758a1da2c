"""March: 350 families are registered from one file, ranked, and given a pendamping."""

from cli.story.cast import as_csv
from cli.story.tale import Tale

KABUPATEN = ("34.02", "34.03", "33.02", "33.01", "33.07")
CYCLE, RANKED_ON = "2025Q1", "2025-02-05"
AIDED_SINCE = "2024-01-15"


async def register(tale: Tale) -> None:
    """Import the families' file: one person uploads it, another approves what the dry run shows."""
    registrar, checker = tale.as_("kemensos-registrar"), tale.as_("kemensos-checker")
    job = await registrar.send(
        "import", "/v1/household-imports?filename=kpm-ooa-2025.csv", as_csv()
    )
    path = f"/v1/household-imports/{job['id']}"
    await registrar.until(path, lambda seen: seen["state"] in {"checked", "approved", "applied"})
    await checker.do("import-approve", f"{path}/approve")
    await registrar.until(path, lambda seen: seen["state"] == "applied")
    for household in await registrar.list("/v1/households"):
        tale.households[household["reference"]] = household["id"]


async def rank(tale: Tale) -> None:
    """Record the DTSEN deciles that BPS computed."""
    items = [
        {"household_id": tale.households[family.reference], "decile": family.decile}
        for family in tale.families
    ]
    body = {"reference_date": RANKED_ON, "source": "BPS", "items": items}
    await tale.as_("kemensos-registrar").do("deciles", f"/v1/welfare-cycles/{CYCLE}/deciles", body)


async def note_the_aid(tale: Tale) -> None:
    """Record that every family receives PKH, and every second one staple food."""
    aided = [(family, "pkh") for family in tale.families]
    aided += [(family, "sembako") for family in tale.families if family.number % 2 == 0]
    for part, start in enumerate(range(0, len(aided), 500)):
        items = [
            {
                "household_id": tale.households[family.reference],
                "scheme": scheme,
                "started_on": AIDED_SINCE,
            }
            for family, scheme in aided[start : start + 500]
        ]
        body = {"on_error": "rollback", "items": items}
        await tale.as_("kemensos-registrar").do(f"aid-{part}", "/v1/assistance/batch", body)


async def assign_pendamping(tale: Tale) -> None:
    """Give each kabupaten two facilitators, and each family one of them."""
    registrar = tale.as_("kemensos-registrar")
    for kabupaten in KABUPATEN:
        local = [family for family in tale.families if family.kabupaten == kabupaten]
        for desk in (0, 1):
            number = f"PKH-{kabupaten}-{desk + 1}"
            facilitator = await registrar.do(
                f"facilitator-{number}",
                "/v1/facilitators",
                {
                    "employee_number": number,
                    "name": f"Pendamping Contoh {kabupaten}-{desk + 1}",
                    "area_code": kabupaten,
                },
            )
            tale.facilitators[number] = facilitator["id"]
            mine = [tale.households[family.reference] for family in local[desk::2]]
            await registrar.do(
                f"caseload-{number}",
                f"/v1/facilitators/{facilitator['id']}/caseload",
                {"household_ids": mine, "assigned_on": "2025-03-04"},
            )
