"""Somebody's open console in tests of actions: the frames that they got."""

from __future__ import annotations

from typing import Any

import orjson

from hotline.domain.access import Actor, topics_of
from hotline.service import Hotline


class Console:
    """`noun` is what the test is about: `heard` tells of it alone, and `shown` how it was last told."""

    def __init__(self, hotline: Hotline, actor: Actor, noun: str) -> None:
        self.topics = topics_of(actor)
        self.noun = noun
        self.frames: list[dict[str, Any]] = []
        hotline.feed.join(self)

    def push(self, frame: bytes) -> None:
        self.frames.append(orjson.loads(frame))

    def heard(self) -> list[str]:
        return [each["type"] for each in self.frames if self.noun in each or each.get("noun") == self.noun]

    def shown(self) -> dict[str, Any]:
        value: dict[str, Any] = [each[self.noun] for each in self.frames if self.noun in each][-1]
        return value
