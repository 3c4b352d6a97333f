"""A page without a script, for the few moments when there is nothing but the server."""

from __future__ import annotations

from html import escape

from aiohttp import web

_FRAME = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 10vh auto; padding: 0 1.25rem; }}
h1 {{ font-size: 1.3rem; }}
label {{ display: block; margin: 1rem 0 .25rem; }}
input {{ font: inherit; width: 100%; padding: .6rem; box-sizing: border-box; }}
button {{ font: inherit; margin-top: 1.25rem; padding: .6rem 1.4rem; }}
.problem {{ border-left: 4px solid #c92a2a; padding: .25rem .9rem; }}
.small {{ font-size: .875rem; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def plain_page(title: str, body: str, *, status: int = 200) -> web.Response:
    """`body` is HTML: what does not come from this program must be escaped by the caller."""
    text = _FRAME.format(title=escape(title), body=body)
    # With "no-referrer" a browser would send a form without naming its origin, and we would refuse it.
    headers = {"Referrer-Policy": "same-origin"}
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=headers)
