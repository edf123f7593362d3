import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.web.events import LARGEST
from bot.web.strangers import BURST
from tests.web.rig import DOOR, EVENT, REFUSING, SECRET, listening, open_rig


async def test_an_event_is_answered_after_it_was_taken(tmp_path: Path) -> None:
    """200 comes when `take` has returned, not before; the body arrives as it was sent."""
    async with open_rig(tmp_path) as rig:
        rig.inbox.gate = asyncio.Event()
        posting = asyncio.create_task(rig.post())
        await rig.inbox.came.wait()
        done, _ = await asyncio.wait({posting}, timeout=0.05)
        assert not done
        rig.inbox.gate.set()
        assert await posting == 200
        assert rig.inbox.taken == [EVENT]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/bitel",
        "/bitel/",
        f"/bitel/{SECRET[:-1]}",
        f"/bitel/{SECRET}x",
        f"/bitel/{SECRET}/",
        f"/bitel/{SECRET.lower()}",
        f"/bitel//{SECRET}",
        f"/{SECRET}",
        "/bitel/%00%ff",
        "/healthz/",
        "/metrics/x",
    ],
)
async def test_whoever_is_wrong_hears_nothing(tmp_path: Path, path: str) -> None:
    """Every path but the right ones is a 404 without a body and without a word on the server."""
    async with open_rig(tmp_path) as rig:
        for method in ("POST", "GET", "HEAD", "PUT", "OPTIONS", "BREW"):
            answer = await rig.http.request(method, path, content=EVENT)
            assert answer.status_code == 404
            assert answer.content == b""
            assert set(answer.headers) <= {"connection", "content-length"}
        assert rig.inbox.taken == []


async def test_without_a_secret_there_is_no_door(tmp_path: Path) -> None:
    """Not even a path that ends with nothing is one."""
    async with open_rig(tmp_path, secret=None) as rig:
        for path in (DOOR, "/bitel/", "/bitel/None"):
            assert await rig.post(path) == 404
        assert rig.inbox.taken == []


async def test_other_methods_are_refused(tmp_path: Path) -> None:
    """Who knows the secret may only POST."""
    async with open_rig(tmp_path) as rig:
        for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
            answer = await rig.http.request(method, DOOR, content=EVENT)
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert rig.inbox.taken == []


async def test_a_body_of_64_kb_is_taken_and_one_byte_more_is_not(tmp_path: Path) -> None:
    """Whether or not its length is announced."""
    full = b"{" + b" " * (LARGEST - 1)

    async def in_pieces(body: bytes) -> int:
        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(body), 10_000):
                yield body[start : start + 10_000]

        return (await rig.http.post(DOOR, content=pieces())).status_code

    async with open_rig(tmp_path) as rig:
        assert await rig.post(body=full) == 200
        assert await in_pieces(full) == 200
        assert await rig.post(body=full + b" ") == 413
        assert await in_pieces(full + b" ") == 413
        assert rig.inbox.taken == [full, full]


async def test_an_endless_body_is_cut(tmp_path: Path) -> None:
    """It is thrown away as it comes, and after a megabyte nothing more is read."""
    async with open_rig(tmp_path) as rig:
        client = await rig.connect()
        await client.send(f"POST {DOOR} HTTP/1.1\r\nHost: x\r\n".encode())
        await client.send(b"Content-Length: 1000000000\r\n\r\n")
        sending = asyncio.create_task(client.send(b" " * 50_000_000))
        answer = await client.rest()
        assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")
        client.close()
        await sending
        assert rig.answers == Counter(too_large=1)
        assert await rig.post() == 200


async def test_a_slow_body_is_given_up(tmp_path: Path) -> None:
    """The whole of it has a deadline, however steadily it drips."""
    async with open_rig(tmp_path, body_seconds=0.2) as rig:
        client = await rig.connect()
        head = f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
        await client.send(head.encode() + b"{")
        answering = asyncio.create_task(client.rest())
        while not answering.done():
            await client.send(b" ")
            await asyncio.wait({answering}, timeout=0.02)
        # A byte that arrives after the answer resets the connection, and may overtake it.
        assert answering.result() == b"" or answering.result().startswith(b"HTTP/1.1 408 ")
        client.close()
        assert rig.answers == Counter(slow=1)
        assert rig.inbox.taken == []


