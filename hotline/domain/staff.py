"""Accounts of staff, and their sessions.

| account    | how it gets there                                       | may sign in                  |
|------------|---------------------------------------------------------|------------------------------|
| invited    | created or reset: a one-time link, no password          | no                           |
| ready      | a password was set, by the link or by an administrator  | yes                          |
| disabled   | an administrator; every session ends                    | no                           |

A second factor is `pending` until its first code was right. Secrets never stand here in the clear: of tokens
and passwords there are hashes only, and the second factor's secret is sealed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.access import Actor, Role
from hotline.domain.change import Change, Event
from hotline.domain.ids import SessionId, StaffId
from hotline.domain.skills import LANGUAGE, LANGUAGES, with_languages
from hotline.errors import FieldProblem, Invalid, NotSignedIn, Taken

OPERATOR = "operator"
"""Whoever has the server's command line: the actor of `hotline user …`."""

NAME_LENGTH = 60
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


class Staff(SQLModel):
    id: StaffId
    username: str
    name: str
    roles: list[Role]
    district: str | None = None
    organisation_id: str | None = None
    skills: dict[str, int] = Field(default_factory=dict)
    language: str | None = None
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_confirmed: bool = False
    totp_last_step: int | None = None
    setup_token_hash: str | None = None
    setup_expires_at: datetime | None = None
    disabled: bool = False
    created_at: datetime
    version: int = 1


class Session(SQLModel):
    """One sign-in. The token itself is known only to its holder."""

    id: SessionId
    staff_id: StaffId
    token_hash: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def actor_of(staff: Staff) -> Actor:
    return Actor(staff.id, frozenset(staff.roles), staff.district, staff.organisation_id)


def has_second_factor(staff: Staff) -> bool:
    return staff.totp_secret is not None and staff.totp_confirmed


def routed_by(staff: Staff) -> dict[str, Any]:
    """What routing knows of an account. A supervisor who is no counselor stands in reserve."""
    reserve = Role.SUPERVISOR in staff.roles and Role.COUNSELOR not in staff.roles
    return {
        "skills": with_languages(staff.skills),
        "district": staff.district,
        "reserve": reserve,
    }


# Checks -----------------------------------------------------------------------------------------


def normal_username(text: str) -> str:
    """As it is stored: small letters. Refuses what is no username."""
    username = text.strip().lower()
    if not _USERNAME.fullmatch(username):
        problem = (
            "2 to 64 small letters, digits, dots, dashes or underscores, beginning with a letter or digit"
        )
        raise Invalid("This is no username.", fields=(FieldProblem("username", problem),))
    return username


def checked_name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        problem = f"1 to {NAME_LENGTH} visible characters"
        raise Invalid("This is no name.", fields=(FieldProblem("name", problem),))
    return name


def checked_roles(roles: Iterable[Role]) -> list[Role]:
    """Without repetition, in a fixed order."""
    wanted = set(roles)
    if not wanted:
        raise Invalid("An account needs a role.", fields=(FieldProblem("roles", "at least one"),))
    return [role for role in Role if role in wanted]


def own_language(skills: Mapping[str, int]) -> str | None:
    """What the account's pages are in at first: the language that is spoken best, of those the service has."""
    known = [each.code for each in LANGUAGES if each.code in skills]
    best = max(known, key=lambda code: skills[code], default=None)
    return best.removeprefix(LANGUAGE) if best is not None else None


# What can happen --------------------------------------------------------------------------------


def _changed(staff: Staff, what: str, actor: str, **facts: Any) -> Change:
    return Change(save=(staff,), events=(Event("staff", what, staff.id, actor, facts),), answer=staff)


def moved(staff: Staff, **fields: Any) -> Staff:
    return staff.model_copy(update={**fields, "version": staff.version + 1})


def create(staff: Staff, same_username: Iterable[Staff], actor: str) -> Change:
    if any(each.id != staff.id for each in same_username):
        raise Taken("There is already an account with this username.", code="username_taken")
    facts = {"roles": list(staff.roles), "district": staff.district}
    return _changed(staff, "created", actor, **facts)


