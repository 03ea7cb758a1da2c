"""PostgreSQL itself hides the families, and what hangs on them, that a transaction may not see.

`kernel.sight` sets what a transaction sees. The settings are read in subqueries, which PostgreSQL
evaluates once a statement and not once a row. An unset or emptied setting sees nothing.
"""

from alembic import op

revision = "0020"
down_revision = "0019"

SIGHT = "(SELECT current_setting('anyam.sight', true))"
OWNER = "(SELECT current_setting('anyam.owner', true))"
REGIONS = "(SELECT NULLIF(current_setting('anyam.regions', true), '')::text[])"

FAMILY_IS_SEEN = f"""
    {SIGHT} = 'all' OR (
        {SIGHT} = 'some'
        AND ({OWNER} = '*' OR registered_by = {OWNER})
        AND ARRAY['*', province_code, kabupaten_code, kecamatan_code, desa_code]::text[]
            && {REGIONS}
    )
"""
HANGS_ON_A_FAMILY = (
    "household_members",
    "household_versions",
    "household_changes",
    "decile_records",
    "assistance",
    "pkh_components",
    "caseload_assignments",
    "caseload_proposal_moves",
    "sharing_consents",
    "erasures",
    "legal_holds",
    "duplicate_traces",
    "duplicate_blocks",
)
HANGS_ON_TWO = {
    "duplicate_tickets": ("first_id", "second_id"),
    "household_merges": ("survivor_id", "absorbed_id"),
}
FAMILY = "EXISTS (SELECT 1 FROM households h WHERE h.id = {column})"


def upgrade() -> None:
    """Force row security, on the tables' owner too."""
    _protect("households", FAMILY_IS_SEEN)
    for table in HANGS_ON_A_FAMILY:
        _protect(table, _is_seen(f"{table}.household_id"))
    for table, columns in HANGS_ON_TWO.items():
        _protect(table, _is_seen(*(f"{table}.{column}" for column in columns)))


def _is_seen(*columns: str) -> str:
    families = (FAMILY.format(column=column) for column in columns)
    return f"{SIGHT} = 'all' OR ({' AND '.join(families)})"


def _protect(table: str, condition: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY sight ON {table} USING ({condition}) WITH CHECK ({condition})")
