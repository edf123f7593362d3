"""The table "was the request sent?", row by row."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.gateway.bitel import Bitel
from bot.gateway.exchange import Reply
from bot.gateway.models import Accepted, Outcome, Refused, Unknown, UnknownReason, Unsent
from bot.gateway.outcomes import judge
from tests.gateway.conftest import IDS, TOKEN, VOICE, example

NUMBER = "09120000001"
PLACED = example("batch_response")
CALL = {"id": IDS[0], "phoneNumber": NUMBER, "status": "WAITING"}
ANY_STATUS = [200, 201, 204, 302, 307, 400, 401, 404, 408, 429, 500, 502, 503, 599, 700]


def whole(status: int, body: Any) -> Outcome:
    """What an answer is taken for that was read to its end."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return judge(Reply(http_status=status, body=content, whole=True))


async def place(transport: httpx.AsyncBaseTransport) -> Outcome:
    """Launch one number over this transport."""
    async with Bitel(base_url="http://gateway.test", token=TOKEN, transport=transport) as bitel:
        return await bitel.place_batch(
            voice_id=VOICE, numbers=[NUMBER], retry_count=1, server_id=None
        )


async def place_and_raise(error: BaseException) -> Outcome:
    """Launch over a transport that raises this."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    return await place(httpx.MockTransport(fail))


class BrokenStream(httpx.AsyncByteStream):
    """Sends a body, then raises; `closing` is raised when it is closed."""

    def __init__(
        self, body: bytes, failure: Exception | None, closing: BaseException | None = None
    ) -> None:
        self._body, self._failure, self._closing = body, failure, closing

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body, then the failure."""
        yield self._body
        if self._failure:
            raise self._failure

    async def aclose(self) -> None:
        """Fail if that is asked for."""
        if self._closing:
            raise self._closing


def broken(status: int, stream: BrokenStream) -> httpx.MockTransport:
    """Answers so with this stream as its body."""
    return httpx.MockTransport(lambda _: httpx.Response(status, stream=stream))


UNSENT = [
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
]
UNKNOWN = [
    (httpx.ReadTimeout, UnknownReason.NO_ANSWER),
    (httpx.WriteTimeout, UnknownReason.NO_ANSWER),
    (TimeoutError, UnknownReason.NO_ANSWER),
    (httpx.ReadError, UnknownReason.CUT),
    (httpx.WriteError, UnknownReason.CUT),
    (httpx.CloseError, UnknownReason.CUT),
    (httpx.RemoteProtocolError, UnknownReason.CUT),
    (httpx.LocalProtocolError, UnknownReason.CUT),
    (httpx.ProxyError, UnknownReason.CUT),
    (httpx.NetworkError, UnknownReason.CUT),
    (httpx.TransportError, UnknownReason.CUT),
    (httpx.HTTPError, UnknownReason.CUT),
    (ConnectionResetError, UnknownReason.CUT),
    (httpx.DecodingError, UnknownReason.NOT_UNDERSTOOD),
    (httpx.TooManyRedirects, UnknownReason.REDIRECTED),
    (httpx.InvalidURL, UnknownReason.INTERRUPTED),
    (RuntimeError, UnknownReason.INTERRUPTED),
]


@pytest.mark.parametrize("kind", UNSENT)
async def test_no_connection_is_unsent(kind: type[Exception]) -> None:
    """Only where no connection stood, the launch is surely not sent; only the class is told."""
    assert await place_and_raise(kind(f"{NUMBER} {TOKEN}")) == Unsent(reason=kind.__name__)


@pytest.mark.parametrize(("kind", "reason"), UNKNOWN)
async def test_other_failures_are_unknown(kind: type[Exception], reason: UnknownReason) -> None:
    """Every other failure leaves open whether it rings; only its class is told."""
    outcome = await place_and_raise(kind(f"{NUMBER} {TOKEN}"))
    assert outcome == Unknown(reason=reason, detail=kind.__name__)


@pytest.mark.parametrize("kind", [*UNSENT, *(kind for kind, _ in UNKNOWN)])
async def test_failure_within_an_answer_is_unknown(kind: type[Exception]) -> None:
    """Once an answer began, no failure makes the launch unsent; what came is kept."""
    outcome = await place(broken(200, BrokenStream(PLACED, kind("x"))))
    assert isinstance(outcome, Unknown)
    assert (outcome.http_status, outcome.body) == (200, PLACED)


async def test_every_class_of_httpx_is_in_the_table() -> None:
    """A new httpx would bring new classes of error: each must be put into the table first."""
    known = {*UNSENT, *(kind for kind, _ in UNKNOWN), httpx.TimeoutException, httpx.ProtocolError}
    known |= {httpx.RequestError, httpx.HTTPStatusError}
    ours = {
        kind
        for kind in vars(httpx).values()
        if isinstance(kind, type) and issubclass(kind, httpx.HTTPError)
    }
    assert ours <= known


