"""Texts and known persons over HTTP: sent again, stopped, what rings with a contact, the whole number for a minute."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotline.actions import text_delivery, texts
from hotline.domain.access import Role
from hotline.domain.contacts import Contact, Message, Sender
from hotline.telephony.messaging import SentText
from tests.web_console.site import Site

SOMEBODY = "+8613912341234"


async def asked(
    site: Site, token: str, method: str, path: str, body: Any = None, status: int | None = None
) -> Any:
    given = {"json": body} if body is not None else {}
    async with site.asks_as(token, method, path, **given) as answer:
        text = await answer.text()
        assert answer.status == (status or answer.status), text
        return (await answer.json()) if text else {"status": answer.status}


async def texted(site: Site, sid: str = "SM1", text: str = "在吗") -> Contact:
    await texts.incoming_text(site.hotline, message_sid=sid, raw_number=SOMEBODY, text=text)
    return (await site.hotline.reader.where(Contact))[-1]


async def test_a_lost_text_is_shown_and_sent_again_once(site: Site) -> None:
    boss = await site.token(Role.SUPERVISOR)
    contact = await texted(site)
    said = next(each for each in await site.hotline.reader.where(Message) if each.sender == Sender.AUTOMATIC)
    path = f"/api/contacts/{contact.id}/messages"
    await asked(site, boss, "POST", f"{path}/{said.id}/resend", status=409)
    await text_delivery.reported(site.hotline, said.id, 0, SentText("SM9", "undelivered", 30003))
    items = (await asked(site, boss, "GET", path, status=200))["items"]
    shown = next(each for each in items if each["from"] == "automatic")
    assert (shown["delivery"], shown["delivery_code"]) == ("undelivered", 30003)
    refused = await asked(site, boss, "POST", f"{path}/{said.id}/resend", status=409)
    assert refused["code"] == "wrong_state", "nobody has taken the contact yet"
    await asked(site, boss, "POST", f"{path}/msg_unknown/resend", status=404)
    await asked(site, await site.token(Role.AUDITOR), "POST", f"{path}/{said.id}/resend", status=403)


async def test_an_opt_out_is_noted_by_who_serves_and_shown(site: Site) -> None:
    boss = await site.token(Role.SUPERVISOR)
    contact = await texted(site, text="别再给我发了")
    shown = await asked(site, boss, "POST", f"/api/contacts/{contact.id}/texts/stop", status=200)
    assert shown["texts_stopped_at"] is not None
    again = await asked(site, boss, "POST", f"/api/contacts/{contact.id}/texts/stop", status=200)
    assert again["version"] == shown["version"]
    await asked(
        site, await site.token(Role.COUNSELOR), "POST", f"/api/contacts/{contact.id}/texts/stop", status=403
    )


async def test_a_known_person_has_flags_and_a_plan(site: Site) -> None:
    boss = await site.token(Role.SUPERVISOR)
    contact = await texted(site)
    person = f"/api/people/{contact.person_id}"
    until = (site.hotline.clock.now() + timedelta(days=30)).isoformat()
    flag = await asked(
        site,
        boss,
        "POST",
        f"{person}/flags",
        {"code": "no_voicemail", "note": "室友", "expires_at": until},
        201,
    )
    await asked(site, boss, "PUT", f"{person}/plan", {"text": "先听十分钟"}, 204)
    found = await asked(site, boss, "GET", f"/api/contacts/{contact.id}/background", status=200)
    assert [each["code"] for each in found["flags"]] == ["no_voicemail"]
    assert found["plan"]["text"] == "先听十分钟"
    counselor = await site.token(Role.COUNSELOR)
    await asked(site, counselor, "GET", f"/api/contacts/{contact.id}/background", status=403)
    await asked(site, counselor, "PUT", f"{person}/plan", {"text": "x"}, 403)
    await asked(site, boss, "DELETE", f"{person}/flags/{flag['id']}", status=204)
    await asked(site, boss, "DELETE", f"{person}/flags/{flag['id']}", status=409)
    await asked(site, boss, "DELETE", f"{person}/plan", status=204)
    far = {"code": "violence_risk", "expires_at": "2099-01-01T00:00:00Z"}
    assert (await asked(site, boss, "POST", f"{person}/flags", far, 422))["code"] == "invalid"


async def test_the_whole_number_needs_a_reason_and_is_told_for_a_minute(site: Site) -> None:
    boss = await site.token(Role.SUPERVISOR)
    contact = await texted(site)
    path = f"/api/contacts/{contact.id}/unmask"
    await asked(site, boss, "POST", path, {"reason": "  "}, 422)
    told = await asked(site, boss, "POST", path, {"reason": "短信送不到，要回拨"}, 200)
    assert told == {"number": SOMEBODY, "shown_for_seconds": 60}
    notes = await asked(site, boss, "GET", f"/api/contacts/{contact.id}/notes", status=200)
    assert "短信送不到，要回拨" in [each["text"] for each in notes["items"]]