def describe(
    staff: Staff,
    actor: str,
    *,
    name: str | None = None,
    roles: list[Role] | None = None,
    district: str | None = None,
    organisation_id: str | None = None,
    skills: dict[str, int] | None = None,
) -> Change:
    """Change what an administrator may change; None leaves a field as it is."""
    given: dict[str, Any] = {"name": name, "roles": roles, "district": district}
    given |= {"skills": skills, "organisation_id": organisation_id}
    fields = {
        key: value for key, value in given.items() if value is not None and value != getattr(staff, key)
    }
    if not fields:
        return Change(answer=staff)
    facts = {"changed": sorted(fields)} | ({"roles": list(roles)} if roles and "roles" in fields else {})
    return _changed(moved(staff, **fields), "changed", actor, **facts)


def disable(staff: Staff, sessions: Iterable[Session], actor: str) -> Change:
    if staff.disabled:
        return Change(answer=staff)
    disabled = moved(staff, disabled=True, setup_token_hash=None, setup_expires_at=None)
    return Change(remove=tuple(sessions)).then(_changed(disabled, "disabled", actor))


def enable(staff: Staff, actor: str) -> Change:
    if not staff.disabled:
        return Change(answer=staff)
    return _changed(moved(staff, disabled=False), "enabled", actor)


def invite(staff: Staff, sessions: Iterable[Session], token_hash: str, until: datetime, actor: str) -> Change:
    """A one-time link takes the place of the password and of the second factor; sessions end."""
    if staff.disabled:
        raise Invalid("The account is disabled.", code="disabled")
    invited = moved(
        staff,
        password_hash=None,
        totp_secret=None,
        totp_confirmed=False,
        totp_last_step=None,
        setup_token_hash=token_hash,
        setup_expires_at=until,
    )
    return Change(remove=tuple(sessions)).then(_changed(invited, "reset", actor))


def is_set_up_by(staff: Staff, token_hash: str, now: datetime) -> bool:
    return (
        not staff.disabled
        and staff.setup_token_hash == token_hash
        and staff.setup_expires_at is not None
        and now < staff.setup_expires_at
    )


def set_password(staff: Staff, sessions: Iterable[Session], password_hash: str, actor: str) -> Change:
    """Every other session ends: whoever knew the old password is out."""
    ready = moved(staff, password_hash=password_hash, setup_token_hash=None, setup_expires_at=None)
    return Change(remove=tuple(sessions)).then(_changed(ready, "password_set", actor))


def begin_second_factor(staff: Staff, secret: str) -> Change:
    if has_second_factor(staff):
        raise Invalid("The account has a second factor already.", code="second_factor_exists")
    return _changed(moved(staff, totp_secret=secret), "second_factor_begun", staff.id)


def use_code(staff: Staff, step: int) -> Change:
    """The code of this time step was right. Used once, it is used up; the first one confirms the factor."""
    if staff.totp_last_step is not None and step <= staff.totp_last_step:
        raise NotSignedIn("This code was used already.", code="wrong_credentials")
    what = "second_factor_used" if staff.totp_confirmed else "second_factor_confirmed"
    return _changed(moved(staff, totp_confirmed=True, totp_last_step=step), what, staff.id)


def drop_second_factor(staff: Staff, actor: str) -> Change:
    if staff.totp_secret is None:
        return Change(answer=staff)
    dropped = moved(staff, totp_secret=None, totp_confirmed=False, totp_last_step=None)
    return _changed(dropped, "second_factor_dropped", actor)


def open_session(session: Session, others: Iterable[Session]) -> Change:
    """The new session; sessions of the same account that ran out are cleared away."""
    over = tuple(each for each in others if each.expires_at <= session.created_at)
    event = Event("session", "signed_in", session.id, session.staff_id)
    return Change(save=(session,), remove=over, events=(event,), answer=session)


def end_session(session: Session) -> Change:
    return Change(remove=(session,), events=(Event("session", "signed_out", session.id, session.staff_id),))


def is_over(session: Session, now: datetime, idle: timedelta) -> bool:
    return now >= session.expires_at or now >= session.seen_at + idle
