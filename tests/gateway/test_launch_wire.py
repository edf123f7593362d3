"""What a launch is on the wire: real HTTP on loopback, down to the bytes."""

import asyncio
import gzip
import zlib
from typing import Any

import jsonschema
import pytest
import yaml

from bot.gateway.bitel import Bitel
from bot.gateway.models import Accepted, Outcome, Refused, Unknown, UnknownReason, Unsent
from tests.gateway.conftest import (
    IDS,
    NUMBERS,
    OPENAPI,
    TOKEN,
    VOICE,
    OpenServer,
    RawServer,
    answer,
    example,
)

HTML = b"<html><body>Sorry</body></html>"
PLACED = example("batch_response")
MEGABYTE = 1_000_000


async def place(bitel: Bitel, **changes: Any) -> Outcome:
    """Launch the documented batch, but for some changes."""
    launch: dict[str, Any] = {"voice_id": VOICE, "numbers": NUMBERS, "retry_count": 3}
    return await bitel.place_batch(**{**launch, "server_id": None, **changes})


async def speak(bitel: Bitel, **changes: Any) -> Outcome:
    """Launch the documented numbers with a text, but for some changes."""
    launch: dict[str, Any] = {"text": "Hi there", "numbers": NUMBERS, "retry_count": 3}
    return await bitel.place_spoken(**{**launch, "server_id": None, **changes})


def ids_of(outcome: Outcome) -> list[str]:
    """The ids, if it was accepted."""
    assert isinstance(outcome, Accepted)
    return [call.id for call in outcome.calls]


async def test_request_is_the_documented_one(bitel: Bitel, server: RawServer) -> None:
    """One POST goes out: path, token and body as documented, and no compression asked for."""
    server.reply = answer(PLACED)
    outcome = await place(bitel)
    assert ids_of(outcome) == list(IDS)
    (seen,) = server.seen
    assert seen.line == "POST /api/v2/voice/batch HTTP/1.1"
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.headers["accept-encoding"] == "identity"
    assert seen.headers["content-type"] == "application/json"
    assert seen.json == yaml.safe_load(example("batch_request"))


async def test_request_satisfies_the_schema(bitel: Bitel, server: RawServer) -> None:
    """With a dialer chosen, and 100 numbers, the body is valid by the gateway's OpenAPI file."""
    server.reply = answer(PLACED)
    numbers = [f"0912000{n:04}" for n in range(100)]
    await place(bitel, numbers=numbers, server_id="7")
    with OPENAPI.open() as file:
        api = yaml.safe_load(file)
    schema = api["paths"]["/api/v2/voice/batch"]["post"]["requestBody"]["content"]
    resolvable = {**schema["application/json"]["schema"], "components": api["components"]}
    jsonschema.Draft7Validator(resolvable).validate(server.seen[0].json)
    assert server.seen[0].json["serverId"] == "7"
    assert server.seen[0].json["phoneNumbers"] == numbers


async def test_spoken_request(bitel: Bitel, server: RawServer) -> None:
    """A text goes out once, to its own path, valid by the gateway's OpenAPI file; never an id."""
    server.reply = answer(PLACED)
    outcome = await speak(bitel, text="Salaam, «shift» begins:\n6", server_id="7")
    assert ids_of(outcome) == list(IDS)
    (seen,) = server.seen
    assert seen.line == "POST /api/v2/voice/batch/tts HTTP/1.1"
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.json == {
        "phoneNumbers": list(NUMBERS),
        "text": "Salaam, «shift» begins:\n6",
        "retryCount": 3,
        "serverId": "7",
    }
    with OPENAPI.open() as file:
        api = yaml.safe_load(file)
    schema = api["paths"]["/api/v2/voice/batch/tts"]["post"]["requestBody"]["content"]
    resolvable = {**schema["application/json"]["schema"], "components": api["components"]}
    jsonschema.Draft7Validator(resolvable).validate(seen.json)


async def test_spoken_outcomes_are_those_of_a_recording(bitel: Bitel, server: RawServer) -> None:
    """Refused, unknown and unsent are told apart by the same table, and nothing goes out twice."""
    server.reply = answer({"result": None, "error": "InvalidRequest"}, "400 Bad Request")
    refused = await speak(bitel)
    assert isinstance(refused, Refused)
    assert refused.code == "InvalidRequest"
    server.reply = answer(HTML, "502 Bad Gateway")
    assert isinstance(await speak(bitel), Unknown)
    assert len(server.seen) == 2
    assert await speak(bitel, text="\ud800") == Unsent(reason="UnicodeEncodeError")
    with pytest.raises(ValueError, match="1 to 100"):
        await speak(bitel, numbers=())
    assert len(server.seen) == 2


@pytest.mark.parametrize("count", [0, 101])
async def test_wrong_size_is_not_sent(bitel: Bitel, server: RawServer, count: int) -> None:
    """No number, or more than the gateway takes, is a fault of ours that nothing is sent for."""
    with pytest.raises(ValueError, match="1 to 100"):
        await place(bitel, numbers=["09120000000"] * count)
    assert server.connections == 0


