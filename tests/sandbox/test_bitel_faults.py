"""The simulated gateway, told to misbehave: rows 15-27 of docs/faults.md for a client."""

import asyncio
from typing import Any

import httpx
import pytest

from sandbox.bitel import BitelSandbox, Fault, faults
from tests.sandbox.bitel_rig import ALSO_ANSWERED, ANSWERED, BUSY, Rig, assert_documented, rig

ALL = [
    faults.delay(0),
    faults.hang(),
    faults.cut(),
    faults.truncated(),
    faults.drip(0),
    faults.huge(1),
    faults.bomb(1),
    faults.bad_gzip(),
    faults.garbage(),
    faults.html(),
    faults.html(502),
    faults.html(401),
    faults.raw(200),
    faults.raw(408),
    faults.refusal("InvalidServer"),
    faults.redirect(),
    faults.too_many(),
    faults.null_result(),
    faults.bare(),
    faults.with_status(500),
    faults.fewer(),
    faults.reordered(),
    faults.repeated(),
    faults.foreign(),
]


async def ids_after(r: Rig, fault: Fault, *numbers: str) -> tuple[list[Any], list[str]]:
    """Return the answer's entries under `fault`, and the ids of the calls that were placed."""
    r.bitel.fail_next(fault)
    answer = await r.post(*numbers)
    return answer.json()["result"], list(r.bitel.seen[-1].ids)


async def leave(r: Rig, *numbers: str) -> None:
    """Post, and leave without an answer once the gateway has read it."""
    seen = r.bitel.posts
    request = asyncio.create_task(r.post(*numbers))
    await r.bitel.wait_for(lambda: r.bitel.posts > seen)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: f"{fault.name}-{fault.placed}")
async def test_placed_as_told(fault: Fault) -> None:
    """Calls are placed exactly if the fault says so, whatever its answer is."""
    async with rig() as r:
        r.bitel.fail_next(fault)
        await leave(r, ANSWERED)
        (seen,) = r.bitel.seen
        assert (seen.fault, seen.placed) == (fault.name, fault.placed)
        assert len(r.bitel.calls_to(ANSWERED)) == int(fault.placed)
        assert r.bitel.received(ANSWERED) == 1


def test_placed_by_default() -> None:
    """What leaves the outcome open places the calls by default; 3xx and 4xx do not."""
    assert [f.name for f in ALL if not f.placed] == [
        "html",
        "raw",
        "refusal",
        "redirect",
        "too_many",
    ]
    assert [faults.html(s).placed for s in (200, 401, 502, 503, 504)] == [True, False, *[True] * 3]


@pytest.mark.parametrize("name", [name for name in faults.NAMED if name != "held"])
@pytest.mark.parametrize("placed", [True, False])
def test_placed_can_be_said(name: str, placed: bool) -> None:
    """Each fault takes `placed`, against its default too."""
    needed = {"delay": 0, "raw": 200, "refusal": "X", "with_status": 500}
    arguments = [needed[name]] if name in needed else []
    assert faults.NAMED[name](*arguments, placed=placed).placed is placed


async def test_invalid_request_is_never_placed() -> None:
    """A fault that places calls does not place what the gateway would have refused."""
    async with rig() as r:
        r.bitel.always(faults.html(502))
        await r.post("junk")
        assert [(s.fault, s.placed) for s in r.bitel.seen] == [("html", False)]


async def test_answer_holds_no_calls_where_none_was_placed() -> None:
    """A fault that places nothing has no ids to give, for a batch and for a single call."""
    async with rig() as r:
        assert await ids_after(r, faults.delay(0, placed=False), ANSWERED) == ([], [])
        r.bitel.fail_next(faults.foreign(placed=False))
        assert (await r.post(ANSWERED)).json()["result"] == []
        r.bitel.fail_next(faults.delay(0, placed=False))
        body = {"phoneNumber": ANSWERED, "voiceId": "x"}
        single = await r.client.post("/api/v2/voice/single", json=body)
        assert single.json() == {"result": None, "error": None}


async def test_faults_in_order() -> None:
    """Requests meet what was told in order, None is honest, and then comes the default."""
    async with rig() as r:
        r.bitel.fail_next(None)
        r.bitel.fail_next(faults.too_many(), times=2)
        r.bitel.fail_next(faults.refusal("InvalidServer"))
        r.bitel.always(faults.html(503))
        codes = [(await r.post(ANSWERED)).status_code for _ in range(6)]
        assert codes == [200, 429, 429, 400, 503, 503]
        r.bitel.always(None)
        assert (await r.post(ANSWERED)).status_code == 200


