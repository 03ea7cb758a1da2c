"""The staging tables of a chunk: what is copied into them, and in which order."""

from operator import itemgetter
from uuid import UUID

import sqlalchemy as sa

from kernel.staging import Staging
from services.registry.db import Table
from services.registry.households.rows import HouseholdRow, MemberRow

NAMED = ("reference", "desa_code", "registered_on", "decile", "decile_cycle")
FOUND_BY = ("kk_index", "fingerprint")
LEFT_TO_THE_DATABASE = {"registered_by"}
"""What is the same in every row of an import."""


class _Families(Staging):
    """Rows of a file that can be read: what finds the family, and in the real run the whole."""

    of_a_row = (
        *FOUND_BY,
        *sorted(HouseholdRow.__annotations__.keys() - {*NAMED, *FOUND_BY, *LEFT_TO_THE_DATABASE}),
    )
    events = ("event_id", "event", "decile_id", "decile_event_id", "decile_event")
    names_of_a_family = (*NAMED, *of_a_row)
    sealed_columns = len(of_a_row) - len(FOUND_BY) + len(events)

    def __init__(self) -> None:
        kinds = Table.metadata.tables["households"].c
        super().__init__(
            "staged_families",
            sa.Column("row", sa.Integer),
            *(sa.Column(name, kinds[name].type) for name in self.names_of_a_family),
            *(sa.Column(name, _kind_of_event(name)) for name in self.events),
        )

    def values_of(self, row: HouseholdRow) -> tuple[object, ...]:
        """Return a row's values as the columns `of_a_row` want them."""
        values: tuple[object, ...] = _values_of(row)
        return values


class _Members(Staging):
    """The members of the new families."""

    names = tuple(MemberRow.__annotations__)

    def __init__(self) -> None:
        kinds = Table.metadata.tables["household_members"].c
        super().__init__(
            "staged_members", *(sa.Column(name, kinds[name].type) for name in self.names)
        )


def _kind_of_event(name: str) -> "sa.Uuid[UUID] | sa.LargeBinary":
    return sa.Uuid() if name.endswith("id") else sa.LargeBinary()


_values_of = itemgetter(*_Families.of_a_row)

FAMILIES = _Families()
MEMBERS = _Members()
