"""Accounts: made, changed, disabled, reset; passwords and second factors set by their owners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hotline.actions import left_behind
from hotline.actions.accounts import Accounts
from hotline.auth import second_factor
from hotline.auth.passwords import LONGEST, hash_password, is_password
from hotline.auth.tokens import new_token, token_hash
from hotline.domain import presence as presences
from hotline.domain import staff as domain
from hotline.domain.access import Actor, Permission, Role, require
from hotline.domain.change import Change
from hotline.domain.duty import DUTY_ID, Duty
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence
from hotline.domain.skills import checked_levels, spoken
from hotline.domain.staff import Session, Staff
from hotline.errors import FieldProblem, Forbidden, Invalid, NotFound, NotSignedIn
from hotline.storage.working_set import Loaded, Need

OPERATOR = Actor(StaffId(domain.OPERATOR), frozenset({Role.ADMIN}))


@dataclass(frozen=True, slots=True)
class NewStaff:
    username: str
    name: str
    roles: Iterable[Role]
    skills: Mapping[str, int] = field(default_factory=lambda: spoken("zh"))
    district: str | None = None
    organisation_id: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Invited:
    """An account and, unless a password was given, the token of its one-time link."""

    staff: Staff
    setup_token: str | None = field(default=None, repr=False)


async def create(
    hotline: Accounts,
    actor: Actor,
    new: NewStaff,
    *,
    key: str | None = None,
    password_hash: str | None = None,
) -> Invited:
    """`key`: the same one from the same actor makes the account once. `password_hash`: of the demo accounts, whose one
    password everybody knows; instead of `new.password`."""
    require(actor, Permission.STAFF_MANAGE)
    username = domain.normal_username(new.username)
    name, roles = domain.checked_name(new.name), domain.checked_roles(new.roles)
    skills = checked_levels(hotline.settings.service_rules().all_skills, new.skills)
    if new.password is not None:
        check_password(hotline, new.password)
        password_hash = await hash_password(new.password)
    token = new_token() if password_hash is None else None
    hours = timedelta(hours=hotline.settings.setup_link_hours)

    def decide(loaded: Loaded) -> Change:
        staff_id = StaffId(loaded.id_of("stf", key, actor.staff_id))
        same = loaded.find(Staff, staff_id)
        if same is not None:
            return Change(answer=same)
        staff = Staff(
            id=staff_id,
            username=username,
            name=name,
            roles=roles,
            skills=skills,
            language=domain.own_language(skills),
            district=new.district,
            organisation_id=new.organisation_id,
            password_hash=password_hash,
            setup_token_hash=token_hash(token) if token else None,
            setup_expires_at=loaded.now + hours if token else None,
            created_at=loaded.now,
        )
        return domain.create(staff, loaded.where(Staff, "username", username), actor.staff_id)

    staff: Staff = await hotline.writer.run(decide, Need(Staff, username, "username"))
    was_made_now = token is not None and staff.setup_token_hash == token_hash(token)
    return Invited(staff, token if was_made_now else None)


async def change(
    hotline: Accounts,
    actor: Actor,
    staff_id: StaffId,
    *,
    disabled: bool | None = None,
    name: str | None = None,
    roles: Iterable[Role] | None = None,
    district: str | None = None,
    organisation_id: str | None = None,
) -> Staff:
    require(actor, Permission.STAFF_MANAGE)
    _refuse_locking_oneself_out(actor, staff_id, disabled, roles)
    wanted_name = domain.checked_name(name) if name is not None else None
    wanted_roles = domain.checked_roles(roles) if roles is not None else None
    held = await left_behind.in_hand(hotline, staff_id) if disabled or wanted_roles is not None else None

    def decide(loaded: Loaded) -> Change:
        decided = domain.describe(
            loaded.get(Staff, staff_id),
            actor.staff_id,
            name=wanted_name,
            roles=wanted_roles,
            district=district,
            organisation_id=organisation_id,
        )
        decided = decided.then(_routed_by(loaded, decided.answer)).answering(decided.answer)
        if disabled is True:
            sessions = loaded.where(Session, "staff_id", staff_id)
            decided = decided.then(domain.disable(decided.answer, sessions, actor.staff_id))
        elif disabled is False:
            decided = decided.then(domain.enable(decided.answer, actor.staff_id))
        if held is not None:
            decided = decided.then(left_behind.let_go(loaded, decided.answer, held))
        return decided if disabled is None else decided.then(_duty_looked_at_again(loaded))

    staff: Staff = await hotline.writer.run(
        decide, Need(Staff, staff_id), Need(Session, staff_id, "staff_id")
    )
    return staff


async def set_skills(hotline: Accounts, actor: Actor, staff_id: StaffId, levels: Mapping[str, int]) -> Staff:
    """All of them at once. Supervisors may too: they know what somebody has learned."""
    require(actor, Permission.STAFF_MANAGE, Permission.STAFF_SKILLS)
    wanted = checked_levels(hotline.settings.service_rules().all_skills, levels)

    def decide(loaded: Loaded) -> Change:
        decided = domain.describe(loaded.get(Staff, staff_id), actor.staff_id, skills=wanted)
        return decided.then(_routed_by(loaded, decided.answer)).answering(decided.answer)

    staff: Staff = await hotline.writer.run(decide, Need(Staff, staff_id))
    return staff


def _duty_looked_at_again(loaded: Loaded) -> Change:
    """Whoever has no account is on duty no more: the worker looks for gaps at once, whoever made the change."""
    duty = loaded.find(Duty, DUTY_ID)
    return Change() if duty is None else Change((duty.model_copy(update={"next_look_at": loaded.now}),))


def _routed_by(loaded: Loaded, staff: Staff) -> Change:
    """Somebody's presence follows their account."""
    presence = loaded.find(Presence, staff.id)
    if presence is None:
        return Change()
    described = presences.described(presence, **domain.routed_by(staff))
    return Change() if described == presence else presences.load_changed(described)


