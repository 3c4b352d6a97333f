"""People for tests of the running service: staff of every role, connected and available, and persons who write."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hotline.actions import contacts, messages, offers, presence
from hotline.actions import staff as staff_actions
from hotline.actions.staff import NewStaff
from hotline.auth.tokens import new_token, token_hash
from hotline.domain.access import Actor, Role
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, Message, Sender
from hotline.domain.ids import ContactId, SessionId, StaffId
from hotline.domain.offers import Offer
from hotline.domain.presence import PresenceState
from hotline.domain.skills import spoken
from hotline.domain.staff import Session, actor_of, open_session
from hotline.service import Hotline
from hotline.storage.working_set import Loaded
from tests.conftest import settle
from triage.assessment import Assessment, Turn

ADMIN = Actor(StaffId("stf_test_admin"), frozenset({Role.ADMIN}))


async def staff(hotline: Hotline, *roles: Role, name: str | None = None, **fields: str) -> Actor:
    """A new account with these roles; not connected yet."""
    username = f"{roles[0].value}-{secrets.token_hex(4)}"
    new = NewStaff(
        username=username, name=name or username, roles=list(roles), skills=spoken("zh", "en"), **fields
    )
    return actor_of((await staff_actions.create(hotline, ADMIN, new)).staff)


async def signed_in(hotline: Hotline, staff_id: StaffId) -> str:
    """The token of a new session; without a password and its tenths of a second."""
    token = new_token()

    def decide(loaded: Loaded) -> Change:
        session = Session(
            id=SessionId(loaded.new_id("ses")),
            staff_id=staff_id,
            token_hash=token_hash(token),
            created_at=loaded.now,
            seen_at=loaded.now,
            expires_at=loaded.now + timedelta(hours=hotline.settings.session_hours),
        )
        return open_session(session, ())

    await hotline.writer.run(decide)
    return token


async def available(hotline: Hotline, actor: Actor) -> Actor:
    await presence.connected(hotline, actor.staff_id)
    await presence.set_state(hotline, actor, PresenceState.AVAILABLE, reason=None, minutes=None)
    return actor


async def counselor(hotline: Hotline) -> Actor:
    """A counselor who is connected and available."""
    return await available(hotline, await staff(hotline, Role.COUNSELOR))


async def supervisor(hotline: Hotline) -> Actor:
    return await staff(hotline, Role.SUPERVISOR)


class SlowTriage:
    """Triage that answers only when it is let."""

    def __init__(self, answer: Assessment) -> None:
        self.may_answer = asyncio.Event()
        self._answer = answer

    async def assess(
        self, contact_id: str, text: str, history: Sequence[Turn] = (), *, speech: bool = False
    ) -> Assessment:
        await self.may_answer.wait()
        return self._answer


@dataclass
class Person:
    """Somebody who writes."""

    hotline: Hotline
    contact_id: ContactId
    written: int = 0

    async def writes(self, text: str, client_id: str | None = None) -> Message:
        self.written += 1
        return await messages.receive(
            self.hotline,
            self.contact_id,
            client_id=client_id or f"own-{self.written}",
            text=text,
            sender=Sender.HELP_SEEKER,
        )

    async def contact(self) -> Contact:
        contact = await self.hotline.reader.find(Contact, self.contact_id)
        assert contact is not None
        return contact


async def person(hotline: Hotline, language: str = "zh") -> Person:
    contact, _token = await contacts.open_chat(hotline, language=language)
    await contacts.person_connected(hotline, contact.id, connected=True)
    return Person(hotline, contact.id)


async def offer_of(hotline: Hotline, someone: Person) -> Offer:
    """What is offered of this person's contact, once the service has come to rest."""
    await settle(hotline)
    contact = await someone.contact()
    assert contact.offer_id is not None
    offer = await hotline.reader.find(Offer, contact.offer_id)
    assert offer is not None
    return offer


async def served(hotline: Hotline) -> tuple[Person, Actor]:
    """A person whose contact a counselor has accepted."""
    helper = await counselor(hotline)
    someone = await person(hotline)
    await offers.accept(hotline, helper, (await offer_of(hotline, someone)).id)
    return someone, helper
