"""A port of this machine that nobody listens on, for a server that a test starts."""

import random
import socket

# Below the ports that the system gives to outgoing connections: one of those may take a port between look and use.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """Raises `OSError` where none of a hundred is free."""
    for port in random.sample(PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port found")
