"""Old snapshot + events == new snapshot, for every role, over a whole shift; and resuming by the cursor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import orjson
import pytest

from hotline.actions import alerts, closing, contacts, messages, offers, presence, retention, risk, transfers
from hotline.actions.closing import CloseSheet, FollowupWish
from hotline.domain.access import Actor, Role, topics_of
from hotline.domain.alerts import Alert, AlertFacts
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import PresenceState
from hotline.live.feed import encode
from hotline.live.snapshot import snapshot
from hotline.service import Hotline
from tests.conftest import SetClock, settle, wake
from tests.scene import counselor, person, staff
from triage.assessment import Level

NOUNS = {
    "contact": "contacts",
    "offer": "offers",
    "presence": "presences",
    "alert": "alerts",
    "followup": "followups",
    "referral": "referrals",
    "school_report": "school_reports",
}
_ALL_SAID = CloseSheet(disposition="supported", note="说好了", level_confirmed=Level.NONE)
ENDED = {"closed", "cancelled", "dismissed", "accepted", "declined", "missed", "withdrawn", "done"}


class Console:
    """What a page does with its frames."""

    def __init__(self, hotline: Hotline, actor: Actor) -> None:
        self.hotline = hotline
        self.actor = actor
        self.topics = topics_of(actor)
        self.frames: list[dict[str, Any]] = []
        self.known: dict[str, dict[str, Any]] = {}
        self.first: dict[str, dict[str, Any]] = {}
        self.heard: list[bytes] = []

    def push(self, frame: bytes) -> None:
        self.heard.append(frame)
        told = orjson.loads(frame)
        self.frames.extend(told["frames"] if told["type"] == "several" else [told])

    async def snapshot(self) -> dict[str, dict[str, Any]]:
        taken = orjson.loads(encode(await snapshot(self.hotline.reader, self.hotline.feed, self.actor)))
        return {noun: {each["id"]: each for each in taken[plural]} for noun, plural in NOUNS.items()}

    def apply(self) -> None:
        for frame in self.frames:
            if frame["type"] == "removed":
                self.known[frame["noun"]].pop(frame["id"], None)
                continue
            noun = frame["type"].split(".")[0]
            if "spoken" in frame:
                spoken = frame["spoken"]
                self.known["contact"].get(spoken["id"], {}).update(spoken)
            elif noun == "message":
                contact = self.known["contact"].get(frame["message"]["contact_id"])
                if contact is not None:
                    contact["last_seq"] = max(contact["last_seq"], frame["message"]["seq"])
            elif noun in NOUNS:
                self.known[noun][frame[noun]["id"]] = frame[noun]
        self.frames.clear()

    async def begin(self) -> None:
        self.hotline.feed.join(self)
        self.known = await self.snapshot()
        self.first = deepcopy(self.known)
        self.cursor = self.hotline.feed.cursor()
        self.hotline.feed.welcomed(self)

    def cut_after(self, count: int) -> dict[str, dict[str, Any]]:
        """What it knew in the end if its line was cut after so many frames and it resumed."""
        other = Console(self.hotline, self.actor)
        other.known = deepcopy(self.first)
        for frame in self.heard[:count]:
            other.push(frame)
        cursor = other.frames[-1]["cursor"] if other.frames else self.cursor
        other.apply()
        missed = self.hotline.feed.since(cursor, self.topics)
        assert missed is not None
        for frame in missed:
            other.push(frame)
        other.apply()
        return other.known

    async def check(self) -> None:
        self.hotline.feed.send_lot()
        self.apply()
        fresh = await self.snapshot()
        for noun in NOUNS:
            unfinished = {
                key: value for key, value in self.known[noun].items() if value.get("state") not in ENDED
            }
            if noun == "contact":  # a queue's row does not follow every word
                waiting = [each for each in fresh[noun].values() if each["state"] == "waiting"]
                for each in waiting:
                    unfinished.get(each["id"], {}).update(last_seq=each["last_seq"])
            assert unfinished == fresh[noun], noun


async def test_what_frames_tell_is_what_a_new_snapshot_shows(hotline: Hotline, clock: SetClock) -> None:
    helper, second = await counselor(hotline), await counselor(hotline)
    boss = await staff(hotline, Role.SUPERVISOR)
    dispatcher = await staff(hotline, Role.DISPATCHER)
    await presence.connected(hotline, boss.staff_id)
    consoles = [Console(hotline, each) for each in (helper, second, boss, dispatcher)]
    for console in consoles:
        await console.begin()

    async def after(step: Awaitable[Any]) -> Any:
        answer = await step
        await settle(hotline)
        for console in consoles:
            await console.check()
        return answer

    def open_offer(contact_id: str) -> Callable[[Offer], bool]:
        return lambda each: each.contact_id == contact_id and each.state is OfferState.OPEN

    someone = await after(person(hotline))
    await after(someone.writes("最近很难受"))
    offer = next(filter(open_offer(someone.contact_id), await hotline.reader.where(Offer)))
    actor = helper if offer.staff_id == helper.staff_id else second
    await after(offers.accept(hotline, actor, offer.id))
    await after(someone.writes("药都攒好了,今晚就走,再见"))
    await after(messages.send(hotline, actor, someone.contact_id, client_id="c1", text="我在"))
    found = (await hotline.reader.where(Alert))[0]
    await after(alerts.confirm(hotline, actor, found.id, version=found.version, facts=AlertFacts()))
    found = (await hotline.reader.where(Alert))[0]
    await after(alerts.acknowledge(hotline, dispatcher, found.id, version=found.version))
    await after(contacts.join(hotline, boss, someone.contact_id))
    await after(contacts.request_help(hotline, actor, someone.contact_id, note="请看一下"))
    await after(risk.override(hotline, boss, someone.contact_id, level=Level.HIGH, reason="已经冷静"))
    await after(transfers.transfer(hotline, actor, someone.contact_id, to_staff_id=None, reason="换班"))
    await after(contacts.leave(hotline, boss, someone.contact_id))
    taker = second if actor is helper else helper
    await after(offers.take(hotline, taker, someone.contact_id))
    await after(presence.set_state(hotline, actor, PresenceState.ON_BREAK, reason="break", minutes=10))
    await after(contacts.end_conversation(hotline, taker, someone.contact_id))
    sheet = CloseSheet(
        disposition="safety_plan",
        note="做了安全计划",
        level_confirmed=Level.HIGH,
        followup=FollowupWish(clock.now() + timedelta(days=1), consent=True),
        safety_plan={"coping": "散步"},
    )
    await after(closing.close(hotline, taker, someone.contact_id, sheet))
    clock.move(timedelta(days=2))
    await after(wake(hotline))
    for console in consoles:
        for count in range(len(console.heard) + 1):
            assert console.cut_after(count) == console.known


async def test_who_comes_back_hears_nothing_again_of_what_was_erased(
    hotline: Hotline, clock: SetClock
) -> None:
    helper, someone = await counselor(hotline), await person(hotline)
    await offers.take(hotline, helper, someone.contact_id)
    topics, before = topics_of(helper), hotline.feed.cursor()
    await someone.writes("这句话要被忘记")
    hotline.feed.send_lot()
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    await closing.close(hotline, helper, someone.contact_id, _ALL_SAID)
    await settle(hotline)
    assert any("这句话要被忘记" in each.decode() for each in hotline.feed.since(before, topics) or ())
    clock.move(timedelta(days=hotline.rules.contacts_kept_days + 1))
    meanwhile = hotline.feed.cursor()
    await retention.forget_old(hotline)
    assert hotline.feed.since(before, topics) is None, "it begins with a snapshot"
    assert not any("这句话要被忘记" in each.told.frame.decode() for each in hotline.feed._kept)
    assert hotline.feed.since(meanwhile, topics) is not None, "who was there since then goes on"


@pytest.mark.parametrize("number", ["²", "١", "1²", "-1", "+1", " 1", "1_0", ""])
async def test_a_cursor_of_strange_digits_is_none_of_ours(hotline: Hotline, number: str) -> None:
    for cursor in (f"{hotline.feed.epoch}.{number}.0", f"{hotline.feed.epoch}.0.{number}"):
        assert hotline.feed.since(cursor, frozenset({"queue"})) is None


async def test_who_comes_and_is_taken_between_two_lots_is_told_to_nobody_else(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.live.gathering._SOONEST_SECONDS", 3600.0)
    helpers = [await counselor(hotline) for _ in range(4)]
    boss = await staff(hotline, Role.SUPERVISOR)
    bystander = Console(hotline, helpers[0])
    await presence.set_state(hotline, helpers[0], PresenceState.ON_BREAK, reason="break", minutes=10)
    overseer = Console(hotline, boss)
    await settle(hotline)
    for console in (bystander, overseer):
        await console.begin()
    hotline.feed.send_lot()
    for console in (bystander, overseer):
        console.heard.clear()
        console.frames.clear()
    for _ in range(3):
        someone = await person(hotline, "en")
        await settle(hotline)
        offer = next(
            each for each in await hotline.reader.where(Offer) if each.contact_id == someone.contact_id
        )
        taker = next(each for each in helpers if each.staff_id == offer.staff_id)
        await offers.accept(hotline, taker, offer.id)
        await settle(hotline)
    assert bystander.heard == overseer.heard == []
    await bystander.check()
    assert bystander.heard == []
    await overseer.check()
    assert len(overseer.heard) == 1


async def test_a_console_that_came_between_two_lots_keeps_nobody_who_is_gone(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its snapshot showed somebody whom nobody else has been told of."""
    monkeypatch.setattr("hotline.live.gathering._SOONEST_SECONDS", 3600.0)
    helper, late = await counselor(hotline), Console(hotline, await counselor(hotline))
    await presence.set_state(hotline, late.actor, PresenceState.ON_BREAK, reason="break", minutes=10)
    hotline.feed.send_lot()
    someone = await person(hotline)
    await late.begin()
    assert someone.contact_id in late.known["contact"]
    await offers.take(hotline, helper, someone.contact_id)
    await settle(hotline)
    await late.check()
    assert late.known["contact"] == {}