def _refuse_locking_oneself_out(
    actor: Actor, staff_id: StaffId, disabled: bool | None, roles: Iterable[Role] | None
) -> None:
    if actor.staff_id != staff_id:
        return
    if disabled or (roles is not None and Role.ADMIN not in set(roles)):
        raise Forbidden("You cannot take your own account away from yourself; another administrator can.")


async def reset(hotline: Accounts, actor: Actor, staff_id: StaffId) -> Invited:
    """A one-time link instead of password and second factor; whoever was signed in is out."""
    require(actor, Permission.STAFF_MANAGE)
    token = new_token()
    hours = timedelta(hours=hotline.settings.setup_link_hours)

    def decide(loaded: Loaded) -> Change:
        sessions = loaded.where(Session, "staff_id", staff_id)
        staff = loaded.get(Staff, staff_id)
        return domain.invite(staff, sessions, token_hash(token), loaded.now + hours, actor.staff_id)

    staff = await hotline.writer.run(decide, Need(Staff, staff_id), Need(Session, staff_id, "staff_id"))
    return Invited(staff, token)


async def set_up(hotline: Accounts, token: str, password: str) -> Staff:
    """The owner's first password, by the one-time link, which then is used up."""
    check_password(hotline, password)
    hashed = token_hash(token)
    table = hotline.reader.table(Staff)
    found = await hotline.reader.where(Staff, table.c.setup_token_hash == hashed)
    if not found or not domain.is_set_up_by(found[0], hashed, hotline.clock.now()):
        raise _no_such_link()
    staff_id = found[0].id
    password_hash = await hash_password(password)

    def decide(loaded: Loaded) -> Change:
        staff = loaded.get(Staff, staff_id)
        if not domain.is_set_up_by(staff, hashed, loaded.now):
            raise _no_such_link()
        sessions = loaded.where(Session, "staff_id", staff_id)
        return domain.set_password(staff, sessions, password_hash, staff_id)

    staff: Staff = await hotline.writer.run(
        decide, Need(Staff, staff_id), Need(Session, staff_id, "staff_id")
    )
    return staff