async def test_polls_have_their_own_faults() -> None:
    """What is told of polls leaves POSTs alone, and the other way round."""
    async with rig() as r:
        r.bitel.fail_next(faults.html(502), on="poll")
        (call,) = await r.placed(ANSWERED)
        r.bitel.always(faults.html(503))
        assert [(await r.status(call)).status_code for _ in range(2)] == [502, 200]
        assert [poll.fault for poll in r.bitel.polled] == ["html", None]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (faults.null_result(), {"result": None, "error": None}),
        (faults.raw(200, '"odd"', "application/json"), "odd"),
        (faults.refusal("Odd", 200), {"result": None, "error": "Odd"}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_odd_status_answers(fault: Fault, expected: Any) -> None:
    """A poll can be answered with anything."""
    async with rig() as r:
        (call,) = await r.placed(ANSWERED)
        r.bitel.fail_next(fault, on="poll")
        assert (await r.status(call)).json() == expected


async def test_delay() -> None:
    """A delayed request is seen and placed before its answer comes, which is honest."""
    async with rig() as r:
        r.bitel.fail_next(faults.delay(0.2))
        answer = asyncio.create_task(r.post(ANSWERED))
        await r.bitel.wait_for(lambda: r.bitel.calls)
        assert not answer.done()
        assert_documented("schemas/CallsEnvelope", (await answer).json())


async def test_any_fault_can_be_delayed() -> None:
    """`delayed` makes any fault late."""
    async with rig() as r:
        r.bitel.fail_next(faults.too_many().delayed(0.2))
        answer = asyncio.create_task(r.post(ANSWERED))
        await r.bitel.wait_for(lambda: r.bitel.posts == 1)
        assert not answer.done()
        assert (await answer).status_code == 429


async def test_held_until_the_gate_opens() -> None:
    """A held answer comes when the test opens its gate."""
    async with rig() as r:
        gate = asyncio.Event()
        r.bitel.fail_next(faults.held(gate))
        answer = asyncio.create_task(r.post(ANSWERED))
        await r.bitel.wait_for(lambda: r.bitel.calls)
        await r.post(ALSO_ANSWERED)
        assert not answer.done()
        gate.set()
        assert (await answer).json()["result"][0]["id"] == r.bitel.seen[0].ids[0]


async def test_hang() -> None:
    """A request that hangs gets no answer at all, and ends when the client leaves."""
    async with rig() as r:
        r.bitel.fail_next(faults.hang())
        r.client.timeout = httpx.Timeout(20, read=0.1)
        with pytest.raises(httpx.ReadTimeout):
            await r.post(ANSWERED)
        assert len(r.bitel.calls_to(ANSWERED)) == 1


async def test_poll_that_hangs() -> None:
    """A status request can hang as well."""
    async with rig() as r:
        (call,) = await r.placed(ANSWERED)
        r.bitel.fail_next(faults.hang(), on="poll")
        r.client.timeout = httpx.Timeout(20, read=0.1)
        with pytest.raises(httpx.ReadTimeout):
            await r.status(call)
        assert [poll.fault for poll in r.bitel.polled] == ["hang"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.cut(), httpx.RemoteProtocolError),
        (faults.cut(reset=True), httpx.ReadError),
        (faults.truncated(), httpx.RemoteProtocolError),
        (faults.truncated(keep=1.0), httpx.RemoteProtocolError),
        (faults.bad_gzip(), httpx.DecodingError),
    ],
    ids=lambda value: getattr(value, "name", None),
)
async def test_broken_below_http(fault: Fault, error: type[Exception]) -> None:
    """A cut, a reset, a truncated body and a bad gzip are what httpx takes them for."""
    async with rig() as r:
        r.bitel.fail_next(fault)
        with pytest.raises(error):
            await r.post(ANSWERED)
        assert (await r.post(ALSO_ANSWERED)).status_code == 200


async def test_bad_gzip_of_an_empty_body() -> None:
    """A bad gzip is bad even where the honest body would be empty."""
    async with rig() as r:
        r.bitel.token = "revoked"
        r.bitel.fail_next(faults.bad_gzip())
        with pytest.raises(httpx.DecodingError):
            await r.post(ANSWERED)


async def test_truncated_body_breaks_off() -> None:
    """What comes of a truncated body is the beginning of the honest one."""
    async with rig() as r:
        r.bitel.fail_next(faults.truncated(keep=0.5))
        received = bytearray()

        async def read(answer: httpx.Response) -> None:
            async for chunk in answer.aiter_raw():
                received.extend(chunk)

        body = {"phoneNumbers": [ANSWERED], "voiceId": "x"}
        async with r.client.stream("POST", "/api/v2/voice/batch", json=body) as answer:
            with pytest.raises(httpx.RemoteProtocolError):
                await read(answer)
        assert int(answer.headers["content-length"]) > len(received)
        assert received.startswith(b'{"result": [{"id": "')


