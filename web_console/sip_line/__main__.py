"""`python -m web_console.sip_line`: an on-premise line beside the service, which reaches it by HOTLINE_TWILIO_API_URL.

Account, token and number are those of the service's own settings: they sign the webhooks between the two.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
from pathlib import Path

from hotline.settings import Settings, load_settings
from hotline.telephony import addresses
from hotline.telephony.addresses import Addresses
from hotline.telephony.simulator import Numbers
from web_console.simulation.carrier_server import CarrierServer

try:
    from web_console.sip_line.gateway import Gateway, LocalCarrier
    from web_console.sip_line.phone import Phone
    from web_console.sip_line.voice import Voice
except ModuleNotFoundError:
    sys.exit("The on-premise line needs the extra `sip`: pip install 'crisis-hotline[sip]'")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sip_line", description=(__doc__ or "").strip())
    parser.add_argument("--sip", default="127.0.0.1:5060", help="address and port for SIP over UDP")
    parser.add_argument("--api-port", type=int, default=8090, help="port for the service's requests (8090)")
    parser.add_argument(
        "--counselor", default="sip:{to}@127.0.0.1:5062", help="a counselor's telephone; {to} is who is rung"
    )
    return parser.parse_args()


def numbers_of(settings: Settings) -> Numbers:
    there = Addresses(settings.public_address())
    return Numbers(
        number=settings.twilio_number,
        voice_url=there.of(addresses.VOICE),
        status_url=there.of(addresses.STATUS),
        messages_url=there.of(addresses.MESSAGES),
        fallback_url=there.of(addresses.VOICE_FALLBACK),
    )


async def serve(given: argparse.Namespace) -> None:
    settings = load_settings()
    host, _, port = given.sip.rpartition(":")
    carrier = LocalCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        numbers=numbers_of(settings),
    )
    server = CarrierServer(carrier)
    phone = Phone(host, int(port))
    try:
        with tempfile.TemporaryDirectory(prefix="hotline-sip-") as folder:
            gateway = Gateway(phone, server, Voice(Path(folder)), given.counselor)
            async with server.running(given.api_port) as address:
                sys.stdout.write(f"SIP: {phone.address}  requests: {address}\n")
                sys.stdout.flush()
                running = asyncio.create_task(gateway.run())
                for each in (signal.SIGINT, signal.SIGTERM):
                    asyncio.get_running_loop().add_signal_handler(each, running.cancel)
                with contextlib.suppress(asyncio.CancelledError):
                    await running
    finally:
        phone.close()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
