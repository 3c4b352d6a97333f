"""Who let a telephone ring beside colleagues; how many ring at once, ruled from the console."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _let_ring_up()
    _ring_rules_up()
    _duty_phones_up()
    _retention_up()
    op.add_column("messages", sa.Column("judged_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "judged_by")
    _retention_down()
    _duty_phones_down()
    _ring_rules_down()
    _let_ring_down()


def _let_ring_up() -> None:
    op.add_column(
        "offers", sa.Column("by_telephone", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("presences", sa.Column("let_ring", sa.Boolean(), nullable=False, server_default=sa.false()))


def _let_ring_down() -> None:
    op.drop_column("presences", "let_ring")
    op.drop_column("offers", "by_telephone")


def _ring_rules_up() -> None:
    op.create_table(
        "ring_rules",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("after_seconds", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _ring_rules_down() -> None:
    op.drop_table("ring_rules")


def _duty_phones_up() -> None:
    op.create_table(
        "duty_phones",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("alert_text", sa.LargeBinary(), nullable=True),
        sa.Column("waiting_text", sa.LargeBinary(), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _duty_phones_down() -> None:
    op.drop_table("duty_phones")


def _retention_up() -> None:
    for table in ("contacts", "school_reports"):
        op.add_column(table, sa.Column("content_erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("contacts_by_retention", "contacts", ["content_erased_at", "closed_at"], unique=False)


def _retention_down() -> None:
    op.drop_index("contacts_by_retention", table_name="contacts")
    for table in ("contacts", "school_reports"):
        op.drop_column(table, "content_erased_at")
