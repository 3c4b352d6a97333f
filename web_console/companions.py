"""What runs beside the server of a demo, in the same process: the simulated carrier, simulated callers.

Each is entered twice: `before` the service is opened, so that it can complete the settings (the carrier's
address), and `beside` it once it listens. At the stop they end before the server does, in the opposite order.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from hotline.service import Hotline
from hotline.settings import Settings
from web_console.simulation.demo import SimulatedPeople


class Companion(Protocol):
    def before(self, settings: Settings) -> AbstractAsyncContextManager[Settings]:
        """Gives the settings with which to open the service."""
        ...

    def beside(self, hotline: Hotline, address: str) -> AbstractAsyncContextManager[object]:
        """Running while the server listens on `address`."""
        ...


COMPANIONS: tuple[Companion, ...] = (SimulatedPeople(),)
"""Those of `hotline demo`, in the order in which they start."""
