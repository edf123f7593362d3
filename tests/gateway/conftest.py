"""A raw server on loopback that answers just the bytes a test wants, and remembers what it saw."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.gateway.bitel import Bitel

EXAMPLES = Path(__file__).parent / "examples"
OPENAPI = Path(__file__).parent.parent / "openapi.yaml"
TOKEN = "test-token.with-a.signature"
VOICE = "08e815cbcd724386805103ac0d45e4c2"
NUMBERS = ("09120000001", "09120000002")
IDS = ("755021ff3bfd4669af3145b285297756", "b694d5431c654c4082aa4a2de82ee5f2")


def example(name: str) -> bytes:
    """A body of the gateway's documentation."""
    return (EXAMPLES / f"{name}.json").read_bytes()


def answer(body: bytes | Any, status: str = "200 OK", *headers: str, length: int = -1) -> bytes:
    """A whole HTTP answer; what is no bytes goes as JSON, and `length` may lie."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(content) if length < 0 else length}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + content


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass(slots=True)
class RawServer:
    """Answers each request with `reply`, in pieces if it is a list; then closes if `closes`.

    An empty piece resets the connection; None leaves it open and silent.
    """

    reply: bytes | list[bytes] | None = None
    closes: bool = True
    pause: float = 0.0  # seconds between pieces
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    written: int = 0  # bytes that were taken from us
    connections: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)  # a request has arrived

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        try:
            while await self._answer_one(reader, writer, self.connections) and not self.closes:
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer_one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:-2])
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.seen.append(Seen(line=head[0], headers=headers, body=body, connection=connection))
        self.asked.set()
        if self.reply is None:
            await reader.read()  # until the client gives up
            return False
        for piece in self.reply if isinstance(self.reply, list) else [self.reply]:
            if not piece:
                writer.transport.abort()
                return False
            writer.write(piece)
            await writer.drain()
            self.written += len(piece)
            await asyncio.sleep(self.pause)
        return True


OpenServer = Callable[[], Awaitable[RawServer]]


@pytest.fixture
async def open_server() -> AsyncIterator[OpenServer]:
    """Opens one more raw server."""
    async with AsyncExitStack() as stack:

        async def open_one() -> RawServer:
            raw = RawServer()
            server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
            stack.push_async_callback(server.wait_closed)
            stack.callback(server.close)
            raw.port = server.sockets[0].getsockname()[1]
            return raw

        yield open_one


@pytest.fixture
async def server(open_server: OpenServer) -> RawServer:
    """The gateway's stand-in."""
    return await open_server()


@pytest.fixture
async def bitel(server: RawServer) -> AsyncIterator[Bitel]:
    """Asks the stand-in, and waits 5 s at most."""
    async with Bitel(base_url=server.url, token=TOKEN, timeout=5) as gateway:
        yield gateway


@pytest.fixture
async def hasty(server: RawServer) -> AsyncIterator[Bitel]:
    """Asks the stand-in, and waits 1.2 s at most, 0.4 s for the connection."""
    async with Bitel(base_url=server.url, token=TOKEN, timeout=1.2) as gateway:
        yield gateway


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port on which nobody answers: its queue of connections is full (Linux drops the SYN)."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(4):
            client = socket.socket()
            client.settimeout(0)
            with suppress(BlockingIOError):
                client.connect(listener.getsockname())
            waiting.append(client)
        yield listener.getsockname()[1]
        for client in waiting:
            client.close()
