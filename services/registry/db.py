"""Where the registry service keeps its tables."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from kernel.db import NAMING_CONVENTION
from kernel.messaging_tables import add_messaging_tables


class Table(SQLModel):
    """The base of this service's tables; aggregates mix in `kernel.db.Aggregate` first."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


add_messaging_tables(Table.metadata)
