"""Every month: what was earned is paid; one person makes the batch, another approves it."""

from cli.story.tale import Tale

# Period, and the day of payment in the month after.
MONTHS = (
    ("2025-04-01", "2025-04-30", "2025-05-05"),
    ("2025-05-01", "2025-05-31", "2025-06-05"),
    ("2025-06-01", "2025-06-30", "2025-07-05"),
    ("2025-07-01", "2025-07-31", "2025-08-05"),
    ("2025-08-01", "2025-08-31", "2025-09-05"),
)


async def pay(tale: Tale) -> None:
    """Make, approve and pay a batch a month."""
    payroll, finance = tale.as_("ooa-payroll"), tale.as_("ooa-finance")
    for begin, end, paid_on in MONTHS:
        reference = f"UPAH-{begin[:7]}"
        body = {"reference": reference, "period_from": begin, "period_to": end}
        batch = await payroll.do(reference, "/v1/payout-batches", body)
        path = f"/v1/payout-batches/{batch['id']}"
        await finance.do(f"{reference}-approve", f"{path}/approve", {"on": paid_on})
        proof = {"paid_on": paid_on, "proof_reference": f"TRF-{begin[:7]}"}
        await payroll.do(f"{reference}-pay", f"{path}/pay", proof)