async def test_whoever_is_asked_knows_the_contact_at_once(hotline: Hotline) -> None:
    helper = await counselor(hotline)
    console = Console(hotline, helper)
    await console.begin()
    someone = await person(hotline)
    await settle(hotline)
    console.apply()
    assert someone.contact_id in console.known["contact"]
    assert [each["contact_id"] for each in console.known["offer"].values()] == [someone.contact_id]


async def test_a_console_resumes_with_what_it_missed_and_nothing_else(hotline: Hotline) -> None:
    helper = await counselor(hotline)
    cursor = hotline.feed.cursor()
    someone = await person(hotline)
    await settle(hotline)
    missed = hotline.feed.since(cursor, topics_of(helper))
    assert missed is not None
    kinds = [orjson.loads(frame)["type"] for frame in missed]
    assert "contact.offered" in kinds
    assert "offer.made" in kinds
    stranger = topics_of(await staff(hotline, Role.POLICE))
    assert [orjson.loads(each)["type"] for each in hotline.feed.since(cursor, stranger) or ()] == []
    del someone


async def test_a_cursor_of_another_life_begins_anew(hotline: Hotline) -> None:
    topics = topics_of(await counselor(hotline))
    assert hotline.feed.since("n0-other.12", topics) is None
    assert hotline.feed.since(hotline.feed.cursor(10**9), topics) is None
    assert hotline.feed.since("nonsense", topics) is None


async def test_a_crowd_pushes_nobody_out_of_a_snapshot(
    hotline: Hotline, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More wait than a snapshot holds: one's own conversation and whoever waits longest are in it all the same."""
    monkeypatch.setattr("hotline.live.snapshot._MOST", 3)
    helper = await counselor(hotline)
    own = await person(hotline)
    await offers.take(hotline, helper, own.contact_id)
    waiting = []
    for _ in range(5):
        waiting.append(await person(hotline, "en"))
        clock.move(timedelta(milliseconds=10))
    others = [await counselor(hotline) for _ in range(4)]
    await settle(hotline)
    boss = await staff(hotline, Role.SUPERVISOR)
    for actor in (helper, boss):
        seen = await Console(hotline, actor).snapshot()
        assert own.contact_id in seen["contact"]
        assert waiting[0].contact_id in seen["contact"]
    for actor in others:
        seen = await Console(hotline, actor).snapshot()
        mine = [each for each in await hotline.reader.where(Offer) if each.staff_id == actor.staff_id]
        assert set(seen["offer"]) == {each.id for each in mine if each.state is OfferState.OPEN}
        assert set(seen["presence"]) == {actor.staff_id}
