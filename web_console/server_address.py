"""How this server is reached: known for certain only once its port is bound."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from hotline.settings import Settings


@dataclass
class ServerAddress:
    settings: Settings
    port: int | None = None

    @property
    def address(self) -> str:
        """What links and webhooks name."""
        return self.settings.public_address(self.port)

    @property
    def origins(self) -> frozenset[str]:
        """Whose pages may send unsafe requests and open sockets."""
        return self.settings.origins(self.port)


SERVER_ADDRESS = web.AppKey("server_address", ServerAddress)
