"""Who comes again may wish for the counselor of last time: waited for a while if at work, never a condition."""

from __future__ import annotations

from datetime import timedelta

from hotline.actions import contacts, offers, presence
from hotline.domain.access import Actor, Role
from hotline.domain.contacts import Contact
from hotline.domain.presence import PresenceState
from hotline.domain.ringing import open_offers
from hotline.service import Hotline
from tests.conftest import SetClock, settle, wake
from tests.scene import Person, counselor, person


async def comes_again(hotline: Hotline, token: str | None) -> Person:
    contact, _ = await contacts.open_chat(hotline, language="zh", same_counselor_as=token)
    await contacts.person_connected(hotline, contact.id, connected=True)
    await settle(hotline)
    return Person(hotline, contact.id)


async def served_before(hotline: Hotline) -> tuple[str, Contact]:
    """The token of a chat that has had its counselor."""
    earlier, token = await contacts.open_chat(hotline, language="zh")
    await contacts.person_connected(hotline, earlier.id, connected=True)
    helper = await counselor(hotline)
    await offers.take(hotline, helper, earlier.id)
    return token, await contacts.end_conversation(hotline, helper, earlier.id)


async def test_the_same_counselor_is_asked_though_others_are_longer_free(
    hotline: Hotline, clock: SetClock
) -> None:
    token, earlier = await served_before(hotline)
    await counselor(hotline)
    clock.move(timedelta(minutes=1))
    await presence.set_state(
        hotline, actor_of_contact(earlier), PresenceState.AVAILABLE, reason=None, minutes=None
    )
    again = await comes_again(hotline, token)
    assert list(open_offers(await again.contact())) == [earlier.counselor_id]
    other = await comes_again(hotline, None)
    assert list(open_offers(await other.contact())) != [earlier.counselor_id], "nobody wished for them"


async def test_who_is_busy_is_waited_for_no_longer_than_the_rules_say(
    hotline: Hotline, clock: SetClock
) -> None:
    token, earlier = await served_before(hotline)
    filler = await person(hotline)
    await settle(hotline)
    await offers.take(hotline, actor_of_contact(earlier), filler.contact_id)
    other = await counselor(hotline)
    again = await comes_again(hotline, token)
    assert (await again.contact()).wished_counselor_id == earlier.counselor_id
    assert open_offers(await again.contact()) == {}, "two chats are theirs already: they are waited for"
    clock.move(timedelta(minutes=2))
    await wake(hotline)
    hotline.matcher.schedule()
    await settle(hotline)
    assert list(open_offers(await again.contact())) == [other.staff_id]


async def test_who_is_not_at_work_is_not_waited_for(hotline: Hotline) -> None:
    token, earlier = await served_before(hotline)
    await presence.set_state(
        hotline, actor_of_contact(earlier), PresenceState.OFFLINE, reason=None, minutes=None
    )
    other = await counselor(hotline)
    again = await comes_again(hotline, token)
    assert list(open_offers(await again.contact())) == [other.staff_id]


async def test_a_token_that_opens_nothing_opens_a_chat_all_the_same(hotline: Hotline) -> None:
    token, _ = await served_before(hotline)
    for wrong in ("", "con_none.x", token[:-1] + "!"):
        again = await comes_again(hotline, wrong)
        assert (await again.contact()).wished_counselor_id is None


def actor_of_contact(contact: Contact) -> Actor:
    assert contact.counselor_id is not None
    return Actor(contact.counselor_id, frozenset({Role.COUNSELOR}))
