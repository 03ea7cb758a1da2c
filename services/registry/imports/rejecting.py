"""Rows that are left out: what is wrong in them, by row and column, never the value."""

from collections.abc import Sequence

import sqlalchemy as sa

from kernel.db import UnitOfWork
from services.registry.imports.columns import Row
from services.registry.imports.models import HouseholdImport, RowError
from services.registry.imports.rejected import keep
from services.registry.vault import Vault


async def write_errors(
    uow: UnitOfWork, job: HouseholdImport, rejected: Sequence[Row], *, vault: Vault
) -> None:
    """Write down every wrong cell, from the top of the chunk, and keep the rows to send back."""
    errors = [
        RowError(
            import_id=job.id, row=row.number, column=wrong.column, code=wrong.code, hint=wrong.hint
        )
        for row in sorted(rejected, key=lambda each: each.number)
        for wrong in row.wrong
    ]
    if errors:
        await uow.execute(sa.insert(RowError), [each.model_dump() for each in errors])
        await keep(uow, job, rejected, vault=vault)
