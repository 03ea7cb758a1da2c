"""A period with more earnings than a statement takes parameters is paid all the same."""

from decimal import Decimal

from kernel.ids import new_id
from services.export.earnings import queries
from services.export.earnings.models import Unpaid
from tests.export.workshop import Workshop

MORE_THAN_PARAMETERS = 33_000


async def test_a_great_many_earnings_are_collected_in_one_statement(
    workshop: Workshop,
) -> None:
    household_id = new_id()
    earnings = [
        Unpaid(new_id(), household_id, accepted_pieces=1, earned_amount=Decimal(30_000))
        for _ in range(MORE_THAN_PARAMETERS)
    ]

    async with workshop.export.database.transaction() as uow:
        await queries.collect(uow.session, earnings, new_id())

    assert await workshop.count("SELECT count(*) FROM earning WHERE slip_id IS NOT NULL") == 0
