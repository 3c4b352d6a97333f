"""The telephone and the queue in full: parties of a call, the line's menu, recordings, texts' delivery, skills, shifts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _calls_up()
    _phones_up()
    _line_up()
    _recordings_up()
    _texts_and_people_up()
    _routing_up()
    _shifts_up()


def downgrade() -> None:
    _shifts_down()
    _routing_down()
    _texts_and_people_down()
    _recordings_down()
    _line_down()
    _phones_down()
    _calls_down()


def _calls_up() -> None:
    op.add_column("contacts", sa.Column("hung_up_by", sa.String(), nullable=True))
    op.add_column("contacts", sa.Column("room", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("legs") as legs:
        legs.alter_column("staff_id", existing_type=sa.String(), nullable=True)
        legs.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="counselor"))
        legs.add_column(sa.Column("number", sa.LargeBinary(), nullable=True))
        legs.add_column(sa.Column("number_masked", sa.LargeBinary(), nullable=True))
        legs.add_column(sa.Column("back_until", sa.DateTime(timezone=True), nullable=True))
        legs.add_column(sa.Column("mode", sa.String(), nullable=True))
        legs.add_column(sa.Column("on_hold", sa.Boolean(), nullable=False, server_default=sa.false()))
        legs.create_index("legs_by_state", ["state"])


def _calls_down() -> None:
    op.execute("DELETE FROM legs WHERE staff_id IS NULL")
    with op.batch_alter_table("legs") as legs:
        legs.drop_index("legs_by_state")
        for column in ("on_hold", "mode", "back_until", "number_masked", "number", "kind"):
            legs.drop_column(column)
        legs.alter_column("staff_id", existing_type=sa.String(), nullable=False)
    op.drop_column("contacts", "room")
    op.drop_column("contacts", "hung_up_by")


def _phones_up() -> None:
    op.create_table(
        "phones",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_masked", sa.LargeBinary(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def _phones_down() -> None:
    op.drop_table("phones")


def _line_up() -> None:
    op.add_column("contacts", sa.Column("line_flags", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("contacts", sa.Column("followup_id", sa.String(), nullable=True))
    op.create_table(
        "inbound_calls",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("phone_hash", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("language_by", sa.String(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("asks_recording", sa.Boolean(), nullable=False),
        sa.Column("wish", sa.String(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("at", "contact_id", "phone_hash"):
        op.create_index(op.f(f"ix_inbound_calls_{column}"), "inbound_calls", [column], unique=False)
    op.create_table(
        "blocks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("phone_hash", sa.String(), nullable=False),
        sa.Column("number_masked", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_blocks_phone_hash"), "blocks", ["phone_hash"], unique=False)
    op.create_table(
        "line_policy",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "line_notices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _voicemails_up()


def _voicemails_up() -> None:
    op.create_table(
        "voicemails",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("fell_due", sa.Boolean(), nullable=False),
        sa.Column("overdue_rung", sa.Integer(), nullable=False),
        sa.Column("recording_sid", sa.String(), nullable=True),
        sa.Column("audio", sa.String(), nullable=False),
        sa.Column("audio_key", sa.LargeBinary(), nullable=True),
        sa.Column("audio_size", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("transcript", sa.LargeBinary(), nullable=True),
        sa.Column("number_masked", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("listened", sa.Integer(), nullable=False),
        sa.Column("steps", sa.LargeBinary(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_voicemails_contact_id"), "voicemails", ["contact_id"], unique=False)
    op.create_index(op.f("ix_voicemails_state"), "voicemails", ["state"], unique=False)


def _line_down() -> None:
    for table in ("voicemails", "line_notices", "line_policy", "blocks", "inbound_calls"):
        op.drop_table(table)
    for column in ("followup_id", "line_flags"):
        op.drop_column("contacts", column)


def _recordings_up() -> None:
    op.add_column("contacts", sa.Column("recording_consent", sa.Boolean(), nullable=True))
    op.add_column("contacts", sa.Column("recording", sa.String(), nullable=True))
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("call_sid", sa.String(), nullable=True),
        sa.Column("sid", sa.String(), nullable=True),
        sa.Column("paused_by", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("file_key", sa.LargeBinary(), nullable=True),
        sa.Column("at_carrier", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("discard", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_recordings_contact_id"), "recordings", ["contact_id"], unique=False)
    op.create_index("recordings_by_state", "recordings", ["state", "made_at"], unique=False)
    op.create_table(
        "listenings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_listenings_recording_id"), "listenings", ["recording_id"], unique=False)
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_legal_holds_contact_id"), "legal_holds", ["contact_id"], unique=False)


def _recordings_down() -> None:
    for table in ("legal_holds", "listenings", "recordings"):
        op.drop_table(table)
    for column in ("recording", "recording_consent"):
        op.drop_column("contacts", column)


def _texts_and_people_up() -> None:
    op.add_column("messages", sa.Column("delivery", sa.String(), nullable=True))
    op.add_column("messages", sa.Column("delivery_code", sa.Integer(), nullable=True))
    op.add_column("messages", sa.Column("deliveries", sa.JSON(), nullable=True))
    op.add_column("contacts", sa.Column("texts_stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contacts", sa.Column("text_address", sa.LargeBinary(), nullable=True))
    op.add_column("people", sa.Column("texts_stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("plan", sa.LargeBinary(), nullable=True))
    op.add_column("people", sa.Column("plan_by", sa.String(), nullable=True))
    op.add_column("people", sa.Column("plan_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "person_flags",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_person_flags_person_id"), "person_flags", ["person_id"], unique=False)
    op.create_table(
        "text_consents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_text_consents_person_id"), "text_consents", ["person_id"], unique=False)


def _texts_and_people_down() -> None:
    op.drop_table("text_consents")
    op.drop_table("person_flags")
    for column in ("plan_at", "plan_by", "plan", "texts_stopped_at"):
        op.drop_column("people", column)
    op.drop_column("contacts", "text_address")
    op.drop_column("contacts", "texts_stopped_at")
    for column in ("deliveries", "delivery_code", "delivery"):
        op.drop_column("messages", column)


_PRESENCE_COLUMNS = (
    ("skills", sa.JSON(), "{}"),
    ("reserve", sa.Boolean(), sa.false()),
    ("imminent", sa.JSON(), "[]"),
    ("wrap_ups", sa.JSON(), "[]"),
)


def _routing_up() -> None:
    op.add_column("staff", sa.Column("skills", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("contacts", sa.Column("skills", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("contacts", sa.Column("wished_counselor_id", sa.String(), nullable=True))
    op.add_column("contacts", sa.Column("wished_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contacts", sa.Column("diverted", sa.String(), nullable=True))
    for name, column_type, default in _PRESENCE_COLUMNS:
        op.add_column("presences", sa.Column(name, column_type, server_default=default, nullable=False))
    op.add_column("presences", sa.Column("district", sa.String(), nullable=True))
    op.add_column("presences", sa.Column("rest_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "diversions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("to_skills", sa.JSON(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_diversions_ended_at"), "diversions", ["ended_at"], unique=False)


def _routing_down() -> None:
    op.drop_index(op.f("ix_diversions_ended_at"), table_name="diversions")
    op.drop_table("diversions")
    for column in ("rest_until", "district", *(name for name, _, _ in _PRESENCE_COLUMNS)):
        op.drop_column("presences", column)
    for column in ("diverted", "wished_until", "wished_counselor_id", "skills"):
        op.drop_column("contacts", column)
    op.drop_column("staff", "skills")


def _shifts_up() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("starts", sa.String(), nullable=False),
        sa.Column("ends", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("staff_ids", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "shift_overrides",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift_id", sa.String(), nullable=True),
        sa.Column("out_id", sa.String(), nullable=True),
        sa.Column("in_id", sa.String(), nullable=True),
        sa.Column("starts", sa.String(), nullable=True),
        sa.Column("ends", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_shift_overrides_day"), "shift_overrides", ["day"], unique=False)
    op.create_index(op.f("ix_shift_overrides_shift_id"), "shift_overrides", ["shift_id"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("contact_ids", sa.JSON(), nullable=False),
        sa.Column("alert_ids", sa.JSON(), nullable=False),
        sa.Column("followup_ids", sa.JSON(), nullable=False),
        sa.Column("accepted_by", sa.String(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("planned", sa.JSON(), nullable=False),
        sa.Column("on_duty", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("absent", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("alerts", sa.Column("called", sa.JSON(), nullable=False, server_default="[]"))


def _shifts_down() -> None:
    op.drop_column("alerts", "called")
    op.drop_table("duty")
    op.drop_table("handovers")
    op.drop_index(op.f("ix_shift_overrides_shift_id"), table_name="shift_overrides")
    op.drop_index(op.f("ix_shift_overrides_day"), table_name="shift_overrides")
    op.drop_table("shift_overrides")
    op.drop_table("shifts")
