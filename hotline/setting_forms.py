"""Forms of settings that are more than a word or a number, how they are written, and their defaults.

A `ValueError` says what the form must be; `settings.load_settings` puts the setting's name before it.
"""

from __future__ import annotations

import ipaddress
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from hotline.domain.care_rules import SETTABLE
from hotline.domain.service_rules import LadderRung
from hotline.domain.skills import Skill

_LADDER_ROLES = ("dispatcher", "next_dispatcher", "supervisor", "everyone")


class HelpNumber(BaseModel):
    """A number that the public pages show to somebody in immediate danger."""

    number: str = Field(pattern=r"^\+?[0-9 ()-]{2,20}$")
    label_zh: str = Field(min_length=1, max_length=60)
    label_en: str = Field(min_length=1, max_length=60)


class District(BaseModel):
    """A county or district. Its Chinese name is what accounts and referrals are matched by."""

    zh: str = Field(min_length=1, max_length=30)
    en: str = Field(min_length=1, max_length=60)


DEFAULT_DISTRICTS = tuple(
    District(zh=zh, en=en)
    for zh, en in (
        ("中山区", "Zhongshan"),
        ("西岗区", "Xigang"),
        ("沙河口区", "Shahekou"),
        ("甘井子区", "Ganjingzi"),
        ("旅顺口区", "Lüshunkou"),
        ("金州区", "Jinzhou"),
        ("普兰店区", "Pulandian"),
        ("长海县", "Changhai"),
        ("瓦房店市", "Wafangdian"),
        ("庄河市", "Zhuanghe"),
    )
)

DEFAULT_NUMBERS = (  # labels of a few letters: three of them stand beside each other on a telephone
    HelpNumber(number="110", label_zh="报警", label_en="Police"),
    HelpNumber(number="120", label_zh="急救", label_en="Ambulance"),
    HelpNumber(number="12356", label_zh="心理援助热线", label_en="Support line"),
)


def listed(value: Any) -> Any:
    """`a, b c` → [a, b, c]; lists stay as they are."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def json_list(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        raise ValueError("must be a JSON list") from None


def number_languages(value: Any) -> Any:
    """`{"+861012356000": "zh"}` → the same, checked."""
    given = value
    if isinstance(value, str):
        try:
            given = json.loads(value)
        except json.JSONDecodeError:
            raise ValueError("must be a JSON object") from None
    if not isinstance(given, dict) or not set(given.values()) <= {"zh", "en"}:
        raise ValueError("must be a JSON object of numbers with zh or en")
    return given


def ladder(value: Any) -> Any:
    """`dispatcher:60, supervisor:45` → rungs."""
    if not isinstance(value, str):
        return value
    rungs = []
    for rung in value.split(","):
        role, _, seconds = rung.strip().partition(":")
        if role not in _LADDER_ROLES or not seconds.strip().isdecimal() or int(seconds) == 0:
            raise ValueError(f"must be a list of role:seconds with roles among {', '.join(_LADDER_ROLES)}")
        rungs.append(LadderRung(role, timedelta(seconds=int(seconds))))
    return tuple(rungs)


def ladder_text(rungs: tuple[LadderRung, ...]) -> str:
    return ", ".join(f"{rung.role}:{rung.within.total_seconds():g}" for rung in rungs)


def care_limits(value: Any) -> Any:
    """`answer:3, evaluate:4` → counts by limit, each in its own unit."""
    given = value
    if isinstance(value, str):
        parts = [each.partition(":") for each in listed(value)]
        given = {name: int(count) if count.isdecimal() else 0 for name, _, count in parts}
    if not isinstance(given, dict) or not given.keys() <= SETTABLE.keys():
        raise ValueError(f"must be a list of name:count with names among {', '.join(SETTABLE)}")
    if any(not isinstance(count, int) or not 0 < count <= SETTABLE[name] for name, count in given.items()):
        raise ValueError("must have counts of at least 1 and at most a year")
    return given


def networks(value: tuple[str, ...]) -> tuple[str, ...]:
    for each in value:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            raise ValueError("must be addresses or networks such as 10.0.0.0/8") from None
    return value


def recogniser_address(value: str) -> tuple[str, str]:
    """`funasr+wss://asr.example.org:10095` → (`funasr`, `wss://asr.example.org:10095`)."""
    scheme, _, rest = value.partition("://")
    speech, _, transport = scheme.partition("+")
    try:
        parts = urlsplit(f"ws://{rest}")
        known = speech in ("funasr", "sherpa") and transport in ("ws", "wss") and bool(parts.hostname)
        known = known and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("must begin with funasr+ws://, funasr+wss://, sherpa+ws:// or sherpa+wss://")
    return speech, f"{transport}://{rest}"


def is_loopback_host(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown(default: Any) -> str:
    """A default as the list of settings prints it."""
    if isinstance(default, bool):
        return "yes" if default else "no"
    if default is None or default in ("", (), {}):
        return "–"
    if isinstance(default, float):
        return f"{default:g}"
    if isinstance(default, tuple) and isinstance(default[0], LadderRung):
        return ladder_text(default)
    if isinstance(default, tuple) and isinstance(default[0], HelpNumber):
        return ", ".join(each.number for each in default)
    if isinstance(default, tuple) and isinstance(default[0], Skill):
        return ", ".join(each.code for each in default)
    if isinstance(default, tuple) and isinstance(default[0], District):
        return ", ".join(each.zh for each in default)
    if isinstance(default, tuple) and isinstance(default[0], int):
        return ", ".join(map(str, default))
    return str(default)
