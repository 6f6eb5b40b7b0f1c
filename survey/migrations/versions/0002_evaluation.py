"""What the evaluation needs: staff of units, jobs of the worker, files, releases.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from survey.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and the staff of units and of what invitations keep of them."""
    op.add_column("unit", sa.Column("staff", sa.Integer(), nullable=True))
    op.add_column("invitation", sa.Column("unit_staff", sa.Integer(), nullable=True))
    _job()
    _file()
    _release()
    _sheets()


def _sheets() -> None:
    """Sheets are counted in the tally, and those that are not counted there are found at once."""
    op.execute(
        "INSERT INTO tally (wave_id, audience, unit_id, question, value, count) "
        "SELECT wave_id, audience, COALESCE(unit_id, 0), '@sheet', 'submitted', count(*) "
        "FROM response WHERE state = 'submitted' "
        "GROUP BY wave_id, audience, COALESCE(unit_id, 0)"
    )
    op.create_index(
        "ix_response_wave_id_quarantined",
        "response",
        ["wave_id", "audience"],
        sqlite_where=sa.text("state = 'quarantined'"),
        postgresql_where=sa.text("state = 'quarantined'"),
    )
    op.create_index(
        "ix_response_wave_id_entries",
        "response",
        ["wave_id"],
        sqlite_where=sa.text("instr(answers, '@') > 0"),
        postgresql_where=sa.text("strpos(CAST(answers AS TEXT), '@') > 0"),
    )


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), server_default="", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("steps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("requested", UtcDateTime(), nullable=False),
        sa.Column("beat", UtcDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('files', 'unit')", name=op.f("ck_job_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state_known")
        ),
        sa.CheckConstraint("step <= steps", name=op.f("ck_job_step_within_steps")),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_job_wave_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_wave_id"), "job", ["wave_id"])
    op.create_index(op.f("ix_job_state_requested"), "job", ["state", "requested"])


def _file() -> None:
    op.create_table(
        "file",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=40), server_default="", nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_file_wave_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("wave_id", "name", name=op.f("pk_file")),
    )


def _release() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_release_wave_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_wave_id"), "release", ["wave_id"])


def downgrade() -> None:
    """Back to before; the files and releases made are lost, answers are not."""
    op.execute("DELETE FROM tally WHERE question = '@sheet'")
    for index in ("ix_response_wave_id_entries", "ix_response_wave_id_quarantined"):
        op.drop_index(index, "response")
    for table in ("release", "file", "job"):
        op.drop_table(table)
    with op.batch_alter_table("invitation") as batch:
        batch.drop_column("unit_staff")
    with op.batch_alter_table("unit") as batch:
        batch.drop_column("staff")
