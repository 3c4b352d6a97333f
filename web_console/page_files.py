"""The built pages: three documents, one script for other sites, and hashed files that never change.

`scripts/pages.py` builds them from `web_console/frontend` into `web_console/pages`. Where that has not
happened, the addresses say so in plain words and show the numbers to call.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from aiohttp import web

from hotline.settings import Settings
from web_console.identity import HOTLINE
from web_console.plain_page import plain_page

PAGES = Path(__file__).parent / "pages"
PAGES_FOLDER = web.AppKey("pages_folder", Path)

_ASSET = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}")
_IMMUTABLE = "public, max-age=31536000, immutable"
_AN_HOUR = "public, max-age=3600"


async def console_page(request: web.Request) -> web.StreamResponse:
    return _document(request, "index.html")


async def chat_page(request: web.Request) -> web.StreamResponse:
    return _document(request, "chat.html")


async def school_page(request: web.Request) -> web.StreamResponse:
    return _document(request, "school.html")


async def embed_script(request: web.Request) -> web.StreamResponse:
    file = request.app[PAGES_FOLDER] / "embed.js"
    if not file.is_file():
        raise web.HTTPNotFound
    # Other sites load it: that is what it is for.
    headers = {"Cache-Control": _AN_HOUR, "Cross-Origin-Resource-Policy": "cross-origin"}
    return web.FileResponse(file, headers=headers)


async def asset(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    file = request.app[PAGES_FOLDER] / "assets" / name
    if not _ASSET.fullmatch(name) or not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file, headers={"Cache-Control": _IMMUTABLE})


async def no_icon(_request: web.Request) -> web.StreamResponse:
    """Browsers ask by themselves; there is none."""
    return web.Response(status=204, headers={"Cache-Control": _AN_HOUR})


def _document(request: web.Request, name: str) -> web.StreamResponse:
    file = request.app[PAGES_FOLDER] / name
    if not file.is_file():
        return _not_built(request.app[HOTLINE].settings)
    return web.FileResponse(file, headers={"Cache-Control": "no-cache"})


def _not_built(settings: Settings) -> web.Response:
    numbers = "".join(
        f"<li><strong>{escape(each.number)}</strong> {escape(each.label_zh)} · {escape(each.label_en)}</li>"
        for each in settings.numbers
    )
    return plain_page(
        "页面尚未生成 · Pages not built",
        f"""<h1>{escape(settings.service_name_zh)} · {escape(settings.service_name_en)}</h1>
<p>服务器在运行，但网页还没有生成。如果你现在需要帮助，请直接拨打：</p>
<p>The server is running, but its pages have not been built. If you need help now, please call:</p>
<ul>{numbers}</ul>
<p class="small">运维人员：<code>./scripts/run</code> 会生成网页。
For operators: <code>./scripts/run</code> builds them.</p>""",
        status=503,
    )
