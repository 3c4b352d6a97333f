"""`/setup`: where a one-time link leads. The owner of a new or reset account chooses a password.

It needs no built pages and no script, so that the first administrator can begin with nothing but the server.
The token comes in the address, which is why nothing logs addresses and the page sends no referrer.
"""

from __future__ import annotations

from html import escape

from aiohttp import web

from hotline.actions import staff
from hotline.errors import Invalid, NotFound
from web_console.forms import posted_fields
from web_console.identity import HOTLINE
from web_console.plain_page import plain_page

_TITLE = "设置密码 · Choose a password"
_LONGEST_TOKEN = 200


async def show(request: web.Request) -> web.StreamResponse:
    return _form(request, request.query.get("token", "")[:_LONGEST_TOKEN])


async def submit(request: web.Request) -> web.StreamResponse:
    form = await posted_fields(request)
    token, password, again = (form.get(name, "") for name in ("token", "password", "again"))
    if password != again:
        return _form(request, token, "两次输入的密码不一样。The two passwords are not the same.", 422)
    try:
        account = await staff.set_up(request.app[HOTLINE], token, password)
    except Invalid:
        shortest = request.app[HOTLINE].settings.password_min_length
        words = f"密码至少 {shortest} 个字符。The password needs at least {shortest} characters."
        return _form(request, token, words, 422)
    except NotFound:
        words = (
            "<h1>链接已失效 · This link is no longer valid</h1>"
            "<p>它可能已经用过或过期了，请向管理员要一个新的。</p>"
            "<p>It was used already or is too old. Please ask an administrator for a new one.</p>"
        )
        return plain_page(_TITLE, words, status=404)
    name = escape(account.username)
    words = (
        "<h1>密码已设置 · Your password is set</h1>"
        f'<p>现在可以用 <strong>{name}</strong> <a href="/">登录</a>。</p>'
        f'<p>You can now <a href="/">sign in</a> as <strong>{name}</strong>.</p>'
    )
    return plain_page(_TITLE, words)


def _form(request: web.Request, token: str, problem: str = "", status: int = 200) -> web.Response:
    shortest = request.app[HOTLINE].settings.password_min_length
    told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    field = f'type="password" required minlength="{shortest}" autocomplete="new-password"'
    body = f"""<h1>{_TITLE}</h1>
<p>至少 {shortest} 个字符，一句好记的话就很好。At least {shortest} characters; a sentence you remember is fine.</p>
{told}<form method="post" action="/setup">
<input type="hidden" name="token" value="{escape(token)}">
<label for="password">新密码 · New password</label>
<input id="password" name="password" {field} autofocus>
<label for="again">再输入一次 · Once more</label>
<input id="again" name="again" {field}>
<button>保存 · Save</button>
</form>"""
    return plain_page(_TITLE, body, status=status)
