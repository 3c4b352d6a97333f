"""What triage said of each message, so that its drift can be seen; and people's readings of a weekly sample."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("lang", sa.String(), nullable=True))
    op.add_column("messages", sa.Column("score", sa.Float(), nullable=True))
    op.add_column("messages", sa.Column("triage_seconds", sa.Float(), nullable=True))
    op.create_index("messages_by_time", "messages", ["at"], unique=False)
    op.create_table(
        "triage_readings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_triage_readings_contact_id"), "triage_readings", ["contact_id"], unique=False)
    op.create_index(op.f("ix_triage_readings_week"), "triage_readings", ["week"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_triage_readings_week"), table_name="triage_readings")
    op.drop_index(op.f("ix_triage_readings_contact_id"), table_name="triage_readings")
    op.drop_table("triage_readings")
    op.drop_index("messages_by_time", table_name="messages")
    for column in ("triage_seconds", "score", "lang"):
        op.drop_column("messages", column)
