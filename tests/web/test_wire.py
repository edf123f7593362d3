import asyncio
import random
import socket
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from bot.web.errors import PortError
from bot.web.port import Port
from bot.web.wire import HEAD, Limits
from tests.web.rig import DOOR, EVENT, Client, listening, open_rig

SLOW_HEAD = f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nX-Slow: ".encode()
SLOW_BODY = f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{{".encode()


@pytest.mark.parametrize("slow", [b"", b"P", SLOW_HEAD, SLOW_BODY])
async def test_hundreds_of_slow_clients_do_not_stop_an_event(tmp_path: Path, slow: bytes) -> None:
    """The oldest of the slow ones make room, and each event is answered at once."""
    limits = Limits(request_seconds=600, coming_in=100, connections=150)
    async with open_rig(tmp_path, limits=limits, body_seconds=600) as rig:
        clients: list[Client] = []
        for _ in range(400):
            client = await rig.connect()
            await client.send(slow)
            clients.append(client)
            if len(clients) % 100 == 0:
                assert await rig.post() == 200
        assert len(rig.inbox.taken) == 4
        assert await clients[0].rest() == b""
        for client in clients:
            client.close()


@pytest.mark.parametrize("slow", [b"", SLOW_HEAD, SLOW_BODY])
async def test_a_request_that_does_not_come_in_whole_is_cut(tmp_path: Path, slow: bytes) -> None:
    """After its time the connection is closed, without an answer."""
    async with open_rig(tmp_path, limits=Limits(request_seconds=0.2), body_seconds=600) as rig:
        client = await rig.connect()
        await client.send(slow)
        assert await client.rest() == b""
        client.close()
        assert await rig.post() == 200


async def test_more_whole_requests_than_the_port_bears_are_cut(tmp_path: Path) -> None:
    """While as many as may be wait for the record, a further one finds the door closed."""
    limits = Limits(coming_in=5, connections=5)
    async with open_rig(tmp_path, limits=limits) as rig:
        rig.inbox.gate = asyncio.Event()
        waiting = [asyncio.create_task(rig.post()) for _ in range(5)]
        await rig.inbox.crowded(5)
        client = await rig.connect()
        assert await client.rest() == b""
        client.close()
        rig.inbox.gate.set()
        assert await asyncio.gather(*waiting) == [200] * 5
        assert await rig.post() == 200


async def test_one_request_a_connection(tmp_path: Path) -> None:
    """What comes behind the first one on the same connection is not looked at."""
    async with open_rig(tmp_path) as rig:
        client = await rig.connect()
        head = f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(EVENT)}\r\n\r\n"
        await client.send((head.encode() + EVENT) * 3)
        answer = await client.rest()
        client.close()
        assert answer.count(b"HTTP/1.1 200 ") == 1
        assert b"connection: close" in answer
        assert rig.inbox.taken == [EVENT]


async def test_a_head_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """Its memory is bounded, though it may come as fast as it likes."""
    async with open_rig(tmp_path) as rig:
        client = await rig.connect()
        await client.send(SLOW_HEAD + b"x" * (HEAD * 4))
        answer = await client.rest()
        client.close()
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
        assert await rig.post() == 200


def odd_requests() -> list[bytes]:
    """What is no HTTP, or HTTP that nobody should send."""
    chance = random.Random(5)
    whole = f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    broken = [
        bytearray(whole)[: chance.randrange(len(whole))] + chance.randbytes(40) for _ in range(60)
    ]
    chunked = f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    websocket = b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    return [
        *map(bytes, broken),
        *(chance.randbytes(chance.randrange(1, 400)) for _ in range(40)),
        chunked + b"zz\r\n",
        chunked + b"2\r\n{}\r\nffffffffffffffffffff\r\n",
        whole + b"GET / HTTP/1.1\r\n\r\n\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + websocket,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ]


async def test_no_bytes_harm_the_port_or_fill_the_log(tmp_path: Path) -> None:
    """A hundred broken requests: each is answered or cut, none is worth a line, events go on."""
    with listening("httpx", "httpcore") as log:
        async with open_rig(tmp_path, limits=Limits(request_seconds=1)) as rig:

            async def speak(odd: bytes) -> None:
                client = await rig.connect()
                await client.send(odd)
                await client.rest()
                client.close()

            await asyncio.gather(*map(speak, odd_requests()))
            assert await rig.post() == 200
    assert log.above("ERROR") == []
    assert len(log.above("WARNING")) <= 2


async def test_a_port_that_cannot_be_opened_is_told() -> None:
    """In words that say which and why."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(PortError, match=f"port {number} of 127.0.0.1 .*in use"):
            async with Port(host="127.0.0.1", port=number, app=nothing).open():
                pass
    with pytest.raises(PortError, match=r"192\.0\.2\.1"):
        async with Port(host="192.0.2.1", port=0, app=nothing).open():
            pass


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that is never asked."""
    raise AssertionError(scope, receive, send)


async def test_a_port_of_ipv6() -> None:
    """`::1` works as 127.0.0.1 does, and the port is closed at the end."""
    async with Port(host="::1", port=0, app=nothing).open() as number:
        reader, writer = await asyncio.open_connection("::1", number)
        writer.close()
        assert await reader.read() == b""
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("::1", number)
