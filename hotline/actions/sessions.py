"""Signing in and out, and whose token this is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.actions.accounts import Accounts
from hotline.auth import second_factor
from hotline.auth.identities import Known
from hotline.auth.passwords import LONGEST, hash_password, is_outdated, is_password
from hotline.auth.tokens import new_token, token_hash
from hotline.domain import staff as domain
from hotline.domain.change import Change
from hotline.domain.ids import SessionId
from hotline.domain.staff import Session, Staff
from hotline.errors import NotSignedIn
from hotline.storage.working_set import Loaded, Need

_ADDRESSES = 10  # an account may fail this many times as often in all: no one place can lock its owner out
_ACCOUNTS = 5  # an address may fail this many times as often in all: an office shares one
_SEEN_EVERY = timedelta(minutes=1)  # a session's last use is stored this exactly


@dataclass(frozen=True, slots=True)
class SignedIn:
    token: str
    staff: Staff
    session: Session


def _wrong() -> NotSignedIn:
    return NotSignedIn("Username or password is wrong.", code="wrong_credentials")


async def sign_in(
    hotline: Accounts, username: str, password: str, code: str | None = None, *, address: str = ""
) -> SignedIn:
    """A new session. Takes as long for an unknown name as for a wrong password; failures are counted."""
    username = username.strip().lower()
    lock = hotline.identities.one_at_a_time(username)
    async with lock:
        staff, step = await _proven(hotline, username, password, code, address)
    renewed = await hash_password(password) if is_outdated(staff.password_hash or "") else None
    signed_in = await _open(hotline, staff, step, renewed)
    hotline.identities.failures.forgive(f"{username}@{address}")
    return signed_in


async def _proven(
    hotline: Accounts, username: str, password: str, code: str | None, address: str
) -> tuple[Staff, int | None]:
    """Whose name, password and code these are, and the code's time step."""
    now = hotline.clock.now()
    _admit(hotline, username, address, now)
    staff = await _by_username(hotline, username)
    usable = staff is not None and not staff.disabled
    right = await is_password(staff.password_hash if staff and usable else None, password[: LONGEST + 1])
    if staff is None or not right:
        _note_failure(hotline, username, address, now)
        raise _wrong()
    return staff, _checked_code(hotline, staff, code, address, now)


async def sign_out(hotline: Accounts, session: Session) -> None:
    def decide(loaded: Loaded) -> Change:
        known = loaded.find(Session, session.id)
        return domain.end_session(known) if known is not None else Change()

    await hotline.writer.run(decide, Need(Session, session.id))


async def whose(hotline: Accounts, token: str) -> Known | None:
    """The session that this token opens and its account; None if it opens none (any more)."""
    now = hotline.clock.now()
    hashed = token_hash(token)
    known = hotline.identities.find(hashed, now) or await _read(hotline, hashed, now)
    if known is None or known.staff.disabled:
        return None
    idle = timedelta(minutes=hotline.settings.session_idle_minutes)
    if domain.is_over(known.session, now, idle):
        return None
    if now >= known.session.seen_at + _SEEN_EVERY:
        known = await _seen(hotline, known, now)
    if known is not None:
        hotline.identities.remember(known)
    return known


async def _read(hotline: Accounts, hashed: str, now: datetime) -> Known | None:
    found = await hotline.reader.having(Session, "token_hash", hashed)
    staff = await hotline.reader.find(Staff, found[0].staff_id) if found else None
    if staff is None:
        hotline.identities.forget(hashed)
        return None
    hotline.directory.put(staff)
    return Known(staff, found[0], now)


async def _seen(hotline: Accounts, known: Known, now: datetime) -> Known | None:
    """None: it was ended in this very moment."""

    def decide(loaded: Loaded) -> Change:
        session = loaded.find(Session, known.session.id)
        if session is None:
            return Change()
        session = session.model_copy(update={"seen_at": now})
        return Change(save=(session,), answer=session)

    session = await hotline.writer.run(decide, Need(Session, known.session.id))
    return Known(known.staff, session, known.read_at) if session is not None else None


async def _by_username(hotline: Accounts, username: str) -> Staff | None:
    found = await hotline.reader.having(Staff, "username", username)
    return found[0] if found else None


def _checked_code(
    hotline: Accounts, staff: Staff, code: str | None, address: str, now: datetime
) -> int | None:
    """The time step of the second factor's code; None where the account has no second factor."""
    if not domain.has_second_factor(staff) or staff.totp_secret is None:
        return None
    if not code:
        raise NotSignedIn("Please give the code of your authenticator.", code="code_needed")
    step = second_factor.step_of(staff.totp_secret, code, now)
    if step is None:
        _note_failure(hotline, staff.username, address, now)
        raise _wrong()
    return step


async def _open(hotline: Accounts, staff: Staff, step: int | None, renewed: str | None) -> SignedIn:
    token = new_token()
    hours = timedelta(hours=hotline.settings.session_hours)

    def decide(loaded: Loaded) -> Change:
        known = loaded.get(Staff, staff.id)
        if known.disabled or known.password_hash != staff.password_hash:
            raise _wrong()  # changed while the password was checked
        change = domain.use_code(known, step) if step is not None else Change(answer=known)
        if renewed is not None:
            account: Staff = change.answer
            change = change.then(Change(save=(account.model_copy(update={"password_hash": renewed}),)))
        session = Session(
            id=SessionId(loaded.new_id("ses")),
            staff_id=staff.id,
            token_hash=token_hash(token),
            created_at=loaded.now,
            seen_at=loaded.now,
            expires_at=loaded.now + hours,
        )
        return change.then(domain.open_session(session, loaded.where(Session, "staff_id", staff.id)))

    session: Session = await hotline.writer.run(
        decide, Need(Staff, staff.id), Need(Session, staff.id, "staff_id")
    )
    hotline.directory.put(staff)
    return SignedIn(token, staff, session)


def _limits(hotline: Accounts, username: str, address: str) -> list[tuple[str, int]]:
    attempts = hotline.settings.sign_in_attempts
    return [
        (f"{username}@{address}", attempts),
        (f"{username}@*", attempts * _ADDRESSES),
        (f"*@{address}", attempts * _ACCOUNTS),
    ]


def _admit(hotline: Accounts, username: str, address: str, now: datetime) -> None:
    window = timedelta(seconds=hotline.settings.sign_in_window_seconds)
    for key, limit in _limits(hotline, username, address):
        hotline.identities.failures.admit(key, limit, window, now)


def _note_failure(hotline: Accounts, username: str, address: str, now: datetime) -> None:
    window = timedelta(seconds=hotline.settings.sign_in_window_seconds)
    for key, _ in _limits(hotline, username, address):
        hotline.identities.failures.note_failure(key, window, now)
