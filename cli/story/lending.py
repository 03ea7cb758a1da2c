"""September: who graduated and consents is referred; PNM decides, and pays out."""

import asyncio

from cli.story.stage import Answer
from cli.story.tale import Tale

# Of the graduates every fifth does not consent; of the referred, every fourth is declined.
SILENT_EVERY, DECLINED_EVERY = 5, 4
LOAN = {"amount": "5000000.00", "currency": "IDR"}


async def open_the_desk(tale: Tale) -> None:
    """Record PNM and its group loan for women."""
    organiser = tale.as_("kemenkopukm-organiser")
    who = {"code": "PNM", "name": "PT Permodalan Nasional Madani", "organisation": "pnm"}
    provider = await organiser.do("pnm", "/v1/providers", {**who, "kind": "ventura"})
    tale.provider_id = provider["id"]
    product = {
        "code": "MEKAAR",
        "name": "PNM Mekaar",
        "rules": [{"rule": "adult_woman"}, {"rule": "group_member"}],
        "minimum": {"amount": "2000000.00", "currency": "IDR"},
        "maximum": {"amount": "15000000.00", "currency": "IDR"},
    }
    await organiser.do("mekaar", f"/v1/providers/{provider['id']}/products", product)


async def refer(tale: Tale) -> None:
    """Take the graduates' consents; each draws a draft, which is completed and sent."""
    organiser = tale.as_("kemenkopukm-organiser")
    willing = [h for nth, h in enumerate(tale.graduates, start=1) if nth % SILENT_EVERY]
    for nth, household_id in enumerate(willing, start=1):
        consent = {
            "household_id": household_id,
            "provider_id": tale.provider_id,
            "purposes": ["credit_assessment"],
            "data_sets": ["income", "quality", "group"],
            "given_on": "2025-09-13",
            "valid_until": "2026-09-12",
            "evidence_reference": f"SETUJU-{nth:03}",
        }
        await organiser.do(f"consent-{nth}", "/v1/consents", consent)
    await asyncio.gather(
        *(_refer(tale, nth, household_id) for nth, household_id in enumerate(willing, start=1))
    )


async def _refer(tale: Tale, nth: int, household_id: str) -> None:
    organiser, pnm = tale.as_("kemenkopukm-organiser"), tale.as_("pnm-officer")
    drawn = await organiser.until(f"/v1/referrals?household_id={household_id}", _drafted)
    path = f"/v1/referrals/{drawn['items'][0]['id']}"
    wish = {"on": "2025-09-15", "product_code": "MEKAAR", "amount": LOAN}
    await organiser.do(f"refer-{nth}", f"{path}/refer", wish, patient=True)
    taken = {"on": "2025-09-17", "provider_reference": f"PNM-2025-{nth:04}"}
    await pnm.do(f"acknowledge-{nth}", f"{path}/acknowledge", taken)
    seen = {"on": "2025-09-19", "note": "Kunjungan lapangan selesai."}
    await pnm.do(f"assess-{nth}", f"{path}/assess", seen)
    if nth % DECLINED_EVERY == 0:
        declined = {"on": "2025-09-22", "reason": "Pinjaman lain masih berjalan."}
        await pnm.do(f"reject-{nth}", f"{path}/reject", declined)
        return
    offer = {"on": "2025-09-22", "amount": LOAN, "months": 12, "yearly_rate_percent": "12.50"}
    await pnm.do(f"offer-{nth}", f"{path}/offer", offer)
    await organiser.do(f"accept-{nth}", f"{path}/accept", {"on": "2025-09-23"})
    await pnm.do(f"approve-{nth}", f"{path}/approve", {"on": "2025-09-24"})
    paid = {"on": "2025-09-26", "proof_reference": f"CAIR-{nth:04}"}
    await pnm.do(f"disburse-{nth}", f"{path}/disburse", paid)


def _drafted(answer: Answer) -> bool:
    return bool(answer["items"])
