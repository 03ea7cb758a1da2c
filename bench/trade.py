"""What is there before the benches of orders begin: a partner, its accepted orders, their plans.

Every row has an id that its kind and its number make, so that a script can name it as well as we.
"""

from enum import IntEnum
from uuid import UUID

from kernel.line import Line

GROUPS, MAKERS = 5_000, 14
GROUPS_A_LINE, PIECES_A_GROUP = 3, 300
PIECES = GROUPS_A_LINE * PIECES_A_GROUP
PLANNED_ON, DUE_ON = "2025-05-12", "2025-08-31"


class Kind(IntEnum):
    """What an id names."""

    PARTNER = 1
    PRODUCT = 2
    GROUP = 3
    MAKER = 4
    ORDER = 5
    LINE = 6
    ALLOCATION = 7
    KEY = 8
    MADE_BY_THE_SERVICE = 100


def named(kind: int, number: int = 0) -> UUID:
    """Return the id of the `number`-th thing of a kind; the SQL function of the same name does."""
    return UUID(int=number * 256 + kind)


NAMED = """
CREATE FUNCTION named(kind integer, number bigint) RETURNS uuid IMMUTABLE PARALLEL SAFE
RETURN lpad(to_hex(number * 256 + kind), 32, '0')::uuid
"""
PEOPLE = f"""
INSERT INTO partner VALUES
 (named({Kind.PARTNER}, 0), 1, now(), now(), 'OOA', 'PT OOA', 'ooa', 'ID');
INSERT INTO product (id, version, recorded_at, changed_at, sku, name, length_mm, width_mm,
 height_mm, weight_grams, hs_code, skill, currency, piece_rate_amount, minimum_piece_rate_amount,
 minutes_per_piece)
VALUES (named({Kind.PRODUCT}, 0), 1, now(), now(), 'WB-30', 'Keranjang', 300, 300,
 350, 900, '4602.19.1800', 'anyaman', 'IDR', 30000, 25000, 180);
INSERT INTO product_material VALUES (named({Kind.PRODUCT}, 0), 'eceng gondok', 750);
INSERT INTO capacity_group
 SELECT named({Kind.GROUP}, g), '33.02.05.2007', true FROM generate_series(0, {GROUPS - 1}) AS g;
INSERT INTO capacity_member
 SELECT named({Kind.GROUP}, m % {GROUPS}), named({Kind.MAKER}, m)
 FROM generate_series(0, {GROUPS * MAKERS - 1}) AS m;
INSERT INTO maker_skill
 SELECT named({Kind.MAKER}, m), 'anyaman', 'b' FROM generate_series(0, {GROUPS * MAKERS - 1}) AS m;
"""
CLEAR = """
TRUNCATE allocation_share, allocation, capacity_booking, work_order, order_line, purchase_order,
 event_stream, outbox, idempotency_key CASCADE;
"""
PLANS = f"""
INSERT INTO purchase_order (id, version, recorded_at, changed_at, partner_id,
 partner_order_number, state, ordered_on, submitted_on, accepted_on, shipped_pieces)
 SELECT named({Kind.ORDER}, n), 3, now(), now(), named({Kind.PARTNER}, 0),
 'PO-' || n, 'accepted', '2025-05-05', '2025-05-05', '{PLANNED_ON}', 0
 FROM generate_series(0, $1 - 1) AS n;
INSERT INTO order_line
 SELECT named({Kind.LINE}, n), named({Kind.ORDER}, n), 1, named({Kind.PRODUCT}, 0), {PIECES},
 88550, 'IDR', '{DUE_ON}', 'accepted', {PIECES}, '{DUE_ON}' FROM generate_series(0, $1 - 1) AS n;
INSERT INTO allocation (id, version, recorded_at, changed_at, order_id, line_id, state, pieces,
 due_on, planned_on)
 SELECT named({Kind.ALLOCATION}, n), 1, now(), now(), named({Kind.ORDER}, n),
 named({Kind.LINE}, n), 'planned', {PIECES}, '{DUE_ON}', '{PLANNED_ON}'
 FROM generate_series(0, $1 - 1) AS n;
INSERT INTO allocation_share
 SELECT named({Kind.ALLOCATION}, n), named({Kind.GROUP}, (n * {GROUPS_A_LINE} + s) % {GROUPS}),
 {PIECES_A_GROUP}, 'fair', {MAKERS}, {14 * MAKERS}, {14 * MAKERS * 16}, 0
 FROM generate_series(0, $1 - 1) AS n, generate_series(0, {GROUPS_A_LINE - 1}) AS s;
INSERT INTO capacity_booking
 SELECT named({Kind.GROUP}, g), '2025-03-03'::date + 7 * w, named({Kind.LINE}, 0), 98
 FROM generate_series(0, {GROUPS - 1}) AS g, generate_series(0, 3) AS w;
"""
# Not of tables that are empty: the server would read them row by row, however full they get.
TAKE_STOCK_OF_PEOPLE = (
    "VACUUM ANALYZE partner, product, capacity_group, capacity_member, maker_skill"
)
TAKE_STOCK_OF_PLANS = (
    "VACUUM ANALYZE purchase_order, order_line, allocation, allocation_share, capacity_booking"
)


async def open_up(url: str) -> None:
    """Let the partner, its product and the groups be there."""
    line = await Line.open(url, name="bench")
    async with line.transaction() as connection:
        await connection.execute(NAMED)
        await connection.execute(PEOPLE)
    await line.rows(TAKE_STOCK_OF_PEOPLE)
    await line.close()


async def begin_anew(url: str, *, plans: int) -> None:
    """Forget what the commands did; let so many orders wait for their plan to be accepted."""
    line = await Line.open(url, name="bench")
    async with line.transaction() as connection:
        await connection.execute(CLEAR)
        if plans:
            await connection.execute(PLANS.replace("$1", str(plans)))
    if plans:
        await line.rows(TAKE_STOCK_OF_PLANS)
    await line.close()
