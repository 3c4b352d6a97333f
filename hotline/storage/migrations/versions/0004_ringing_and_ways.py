"""Own shifts are offered to colleagues; what else belongs to ringing and to the ways in has a part of its own here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ringing_up()
    _passing_on_up()
    _shift_swaps_up()


def downgrade() -> None:
    _shift_swaps_down()
    _passing_on_down()
    _ringing_down()


def _ringing_up() -> None:
    op.add_column("contacts", sa.Column("also_offered", sa.JSON(), nullable=False, server_default="{}"))


def _ringing_down() -> None:
    op.drop_column("contacts", "also_offered")


def _shift_swaps_up() -> None:
    op.create_table(
        "shift_swaps",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("shift_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("asked_id", sa.String(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_shift_swaps_shift_id"), "shift_swaps", ["shift_id"], unique=False)
    op.create_index(op.f("ix_shift_swaps_state"), "shift_swaps", ["state"], unique=False)


def _shift_swaps_down() -> None:
    op.drop_table("shift_swaps")


def _passing_on_up() -> None:
    op.add_column("contacts", sa.Column("passed_on", sa.LargeBinary(), nullable=True))
    op.add_column("offers", sa.Column("note", sa.LargeBinary(), nullable=True))


def _passing_on_down() -> None:
    op.drop_column("offers", "note")
    op.drop_column("contacts", "passed_on")
