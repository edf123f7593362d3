"""Runs a Starlette app on loopback inside the current event loop, and can cut a connection.

Tests, benchmarks and people who try the bot start the simulated servers with it:

    async with serve(app) as url:
        ...

A server answers over real sockets, so what a client sees of a fault is what it would see of the
world: `CutConnection` is a response that closes the connection with no answer, or amid one, and a
`Door` that is shut refuses connections.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"
CUT = "sandbox.cut"
BACKLOG = 1024
ProtocolFactory = Callable[[], asyncio.Protocol]


class CutConnection(Response):
    """Ends the connection instead of answering.

    Args:
        sent: what leaves before the cut, as the body of a 200 that announces more than that;
            nothing at all by default, not even a status line.
        reset: end with a TCP reset ("connection reset by peer") in place of a plain close.
    """

    def __init__(self, *, sent: bytes | None = None, reset: bool = False) -> None:
        super().__init__()
        self._sent = sent
        self._reset = reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is to be sent, and close."""
        if self._sent is not None:
            length = str(len(self._sent) + 1).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", length)]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": self._sent, "more_body": True})
        if self._reset:
            _reset_on_close(scope["extensions"][CUT])
        await _cut(scope, receive, abort=self._reset)


async def _cut(scope: Scope, receive: Receive, *, abort: bool = False) -> None:
    """Close the connection, and wait until the server has noticed."""
    transport: asyncio.Transport = scope["extensions"][CUT]
    if abort:
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset_on_close(transport: asyncio.Transport) -> None:
    """Make the kernel answer the close with RST: `SO_LINGER` of zero seconds, socket(7)."""
    connection: socket.socket = transport.get_extra_info("socket")
    linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


class _Serving:
    """The app, with its transport in the scope, and an end to requests that are held open."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.transports: dict[tuple[str, int], asyncio.Transport] = {}

    def stop(self) -> None:
        """Cancel every request in progress, and refuse later ones."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        scope["extensions"] = {CUT: self.transports[tuple(scope["client"])]}
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  a coroutine is run by a task
        self._tasks.add(task)
        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            if not started:
                await Response("stopping", status_code=503)(scope, receive, send)
            else:
                await _cut(scope, receive)  # a stream that breaks off is no answer
        finally:
            self._tasks.discard(task)


def _protocol_for(serving: _Serving) -> type[H11Protocol]:
    """Return uvicorn's HTTP protocol that notes open connections by the client's address."""

    class Noted(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.noted = transport.get_extra_info("peername")
            serving.transports[self.noted] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            serving.transports.pop(self.noted, None)
            super().connection_lost(exc)

    return Noted


class Door:
    """The port of a served app; while it is shut, connections are refused."""

    def __init__(self) -> None:
        self._factory: ProtocolFactory | None = None
        self._transports: Mapping[tuple[str, int], asyncio.Transport] = {}
        self._server: asyncio.Server | None = None
        self._socket: socket.socket | None = None

    @property
    def port(self) -> int:
        """The port; the same all the time."""
        if self._socket is None:
            raise RuntimeError("nothing is served through this door")
        number: int = self._socket.getsockname()[1]
        return number

    async def open(self) -> None:
        """Take connections, if it does not already."""
        if self._server is None and self._factory is not None and self._socket is not None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(
                self._factory, sock=self._socket, backlog=BACKLOG
            )

    def shut(self) -> None:
        """Refuse connections, and end those that there are, in the middle of an answer too.

        The port stays taken, by a socket that does not listen.
        """
        if self._server is None:
            return
        port = self.port
        self._server.close()
        self._server = None
        self._socket = _bound(port)
        for transport in list(self._transports.values()):
            transport.abort()

    async def _install(
        self,
        port: int,
        factory: ProtocolFactory,
        transports: Mapping[tuple[str, int], asyncio.Transport],
    ) -> None:
        self._socket = _bound(port)
        self._factory, self._transports = factory, transports
        await self.open()

    def _remove(self) -> None:
        if self._server is not None:
            self._server.close()
        if self._socket is not None:
            self._socket.close()
        self._factory = self._server = self._socket = None


def free_port() -> int:
    """Return a port of this machine on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def serve(
    app: ASGIApp, port: int = 0, *, grace: float = 1, door: Door | None = None
) -> AsyncIterator[str]:
    """Serve `app` on 127.0.0.1 until the block ends, and give its base URL.

    Signals are left to the caller: uvicorn's own loop, which takes SIGINT and SIGTERM, is not run.

    Args:
        app: an ASGI application.
        port: 0 takes a free one.
        grace: seconds that requests get, once cancelled, to end. Long polls end at once.
        door: can be shut and opened meanwhile.

    Raises:
        OSError: the port is taken.
    """
    serving, door = _Serving(app), door or Door()
    noted = _protocol_for(serving)
    config = uvicorn.Config(
        serving,
        http=noted,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
    )
    config.load()
    server = uvicorn.Server(config)
    lifespan = config.lifespan_class(config)

    def protocol() -> asyncio.Protocol:
        return noted(config, server.server_state, lifespan.state)

    await door._install(port, protocol, serving.transports)  # noqa: SLF001  its other half
    try:
        await lifespan.startup()
        yield f"http://{HOST}:{door.port}"
    finally:
        door._remove()  # noqa: SLF001  the same
        await _shut_down(server, serving, grace)
        await lifespan.shutdown()


def _bound(port: int) -> socket.socket:
    """Take the port.

    asyncio switches Nagle's algorithm off only where the socket names its protocol; without that
    each answer waits some 40 ms for a delayed ACK (`_set_nodelay` in asyncio's base_events).
    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((HOST, port))
    except OSError:
        taken.close()
        raise
    return taken


async def _shut_down(server: uvicorn.Server, serving: _Serving, grace: float) -> None:
    """Do what `uvicorn.Server.shutdown` does, without its fixed pauses."""
    serving.stop()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(grace):
            state = server.server_state
            while state.connections or state.tasks:  # noqa: ASYNC110  uvicorn tells nobody
                await asyncio.sleep(0.001)
    for transport in list(serving.transports.values()):
        transport.abort()
