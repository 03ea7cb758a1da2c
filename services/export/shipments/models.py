"""A shipment: cartons of accepted pieces, the containers they are in, and the papers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from typing_extensions import TypedDict  # pydantic asks for this one on Python 3.11

from contracts.export import ShipmentArrived, ShipmentDeparted, ShipmentReleased
from kernel.db import Aggregate, state_column
from kernel.problems import FieldError, Text
from services.export.db import Table
from services.export.shipments.lifecycle import (
    ContainerLifecycle,
    ContainerState,
    ShipmentLifecycle,
    ShipmentState,
)
from services.export.shipments.problems import (
    ContainerEmpty,
    ContainerSealed,
    DocumentSettled,
    NotReadyForRelease,
    ShipmentNotLoading,
)

# Customs takes the export declaration at the earliest seven days before the export.
PEB_AT_THE_EARLIEST = timedelta(days=7)

SSCC_SERIALS = sa.Sequence("sscc_serial", metadata=Table.metadata)


class DocumentKind(StrEnum):
    """The papers of an export; PEB is the customs declaration, NPE its approval."""

    INVOICE = "invoice"
    PACKING_LIST = "packing_list"
    PEB = "peb"
    NPE = "npe"
    BILL_OF_LADING = "bill_of_lading"
    CERTIFICATE_OF_ORIGIN = "certificate_of_origin"


NEEDED_FOR_RELEASE = (
    DocumentKind.INVOICE,
    DocumentKind.PACKING_LIST,
    DocumentKind.PEB,
    DocumentKind.NPE,
)


class DocumentSaved(TypedDict):
    """A paper's number and day, as kept with the shipment."""

    number: str
    issued_on: str


@dataclass(frozen=True)
class Load:
    """How much one container holds."""

    container: "Container"
    cartons: int
    pieces: int


@dataclass(frozen=True)
class Content:
    """Everything that was packed for a shipment, loaded or not."""

    loads: Sequence[Load]
    cartons: int
    loaded_cartons: int
    pieces: int


class Shipment(Aggregate, Table, table=True):
    """Goods of one order that leave together."""

    __tablename__ = "shipment"

    reference: str = Field(unique=True)
    order_id: UUID = Field(foreign_key="purchase_order.id", index=True)
    planned_on: date
    released_on: date | None = None
    departed_on: date | None = None
    arrived_on: date | None = None
    documents: dict[str, DocumentSaved] = Field(sa_type=JSONB)
    state: ShipmentState = Field(default=ShipmentState.LOADING, sa_type=state_column(ShipmentState))

    def guard_loading(self) -> None:
        """Let nothing be packed or loaded after the release.

        Raises:
            ShipmentNotLoading: it is released.
        """
        if self.state is not ShipmentState.LOADING:
            raise ShipmentNotLoading(state=self.state.value)

    def file(self, kind: DocumentKind, *, number: str, issued_on: date) -> None:
        """Put a paper into the shipment's set.

        Raises:
            DocumentSettled: the release stands on it, or the shipment has arrived.
        """
        settled = kind in NEEDED_FOR_RELEASE and self.state is not ShipmentState.LOADING
        if settled or self.state is ShipmentState.ARRIVED:
            raise DocumentSettled(kind=kind.value, state=self.state.value)
        paper: DocumentSaved = {"number": number, "issued_on": issued_on.isoformat()}
        self.documents = {**self.documents, kind.value: paper}

    def release(self, content: Content, *, on: date) -> ShipmentReleased:
        """Let the containers go.

        Raises:
            NotReadyForRelease: cartons, seals or papers are missing.
        """
        following = ShipmentLifecycle.release(self.state)
        missing = (*_loading_gaps(content), *_paper_gaps(self.documents, on=on))
        if missing:
            raise NotReadyForRelease(errors=missing)
        self.state, self.released_on = following, on
        return ShipmentReleased(
            shipment_id=self.id,
            order_id=self.order_id,
            containers=tuple(load.container.number for load in content.loads),
            pieces=content.pieces,
            released_on=on,
        )

    def depart(self, *, on: date) -> ShipmentDeparted:
        """Note that the ship left."""
        self.state = ShipmentLifecycle.depart(self.state)
        self.departed_on = on
        return ShipmentDeparted(shipment_id=self.id, order_id=self.order_id, departed_on=on)

    def arrive(self, *, on: date) -> ShipmentArrived:
        """Note that the ship arrived."""
        self.state = ShipmentLifecycle.arrive(self.state)
        self.arrived_on = on
        return ShipmentArrived(shipment_id=self.id, order_id=self.order_id, arrived_on=on)


