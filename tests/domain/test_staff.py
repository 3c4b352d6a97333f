"""Accounts as pure values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain import staff as domain
from hotline.domain.access import Role
from hotline.domain.ids import SessionId, StaffId
from hotline.domain.staff import Session, Staff
from hotline.errors import Invalid, NotSignedIn

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LIN = Staff(
    id=StaffId("stf_lin"),
    username="lin",
    name="林晓",
    roles=[Role.COUNSELOR],
    password_hash="h",
    created_at=NOW,
)
SESSION = Session(
    id=SessionId("ses_1"),
    staff_id=LIN.id,
    token_hash="t",
    created_at=NOW,
    seen_at=NOW,
    expires_at=NOW + timedelta(hours=12),
)


@given(st.text(max_size=70))
def test_a_username_is_plain_or_refused(text: str) -> None:
    try:
        username = domain.normal_username(text)
    except Invalid:
        return
    assert username.isascii()
    assert username == domain.normal_username(username)
    assert 2 <= len(username) <= 64


@given(st.text(max_size=80))
def test_a_name_can_be_seen(text: str) -> None:
    try:
        name = domain.checked_name(text)
    except Invalid:
        return
    assert name.isprintable()
    assert name == name.strip() != ""


def test_an_invited_account_has_nothing_that_opens_it_but_its_link() -> None:
    known = LIN.model_copy(update={"totp_secret": "s", "totp_confirmed": True})
    change = domain.invite(known, [SESSION], "hash", NOW + timedelta(hours=1), "stf_admin")
    invited = change.answer
    assert (invited.password_hash, invited.totp_secret, invited.totp_confirmed) == (None, None, False)
    assert change.remove == (SESSION,)
    assert domain.is_set_up_by(invited, "hash", NOW)
    assert not domain.is_set_up_by(invited, "other", NOW)
    assert not domain.is_set_up_by(invited, "hash", NOW + timedelta(hours=1))
    ready = domain.set_password(invited, (), "new", LIN.id).answer
    assert not domain.is_set_up_by(ready, "hash", NOW)


def test_a_disabled_account_cannot_be_invited() -> None:
    disabled = domain.disable(LIN, [SESSION], "stf_admin")
    assert disabled.remove == (SESSION,)
    with pytest.raises(Invalid):
        domain.invite(disabled.answer, (), "hash", NOW, "stf_admin")
    assert domain.disable(disabled.answer, (), "stf_admin").events == ()


def test_a_time_step_is_used_once() -> None:
    pending = domain.begin_second_factor(LIN, "secret").answer
    assert not domain.has_second_factor(pending)
    used = domain.use_code(pending, 7).answer
    assert domain.has_second_factor(used)
    for step in (6, 7):
        with pytest.raises(NotSignedIn):
            domain.use_code(used, step)
    assert domain.use_code(used, 8).answer.totp_last_step == 8
    with pytest.raises(Invalid):
        domain.begin_second_factor(used, "other")


def test_nothing_changed_nothing_told() -> None:
    assert domain.describe(LIN, "stf_admin", name=LIN.name, roles=LIN.roles).events == ()
    change = domain.describe(LIN, "stf_admin", name="林小", roles=[Role.SUPERVISOR])
    (event,) = change.events
    assert event.facts == {"changed": ["name", "roles"], "roles": [Role.SUPERVISOR]}


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_session_is_over_by_one_clock_or_the_other(unused: int, age: int) -> None:
    idle = timedelta(hours=2)
    now = NOW + timedelta(seconds=age)
    session = SESSION.model_copy(update={"seen_at": max(NOW, now - timedelta(seconds=unused))})
    over = now >= session.expires_at or now - session.seen_at >= idle
    assert domain.is_over(session, now, idle) is over
