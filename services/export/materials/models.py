"""Raw material by the gram: received, issued, used, returned, wasted; none appears or vanishes."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from kernel.db import Aggregate, state_column
from services.export.db import Table
from services.export.materials.problems import NotEnoughInStore, NotEnoughOnHand


class MovementKind(StrEnum):
    """Between the store and a group: out, back, or lost at the group."""

    ISSUE = "issue"
    RETURN = "return"
    WASTE = "waste"


class MaterialLot(Aggregate, Table, table=True):
    """Raw material received together from one village."""

    __tablename__ = "material_lot"
    __table_args__ = (
        sa.CheckConstraint("received_grams >= 1", name="received"),
        sa.CheckConstraint("in_store_grams BETWEEN 0 AND received_grams", name="in_store"),
    )

    reference: str = Field(unique=True)
    organisation: str
    material: str = Field(index=True)
    source_desa_code: str
    match_id: UUID | None = None
    received_on: date
    received_grams: int = Field(sa_type=sa.BigInteger)
    in_store_grams: int = Field(sa_type=sa.BigInteger)

    def issue(self, grams: int) -> None:
        """Hand material out of the store.

        Raises:
            NotEnoughInStore: the lot holds less.
        """
        if grams > self.in_store_grams:
            raise NotEnoughInStore(grams=grams, in_store_grams=self.in_store_grams)
        self.in_store_grams -= grams

    def take_back(self, grams: int) -> None:
        """Put returned material back into the store."""
        self.in_store_grams += grams


class MaterialMovement(Aggregate, Table, table=True):
    """One paper: material of one lot, moved for one work order."""

    __tablename__ = "material_movement"
    __table_args__ = (
        sa.UniqueConstraint("kind", "reference"),
        sa.CheckConstraint("grams >= 1", name="grams"),
    )

    reference: str
    kind: MovementKind = Field(sa_type=state_column(MovementKind))
    material_lot_id: UUID = Field(foreign_key="material_lot.id", index=True)
    work_order_id: UUID = Field(foreign_key="work_order.id", index=True)
    grams: int = Field(sa_type=sa.BigInteger)
    moved_on: date
    reason: str | None = None


class Holding(Table, table=True):
    """What became of one material lot at one work order's group, in grams.

    issued = consumed (accepted) + consumed (rejected) + returned + wasted + on hand.
    """

    __tablename__ = "material_holding"
    __table_args__ = (
        sa.CheckConstraint(
            "least(issued, returned, wasted, consumed_accepted, consumed_rejected) >= 0",
            name="not_negative",
        ),
        sa.CheckConstraint(
            "returned + wasted + consumed_accepted + consumed_rejected <= issued", name="on_hand"
        ),
    )

    work_order_id: UUID = Field(primary_key=True, foreign_key="work_order.id")
    material_lot_id: UUID = Field(primary_key=True, foreign_key="material_lot.id", index=True)
    order_id: UUID = Field(index=True)
    material: str
    issued: int = Field(default=0, sa_type=sa.BigInteger)
    returned: int = Field(default=0, sa_type=sa.BigInteger)
    wasted: int = Field(default=0, sa_type=sa.BigInteger)
    consumed_accepted: int = Field(default=0, sa_type=sa.BigInteger)
    consumed_rejected: int = Field(default=0, sa_type=sa.BigInteger)

    @property
    def on_hand(self) -> int:
        """Return the grams that the group still has."""
        used = self.consumed_accepted + self.consumed_rejected
        return self.issued - self.returned - self.wasted - used

    def receive(self, grams: int) -> None:
        """Count material issued to the group."""
        self.issued += grams

    def give_back(self, grams: int) -> None:
        """Count material returned to the store.

        Raises:
            NotEnoughOnHand: the group holds less.
        """
        self._guard(grams)
        self.returned += grams

    def waste(self, grams: int) -> None:
        """Count material that was lost or spoilt.

        Raises:
            NotEnoughOnHand: the group holds less.
        """
        self._guard(grams)
        self.wasted += grams

    def consume(self, *, accepted: int, rejected: int) -> None:
        """Count material that went into pieces, by what became of them.

        Raises:
            NotEnoughOnHand: the group holds less.
        """
        self._guard(accepted + rejected)
        self.consumed_accepted += accepted
        self.consumed_rejected += rejected

    def _guard(self, grams: int) -> None:
        if grams > self.on_hand:
            raise NotEnoughOnHand(grams=grams, on_hand_grams=self.on_hand)


class MaterialUse(Table, table=True):
    """Grams of one material lot in one product lot: the genealogy, both ways."""

    __tablename__ = "material_use"
    __table_args__ = (
        sa.CheckConstraint("least(accepted_grams, rejected_grams) >= 0", name="grams"),
    )

    lot_id: UUID = Field(primary_key=True, foreign_key="product_lot.id")
    material_lot_id: UUID = Field(primary_key=True, foreign_key="material_lot.id", index=True)
    accepted_grams: int = Field(sa_type=sa.BigInteger)
    rejected_grams: int = Field(sa_type=sa.BigInteger)


class UnissuedUse(Table, table=True):
    """Grams in a product lot that no paper issued: the family's own, or a paper that is missing."""

    __tablename__ = "material_unissued_use"
    __table_args__ = (sa.CheckConstraint("grams >= 1", name="grams"),)

    lot_id: UUID = Field(primary_key=True, foreign_key="product_lot.id")
    material: str = Field(primary_key=True)
    work_order_id: UUID = Field(foreign_key="work_order.id", index=True)
    order_id: UUID = Field(index=True)
    grams: int = Field(sa_type=sa.BigInteger)


def use_up(
    holdings: Sequence[Holding], *, lot_id: UUID, accepted: int, rejected: int
) -> Iterator[MaterialUse]:
    """Consume grams from the oldest holding on, as far as they reach, and tell how much of each.

    The good pieces are served first, so that what is missing is missing from the rejected.
    """
    for holding in holdings:
        good = min(accepted, holding.on_hand)
        bad = min(rejected, holding.on_hand - good)
        if good + bad == 0:
            continue
        holding.consume(accepted=good, rejected=bad)
        accepted, rejected = accepted - good, rejected - bad
        yield MaterialUse(
            lot_id=lot_id,
            material_lot_id=holding.material_lot_id,
            accepted_grams=good,
            rejected_grams=bad,
        )
