"""Own shifts are offered to colleagues; what else belongs to ringing and to the ways in has a part of its own here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _handovers_up()
    _sound_up()
    _ringing_up()
    _passing_on_up()
    _shift_swaps_up()
    _skills_up()
    _imminent_anew_up()
    _duty_rings_up()
    _webhook_answers_up()


def downgrade() -> None:
    _webhook_answers_down()
    _duty_rings_down()
    _imminent_anew_down()
    _skills_down()
    _shift_swaps_down()
    _passing_on_down()
    _ringing_down()
    _sound_down()
    _handovers_down()


def _ringing_up() -> None:
    op.add_column("contacts", sa.Column("also_offered", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("legs", sa.Column("offer_id", sa.String(), nullable=True))
    op.add_column("legs", sa.Column("rung_at", sa.String(), nullable=True))
    op.add_column("phones", sa.Column("both", sa.Boolean(), nullable=False, server_default=sa.false()))


def _ringing_down() -> None:
    op.drop_column("phones", "both")
    op.drop_column("legs", "rung_at")
    op.drop_column("legs", "offer_id")
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


_LANGUAGE, _SPOKEN = "language:", 3
"""A language that was only said to be spoken becomes a skill at the level of who is practised."""


def _skills_up() -> None:
    op.add_column("offers", sa.Column("suits", sa.JSON(), nullable=False, server_default="[]"))
    for table in ("staff", "presences"):
        people = sa.table(
            table, sa.column("id"), sa.column("languages", sa.JSON), sa.column("skills", sa.JSON)
        )
        for row in op.get_bind().execute(sa.select(people)).all():
            spoken = {_LANGUAGE + each: _SPOKEN for each in row.languages or ()}
            op.execute(people.update().where(people.c.id == row.id).values(skills={**spoken, **row.skills}))
        op.drop_column(table, "languages")


def _skills_down() -> None:
    for table in ("presences", "staff"):
        op.add_column(table, sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
        people = sa.table(
            table, sa.column("id"), sa.column("languages", sa.JSON), sa.column("skills", sa.JSON)
        )
        for row in op.get_bind().execute(sa.select(people)).all():
            spoken = [each.removeprefix(_LANGUAGE) for each in row.skills if each.startswith(_LANGUAGE)]
            others = {code: level for code, level in row.skills.items() if not code.startswith(_LANGUAGE)}
            languages = [each for each in ("zh", "en") if each in spoken]
            op.execute(
                people.update().where(people.c.id == row.id).values(languages=languages, skills=others)
            )
    op.drop_column("offers", "suits")


def _sound_up() -> None:
    """Whoever listens says why, of a message left as of a recording: one table for both, which names no other."""
    _listenings("sound_id")
    op.execute(
        "INSERT INTO listenings_now (id, sound_id, contact_id, staff_id, reason, at, until) "
        "SELECT id, recording_id, contact_id, staff_id, reason, at, until FROM listenings"
    )
    _listenings_in_place("recording_id", "sound_id")
    op.add_column("recordings", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("recordings", sa.Column("given_up_by", sa.String(), nullable=True))
    op.add_column("recordings", sa.Column("given_up_reason", sa.LargeBinary(), nullable=True))
    op.add_column("voicemails", sa.Column("audio_trouble", sa.String(), nullable=True))


def _sound_down() -> None:
    op.drop_column("voicemails", "audio_trouble")
    for column in ("given_up_reason", "given_up_by", "given_up_at"):
        op.drop_column("recordings", column)
    _listenings("recording_id", sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]))
    op.execute(
        "INSERT INTO listenings_now (id, recording_id, contact_id, staff_id, reason, at, until) "
        "SELECT id, sound_id, contact_id, staff_id, reason, at, until FROM listenings "
        "WHERE sound_id IN (SELECT id FROM recordings)"
    )
    _listenings_in_place("sound_id", "recording_id")


def _listenings(column: str, *constraints: sa.Constraint) -> None:
    op.create_table(
        "listenings_now",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column(column, sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        *constraints,
        sa.PrimaryKeyConstraint("id"),
    )


def _listenings_in_place(before: str, column: str) -> None:
    op.drop_index(op.f(f"ix_listenings_{before}"), table_name="listenings")
    op.drop_table("listenings")
    op.rename_table("listenings_now", "listenings")
    op.create_index(op.f(f"ix_listenings_{column}"), "listenings", [column], unique=False)


def _imminent_anew_up() -> None:
    op.add_column("contacts", sa.Column("imminent_anew_seq", sa.Integer(), nullable=True))


def _imminent_anew_down() -> None:
    op.drop_column("contacts", "imminent_anew_seq")


def _duty_rings_up() -> None:
    op.create_table(
        "duty_rings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("call_sid", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _duty_rings_down() -> None:
    op.drop_table("duty_rings")


def _webhook_answers_up() -> None:
    op.create_table(
        "webhook_answers",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index(op.f("ix_webhook_answers_at"), "webhook_answers", ["at"], unique=False)


def _webhook_answers_down() -> None:
    op.drop_table("webhook_answers")


def _handovers_up() -> None:
    op.add_column("handovers", sa.Column("reader_ids", sa.JSON(), nullable=True))


def _handovers_down() -> None:
    op.drop_column("handovers", "reader_ids")
