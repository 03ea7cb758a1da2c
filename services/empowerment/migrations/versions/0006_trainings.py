"""Trainings, participants and attendance."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("course_code", sa.String(), nullable=False),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("desa_code", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("required_days", sa.Integer(), nullable=False),
        sa.Column("pass_score", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "completed",
                "cancelled",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("cancellation_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "pass_score BETWEEN 1 AND 100", name=op.f("ck_training_pass_score_in_range")
        ),
        sa.CheckConstraint(
            "required_days BETWEEN 1 AND days", name=op.f("ck_training_required_days_possible")
        ),
        sa.CheckConstraint("seats_taken BETWEEN 0 AND seats", name=op.f("ck_training_seats_kept")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_training_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sa.UniqueConstraint("code", name=op.f("uq_training_code")),
    )
    op.create_index(op.f("ix_training_desa_code"), "training", ["desa_code"], unique=False)
    op.create_table(
        "training_participant",
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column(
            "grade",
            sa.Enum("a", "b", "c", name="skillgrade", native_enum=False, length=32),
            nullable=True,
        ),
        sa.CheckConstraint(
            "score BETWEEN 0 AND 100", name=op.f("ck_training_participant_score_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["candidate.id"],
            name=op.f("fk_training_participant_household_id_candidate"),
        ),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["training.id"],
            name=op.f("fk_training_participant_training_id_training"),
        ),
        sa.PrimaryKeyConstraint(
            "training_id", "household_id", name=op.f("pk_training_participant")
        ),
    )
    op.create_index(
        op.f("ix_training_participant_household_id"),
        "training_participant",
        ["household_id"],
        unique=False,
    )
    op.create_table(
        "training_attendance",
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("day >= 1", name=op.f("ck_training_attendance_day_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["training_id", "household_id"],
            ["training_participant.training_id", "training_participant.household_id"],
            name=op.f("fk_training_attendance_training_id_household_id_training_participant"),
        ),
        sa.PrimaryKeyConstraint(
            "training_id", "day", "household_id", name=op.f("pk_training_attendance")
        ),
    )
