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


def downgrade() -> None:
    _let_ring_down()


def _let_ring_up() -> None:
    op.add_column("offers", sa.Column("by_telephone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("presences", sa.Column("let_ring", sa.Boolean(), nullable=False, server_default=sa.false()))


def _let_ring_down() -> None:
    op.drop_column("presences", "let_ring")
    op.drop_column("offers", "by_telephone")