def _no_such_link() -> NotFound:
    return NotFound("This link is not valid (any more). Please ask for a new one.")


async def change_password(
    hotline: Accounts, actor: Actor, session: Session, current: str, password: str
) -> Staff:
    """Other sessions of the account end; this one stays."""
    check_password(hotline, password)
    staff = await _own_account(hotline, actor, current)
    password_hash = await hash_password(password)

    def decide(loaded: Loaded) -> Change:
        others = [each for each in loaded.where(Session, "staff_id", staff.id) if each.id != session.id]
        return domain.set_password(loaded.get(Staff, staff.id), others, password_hash, staff.id)

    changed: Staff = await hotline.writer.run(
        decide, Need(Staff, staff.id), Need(Session, staff.id, "staff_id")
    )
    return changed


async def begin_second_factor(hotline: Accounts, actor: Actor, password: str) -> tuple[str, str]:
    """A new secret and the address that an authenticator app reads. It holds after the first right code."""
    staff = await _own_account(hotline, actor, password)
    secret = second_factor.new_secret()
    await hotline.writer.run(
        lambda loaded: domain.begin_second_factor(loaded.get(Staff, staff.id), secret), Need(Staff, staff.id)
    )
    return secret, second_factor.address(secret, staff.username, hotline.settings.service_name_en)


async def confirm_second_factor(hotline: Accounts, actor: Actor, code: str) -> None:
    def decide(loaded: Loaded) -> Change:
        staff = loaded.get(Staff, actor.staff_id)
        if staff.totp_secret is None or staff.totp_confirmed:
            raise Invalid("There is no second factor to confirm.", code="no_second_factor")
        step = second_factor.step_of(staff.totp_secret, code, loaded.now)
        if step is None:
            raise Invalid("The code is wrong.", fields=(FieldProblem("code", "is not the current code"),))
        return domain.use_code(staff, step)

    await hotline.writer.run(decide, Need(Staff, actor.staff_id))


async def drop_second_factor(hotline: Accounts, actor: Actor, password: str) -> None:
    staff = await _own_account(hotline, actor, password)
    await hotline.writer.run(
        lambda loaded: domain.drop_second_factor(loaded.get(Staff, staff.id), staff.id), Need(Staff, staff.id)
    )


async def _own_account(hotline: Accounts, actor: Actor, password: str) -> Staff:
    """The actor's account, once they have given their password again. Guesses are counted."""
    window = timedelta(seconds=hotline.settings.sign_in_window_seconds)
    key = f"{actor.staff_id} again"
    lock = hotline.identities.one_at_a_time(key)
    async with lock:
        now = hotline.clock.now()
        hotline.identities.failures.admit(key, hotline.settings.sign_in_attempts, window, now)
        staff = await hotline.reader.find(Staff, actor.staff_id)
        if staff is None or not await is_password(staff.password_hash, password[: LONGEST + 1]):
            hotline.identities.failures.note_failure(key, window, now)
            raise NotSignedIn("The password is wrong.", code="wrong_credentials")
    return staff


def check_password(hotline: Accounts, password: str) -> None:
    shortest = hotline.settings.password_min_length
    if not shortest <= len(password) <= LONGEST or not password.strip():
        problem = f"{shortest} to {LONGEST} characters"
        raise Invalid("The password is too short or too long.", fields=(FieldProblem("password", problem),))


async def everyone(hotline: Accounts) -> list[Staff]:
    table = hotline.reader.table(Staff)
    return await hotline.reader.where(Staff, order=(table.c.username,))


async def by_username(hotline: Accounts, username: str) -> Staff:
    table = hotline.reader.table(Staff)
    found = await hotline.reader.where(Staff, table.c.username == username.strip().lower())
    if not found:
        raise NotFound("There is no account with this username.")
    return found[0]