async def test_request_that_cannot_be_written_is_unsent(bitel: Bitel, server: RawServer) -> None:
    """What fails while the request is built has surely not left."""
    assert await place(bitel, voice_id="\ud800") == Unsent(reason="UnicodeEncodeError")
    assert server.connections == 0


async def test_refused_connection_is_unsent() -> None:
    """Nobody listens there: surely not sent."""
    async with Bitel(base_url="http://127.0.0.1:1", token=TOKEN, timeout=5) as bitel:
        assert await place(bitel) == Unsent(reason="ConnectError")


async def test_silent_port_is_unsent(full_port: int) -> None:
    """A gateway that takes no connection shows as unsent, before the total time is up."""
    async with Bitel(base_url=f"http://127.0.0.1:{full_port}", token=TOKEN, timeout=0.9) as bitel:
        assert await place(bitel) == Unsent(reason="ConnectTimeout")


@pytest.mark.parametrize(
    ("url", "reason"),
    [("ftp://127.0.0.1", "UnsupportedProtocol"), ("http://127.0.0.1:x", "InvalidURL")],
)
async def test_unusable_address_is_unsent(url: str, reason: str) -> None:
    """An address to which no connection can be made is not taken for a launch that may ring."""
    async with Bitel(base_url=url, token=TOKEN) as bitel:
        assert await place(bitel) == Unsent(reason=reason)


async def test_silence_is_unknown(hasty: Bitel, server: RawServer) -> None:
    """A request that was read and never answered may ring; it went out once."""
    outcome = await place(hasty)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.NO_ANSWER
    assert outcome.http_status is None
    assert len(server.seen) == 1


async def test_cancelled_launch_is_passed_on(bitel: Bitel, server: RawServer) -> None:
    """Cancelled while the gateway has the request: the caller is told, and nothing is re-sent."""
    task = asyncio.create_task(place(bitel))
    await server.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(server.seen) == 1


async def test_drip_is_unknown(hasty: Bitel, server: RawServer) -> None:
    """An answer that comes byte by byte does not outlive the total time; what came is kept."""
    server.reply = [answer(PLACED)[:80], *([b" "] * 100)]
    server.pause = 0.05
    outcome = await place(hasty)
    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.http_status) == (UnknownReason.NO_ANSWER, 200)
    assert outcome.body
    assert len(server.seen) == 1


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("reply", "status", "body"),
    [
        pytest.param([b""], None, b"", id="reset"),
        pytest.param([], None, b"", id="closed"),
        pytest.param([b"\x00\xff garbage \r\n\r\n"], None, b"", id="garbage"),
        pytest.param([answer(PLACED)[:30]], None, b"", id="half the head"),
        pytest.param([answer(PLACED, length=9999)], 200, PLACED, id="short of its length"),
        pytest.param([CHUNKED, b"%x\r\n" % len(PLACED), PLACED], 200, PLACED, id="short chunk"),
        pytest.param([answer(PLACED, length=9999), b""], 200, None, id="reset in the body"),
    ],
)
async def test_broken_answer_is_unknown(
    bitel: Bitel, server: RawServer, reply: list[bytes], status: int | None, body: bytes | None
) -> None:
    """An answer that breaks off, even after all the ids, is unknown, and sent once."""
    server.reply = reply
    outcome = await place(bitel)
    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.http_status) == (UnknownReason.CUT, status)
    assert body is None or outcome.body == body
    assert len(server.seen) == 1


async def test_answer_that_ends_with_the_connection_is_whole(
    bitel: Bitel, server: RawServer
) -> None:
    """Without a length the end of the connection is the end of the answer, as HTTP has it."""
    server.reply = b"HTTP/1.1 200 OK\r\n\r\n" + PLACED
    assert ids_of(await place(bitel)) == list(IDS)


async def test_each_launch_has_its_own_connection(bitel: Bitel, server: RawServer) -> None:
    """A server that closes after each answer, unannounced, makes no launch unknown."""
    server.reply = answer(PLACED)
    for _ in range(6):
        assert ids_of(await place(bitel)) == list(IDS)
    assert [seen.connection for seen in server.seen] == [1, 2, 3, 4, 5, 6]


async def test_launch_keeps_no_connection(bitel: Bitel, server: RawServer) -> None:
    """Even where the server would keep it, the next launch does not go over the old connection."""
    server.reply = answer(PLACED)
    server.closes = False
    await place(bitel)
    await place(bitel)
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_redirect_is_not_followed(
    bitel: Bitel, server: RawServer, open_server: OpenServer
) -> None:
    """307 would send the numbers a second time: the other place sees nothing."""
    other = await open_server()
    other.reply = answer(PLACED)
    server.reply = answer(b"", "307 Temporary Redirect", f"Location: {other.url}/x")
    outcome = await place(bitel)
    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.http_status) == (UnknownReason.REDIRECTED, 307)
    assert (len(server.seen), other.connections) == (1, 0)


