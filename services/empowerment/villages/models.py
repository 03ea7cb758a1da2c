"""Kampung Berdaya villages, the raw material that they offer, and the demand that it meets."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.empowerment import MaterialMatched, MaterialOffered
from kernel.db import Aggregate, state_column
from services.empowerment.db import Table
from services.empowerment.villages.problems import (
    DemandExceeded,
    MaterialDiffers,
    OfferExceeded,
)


class VillageKind(StrEnum):
    """What a village was declared to be."""

    KAMPUNG_BERDAYA = "kampung_berdaya"


class Village(Aggregate, Table, table=True):
    """A desa that lives from its own commodities."""

    desa_code: str = Field(unique=True)
    name: str
    kind: VillageKind = Field(sa_type=state_column(VillageKind))
    commodities: list[str] = Field(sa_type=JSONB)
    declared_on: date

    def offer(
        self, *, reference: str, material: str, kilograms: int, available_from: date
    ) -> tuple["SupplyOffer", MaterialOffered]:
        """Offer raw material (kilograms)."""
        offer = SupplyOffer(
            reference=reference,
            village_id=self.id,
            desa_code=self.desa_code,
            material=material,
            kilograms=kilograms,
            available_from=available_from,
        )
        return offer, MaterialOffered(
            offer_id=offer.id,
            village_id=self.id,
            desa_code=self.desa_code,
            material=material,
            kilograms=kilograms,
            available_from=available_from,
        )


class MaterialDemand(Aggregate, Table, table=True):
    """Raw material that an accepted order needs; its `id` is the export service's demand id."""

    __tablename__ = "material_demand"
    __table_args__ = (
        sa.CheckConstraint("matched_kilograms BETWEEN 0 AND kilograms", name="demand_kept"),
    )

    order_id: UUID = Field(index=True)
    material: str
    kilograms: int
    matched_kilograms: int = 0
    needed_by: date

    @property
    def open_kilograms(self) -> int:
        """What no village supplies yet."""
        return self.kilograms - self.matched_kilograms


class SupplyOffer(Aggregate, Table, table=True):
    """Raw material that a village offers; `matched_kilograms` are promised to demands."""

    __tablename__ = "supply_offer"
    __table_args__ = (
        sa.CheckConstraint("matched_kilograms BETWEEN 0 AND kilograms", name="offer_kept"),
    )

    reference: str = Field(unique=True)
    village_id: UUID = Field(foreign_key="village.id", index=True)
    desa_code: str
    material: str
    kilograms: int
    matched_kilograms: int = 0
    available_from: date

    @property
    def open_kilograms(self) -> int:
        """What is promised to nobody yet."""
        return self.kilograms - self.matched_kilograms

    def match(
        self, demand: MaterialDemand, *, kilograms: int
    ) -> tuple["SupplyMatch", MaterialMatched]:
        """Promise material to a demand; both rows are locked.

        Raises:
            MaterialDiffers, OfferExceeded, DemandExceeded.
        """
        if self.material != demand.material:
            raise MaterialDiffers(offered=self.material, demanded=demand.material)
        if kilograms > self.open_kilograms:
            raise OfferExceeded(left=self.open_kilograms)
        if kilograms > demand.open_kilograms:
            raise DemandExceeded(left=demand.open_kilograms)
        self.matched_kilograms += kilograms
        demand.matched_kilograms += kilograms
        match = SupplyMatch(offer_id=self.id, demand_id=demand.id, kilograms=kilograms)
        return match, MaterialMatched(
            match_id=match.id,
            offer_id=self.id,
            demand_id=demand.id,
            desa_code=self.desa_code,
            material=self.material,
            kilograms=kilograms,
        )


class SupplyMatch(Aggregate, Table, table=True):
    """So many kilograms of an offer go to a demand."""

    __tablename__ = "supply_match"
    __table_args__ = (sa.CheckConstraint("kilograms > 0", name="kilograms_positive"),)

    offer_id: UUID = Field(foreign_key="supply_offer.id", index=True)
    demand_id: UUID = Field(foreign_key="material_demand.id", index=True)
    kilograms: int


class CancelledOrder(Table, table=True):
    """An order that needs no material any more; it may be told of before its demands."""

    __tablename__ = "cancelled_order"

    order_id: UUID = Field(primary_key=True)
    cancelled_on: date
