"""One family and its members in one statement, in the sight that is named with it."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Create the function; the settings of the sight end with its statement."""
    op.execute(
        """
        CREATE FUNCTION read_household(wanted uuid, sight text, owner text, regions text)
        RETURNS TABLE (household households, members household_members[])
        LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM set_config('anyam.sight', sight, true),
                    set_config('anyam.owner', owner, true),
                    set_config('anyam.regions', regions, true);
            RETURN QUERY
                SELECT h, ARRAY(
                    SELECT m FROM household_members m
                    WHERE m.household_id = h.id AND m.until_version IS NULL
                    ORDER BY m.position
                )
                FROM households h WHERE h.id = wanted;
        END
        $$
        """
    )
