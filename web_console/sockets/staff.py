"""`GET /ws/console`: the staff's feed. Commands go over HTTP; up come only ping, typing, read and message.send.

An expired session never ends an open console: it was proved when the socket opened.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from aiohttp import web

from hotline.actions import messages, presence, shifts
from hotline.actions.writer import urgently
from hotline.domain.access import Actor, Permission, person_topic, require_serving, topics_of
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId
from hotline.errors import HotlineError, Invalid, NotFound, Unavailable
from hotline.live.projections.contact import message_view, renamed
from hotline.live.snapshot import snapshot
from hotline.service import Hotline
from web_console.identity import HOTLINE, identity_of, require_origin
from web_console.open_sockets import OPEN_SOCKETS
from web_console.sockets.frames import (
    OfContact,
    Pace,
    ReadOf,
    SendTo,
    StaffHello,
    checked,
    come_again_later,
    ended_by_a_code,
    frames,
    refusal,
    socket,
)
from web_console.sockets.leaving import note_gone
from web_console.sockets.outbox import LARGEST, Outbox
from web_console.turnstile import TURNSTILE, Rank

_FRAMES_PER_SECOND = 20.0  # a fast typist in three chats sends about five


class OpenConsoles:
    """How many sockets each person has open: several tabs are one presence. A tab that was opened in another role,
    before that was taken away or after it, is none: it holds nobody at work and keeps nobody from being there."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._open: Counter[str] = Counter()

    async def opened(self, actor: Actor) -> None:
        if not actor.may(Permission.PRESENCE_OWN):
            return
        self._open[actor.staff_id] += 1
        if self._open[actor.staff_id] == 1:
            await presence.connected(self._hotline, actor.staff_id)

    async def closed(self, actor: Actor) -> None:
        if not actor.may(Permission.PRESENCE_OWN):
            return
        self._open[actor.staff_id] -= 1
        if self._open[actor.staff_id] <= 0:
            del self._open[actor.staff_id]
            await note_gone(
                self._hotline,
                lambda: presence.disconnected(self._hotline, actor.staff_id),
                lambda: actor.staff_id not in self._open,
            )


CONSOLES = web.AppKey("open_consoles", OpenConsoles)


class StaffSocket:
    """One tab. Subscribes to what its person may hear."""

    def __init__(self, hotline: Hotline, actor: Actor, outbox: Outbox) -> None:
        self._hotline = hotline
        self._actor = actor
        self._outbox = outbox
        self.topics = topics_of(actor)

    def push(self, frame: bytes) -> None:
        self._outbox.push(frame)

    async def hello(self, frame: dict[str, Any]) -> None:
        """Resume after the cursor if it is still held, else begin with a snapshot."""
        hello: StaffHello = checked(StaffHello, frame)
        feed = self._hotline.feed
        missed = feed.resumed(hello.after, self._actor, self.topics)
        if missed is not None and sum(map(len, missed)) > LARGEST // 2:
            missed = None  # a snapshot is smaller, and the outbox must have room for what happens meanwhile
        self._outbox.hold()
        feed.join(self)
        cursor = feed.cursor()
        welcome: dict[str, Any] = {"type": "welcome", "cursor": cursor}
        if missed is None:
            welcome["snapshot"] = await snapshot(self._hotline.reader, feed, self._actor)
        self._outbox.say(welcome)
        for each in missed or ():
            self._outbox.push_now(each)
        self._outbox.release()
        feed.welcomed(self)

    async def handle(self, frame: dict[str, Any]) -> None:
        what = frame["type"]
        if what == "ping":
            self._outbox.say({"type": "pong"})
        elif what == "typing":
            await self._typing(checked(OfContact, frame))
        elif what == "read":
            read: ReadOf = checked(ReadOf, frame)
            await messages.read_by_staff(
                self._hotline, self._actor, ContactId(read.contact_id), read.up_to_seq
            )
        elif what == "message.send":
            await self._send(checked(SendTo, frame))
        else:
            raise Invalid("There is no such frame.", code="unknown_type")

    async def _typing(self, frame: OfContact) -> None:
        contact = await self._hotline.reader.find(Contact, frame.contact_id)
        if contact is None:
            raise NotFound("There is no such contact.")
        require_serving(self._actor, contact)
        self._hotline.feed.whisper(person_topic(contact.id), {"type": "typing"})

    async def _send(self, frame: SendTo) -> None:
        with urgently():
            message = await messages.send(
                self._hotline,
                self._actor,
                ContactId(frame.contact_id),
                client_id=frame.client_id,
                text=frame.text,
            )
        view = renamed(message_view(message, self._hotline.directory))
        ack = {"type": "message.ack", "client_id": frame.client_id, "message_id": message.id}
        self._outbox.say(ack | {"seq": message.seq, "at": message.at, "message": view})

    def leave(self) -> None:
        self._hotline.feed.leave(self)


async def console(request: web.Request) -> web.StreamResponse:
    identity = identity_of(request)
    require_origin(request, must_be_named=identity.by_cookie)
    hotline = request.app[HOTLINE]
    ws = socket()
    await ws.prepare(request)
    outbox = Outbox(ws, request)
    member = StaffSocket(hotline, identity.actor, outbox)
    consoles = request.app[CONSOLES]
    greeted = False
    async with ended_by_a_code(ws, request.path):
        try:
            await consoles.opened(identity.actor)
            async for frame in frames(ws, outbox, Pace(_FRAMES_PER_SECOND)):
                try:
                    if frame["type"] == "hello" and not greeted:
                        await request.app[TURNSTILE].enter(Rank.LOOKING)
                        await member.hello(frame)
                        greeted = True
                        await shifts.came(hotline, identity.actor.staff_id)
                    elif not greeted and frame["type"] != "ping":
                        raise Invalid("The first frame is hello.", code="hello_first")
                    else:
                        await member.handle(frame)
                except HotlineError as error:
                    if isinstance(error, Unavailable) and not greeted:
                        await come_again_later(ws, error, frame)
                    else:
                        outbox.say(refusal(error, frame))
                await request.app[OPEN_SOCKETS].look_again(ws)
        finally:
            member.leave()
            await outbox.close()
            await consoles.closed(identity.actor)
    return ws
