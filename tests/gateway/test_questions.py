"""Asking what became of a call, and whether the gateway is there: real HTTP on loopback."""

import logging
import traceback
from typing import Any

import httpx
import pytest

from bot.gateway.bitel import Bitel
from bot.gateway.errors import (
    CallNotFoundError,
    GatewayAnswerError,
    GatewayError,
    GatewayUnauthorisedError,
    GatewayUnreachableError,
)
from bot.gateway.exchange import Reply
from bot.gateway.protocol import Gateway
from bot.gateway.questions import find_call
from tests.gateway.conftest import IDS, NUMBERS, TOKEN, VOICE, RawServer, answer, example

ID = IDS[0]
BARE = example("status_response")
NOT_FOUND = example("status_not_found")
HTML = b"<html>Not Found</html>"


@pytest.mark.parametrize(
    "body",
    [
        BARE,
        b'{"result": ' + BARE + b', "error": null}',
        b"[" + BARE + b"]",
        b'{"result": [{"id": "other"}, ' + BARE + b'], "error": null}',
    ],
)
async def test_call_is_found(bitel: Bitel, server: RawServer, body: bytes) -> None:
    """The call is read from the bare answer and from the envelope, alone or in a list."""
    server.reply = answer(body)
    call = await bitel.call_status(ID)
    assert (call.id, call.status, call.bill_sec, call.price) == (ID, "NORMAL", 12, 34200)
    (seen,) = server.seen
    assert seen.line == f"GET /api/v2/voice/status/{ID} HTTP/1.1"
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "400 Bad Request", "404 Not Found"])
async def test_not_found(bitel: Bitel, server: RawServer, status: str) -> None:
    """The documented body says that there is no such call, at any status it may come with."""
    server.reply = answer(NOT_FOUND, status)
    with pytest.raises(CallNotFoundError):
        await bitel.call_status(ID)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(answer(HTML, "404 Not Found"), id="page of a proxy"),
        pytest.param(answer(b"", "404 Not Found"), id="empty 404"),
        pytest.param(answer({"error": "NotFound"}, "404 Not Found"), id="half the envelope"),
        pytest.param(answer({"result": {}, "error": "NotFound"}), id="a result beside it"),
        pytest.param(answer(NOT_FOUND, "503 Service Unavailable"), id="server error"),
        pytest.param(answer({"result": None, "error": "Other"}), id="another code"),
        pytest.param(answer({"result": None, "error": None}), id="nothing"),
        pytest.param(answer(BARE.replace(ID.encode(), IDS[1].encode())), id="another call"),
        pytest.param(answer(BARE, "500 Internal Server Error"), id="call with a server error"),
        pytest.param(answer(HTML), id="page"),
        pytest.param(answer(b"[" * 10**5), id="nested without end"),
        pytest.param(answer(BARE, "200 OK", "Content-Encoding: gzip"), id="bad gzip"),
        pytest.param(answer(BARE, "200 OK", "Content-Encoding: br"), id="unknown coding"),
        pytest.param(answer(b" " * 6_000_000 + BARE), id="too large"),
        pytest.param(answer(b"", "429 Too Many Requests"), id="too many requests"),
        pytest.param(answer(b"", "307 Temporary Redirect", "Location: /x"), id="redirect"),
    ],
)
async def test_unusable_answer(bitel: Bitel, server: RawServer, reply: bytes) -> None:
    """What is not the documented answer about this call says nothing of it."""
    server.reply = reply
    with pytest.raises(GatewayAnswerError) as raised:
        await bitel.call_status(ID)
    assert raised.value.http_status == int(reply.split()[1])
    assert len(server.seen) == 1


def test_fault_of_ours_says_nothing_of_the_call(caplog: pytest.LogCaptureFixture) -> None:
    """Should reading an answer fail, that is no usable answer, and the log says so."""
    nothing: Any = None  # reading never fails on bytes: this stands for a fault of ours
    with pytest.raises(GatewayAnswerError):
        find_call(Reply(http_status=200, body=nothing, whole=True), ID)
    assert "could not be read" in caplog.text


@pytest.mark.parametrize("body", [b"", HTML, BARE, NOT_FOUND])
@pytest.mark.parametrize("length", [-1, 9999])
async def test_unauthorised(bitel: Bitel, server: RawServer, body: bytes, length: int) -> None:
    """A 401 is about the token, whatever comes with it, and however little of it."""
    server.reply = answer(body, "401 Unauthorized", length=length)
    with pytest.raises(GatewayUnauthorisedError):
        await bitel.call_status(ID)
    with pytest.raises(GatewayUnauthorisedError):
        await bitel.check()


@pytest.mark.parametrize(
    "reply", [[b""], [], [b"garbage\r\n\r\n"], [answer(BARE, length=9999)], None]
)
async def test_broken_answer(hasty: Bitel, server: RawServer, reply: list[bytes] | None) -> None:
    """A broken connection, or silence, is the network's: ask again later."""
    server.reply = reply
    with pytest.raises(GatewayUnreachableError):
        await hasty.call_status(ID)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://127.0.0.1:x", "ftp://127.0.0.1", "127.0.0.1"]
)
async def test_nobody_there(url: str) -> None:
    """A gateway that cannot be reached, for whatever reason, is told as such."""
    async with Bitel(base_url=url, token=TOKEN, timeout=5) as bitel:
        with pytest.raises(GatewayUnreachableError):
            await bitel.call_status(ID)
        with pytest.raises(GatewayUnreachableError):
            await bitel.check()