class Container(Aggregate, Table, table=True):
    """A container of a shipment; its number is checked by ISO 6346."""

    __tablename__ = "container"
    __table_args__ = (
        sa.UniqueConstraint("shipment_id", "number"),
        sa.CheckConstraint("(state = 'sealed') = (seal_number IS NOT NULL)", name="seal"),
    )

    shipment_id: UUID = Field(foreign_key="shipment.id")
    number: str
    size_type: str
    seal_number: str | None = None
    sealed_on: date | None = None
    state: ContainerState = Field(default=ContainerState.OPEN, sa_type=state_column(ContainerState))

    def guard_open(self) -> None:
        """Let nothing into a sealed container.

        Raises:
            ContainerSealed: it is sealed.
        """
        if self.state is ContainerState.SEALED:
            raise ContainerSealed(number=self.number, seal_number=self.seal_number)

    def seal(self, *, seal_number: str, on: date, cartons: int) -> None:
        """Close the container.

        Raises:
            ContainerEmpty: nothing is in it.
        """
        following = ContainerLifecycle.seal(self.state)
        if cartons == 0:
            raise ContainerEmpty(number=self.number)
        self.state = following
        self.seal_number, self.sealed_on = seal_number, on


class Carton(Aggregate, Table, table=True):
    """A carton with accepted pieces; `sscc` is its number for the world."""

    __tablename__ = "carton"
    __table_args__ = (
        sa.UniqueConstraint("shipment_id", "number"),
        sa.CheckConstraint("pieces >= 1", name="pieces"),
    )

    shipment_id: UUID = Field(foreign_key="shipment.id")
    container_id: UUID | None = Field(default=None, foreign_key="container.id", index=True)
    number: str
    sscc: str = Field(unique=True)
    pieces: int


class CartonContent(Table, table=True):
    """How many pieces of a lot are in a carton."""

    __tablename__ = "carton_content"
    __table_args__ = (sa.CheckConstraint("pieces >= 1", name="pieces"),)

    carton_id: UUID = Field(primary_key=True, foreign_key="carton.id")
    lot_id: UUID = Field(primary_key=True, foreign_key="product_lot.id", index=True)
    pieces: int


def _loading_gaps(content: Content) -> Iterator[FieldError]:
    if not content.loads or not content.cartons:
        yield _gap("/containers", "empty", id="Belum ada muatan.", en="Nothing is loaded.")
    if content.loaded_cartons < content.cartons:
        yield _gap(
            "/cartons",
            "not_loaded",
            id="Ada karton yang belum dimuat.",
            en="Some cartons are in no container.",
        )
    for load in content.loads:
        if load.container.state is not ContainerState.SEALED:
            yield _gap(
                f"/containers/{load.container.number}",
                "not_sealed",
                id="Peti kemas belum disegel.",
                en="The container is not sealed.",
            )


def _paper_gaps(documents: dict[str, DocumentSaved], *, on: date) -> Iterator[FieldError]:
    for kind in NEEDED_FOR_RELEASE:
        if kind.value not in documents:
            yield _gap(
                f"/documents/{kind.value}",
                "missing",
                id="Dokumen belum ada.",
                en="The document is missing.",
            )
    declared = _issued(documents, DocumentKind.PEB)
    if declared and not on - PEB_AT_THE_EARLIEST <= declared <= on:
        yield _gap(
            "/documents/peb",
            "out_of_time",
            id="PEB diajukan paling cepat tujuh hari sebelum ekspor dan tidak sesudahnya.",
            en="A PEB is filed at the earliest seven days before the export, and not after it.",
        )
    approved = _issued(documents, DocumentKind.NPE)
    if declared and approved and not declared <= approved <= on:
        yield _gap(
            "/documents/npe",
            "out_of_order",
            id="NPE terbit sesudah PEB dan paling lambat pada hari pelepasan.",
            en="The NPE is issued after the PEB, and by the day of release.",
        )


def _issued(documents: dict[str, DocumentSaved], kind: DocumentKind) -> date | None:
    paper = documents.get(kind.value)
    return date.fromisoformat(paper["issued_on"]) if paper else None


def _gap(pointer: str, code: str, *, id: str, en: str) -> FieldError:
    return FieldError(pointer, code, Text(id=id, en=en))
