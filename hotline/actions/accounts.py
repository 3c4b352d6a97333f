"""What the actions on accounts need of the service: the server has it, and so has the command line."""

from __future__ import annotations

from typing import Protocol

from hotline.actions.writer import Writer
from hotline.auth.identities import Identities
from hotline.clock import Clock
from hotline.live.directory import Directory
from hotline.settings import Settings
from hotline.storage.reading import Reader


class Accounts(Protocol):
    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def writer(self) -> Writer: ...
    @property
    def reader(self) -> Reader: ...
    @property
    def identities(self) -> Identities: ...
    @property
    def directory(self) -> Directory: ...
