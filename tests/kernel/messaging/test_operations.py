"""What an operator may ask of a service over HTTP."""

from uuid import uuid4

import sqlalchemy as sa

from tests.kernel.conftest import READER, Toy
from tests.people import person

OPERATOR = person(
    "operator",
    organisation="kemensos",
    scopes=frozenset({"operations:read", "operations:write"}),
)
HERE = "/v1/operations/toy"
DEAD_LETTER = """
INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, headers, value, attempts,
                         error_class, failed_at)
VALUES (:id, 'toy.c', 'toy.basket', 0, 7, 'k', '[]', '', 1, 'Undecodable', now())
"""


async def test_the_state_of_messaging_is_shown(baskets: Toy) -> None:
    await baskets.weave()

    state = (await baskets.call("GET", f"{HERE}/messaging", as_=OPERATOR)).json()

    assert state["service"] == "toy"
    assert state["unpublished"]["events"] == 1
    assert state["published"] == {}
    assert state["consumers"] == []


async def test_it_is_shown_to_operators_only(baskets: Toy) -> None:
    response = await baskets.call("GET", f"{HERE}/messaging", as_=READER)

    assert response.status_code == 403


async def test_a_dead_letter_is_sent_again_once(baskets: Toy) -> None:
    letter = uuid4()
    async with baskets.app.state.database.engine.begin() as connection:
        await connection.execute(sa.text(DEAD_LETTER), {"id": letter})
    listed = (await baskets.call("GET", f"{HERE}/dead-letters", as_=OPERATOR)).json()["items"]
    redrive = f"{HERE}/dead-letters/{letter}/redrive"

    first = await baskets.call("POST", redrive, as_=OPERATOR)
    second = await baskets.call("POST", redrive, as_=OPERATOR)

    assert [item["id"] for item in listed] == [str(letter)]
    assert first.status_code == 204
    assert second.status_code == 404
    assert second.json()["code"] == "KER-0040"
    assert await baskets.count("parked") == 1