async def test_a_body_that_breaks_off_is_no_event(tmp_path: Path) -> None:
    """Half of an event is not given on, though it may look whole."""
    async with open_rig(tmp_path) as rig:
        client = await rig.connect()
        head = f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
        await client.send(head.encode() + EVENT)
        client.close()
        assert await rig.post(body=b"{1}") == 200
        assert rig.inbox.taken == [b"{1}"]
        assert rig.answers == Counter(taken=1, broken_off=1)


async def test_junk_is_refused_and_what_cannot_be_kept_may_come_again(tmp_path: Path) -> None:
    """400 for what will never be an event; 503, with a time, where the record is at fault."""
    async with open_rig(tmp_path) as rig:
        for junk in (b"", b"junk", b"\xff\xfe", b"[]"):
            assert await rig.post(body=junk) == 400
        rig.inbox.fault = REFUSING
        answer = await rig.http.post(DOOR, content=EVENT)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        rig.inbox.fault = None
        assert await rig.post() == 200


async def test_right_ones_are_never_limited(tmp_path: Path) -> None:
    """Of five hundred wrong ones most are limited; each right one among them is in."""
    async with open_rig(tmp_path) as rig:
        wrong: Counter[int] = Counter()
        for batch in range(25):
            right = asyncio.create_task(rig.post(body=b'{"n": %d}' % batch))
            guesses = (rig.post(f"/bitel/{SECRET[:-3]}{batch:02}{n}") for n in range(20))
            wrong.update(await asyncio.gather(*guesses))
            assert await right == 200
        assert set(wrong) == {404, 429}
        assert BURST <= wrong[404] < 100
        assert len(rig.inbox.taken) == 25


async def test_the_secret_stands_in_no_log_line(tmp_path: Path) -> None:
    """At DEBUG, with no redaction at work, not even if the program fails inside."""
    with listening("httpx", "httpcore") as log:
        async with open_rig(tmp_path) as rig:
            await rig.post()
            await rig.post(body=b"junk")
            await rig.post(f"{DOOR}x")
            await rig.http.get(DOOR)
            rig.inbox.fault = REFUSING
            await rig.post()
            rig.inbox.fault = RuntimeError("a fault of ours")
            assert await rig.post() == 500
            client = await rig.connect()
            await client.send(f"POST {DOOR} HTTP/9.9\r\nbroken\r\n\r\n".encode())
            await client.rest()
            client.close()
    assert [line for line in log.lines if "a fault of ours" in line]
    assert [line for line in log.lines if SECRET[:12] in line] == []
    assert [line for line in log.lines if "requestId" in line] == []


async def test_a_right_secret_may_be_written_in_percent(tmp_path: Path) -> None:
    """A panel that escapes what need not be escaped works all the same."""
    async with open_rig(tmp_path) as rig:
        path = "/bitel/" + "".join(f"%{ord(letter):02X}" for letter in SECRET)
        assert await rig.post(path) == 200


async def test_a_query_changes_nothing(tmp_path: Path) -> None:
    """What stands behind a question mark is not part of the secret, and is not looked at."""
    async with open_rig(tmp_path) as rig:
        assert (await rig.http.post(f"{DOOR}?a=1", content=EVENT)).status_code == 200
        assert (await rig.http.post(f"/bitel/?{SECRET}", content=EVENT)).status_code == 404


async def test_an_event_that_waits_is_answered_when_the_port_closes(tmp_path: Path) -> None:
    """What was received whole is committed and answered before the end."""
    async with httpx.AsyncClient(trust_env=False) as http:
        async with open_rig(tmp_path) as rig:
            rig.inbox.gate = asyncio.Event()
            posting = asyncio.create_task(
                http.post(f"http://127.0.0.1:{rig.port}{DOOR}", content=EVENT)
            )
            await rig.inbox.came.wait()
            asyncio.get_running_loop().call_later(0.05, rig.inbox.gate.set)
        assert (await posting).status_code == 200
        assert rig.inbox.taken == [EVENT]


async def test_an_event_that_cannot_be_kept_does_not_hold_up_the_end(tmp_path: Path) -> None:
    """A record that takes no writes is waited for a little; then the connection is cut."""
    async with httpx.AsyncClient(trust_env=False) as http:
        async with open_rig(tmp_path) as rig:
            rig.inbox.gate = asyncio.Event()
            posting = asyncio.create_task(
                http.post(f"http://127.0.0.1:{rig.port}{DOOR}", content=EVENT)
            )
            await rig.inbox.came.wait()
        with pytest.raises(httpx.HTTPError):
            await posting
        assert rig.inbox.taken == []