@pytest.mark.parametrize("call_id", ["", " ", ".", "..", "x" * 65, "شناسه", "a\nb"])
async def test_impossible_id_is_not_asked(bitel: Bitel, server: RawServer, call_id: str) -> None:
    """What cannot be an id, a path upwards too, is not asked for."""
    with pytest.raises(GatewayAnswerError):
        await bitel.call_status(call_id)
    assert server.connections == 0


async def test_strange_id_stays_within_its_path(bitel: Bitel, server: RawServer) -> None:
    """An id with signs of a path or a query does not ask for anything else."""
    call_id = "../a?b#c%2F d"
    server.reply = answer({"result": {"id": call_id}, "error": None})
    assert (await bitel.call_status(call_id)).id == call_id
    assert server.seen[0].line == "GET /api/v2/voice/status/..%2Fa%3Fb%23c%252F%20d HTTP/1.1"


async def test_questions_share_a_connection(bitel: Bitel, server: RawServer) -> None:
    """Polling does not connect anew each time, and a launch does not use that connection."""
    server.closes = False
    server.reply = answer(BARE)
    await bitel.call_status(ID)
    await bitel.call_status(ID)
    await bitel.place_batch(voice_id=VOICE, numbers=NUMBERS, retry_count=1, server_id=None)
    assert [seen.connection for seen in server.seen] == [1, 1, 2]


@pytest.mark.parametrize(
    "reply",
    [
        answer(NOT_FOUND),
        answer(NOT_FOUND, "404 Not Found"),
        answer({"result": None, "error": "InvalidRequest"}, "400 Bad Request"),
        answer(BARE),
    ],
)
async def test_check_passes(bitel: Gateway, server: RawServer, reply: bytes) -> None:
    """Any documented answer shows that the gateway is there and took the token."""
    server.reply = reply
    await bitel.check()
    assert server.seen[0].line == f"GET /api/v2/voice/status/{'0' * 32} HTTP/1.1"


@pytest.mark.parametrize(
    "reply",
    [
        answer(HTML),
        answer(HTML, "404 Not Found"),
        answer(NOT_FOUND, "502 Bad Gateway"),
        answer({"result": None, "error": "Forbidden"}, "403 Forbidden"),
        answer({"result": None, "error": "Slow"}, "429 Too Many Requests"),
        answer({"result": None, "error": None}),
    ],
)
async def test_check_fails(bitel: Bitel, server: RawServer, reply: bytes) -> None:
    """A page, a server error, and a refusal of ourselves do not cure anything."""
    server.reply = reply
    with pytest.raises(GatewayAnswerError):
        await bitel.check()


@pytest.mark.parametrize("token", ["", "with space", "two\nlines", "نشان", "\x7f"])
def test_token_that_cannot_be_sent(token: str) -> None:
    """A token that no header can hold is told at once, without showing it."""
    with pytest.raises(ValueError, match="printable ASCII") as raised:
        Bitel(base_url="http://127.0.0.1", token=token)
    assert not token or token not in str(raised.value)


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_timeout_that_is_none(timeout: float) -> None:
    """A timeout of nothing would make every launch unknown."""
    with pytest.raises(ValueError, match="more than 0"):
        Bitel(base_url="http://127.0.0.1", token=TOKEN, timeout=timeout)


def secrets_in(text: str) -> list[str]:
    """The secrets that stand in a text."""
    return [secret for secret in (TOKEN, "password", *NUMBERS, *IDS) if secret in text]


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadError, TimeoutError, RuntimeError],
)
async def test_errors_tell_no_secret(error: type[Exception]) -> None:
    """Token, address and numbers stand neither in an error's words nor in the gateway's repr."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise error("broken")

    bitel = Bitel(
        base_url="http://user:password@gateway.test",
        token=TOKEN,
        transport=httpx.MockTransport(fail),
    )
    with pytest.raises(GatewayError) as raised:
        await bitel.call_status(ID)
    assert not secrets_in("".join(traceback.format_exception(raised.value)).replace(__file__, ""))
    assert not secrets_in(repr(bitel))


async def test_log_tells_no_secret(
    bitel: Bitel, server: RawServer, caplog: pytest.LogCaptureFixture
) -> None:
    """At every level the log tells class, status and time, and neither numbers nor the token."""
    caplog.set_level(logging.DEBUG, logger="bot.gateway")
    server.reply = answer(BARE)
    await bitel.call_status(ID)
    for body in (example("batch_response"), BARE * 2, b""):
        server.reply = answer(body)
        await bitel.place_batch(voice_id=VOICE, numbers=NUMBERS, retry_count=1, server_id=None)
    await bitel.place_batch(voice_id="\ud800", numbers=NUMBERS, retry_count=1, server_id=None)
    lines = [f"{record.levelname} {record.getMessage()}" for record in caplog.records]
    assert lines[1].startswith("DEBUG launch: accepted, HTTP 200, read to its end, ")
    assert not secrets_in("\n".join(lines))
