"""September: one order is modest evidence; most are told what is missing, some graduate."""

from cli.story.pay import MONTHS
from cli.story.stage import ARRIVES_SECONDS, Answer, NotYet, StoryFailed
from cli.story.tale import Tale

VERSION = "2025.1"
# Every eleventh family has further income that its pendamping verified: 32 of 350.
VERIFIED_EVERY = 11
# Of those proposed, the second person refuses every fifth: 6 of 32.
REFUSED_EVERY = 5


async def set_the_bar(tale: Tale) -> None:
    """Record the criteria: income that holds, skill, quality, and a group to lean on."""
    names = (
        ("paid_income_monthly_idr", 1_500_000, 3, True),
        ("paid_months", 3, 2, True),
        ("verified_income_monthly_idr", 1_500_000, 2, False),
        ("quality_pass_rate", 0.9, 1, False),
        ("training_passed", 1, 1, True),
        ("group_member", 1, 1, False),
    )
    criteria = [
        {"name": name, "threshold": threshold, "weight": weight, "required": required}
        for name, threshold, weight, required in names
    ]
    body = {
        "version": VERSION,
        "effective_from": "2025-01-01",
        "minimum_readiness": "0.70",
        "criteria": criteria,
    }
    await tale.as_("kemensos-programmes").do("criteria", "/v1/graduation-criteria", body)


async def weigh(tale: Tale) -> None:
    """Verify further income, propose who is ready, and let a second person decide."""
    office = tale.as_("kemensos-programmes")
    await _all_pay_is_known(tale)
    for family in tale.families[::VERIFIED_EVERY]:
        household_id = tale.households[family.reference]
        body = {
            "household_id": household_id,
            "source": "warung dan ternak",
            "monthly_amount": {"amount": "1600000.00", "currency": "IDR"},
            "months": 6,
            "verified_on": "2025-09-08",
            "document_number": f"VER-{family.number:04}",
        }
        await office.do(f"verified-{family.number}", "/v1/income-verifications", body)
    for nth, family in enumerate(tale.families[::VERIFIED_EVERY], start=1):
        household_id = tale.households[family.reference]
        if await _decided(tale, nth, household_id) == "approved":
            tale.graduates.append(household_id)


async def _all_pay_is_known(tale: Tale) -> None:
    """Wait until the last payout has reached every family's evidence."""
    office = tale.as_("kemensos-programmes")
    async for attempt in tale.stage.attempts(NotYet, ARRIVES_SECONDS):
        with attempt:
            known = await office.list("/v1/readiness?on=2025-09-10")
            if any(_seen(each, "paid_months") < len(MONTHS) for each in known):
                raise NotYet("the last slips are under way")


def _seen(readiness: Answer, criterion: str) -> float:
    [reason] = [each for each in readiness["reasons"] if each["criterion"] == criterion]
    return float(reason["seen"] or 0)


async def _decided(tale: Tale, nth: int, household_id: str) -> str:
    office, checker = tale.as_("kemensos-programmes"), tale.as_("kemensos-checker")
    body = {
        "household_id": household_id,
        "exit_kind": "self_reliant",
        "proposed_on": "2025-09-10",
        "note": "Penghasilan anyaman dan usaha sendiri.",
    }
    proposal = await office.do(f"proposal-{nth}", "/v1/graduation-proposals", body)
    refused = nth % REFUSED_EVERY == 0
    verb = "refuse" if refused else "approve"
    reason = "Tunggu satu musim lagi." if refused else "Penghasilan bertahan, keluarga siap."
    path = f"/v1/graduation-proposals/{proposal['id']}/{verb}"
    decision = {"decided_on": "2025-09-12", "reason": reason}
    return str((await checker.do(f"decision-{nth}", path, decision))["state"])


async def tell_who_is_not_ready(tale: Tale) -> list[Answer]:
    """Return the readiness of every family that did not graduate, each with its reasons.

    Raises:
        StoryFailed: one is not told why.
    """
    office = tale.as_("kemensos-programmes")
    waiting = await office.list("/v1/readiness?ready=false&on=2025-09-10")
    for each in waiting:
        if not any(not reason["passed"] for reason in each["reasons"]):
            raise StoryFailed(f"not ready and not told why: {each['household_id']}")
    return waiting
