"""The simulated carrier on real sockets: answers the service's requests, sends signed webhooks to it.

service ──POST /2010-04-01/Accounts/…──▶ simulated_api ──▶ SimulatedCarrier ──▶ webhooks ──▶ service
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
from aiohttp import web

from hotline.clock import Clock, SystemClock
from hotline.telephony.simulated_api import ApiRequest, answer
from hotline.telephony.simulated_post import Webhook
from hotline.telephony.simulator import SimulatedCarrier

_PATIENCE_SECONDS = 15.0  # as long as the carrier itself waits for an answer
_LONGEST_NAP_SECONDS = 5.0
_FORGET_AFTER = timedelta(minutes=10)
_TIMES_KEPT = 100_000


class CarrierServer:
    """Whoever changes `carrier` from outside (a caller who speaks) calls `wake` afterwards."""

    def __init__(self, carrier: SimulatedCarrier, clock: Clock | None = None) -> None:
        self.carrier = carrier
        self.clock = clock or SystemClock()
        self._woken = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self.answered_after: deque[float] = deque(maxlen=_TIMES_KEPT)
        """How long the service took for each webhook, in seconds; also for those it did not answer."""

    def wake(self) -> None:
        self._woken.set()

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0, *, pump: bool = True) -> AsyncIterator[str]:
        """Serves and sends until left; gives its address. Without the pump only `send_due` sends."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        timeout = aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as self._session:
            pumping = asyncio.create_task(self._pump(), name="simulated carrier") if pump else None
            try:
                yield f"http://127.0.0.1:{runner.addresses[0][1]}"
            finally:
                tasks = [*self._sending, *([pumping] if pumping else [])]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        posted = await request.post()
        form = {name: " ".join(map(str, posted.getall(name))) for name in posted}  # a list repeats its name
        asked = ApiRequest(
            request.method, request.path, form, dict(request.query), request.headers.get("Authorization", "")
        )
        answered = answer(self.carrier, asked, self.clock.now())
        self.wake()
        headers = {"Content-Type": "application/json", **answered.headers}
        body = answered.body if isinstance(answered.body, bytes) else answered.body.encode()
        return web.Response(body=body, status=answered.status, headers=headers)

    async def send_due(self) -> int:
        """Send what is due now, one after the other; how many there were."""
        due = self.carrier.due(self.clock.now())
        for webhook in due:
            await self._send(webhook)
        return len(due)

    async def _pump(self) -> None:
        """Send what is due, then rest until something is."""
        while True:
            self._woken.clear()
            now = self.clock.now()
            for webhook in self.carrier.due(now):
                task = asyncio.create_task(self._send(webhook))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
            self.carrier.forget_ended(now - _FORGET_AFTER)
            next_at = self.carrier.next_at()
            nap = (next_at - now).total_seconds() if next_at is not None else _LONGEST_NAP_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), max(0.0, min(nap, _LONGEST_NAP_SECONDS)))

    async def _send(self, webhook: Webhook) -> None:
        status, body = 0, ""
        started = time.monotonic()
        if self._session is not None:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.post(
                    webhook.address, data=webhook.form, headers=webhook.headers
                ) as response:
                    status, body = response.status, await response.text()
        self.answered_after.append(time.monotonic() - started)
        self.carrier.answered(webhook.number, status, body, self.clock.now())
        self.wake()
