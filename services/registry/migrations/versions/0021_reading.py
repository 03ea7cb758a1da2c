"""One family and its members in one statement, in the sight that is named with it."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Create the function; the settings of the sight end with its statement.

    What is shown as it stands comes as JSON, what must be opened first as bytes, in plain columns:
    the driver takes several times as long to read rows within rows.
    """
    op.execute(
        """
        CREATE FUNCTION read_household(wanted uuid, sight text, owner text, regions text)
        RETURNS TABLE (
            id uuid, version int, data_key bytea, kk_number bytea, warnings text, shown text,
            members text, niks bytea[]
        )
        LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        BEGIN
            PERFORM set_config('anyam.sight', sight, true),
                    set_config('anyam.owner', owner, true),
                    set_config('anyam.regions', regions, true);
            RETURN QUERY
                SELECT h.id, h.version, h.data_key, h.kk_number, h.warnings::text,
                    json_build_object(
                        'id', h.id, 'version', h.version, 'reference', h.reference,
                        'status', h.status, 'desa_code', h.desa_code,
                        'registered_on', h.registered_on, 'closed_on', h.closed_on,
                        'closing_reason', h.closing_reason, 'merged_into', h.merged_into,
                        'member_count', h.member_count, 'livelihood', h.livelihood,
                        'decile', h.decile, 'decile_cycle', h.decile_cycle,
                        'facilitator_id', h.facilitator_id, 'synthetic', h.synthetic
                    )::text,
                    m.members, m.niks
                FROM households h, LATERAL (
                    SELECT json_agg(
                        json_build_object(
                            'id', k.id, 'sex', k.sex, 'birth_year', extract(year FROM k.birth_date),
                            'birth_precision', k.birth_precision, 'relation', k.relation,
                            'occupation', k.occupation, 'education', k.education,
                            'marital_status', k.marital_status,
                            'disabilities', k.disabilities, 'synthetic', k.synthetic
                        ) ORDER BY k.position
                    )::text AS members, array_agg(k.nik ORDER BY k.position) AS niks
                    FROM household_members k
                    WHERE k.household_id = h.id AND k.until_version IS NULL
                ) m
                WHERE h.id = wanted;
        END
        $$
        """
    )
