"""What needs no socket: assignment decisions in memory, and triage of one message."""

from __future__ import annotations

import asyncio
import random
import resource
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.routing import WaitingRoom
from hotline.domain.service_rules import ServiceRules
from hotline.domain.skills import spoken
from triage.assessment import Level
from triage.assessor import InlineAssessor

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
ARRIVALS_PER_SECOND = 100  # so that at every moment somebody's wish falls away
DISTRICTS = ("中山区", "西岗区", "沙河口区", "甘井子区")
MESSAGES = (
    "最近睡不好,有点累",
    "我在楼顶,今晚就结束,药也买好了",
    "没有一天不想死,但是我答应过妈妈",
    "I have the pills in front of me and I am saying goodbye tonight",
    "my homework is killing me lol",
    "跟男朋友分手了,不知道怎么办,一直哭,谁也不想见",
)


@dataclass(frozen=True)
class Speed:
    per_second: float
    p50_microseconds: float
    p99_microseconds: float


def _speed(times: list[float]) -> Speed:
    ordered = sorted(times)
    return Speed(
        len(times) / sum(times),
        ordered[len(ordered) // 2] * 1e6,
        ordered[int(len(ordered) * 0.99)] * 1e6,
    )


def assignment(counselors: int, waiting: int, decisions: int = 5000) -> Speed:
    """One counselor becomes free, is matched, takes the contact: how long, in a full room. Two languages, calls and
    chats, every third contact with a skill of its own, every fifth with a district; counselors have three skills."""
    dice = random.Random(7)
    rules = ServiceRules()
    codes = [each.code for each in rules.skills]
    room = WaitingRoom(rules)
    staff = [
        Presence(
            id=StaffId(f"stf_{n}"),
            state=PresenceState.AVAILABLE,
            since=NOW,
            idle_since=NOW + timedelta(seconds=n),
            connected=True,
            calls=1,
            chat_capacity=2,
            call_capacity=1,
            skills=spoken(*(("zh",) if n % 3 else ("zh", "en")))
            | {each: dice.randint(1, 5) for each in dice.sample(codes, 3)},
            district=DISTRICTS[n % len(DISTRICTS)],
        )
        for n in range(counselors)
    ]
    people: dict[str, Contact] = {}

    def arrive(number: int, language: str) -> None:
        contact = Contact(
            id=ContactId(f"con_{number}"),
            channel=dice.choice((Channel.CHAT, Channel.CALL)),
            language=language,
            level=dice.choice(list(Level)),
            skills=[dice.choice(codes)] if dice.random() < 1 / 3 else [],
            district=dice.choice(DISTRICTS) if dice.random() < 1 / 5 else None,
            opened_at=NOW + timedelta(seconds=number / ARRIVALS_PER_SECOND),
        )
        people[contact.id] = contact
        room.see_contact(contact)

    for each in staff:
        room.see_presence(each)
    for number in range(waiting):
        arrive(number, dice.choice(("zh", "zh", "zh", "en")))
    room.ease(NOW + timedelta(seconds=waiting / ARRIVALS_PER_SECOND))
    times = []
    for number in range(decisions):
        free = staff[number % counselors].model_copy(update={"calls": 0})
        now = NOW + timedelta(seconds=(waiting + number) / ARRIVALS_PER_SECOND)
        start = time.perf_counter()
        room.see_presence(free)
        matches = room.matches(now)
        for match in matches:
            taken = people[match.contact_id].model_copy(update={"state": ContactState.ACTIVE})
            room.see_contact(taken)
        room.see_presence(staff[number % counselors])
        times.append(time.perf_counter() - start)
        if len(matches) != 1:
            raise AssertionError("a free counselor was not matched")
        arrive(waiting + number, people[matches[0].contact_id].language)  # the room keeps its mixture
    return _speed(times)


def triage(messages: int = 3000) -> tuple[Speed, float, float]:
    """Speed of one message in this process; seconds to load; MiB that the pipeline added."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assessor = InlineAssessor()
    start = time.perf_counter()
    asyncio.run(assessor.assess("con_x", MESSAGES[0]))
    load = time.perf_counter() - start
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    async def run() -> list[float]:
        times = []
        for number in range(messages):
            begun = time.perf_counter()
            await assessor.assess("con_x", MESSAGES[number % len(MESSAGES)])
            times.append(time.perf_counter() - begun)
        return times

    return _speed(asyncio.run(run())), load, added