async def test_cancellation_is_passed_on() -> None:
    """A launch that is cancelled says so: the dialer records it as unknown."""
    with pytest.raises(asyncio.CancelledError):
        await place_and_raise(asyncio.CancelledError())


async def test_failure_after_the_whole_answer_loses_no_id() -> None:
    """Ids that were read stay read, though closing the connection fails."""
    outcome = await place(broken(200, BrokenStream(PLACED, None, closing=OSError("close"))))
    assert isinstance(outcome, Accepted)
    assert [call.id for call in outcome.calls] == list(IDS)


@pytest.mark.parametrize("status", ANY_STATUS)
@pytest.mark.parametrize(
    "body",
    [
        {"result": [CALL], "error": None},
        {"result": [CALL], "error": "InvalidRequest"},
        {"result": CALL, "error": None},
        [CALL],
        CALL,
        {**CALL, "error": None},
    ],
)
def test_ids_win_at_any_status(status: int, body: Any) -> None:
    """An id proves a call, whatever the status and whichever of the shapes; a 401 pauses."""
    outcome = whole(status, body)
    assert isinstance(outcome, Accepted)
    assert [call.id for call in outcome.calls] == [IDS[0]]
    assert outcome.http_status == status
    assert outcome.unauthorised == (status == 401)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 451, 499])
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"result": [], "error": 7}', b"[" * 10**5])
def test_client_error_without_a_code_is_refused(status: int, body: bytes) -> None:
    """Whatever its body, a 4xx that was read to its end is refused, and named by its status."""
    assert whole(status, body) == Refused(
        code=f"HTTP {status}", http_status=status, body=body, unauthorised=status == 401
    )


@pytest.mark.parametrize("status", [200, 202, 300, 302, 400, 401, 404, 429])
@pytest.mark.parametrize("code", ["InvalidPhoneNumber", "SomethingNew", "کد"])
@pytest.mark.parametrize("result", [None, []])
def test_error_code_is_shown_as_it_stands(status: int, code: str, result: Any) -> None:
    """An error code without calls is a refusal; one that we do not know is shown all the same."""
    outcome = whole(status, {"result": result, "error": code})
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.http_status) == (code, status)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, UnknownReason.NOT_UNDERSTOOD),
        (204, UnknownReason.NOT_UNDERSTOOD),
        (101, UnknownReason.NOT_UNDERSTOOD),
        (700, UnknownReason.NOT_UNDERSTOOD),
        (300, UnknownReason.REDIRECTED),
        (307, UnknownReason.REDIRECTED),
        (408, UnknownReason.SERVER_ERROR),
        (500, UnknownReason.SERVER_ERROR),
        (502, UnknownReason.SERVER_ERROR),
        (503, UnknownReason.SERVER_ERROR),
        (504, UnknownReason.SERVER_ERROR),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><h1>Bad Gateway</h1></html>",
        b"null",
        b"[]",
        b"17",
        b'{"result": null, "error": null}',
        b'{"result": [], "error": null}',
        b'{"result": [], "error": ""}',
        b'{"result": null, "error": {"code": 1}}',
        b'{"result": [{"phoneNumber": "09120000001"}], "error": "Half"}',
        b'{"result": [{"id": ""}, {"id": 7}, {"id": null}, 3, "x", null, []]}',
        b'{"id": "a-trace-of-the-request", "title": "sorry"}',
        b'{"result": NaN}',
        b"[" * 100_000,
        b'[{"id": "' + IDS[0].encode(),
    ],
)
def test_everything_else_is_unknown(status: int, reason: UnknownReason, body: bytes) -> None:
    """No ids and no plain refusal: a person has to decide, and sees what came."""
    assert whole(status, body) == Unknown(
        reason=reason, detail=f"HTTP {status}", http_status=status, body=body
    )


@pytest.mark.parametrize("status", [408, 500, 503])
def test_error_code_of_a_server_error_is_unknown(status: int) -> None:
    """A gateway that fails may have placed the calls first, though it names a code."""
    outcome = whole(status, {"result": None, "error": "InternalError"})
    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.SERVER_ERROR


@pytest.mark.parametrize("status", [200, 400, 401])
def test_fault_of_ours_hides_nothing(status: int, caplog: pytest.LogCaptureFixture) -> None:
    """Should reading an answer fail, the launch is unknown, and the log says so."""
    nothing: Any = None  # reading never fails on bytes: this stands for a fault of ours
    outcome = judge(Reply(http_status=status, body=nothing, whole=True))
    assert isinstance(outcome, Unknown)
    assert outcome.reason is UnknownReason.NOT_UNDERSTOOD
    assert outcome.unauthorised == (status == 401)
    assert "could not be read" in caplog.text


def test_texts_of_outcomes_hold_no_number_and_no_body() -> None:
    """An outcome that gets into a log tells nobody's number."""
    for status in (200, 400, 500):
        outcome = whole(status, {"result": [CALL] if status == 200 else None, "error": NUMBER[1:]})
        assert NUMBER not in repr(outcome)
        assert b"result" not in repr(outcome).encode()
