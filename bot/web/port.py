"""Opens the port inside the bot's own event loop, and closes it; signals are left to the bot."""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from bot.web.errors import PortError
from bot.web.wire import CLOSE, HEAD, Limits, wire

log = logging.getLogger(__name__)

BACKLOG: Final = 256  # connections that the kernel holds until they are accepted
GRACE: Final = 2.0  # seconds for requests under way to be answered when the port is closed
_USUAL: Final = Limits()


class Port:
    """Where `app` is served; nothing is open before `open`.

    Args:
        host: an IP address of this machine.
        port: 0 takes a free one.
        app: an ASGI application.
        limits: what the port bears.
    """

    def __init__(self, *, host: str, port: int, app: ASGIApp, limits: Limits = _USUAL) -> None:
        self._host = host
        self._port = port
        self._app = app
        self._limits = limits

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        """Serve until the block ends, and give the number of the port.

        uvicorn's own loop is not run: it would take SIGINT and SIGTERM.

        Raises:
            PortError: The port cannot be opened.
        """
        config = uvicorn.Config(
            self._app,
            http=wire(self._limits),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            h11_max_incomplete_event_size=HEAD,
            backlog=BACKLOG,
        )
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        server.server_state.default_headers = [CLOSE]
        with self._listen() as listener:
            await server.startup(sockets=[listener])
            port = listener.getsockname()[1]
            log.info("the HTTP port is open: %s port %d", self._host, port)
            try:
                yield port
            finally:
                await _close(server)

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # asyncio switches Nagle's algorithm off only where the socket names its protocol.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
        except OSError as error:
            listener.close()
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise PortError(
                f"port {self._port} of {self._host} cannot be opened: {reason}"
            ) from error
        return listener


async def _close(server: uvicorn.Server) -> None:
    """Do what `uvicorn.Server.shutdown` does, without its fixed pauses."""
    for listening in server.servers:
        listening.close()
    state = server.server_state
    for connection in list(state.connections):
        connection.shutdown()
    if state.tasks:
        await asyncio.wait(set(state.tasks), timeout=GRACE)
    for task in set(state.tasks):
        task.cancel()
    for connection in list(state.connections):
        connection.transport.abort()
    await asyncio.sleep(0)  # for the aborted connections to be gone
