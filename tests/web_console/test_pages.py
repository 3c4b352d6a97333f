"""Pages, probes and the headers that protect whoever looks at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SetClock
from tests.web_console.site import Site, open_site


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "chat.html", "school.html"):
        (folder / name).write_text(f"<!doctype html><title>{name}</title>", encoding="utf-8")
    (folder / "embed.js").write_text("/* embed */", encoding="utf-8")
    (folder / "assets" / "app-3f2a.js").write_text("/* app */", encoding="utf-8")
    (folder / "secret.txt").write_text("not served", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("path", "file"), [("/", "index"), ("/chat", "chat"), ("/school", "school")])
async def test_a_built_page(tmp_path: Path, clock: SetClock, pages: Path, path: str, file: str) -> None:
    async with open_site(tmp_path, clock, pages) as site, site.asks("GET", path) as answer:
        assert answer.status == 200
        assert file in await answer.text()
        assert answer.headers["Cache-Control"] == "no-cache"
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert f"ws://{site.address.removeprefix('http://')}" in policy
        assert "twilio" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Server"] == "hotline"


async def test_files_of_the_pages(tmp_path: Path, clock: SetClock, pages: Path) -> None:
    async with open_site(tmp_path, clock, pages) as site:
        async with site.asks("GET", "/assets/app-3f2a.js") as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]
        async with site.asks("GET", "/embed.js") as answer:
            assert answer.status == 200
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        for path in (
            "/assets/none.js",
            "/assets/..%2fsecret.txt",
            "/assets/.hidden",
            "/secret.txt",
            "/assets/",
        ):
            async with site.asks("GET", path) as answer:
                assert answer.status == 404, path


@pytest.mark.parametrize("path", ["/", "/chat", "/school"])
async def test_without_built_pages_there_is_still_somebody_to_call(site: Site, path: str) -> None:
    async with site.asks("GET", path) as answer:
        assert answer.status == 503
        text = await answer.text()
    assert "12356" in text
    assert "./scripts/run" in text
    async with site.asks("GET", "/embed.js") as answer:
        assert answer.status == 404


async def test_probes(site: Site) -> None:
    for path, status in (("/health/live", "live"), ("/health/ready", "ready")):
        async with site.asks("GET", path) as answer:
            assert (answer.status, (await answer.json())["status"]) == (200, status)
        async with site.asks("HEAD", path) as answer:
            assert answer.status == 200


async def test_not_ready_without_its_database(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    async def broken(*_: object) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(site.hotline.reader, "find", broken)
    async with site.asks("GET", "/health/ready") as answer:
        assert (answer.status, (await answer.json())["reason"]) == (503, "database")
    async with site.asks("GET", "/health/live") as answer:
        assert answer.status == 200


async def test_counters_name_routes_and_not_addresses(site: Site) -> None:
    async with site.asks("GET", "/api/contacts/con_somebody") as answer:
        assert answer.status == 401
    async with site.asks("GET", "/a-secret-address") as answer:
        assert answer.status == 404
    async with site.asks("POST", "/api/chats", json={"nickname": "小雨"}) as answer:
        assert answer.status == 201
    async with site.asks("GET", "/metrics") as answer:
        text = await answer.text()
    assert 'route="/api/contacts/{contact_id}",status="401"' in text
    assert 'hotline_events_total{noun="contact",what="opened"} 1.0' in text
    assert "hotline_on_duty 0.0" in text
    for word in ("con_somebody", "a-secret-address", "小雨"):
        assert word not in text


async def test_what_anybody_may_know(tmp_path: Path, clock: SetClock) -> None:
    numbers = '[{"number": "999", "label_zh": "求助", "label_en": "Help"}]'
    opened = open_site(tmp_path, clock, numbers=numbers, minors_may_chat_anonymously=False)
    async with opened as site, site.asks("GET", "/api/public") as answer:
        told = await answer.json()
    assert told["numbers"] == [{"number": "999", "label_zh": "求助", "label_en": "Help"}]
    assert told["on_duty"] is False
    assert told["usual_wait_seconds"] is None
    assert told["minors_allowed"] is False
    assert {"code", "zh", "en"} == set(told["topics"][0])
