"""A hotline in the middle of an evening: people who write, wait and are helped, alerts, reports, referrals.

Made through the same addresses and sockets as everything else; the sockets stay open as long as the scene.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import orjson
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.server.wire import StaffClient, chat, frame, open_chat, send
from web_console.demo_organisations import DISTRICT, INSTITUTION

# Nothing runs out while it is looked at.
SETTINGS = {
    "HOTLINE_CHAT_CAPACITY": "2",
    "HOTLINE_OFFER_WITHIN_SECONDS": "1800",
    "HOTLINE_CONFIRM_ALERT_WITHIN_SECONDS": "1800",
    "HOTLINE_ACKNOWLEDGE_ALERT_WITHIN_SECONDS": "1800",
    "HOTLINE_ALERT_LADDER": "dispatcher:1800,supervisor:1800,everyone:1800",
    "HOTLINE_PERSON_GONE_AFTER_SECONDS": "1800",
}
GRAVE = (
    ("help_seeker", "在吗,我睡不着"),
    ("counselor", "你好,我在。可以慢慢说,不着急。"),
    ("help_seeker", "这半年一直这样,觉得自己是大家的负担,活着没有意思"),
    ("counselor", "听起来你已经撑了很久。你说活着没意思,是有想过结束自己的生命吗?"),
    ("help_seeker", "药我已经攒够了,今晚就吃下去,不想活了"),
)
CALM = (
    ("help_seeker", "你好,马上期末考试了,一看书就心慌"),
    ("counselor", "考试前心慌很常见,我们一起看看怎么让身体先松下来。"),
)
ENGLISH = (
    ("help_seeker", "Hi, I moved here for work and I don't know anyone. The nights are long."),
    ("counselor", "I'm glad you wrote. What are the evenings like for you?"),
    ("help_seeker", "I keep thinking that nobody would notice if I was gone."),
)
WAITING = (
    ("阿北", "zh", "我现在站在桥上,我不想活了"),
    ("", "zh", "和妈妈吵架了,心里很乱"),
    ("Sam", "en", "I have not slept for a week and I keep thinking about dying."),
    ("小麦", "zh", "有人吗"),
)
ALERTS = ("crisis_team", "crisis_team", "crisis_team", "police", "crisis_team")


@dataclass
class Scene:
    address: str
    http: aiohttp.ClientSession
    open: AsyncExitStack
    staff: dict[str, StaffClient] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """What the pictures go to: by a name, its id."""
    _acknowledged: dict[str, asyncio.Event] = field(default_factory=dict)

    async def sign_in(self, *names: str) -> None:
        for name in names:
            self.staff[name] = await StaffClient(self.address, self.http).sign_in(name)

    async def on_duty(self, name: str) -> None:
        console = await self.open.enter_async_context(self.staff[name].console())
        await frame(console, "welcome")
        self._read_on(console)
        await self.staff[name].call("PUT", "/api/presence", {"state": "available"})

    def _read_on(self, socket: ClientConnection) -> None:
        """Who stops reading is gone, as the server sees it."""

        async def read() -> None:
            with contextlib.suppress(ConnectionClosed):
                async for received in socket:
                    told = orjson.loads(received)
                    if told["type"] == "message.ack":
                        self._acknowledged.setdefault(told["client_id"], asyncio.Event()).set()

        reading = asyncio.create_task(read())

        async def stop() -> None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

        self.open.push_async_callback(stop)

    async def writes(self, text: str, **opening: Any) -> tuple[str, ClientConnection]:
        """Somebody new, with a first line."""
        opened = await open_chat(self.http, self.address, **opening)
        page = await self.open.enter_async_context(chat(self.address, opened["token"]))
        await frame(page, "welcome")
        self._read_on(page)
        await self.says(page, text)
        return opened["contact_id"], page

    async def says(self, page: ClientConnection, text: str) -> None:
        client_id = secrets.token_hex(8)
        acknowledged = self._acknowledged.setdefault(client_id, asyncio.Event())
        await send(page, "message.send", client_id=client_id, text=text)
        await asyncio.wait_for(acknowledged.wait(), 10)

    async def talk(self, name: str, lines: tuple[tuple[str, str], ...], **opening: Any) -> str:
        """A conversation of this counselor, who takes it from the queue."""
        contact_id, page = await self.writes(lines[0][1], **opening)
        await self.call(name, "POST", f"/api/contacts/{contact_id}/take", {})
        for who, text in lines[1:]:
            if who == "help_seeker":
                await self.says(page, text)
            else:
                words = {"client_id": secrets.token_hex(8), "text": text}
                await self.call(name, "POST", f"/api/contacts/{contact_id}/messages", words)
        return contact_id

    async def call(self, name: str, method: str, path: str, body: Any = None) -> Any:
        return await self.staff[name].call(method, path, body)

    async def close(self, name: str, contact_id: str, **more: Any) -> None:
        """The sheet of a contact that has ended."""
        dispositions = await self.call(name, "GET", "/api/dispositions")
        sheet = {
            "disposition": dispositions["items"][0]["code"],
            "note": "倾听,一起练习了呼吸;同意三天内回访",
            "level_confirmed": "low",
            **more,
        }
        await self.call(name, "POST", f"/api/contacts/{contact_id}/close", sheet)


async def set_scene(address: str, http: aiohttp.ClientSession, open_: AsyncExitStack) -> Scene:
    scene = Scene(address, http, open_)
    await scene.sign_in("counselor1", "counselor2", "counselor3", "supervisor", "dispatcher", "crisis-team")
    await scene.sign_in("school", "referral", "rehab")
    await _conversations(scene)
    await _closed_with_followup(scene)
    await _alerts(scene)
    await _reports(scene)
    await _referrals(scene)
    await _waiting(scene)
    await scene.on_duty("counselor3")
    return scene


async def _conversations(scene: Scene) -> None:
    for name in ("counselor1", "counselor2"):
        await scene.on_duty(name)
        await scene.call(name, "PUT", "/api/presence", {"state": "on_break", "minutes": 30})
    # The calm one first: while somebody serves an imminent contact they take no other.
    scene.ids["calm"] = await scene.talk("counselor1", CALM, nickname="阿树", topic="school")
    scene.ids["grave"] = await scene.talk(
        "counselor1", GRAVE, nickname="小雨", topic="sleep", age_band="18to25"
    )
    scene.ids["english"] = await scene.talk("counselor2", ENGLISH, nickname="Robin", language="en")


async def _closed_with_followup(scene: Scene) -> None:
    contact_id = await scene.talk("counselor2", CALM, nickname="林林")
    await scene.call("counselor2", "POST", f"/api/contacts/{contact_id}/end", {})
    due = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    await scene.close("counselor2", contact_id, followup={"due_at": due, "consent": True, "note": "问睡眠"})
    scene.ids["closed"] = contact_id
    for name in ("counselor1", "counselor2"):
        await scene.call(name, "PUT", "/api/presence", {"state": "available"})


async def _alerts(scene: Scene) -> None:
    """One in each column of the board; who waits keeps waiting."""
    steps = ("acknowledge", "assign", "en_route", "on_scene", "handed_over", "close")
    for number, target in enumerate(ALERTS):
        contact_id, _ = await scene.writes("我不想活了,遗书写好了", nickname=f"来访{number + 1}")
        facts = {
            "contact_id": contact_id,
            "target": target,
            "what": "说要跳楼,情绪激动,愿意继续通话",
            "where": "西岗区白山路12号3单元楼顶" if number != 1 else "",
            "where_certainty": "exact" if number != 1 else "unknown",
            "means": "高处",
            "callback": "13900001111",
            "person": "约20岁,女",
        }
        alert = await scene.call("supervisor", "POST", "/api/alerts", facts)
        for step in steps[: (1, 2, 3, 0, 6)[number]]:
            alert = await _alert_step(scene, alert, step)
        scene.ids[f"alert_{alert['state']}"] = alert["id"]


async def _alert_step(scene: Scene, alert: dict[str, Any], step: str) -> dict[str, Any]:
    more = {"assign": {"team_id": "tea_demo_crisis_team"}, "close": {"outcome": "to_hospital"}}.get(step, {})
    who = "dispatcher" if step in ("acknowledge", "assign") else "crisis-team"
    body = {"version": alert["version"], **more}
    moved: dict[str, Any] = await scene.call(who, "POST", f"/api/alerts/{alert['id']}/{step}", body)
    return moved


async def _reports(scene: Scene) -> None:
    for color, event, what in (
        ("orange", "ideation", "高二学生在宿舍说不想活了,室友陪着,已联系班主任"),
        ("yellow", "bullied", "初三学生近两周情绪低落,同学说他在网上被人辱骂"),
    ):
        report = await scene.call(
            "school",
            "POST",
            "/api/school-reports",
            {
                "level_color": color,
                "event_types": [event],
                "what_happened": what,
                "present_place": "女生宿舍3号楼",
                "with_whom": "室友和宿管老师",
                "student": "李同学",
                "reporter_phone": "13900002222",
            },
        )
        scene.ids[f"report_{color}"] = report["id"]
    report = await scene.call("supervisor", "GET", f"/api/school-reports/{scene.ids['report_orange']}")
    await scene.call("counselor2", "POST", f"/api/contacts/{report['contact_id']}/take", {})
    scene.ids["school"] = report["contact_id"]


async def _referrals(scene: Scene) -> None:
    moves = ("verify", "register", "refer", "accept")
    for number, name in enumerate(("王小雨", "李明", "张桂兰", "陈晨", "赵一鸣", "欧阳明月")):
        referral = await scene.call("referral", "POST", "/api/referrals", _application(name, number))
        for move in moves[:number]:
            who = "rehab" if move == "accept" else "referral"
            facts = {"version": referral["version"]}
            if move == "refer":
                facts["institution_id"] = INSTITUTION.id
            path = f"/api/referrals/{referral['id']}/{move}"
            referral = await scene.call(who, "POST", path, facts)
        scene.ids[f"referral_{referral['stage']}"] = referral["id"]


def _application(name: str, number: int) -> dict[str, Any]:
    return {
        "channel": "self",
        "person": {"name": name, "phone": f"1390000{1000 + number}", "birth_date": f"19{80 + number}-05-01"},
        "needs": ["life_skills", "peer_support"] if number % 2 else ["medication"],
        "district": DISTRICT,
        "note": "希望就近,周末也能去",
        "consent": {
            "given": True,
            "by": "person",
            "how": "spoken",
            "scope": ["identity", "needs", "summary"],
            "receivers": [INSTITUTION.name],
        },
    }


async def _waiting(scene: Scene) -> None:
    """Last: who is available is offered the first of them."""
    for nickname, language, text in WAITING:
        contact_id, _ = await scene.writes(
            text, **({"nickname": nickname} if nickname else {}), language=language
        )
        scene.ids[f"waiting_{nickname}"] = contact_id
