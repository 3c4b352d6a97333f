"""`GET /ws/chat`: a help-seeker's page. The first frame's token opens one contact; several tabs may.

It hears its own messages, that they were read, typing, and the contact's state: never a name, a level or a reason.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from aiohttp import web

from hotline.actions import contacts, outside
from hotline.actions import messages as message_actions
from hotline.actions.writer import urgently
from hotline.domain.access import person_topic, serving_topic
from hotline.domain.contacts import Contact, ContactState, Message, Sender
from hotline.domain.ids import ContactId
from hotline.errors import HotlineError, Invalid, NotSignedIn, Unavailable, WrongState
from hotline.live.feed import encode
from hotline.live.projections.contact import person_contact, person_message, renamed
from hotline.service import Hotline
from web_console.identity import HOTLINE, require_origin
from web_console.sockets.frames import (
    ChatHello,
    Leave,
    Pace,
    Read,
    Send,
    checked,
    come_again_later,
    ended_by_a_code,
    frames,
    refusal,
    socket,
)
from web_console.sockets.leaving import note_gone
from web_console.sockets.outbox import Outbox
from web_console.turnstile import TURNSTILE, Rank

_PLACES_EVERY_SECONDS = 0.5  # places in the queue are told at most this often
_HELLO_WITHIN_SECONDS = 10.0
_LONGEST_CURSOR = 9  # digits; what is longer is no cursor of ours, and no number for a column
_PAGE = 500  # messages told at a hello; a longer chat sends the newest


class OpenChats:
    """The open pages: who is there, and what each was last told of its place."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._open: Counter[str] = Counter()
        self._told: dict[str, int | None] = {}
        self._waiting: dict[str, Contact] = {}
        self._scheduled: asyncio.TimerHandle | None = None
        hotline.feed.watch_persons(self.tell_state)
        hotline.writer.listen(lambda _committed: self._schedule())

    async def opened(self, contact_id: ContactId) -> None:
        self._open[contact_id] += 1
        if self._open[contact_id] == 1:
            await contacts.person_connected(self._hotline, contact_id, connected=True)

    async def closed(self, contact_id: ContactId) -> None:
        self._open[contact_id] -= 1
        if self._open[contact_id] <= 0:
            del self._open[contact_id]
            self._told.pop(contact_id, None)
            self._waiting.pop(contact_id, None)
            await note_gone(
                self._hotline,
                lambda: contacts.person_connected(self._hotline, contact_id, connected=False),
                lambda: contact_id not in self._open,
            )

    def view(self, contact: Contact, place: int | None) -> dict[str, Any]:
        self._told[contact.id] = place
        return dict(
            person_contact(
                contact,
                self._hotline.rules,
                place=place,
                on_duty=outside.is_anybody_there(self._hotline),
                usual_wait_seconds=self._hotline.matcher.usual_wait_seconds(),
            )
        )

    def tell_state(self, contact: Contact) -> None:
        if contact.state is ContactState.WAITING:
            self._waiting[contact.id] = contact
        else:
            self._waiting.pop(contact.id, None)
        self._say_state(contact, self._hotline.matcher.place(contact))

    def _say_state(self, contact: Contact, place: int | None) -> None:
        frame = {"type": "contact.state", "contact": self.view(contact, place)}
        self._hotline.feed.whisper(person_topic(contact.id), frame)

    def _schedule(self) -> None:
        if self._scheduled is None and self._waiting:
            loop = asyncio.get_running_loop()
            self._scheduled = loop.call_later(_PLACES_EVERY_SECONDS, self._tell_places)

    def _tell_places(self) -> None:
        """Whoever's place in the queue has changed is told, in one go."""
        self._scheduled = None
        order = self._hotline.matcher.room.waiting_in_order()
        places = {each.contact_id: index for index, each in enumerate(order, 1)}
        for contact_id, contact in tuple(self._waiting.items()):
            place = places.get(ContactId(contact_id))
            if place is not None and place != self._told.get(contact_id):
                self._say_state(contact, place)

    def close(self) -> None:
        if self._scheduled is not None:
            self._scheduled.cancel()


CHATS = web.AppKey("open_chats", OpenChats)