async def test_drip() -> None:
    """A dripping answer comes in pieces, and is whole in the end."""
    async with rig() as r:
        r.bitel.fail_next(faults.drip(0.001))
        body = {"phoneNumbers": [ANSWERED], "voiceId": "x"}
        async with r.client.stream("POST", "/api/v2/voice/batch", json=body) as answer:
            pieces = [piece async for piece in answer.aiter_raw()]
        assert len(pieces) > 1
        assert len(b"".join(pieces)) == int(answer.headers["content-length"])


@pytest.mark.parametrize("fault", [faults.huge(3), faults.bomb(3)], ids=["huge", "bomb"])
async def test_huge_answer(fault: Fault) -> None:
    """A huge answer is valid JSON with the ids at its end, and a bomb is small on the wire."""
    async with rig() as r:
        r.bitel.fail_next(fault)
        answer = await r.post(ANSWERED)
        assert len(answer.content) > 3_000_000
        assert [call["id"] for call in answer.json()["result"]] == list(r.bitel.seen[0].ids)
        assert "content-length" not in answer.headers
        assert (answer.num_bytes_downloaded < 30_000) is (fault.name == "bomb")


@pytest.mark.parametrize(
    "fault", [faults.drip(5), faults.huge(), faults.bomb()], ids=lambda f: f.name
)
async def test_client_leaves_amid_the_answer(fault: Fault) -> None:
    """A client may leave amid a long answer; the gateway goes on serving."""
    async with rig() as r:
        r.bitel.fail_next(fault)
        body = {"phoneNumbers": [ANSWERED], "voiceId": "x"}
        async with r.client.stream("POST", "/api/v2/voice/batch", json=body) as answer:
            assert answer.status_code == 200
        assert (await r.post(ALSO_ANSWERED)).status_code == 200


async def test_garbage() -> None:
    """Garbage is a 200 whose body is not text."""
    async with rig() as r:
        r.bitel.fail_next(faults.garbage())
        answer = await r.post(ANSWERED)
        assert answer.status_code == 200
        with pytest.raises(UnicodeDecodeError):
            answer.content.decode()


@pytest.mark.parametrize("status", [200, 401, 502, 503, 504])
async def test_html(status: int) -> None:
    """A page comes under the HTTP status that was asked for."""
    async with rig() as r:
        r.bitel.fail_next(faults.html(status))
        answer = await r.post(ANSWERED)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html")
        assert answer.text.startswith("<html>")


async def test_raw() -> None:
    """Any body can come under any status."""
    async with rig() as r:
        r.bitel.fail_next(faults.raw(400, "{garbage"))
        answer = await r.post(ANSWERED)
        assert (answer.status_code, answer.text) == (400, "{garbage")


@pytest.mark.parametrize(
    ("code", "status"), [("InvalidServer", 400), ("NoCredit", 402), ("X", 302)]
)
async def test_refusal(code: str, status: int) -> None:
    """An error code comes in the documented envelope, under the HTTP status asked for."""
    async with rig() as r:
        r.bitel.fail_next(faults.refusal(code, status))
        answer = await r.post(ANSWERED)
        assert (answer.status_code, answer.json()) == (status, {"result": None, "error": code})


async def test_redirect_that_is_followed_shows() -> None:
    """A client that follows the 307 is caught: its numbers have arrived twice."""
    async with rig() as r:
        r.bitel.fail_next(faults.redirect())
        assert (await r.post(ANSWERED)).status_code == 307
        assert r.bitel.received(ANSWERED) == 1
        r.client.follow_redirects = True
        r.bitel.fail_next(faults.redirect())
        assert (await r.post(BUSY)).status_code == 200
        assert r.bitel.received(BUSY) == 2


async def test_too_many() -> None:
    """A 429 says when to come back."""
    async with rig() as r:
        r.bitel.fail_next(faults.too_many(7))
        answer = await r.post(ANSWERED)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


async def test_bare_list() -> None:
    """The calls can come without the envelope."""
    async with rig() as r:
        r.bitel.fail_next(faults.bare())
        answer = await r.post(ANSWERED, BUSY)
        assert [call["phoneNumber"] for call in answer.json()] == [ANSWERED, BUSY]


