"""Hatch's hook: a wheel contains the built pages, so that `pip install .` needs no Node on the machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface):  # type: ignore[type-arg,misc,unused-ignore]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        # Hatch loads this file by its path, so its neighbours are not importable without a word.
        sys.path.insert(0, str(Path(self.root) / "scripts"))
        try:
            from pages import ensure_pages
        finally:
            sys.path.pop(0)
        ensure_pages(Path(sys.executable))
