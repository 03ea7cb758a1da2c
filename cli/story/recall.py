"""A story that was played to its end is not played again: what it did is read back."""

from cli.story.lending import SILENT_EVERY
from cli.story.ordering import ORDER_NUMBER
from cli.story.tale import Tale


async def was_played(tale: Tale) -> bool:
    """Tell whether the story's end is there: every graduate who consents was answered by PNM."""
    checker = tale.as_("kemensos-checker")
    seen = [
        (await checker.read(f"/v1/summaries/{service}"))["figures"]
        for service in ("export", "empowerment", "financing")
    ]
    export, empowerment, financing = seen
    graduates = empowerment["graduated"]
    wanted = graduates - graduates // SILENT_EVERY
    answered = financing["disbursed"] + financing["by_state"]["rejected"]
    return bool(export["containers_released"] and wanted and answered == wanted)


async def recall(tale: Tale) -> None:
    """Learn again what the reckoning needs: the order, and who graduated."""
    buyer, checker = tale.as_("ooa-buyer"), tale.as_("kemensos-checker")
    [order] = await buyer.list(f"/v1/orders?partner_order_number={ORDER_NUMBER}")
    tale.order_id = order["id"]
    approved = await checker.list("/v1/graduation-proposals?state=approved")
    tale.graduates = [proposal["household_id"] for proposal in approved]