class ChatSocket:
    """One tab of a help-seeker's page."""

    def __init__(self, hotline: Hotline, chats: OpenChats, outbox: Outbox, contact: Contact) -> None:
        self._hotline = hotline
        self._chats = chats
        self._outbox = outbox
        self._contact_id = contact.id
        self.topics = frozenset({person_topic(contact.id)})

    def push(self, frame: bytes) -> None:
        self._outbox.push(frame)

    async def welcome(self, after: str | None) -> None:
        """The contact as it is, then every message after the cursor, then what happens from here on."""
        self._outbox.hold()
        self._hotline.feed.join(self)
        contact = await self._hotline.reader.find(Contact, self._contact_id)
        if contact is None:
            raise NotSignedIn("This chat is not known here.", code="wrong_token")
        seq = int(after) if after and after.isdecimal() and len(after) <= _LONGEST_CURSOR else 0
        table = self._hotline.reader.table(Message)
        newest = await self._hotline.reader.where(
            Message,
            table.c.contact_id == self._contact_id,
            table.c.seq > seq,
            order=(table.c.seq.desc(),),
            limit=_PAGE,
            quick=True,
        )
        shown = self._chats.view(contact, self._hotline.matcher.place(contact))
        self._outbox.say({"type": "welcome", "contact": shown, "cursor": str(contact.last_seq)})
        for message in reversed(newest):
            frame = {"type": "message", "message": renamed(person_message(message))}
            self._outbox.push_now(encode(frame))
        self._outbox.release()

    async def handle(self, frame: dict[str, Any]) -> None:
        what = frame["type"]
        if what == "ping":
            self._outbox.say({"type": "pong"})
        elif what == "message.send":
            await self._send(checked(Send, frame))
        elif what == "typing":
            await self._typing()
        elif what == "read":
            read: Read = checked(Read, frame)
            await message_actions.read_by_person(self._hotline, self._contact_id, read.up_to_seq)
        elif what == "leave":
            await self._leave(checked(Leave, frame))
        else:
            raise Invalid("There is no such frame.", code="unknown_type")

    async def _send(self, frame: Send) -> None:
        def still_open(contact: Contact) -> None:
            if contact.state in (ContactState.WRAP_UP, ContactState.CLOSED):
                raise WrongState("This chat is over; a new one can be opened.", code="chat_over")

        with urgently():
            message = await message_actions.receive(
                self._hotline,
                self._contact_id,
                client_id=frame.client_id,
                text=frame.text,
                sender=Sender.HELP_SEEKER,
                check=still_open,
            )
        message_actions.refuse_other_words(message, frame.text)
        ack = {"type": "message.ack", "client_id": frame.client_id, "message_id": message.id}
        self._outbox.say(ack | {"seq": message.seq, "at": message.at})

    async def _typing(self) -> None:
        contact = await self._hotline.reader.find(Contact, self._contact_id)
        if contact is not None and contact.state is ContactState.ACTIVE:
            frame = {"type": "typing", "contact_id": contact.id}
            for staff_id in (contact.counselor_id, *contact.joined):
                if staff_id is not None:
                    self._hotline.feed.whisper(serving_topic(staff_id), frame)

    async def _leave(self, frame: Leave) -> None:
        """Ends the chat. After a quick exit the counselor is told by the page's going, and the contact stays."""
        if not frame.quick:
            await contacts.person_leaves(self._hotline, self._contact_id)

    def leave(self) -> None:
        self._hotline.feed.leave(self)


async def chat(request: web.Request) -> web.StreamResponse:
    require_origin(request)
    hotline, chats = request.app[HOTLINE], request.app[CHATS]
    ws = socket()
    await ws.prepare(request)
    outbox = Outbox(ws, request)
    member: ChatSocket | None = None
    contact_id: ContactId | None = None
    welcomed = False
    loop = asyncio.get_running_loop()
    silent = loop.call_later(_HELLO_WITHIN_SECONDS, outbox.cut)  # a socket that never says who it is
    async with ended_by_a_code(ws, request.path):
        try:
            async for frame in frames(ws, outbox, Pace(hotline.settings.messages_per_second)):
                try:
                    if member is None:
                        await request.app[TURNSTILE].enter(Rank.PERSON)
                        contact = await _contact_of(hotline, frame)
                        silent.cancel()
                        contact_id = contact.id
                        await chats.opened(contact_id)
                        member = ChatSocket(hotline, chats, outbox, contact)
                        await member.welcome(frame.get("after"))
                        welcomed = True
                    else:
                        await member.handle(frame)
                except HotlineError as error:
                    if isinstance(error, Unavailable) and not welcomed:
                        await come_again_later(ws, error, frame)
                    else:
                        await _refuse(ws, outbox, error, frame)
        finally:
            silent.cancel()
            if member is not None:
                member.leave()
            await outbox.close()
            if contact_id is not None:
                await chats.closed(contact_id)
    return ws


async def _contact_of(hotline: Hotline, frame: dict[str, Any]) -> Contact:
    if frame["type"] != "hello":
        raise Invalid("The first frame is hello.", code="hello_first")
    hello: ChatHello = checked(ChatHello, frame)
    return await contacts.contact_of_token(hotline, hello.token)


async def _refuse(
    ws: web.WebSocketResponse, outbox: Outbox, error: HotlineError, frame: dict[str, Any]
) -> None:
    """An error frame; a wrong token is a breach and closes the socket."""
    if isinstance(error, NotSignedIn):
        await ws.send_json(refusal(error, frame))
        await ws.close(code=4401, message=b"wrong token")
    else:
        outbox.say(refusal(error, frame))