async def test_ids_under_another_status() -> None:
    """Calls and their ids can come under any HTTP status, with an error beside them."""
    async with rig() as r:
        r.bitel.fail_next(faults.with_status(500, "Late"))
        answer = await r.post(ANSWERED)
        assert (answer.status_code, answer.json()["error"]) == (500, "Late")
        assert answer.json()["result"][0]["id"] == r.bitel.seen[0].ids[0]


async def test_changed_lists() -> None:
    """Entries can be missing, in another order, or there twice; all of them are placed."""
    async with rig() as r:
        for fault, expected in (
            (faults.fewer(), [0]),
            (faults.fewer(5), []),
            (faults.reordered(), [1, 0]),
            (faults.repeated(), [0, 1, 0, 1]),
        ):
            entries, ids = await ids_after(r, fault, ANSWERED, BUSY)
            assert [entry["id"] for entry in entries] == [ids[i] for i in expected]
            assert len(ids) == 2


async def test_foreign_entry() -> None:
    """An entry to a number that nobody asked for can come, with an id that no call has."""
    async with rig() as r:
        entries, ids = await ids_after(r, faults.foreign("09129999999"), ANSWERED)
        assert [entry["phoneNumber"] for entry in entries] == [ANSWERED, "09129999999"]
        assert entries[1]["id"] not in ids
        assert (await r.status(entries[1]["id"])).status_code == 404


async def test_changed_list_of_something_else() -> None:
    """Where the honest answer holds no list, a changed list leaves it as it is."""
    async with rig() as r:
        r.bitel.fail_next(faults.reordered())
        assert (await r.post("junk")).json() == {"result": None, "error": "InvalidPhoneNumber"}


async def test_latency() -> None:
    """Latency is before every answer, polls included; what was posted is seen before it."""
    async with rig(latency=0.2) as r:
        answer = asyncio.create_task(r.post(ANSWERED))
        await r.bitel.wait_for(lambda: r.bitel.posts == 1)
        assert not answer.done()
        poll = asyncio.create_task(r.status((await answer).json()["result"][0]["id"]))
        await r.bitel.wait_for(lambda: r.bitel.polls == 1)
        assert not poll.done()
        assert (await poll).status_code == 200


async def test_status_set_by_hand() -> None:
    """A status can be set, one that is not documented too, and it stays."""
    async with rig() as r:
        call, other = await r.placed(ANSWERED, BUSY)
        r.bitel.set_status(call, "NORMAL", bill_sec=20)
        r.bitel.set_status(other, "VOICEMAIL")
        normal, odd = (await r.status(call)).json(), (await r.status(other)).json()
        assert (normal["statusCode"], normal["billSec"], normal["price"]) == (1, 20, -57.0)
        assert (odd["status"], odd["statusCode"]) == ("VOICEMAIL", 99)
        r.bitel.set_status(other, "VOICEMAIL", code=30)
        assert (await r.status(other)).json()["statusCode"] == 30
        with pytest.raises(KeyError):
            r.bitel.set_status("no-such-id", "NORMAL")


async def test_forgotten_call() -> None:
    """A forgotten call is `NotFound`, and still counts among those that rang."""
    async with rig() as r:
        (call,) = await r.placed(ANSWERED)
        r.bitel.forget(call)
        assert (await r.status(call)).json() == {"result": None, "error": "NotFound"}
        assert [c.id for c in r.bitel.calls_to(ANSWERED)] == [call]


async def test_reset() -> None:
    """After a reset nothing was seen, nothing goes wrong, and ids are new ones."""
    async with rig() as r:
        before = await r.placed(ANSWERED)
        r.bitel.fail_next(faults.html(502))
        r.bitel.always(faults.html(503), on="poll")
        r.bitel.reset()
        assert (r.bitel.posts, r.bitel.received(ANSWERED), r.bitel.calls_to(ANSWERED)) == (
            0,
            0,
            [],
        )
        after = await r.placed(ANSWERED)
        assert after != before
        assert [(await r.status(call)).status_code for call in (*before, *after)] == [404, 200]


async def test_end_of_service_ends_what_hangs() -> None:
    """The server stops although requests hang or wait at a gate, and lets their clients go."""
    bitel = BitelSandbox(token="jwt")
    bitel.fail_next(faults.hang())
    bitel.fail_next(faults.held(asyncio.Event()))
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        async with bitel.serve() as url:
            post = f"{url}/api/v2/voice/batch"
            requests = [asyncio.create_task(client.post(post, json={})) for _ in range(2)]
            await bitel.wait_for(lambda: bitel.posts == 2)
            assert not any(request.done() for request in requests)
        answers = await asyncio.gather(*requests)
    assert [answer.status_code for answer in answers] == [503, 503]