async def test_proxy_of_the_environment_is_ignored(
    bitel: Bitel,
    server: RawServer,
    open_server: OpenServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """HTTP_PROXY and its kin do not come between us and the gateway."""
    proxy = await open_server()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    server.reply = answer(PLACED)
    async with Bitel(base_url=server.url, token=TOKEN) as fresh:
        assert ids_of(await place(fresh)) == list(IDS)
    assert ids_of(await place(bitel)) == list(IDS)
    assert proxy.connections == 0


async def test_cookies_are_not_sent_back(bitel: Bitel, server: RawServer) -> None:
    """Nothing of one answer gets into the next request."""
    server.reply = answer(PLACED, "200 OK", "Set-Cookie: a=b")
    await place(bitel)
    await place(bitel)
    assert "cookie" not in server.seen[1].headers


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP, identity", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("identity", bytes),
    ],
)
async def test_compressed_answer_is_read(
    bitel: Bitel, server: RawServer, coding: str, pack: Any
) -> None:
    """A server that compresses unasked is understood all the same, byte by byte if need be."""
    reply = answer(pack(PLACED), "200 OK", f"Content-Encoding: {coding}")
    server.reply = [bytes([byte]) for byte in reply]
    assert ids_of(await place(bitel)) == list(IDS)


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
@pytest.mark.parametrize(
    ("coding", "body"),
    [
        pytest.param("gzip", PLACED, id="no gzip"),
        pytest.param("gzip", gzip.compress(PLACED)[:-5], id="half gzip"),
        pytest.param("gzip", gzip.compress(PLACED)[:-8] + b"\0" * 8, id="wrong sum"),
        pytest.param("gzip", gzip.compress(PLACED) + b"more", id="more after it"),
        pytest.param("gzip", b"", id="nothing"),
        pytest.param("deflate", b"x", id="one byte"),
        pytest.param("br", PLACED, id="unknown coding"),
        pytest.param("gzip, gzip", gzip.compress(gzip.compress(PLACED)), id="packed twice"),
    ],
)
async def test_undecodable_answer_is_unknown(
    bitel: Bitel, server: RawServer, status: str, coding: str, body: bytes
) -> None:
    """What cannot be unpacked may hold ids: unknown at any status."""
    server.reply = answer(body, status, f"Content-Encoding: {coding}")
    outcome = await place(bitel)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.NOT_UNDERSTOOD


async def test_mislabelled_plain_answer_is_kept(bitel: Bitel, server: RawServer) -> None:
    """A body that only claims to be packed is kept as it came, for a person to read."""
    server.reply = answer(HTML, "200 OK", "Content-Encoding: gzip")
    outcome = await place(bitel)
    assert isinstance(outcome, Unknown)
    assert outcome.body == HTML


async def test_large_answer_is_unknown(bitel: Bitel, server: RawServer) -> None:
    """Of 6 MB no more than 5 are read, even though ids stand at the front."""
    server.reply = answer(PLACED + b" " * 6 * MEGABYTE)
    outcome = await place(bitel)
    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.http_status) == (UnknownReason.TOO_LARGE, 200)
    assert len(outcome.body) == 5 * MEGABYTE


async def test_endless_answer_is_left(bitel: Bitel, server: RawServer) -> None:
    """A server that would send 200 MB is left long before."""
    piece = b"%x\r\n" % MEGABYTE + b" " * MEGABYTE + b"\r\n"
    server.reply = [CHUNKED, *([piece] * 200)]
    outcome = await place(bitel)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.TOO_LARGE
    assert server.written < 30 * MEGABYTE


@pytest.mark.parametrize(
    ("reply", "paused"),
    [
        (answer(b"", "401 Unauthorized"), True),
        (answer(HTML, "401 Unauthorized"), True),
        (answer({"result": None, "error": "X"}, "401 Unauthorized"), True),
        (answer(b"", "429 Too Many Requests", "Retry-After: 1"), False),
        (answer({"result": None, "error": "InvalidServer"}, "400 Bad Request"), False),
    ],
)
async def test_refusals_over_the_wire(
    bitel: Bitel, server: RawServer, reply: bytes, paused: bool
) -> None:
    """A 4xx that was read to its end is a refusal; only a 401 tells of the token; one POST."""
    server.reply = reply
    outcome = await place(bitel)
    assert isinstance(outcome, Refused)
    assert outcome.unauthorised == paused
    assert len(server.seen) == 1


@pytest.mark.parametrize("body", [HTML, PLACED])
async def test_truncated_401_is_unknown_and_tells_of_the_token(
    bitel: Bitel, server: RawServer, body: bytes
) -> None:
    """Ids may have been in the rest, so nobody can tell; launching pauses all the same."""
    server.reply = answer(body, "401 Unauthorized", length=9999)
    outcome = await place(bitel)
    assert isinstance(outcome, Unknown)
    assert outcome.unauthorised
    assert (outcome.reason, outcome.http_status) == (UnknownReason.CUT, 401)
