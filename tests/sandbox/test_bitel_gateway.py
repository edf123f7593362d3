"""The simulated gateway, honest: what the gateway's documentation says."""

import asyncio
from typing import Any

import pytest

from sandbox.bitel import final_after, outcome_of
from tests.sandbox.bitel_rig import (
    ALSO_ANSWERED,
    ANSWERED,
    BUSY,
    EXPIRED,
    FAILED,
    NOON,
    UNANSWERED,
    UNKNOWN,
    VOICE,
    Clock,
    assert_documented,
    rig,
)

CALLS = "schemas/CallsEnvelope"
CALL = "schemas/Call"
ENVELOPE = "schemas/CallEnvelope"
ERROR = "responses/Error/content/application~1json/schema"


async def test_batch_is_answered_as_documented() -> None:
    """A batch gets a waiting call with an id of 32 hex digits for each number, in order."""
    async with rig(clock=Clock()) as r:
        answer = await r.post(ANSWERED, ALSO_ANSWERED)
    assert answer.status_code == 200
    body = answer.json()
    assert_documented(CALLS, body)
    first, second = body["result"]
    assert [first["phoneNumber"], second["phoneNumber"]] == [ANSWERED, ALSO_ANSWERED]
    assert len({first["id"], second["id"]}) == 2
    assert len(first["id"]) == 32
    assert int(first["id"], 16)
    assert first == {
        "id": first["id"],
        "phoneNumber": ANSWERED,
        "status": "WAITING",
        "statusCode": 0,
        "billSec": 0,
        "requestDate": int(NOON),
        "executionDate": 0,
        "price": 0.0,
    }


async def test_spoken_batch() -> None:
    """`/batch/tts` takes a text in place of a voice."""
    async with rig() as r:
        body = {"phoneNumbers": [ANSWERED], "text": "Hi there", "retryCount": 2, "serverId": "s1"}
        answer = await r.client.post("/api/v2/voice/batch/tts", json=body)
        assert_documented(CALLS, answer.json())
        (seen,) = r.bitel.seen
        assert (seen.text, seen.voice, seen.retry, seen.server) == ("Hi there", None, 2, "s1")
        without = await r.post(ANSWERED, path="batch/tts")
        assert without.json() == {"result": None, "error": "InvalidRequest"}


@pytest.mark.parametrize(("path", "spoken"), [("single", "voiceId"), ("single/tts", "text")])
async def test_single_call(path: str, spoken: str) -> None:
    """One number is asked for by `phoneNumber`, and answered with one call in the envelope."""
    async with rig() as r:
        body = {"phoneNumber": ANSWERED, spoken: "x"}
        answer = await r.client.post(f"/api/v2/voice/{path}", json=body)
        assert_documented(ENVELOPE, answer.json())
        assert answer.json()["result"]["phoneNumber"] == ANSWERED
        refused = await r.client.post(f"/api/v2/voice/{path}", json={spoken: "x"})
        assert refused.json() == {"result": None, "error": "InvalidRequest"}


@pytest.mark.parametrize(
    "header", [{}, {"authorization": "Bearer other"}, {"authorization": "jwt"}]
)
async def test_wrong_token(header: dict[str, str]) -> None:
    """A missing or invalid token gets 401 with an empty body, and places nothing."""
    async with rig() as r:
        (call,) = await r.placed(ANSWERED)
        r.client.headers.pop("authorization")
        r.client.headers.update(header)
        answers = [await r.post(ANSWERED), await r.status(call)]
        assert [(a.status_code, a.content) for a in answers] == [(401, b""), (401, b"")]
        assert [(s.error, s.placed) for s in r.bitel.seen] == [
            (None, True),
            ("Unauthorized", False),
        ]


@pytest.mark.parametrize(
    "fields",
    [
        {"phoneNumbers": []},
        {"phoneNumbers": [f"0912{i:07}" for i in range(101)]},
        {"phoneNumbers": ANSWERED},
        {"phoneNumbers": None},
        {"phoneNumbers": [9120000000]},
        {"voiceId": ""},
        {"voiceId": None},
        {"voiceId": 8},
        {"retryCount": -1},
        {"retryCount": True},
        {"retryCount": "1"},
        {"retryCount": 1.0},
        {"retryCount": None},
        {"serverId": 1},
        {"serverId": None},
    ],
)
async def test_invalid_request(fields: dict[str, Any]) -> None:
    """What is not of the documented form is refused as `InvalidRequest`, and not placed."""
    async with rig() as r:
        answer = await r.post(ANSWERED, **fields)
        assert answer.status_code == 400
        assert answer.json() == {"result": None, "error": "InvalidRequest"}
        assert_documented(ERROR, answer.json())
        assert r.bitel.calls == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'"text"'])
async def test_body_that_is_no_object(body: bytes) -> None:
    """A body that is not a JSON object is refused, and seen with no numbers."""
    async with rig() as r:
        answer = await r.client.post("/api/v2/voice/batch", content=body)
        assert answer.json() == {"result": None, "error": "InvalidRequest"}
        assert [s.numbers for s in r.bitel.seen] == [()]


@pytest.mark.parametrize(
    "number", ["+989120000000", "989120000000", "9120000000", "0912000000", "091200000000",
               "۰۹۱۲۰۰۰۰۰۰۰", "0912 000 0000", "0912000000\n", ""],
)  # fmt: skip
async def test_invalid_number(number: str) -> None:
    """A number that is not 0 and ten ASCII digits refuses the whole batch."""
    async with rig() as r:
        answer = await r.post(ANSWERED, number)
        assert answer.status_code == 400
        assert answer.json() == {"result": None, "error": "InvalidPhoneNumber"}
        assert (r.bitel.calls_to(ANSWERED), r.bitel.received(ANSWERED)) == ([], 1)


async def test_known_servers() -> None:
    """Where the dialers are known, another one is `InvalidServer`; none has to be named."""
    async with rig(servers={"s1"}) as r:
        answers = [await r.post(ANSWERED, serverId="s1"), await r.post(ANSWERED)]
        assert [a.status_code for a in answers] == [200, 200]
        refused = await r.post(ANSWERED, serverId="s2")
        assert refused.status_code == 400
        assert refused.json() == {"result": None, "error": "InvalidServer"}


async def test_hundred_numbers() -> None:
    """100 numbers in one POST are taken, and the answer is as documented."""
    async with rig() as r:
        answer = await r.post(*(f"0912{i:07}" for i in range(100)))
        assert_documented(CALLS, answer.json())
        assert len(r.bitel.calls) == 100


async def test_answered_call() -> None:
    """An answered call waits, then is `NORMAL` with seconds, both dates and a negative price."""
    clock = Clock()
    async with rig(clock=clock) as r:
        (call,) = await r.placed(ANSWERED)
        assert (await r.status(call)).json()["status"] == "WAITING"
        clock.now += 4
        ringing = (await r.status(call)).json()
        assert (ringing["status"], ringing["executionDate"]) == ("WAITING", int(NOON + 3))
        clock.now = NOON + final_after(ANSWERED)
        answer = await r.status(call)
    assert answer.status_code == 200
    assert_documented(CALL, answer.json())
    assert answer.json() == {
        "id": call,
        "phoneNumber": ANSWERED,
        "status": "NORMAL",
        "statusCode": 1,
        "billSec": 12,
        "requestDate": int(NOON),
        "executionDate": int(NOON + 3),
        "price": -34.2,
    }


@pytest.mark.parametrize(
    ("number", "status", "code", "is_executed"),
    [
        (ALSO_ANSWERED, "NORMAL", 1, True),
        ("09120000009", "NORMAL", 1, True),
        (UNANSWERED, "NO_ANSWER", 2, True),
        (BUSY, "USER_BUSY", 3, True),
        (EXPIRED, "EXPIRED", 10, False),
        (FAILED, "ERROR", 11, True),
        (UNKNOWN, "UNKNOWN", 20, True),
    ],
)
async def test_outcome_by_number(number: str, status: str, code: int, is_executed: bool) -> None:
    """The number's end decides the outcome; it waits until then, and only answered calls cost."""
    clock = Clock()
    async with rig(clock=clock) as r:
        (call,) = await r.placed(number, retryCount=0)
        clock.now = NOON + final_after(number) - 0.5
        assert (await r.status(call)).json()["status"] == "WAITING"
        clock.now = NOON + final_after(number)
        ended = (await r.status(call)).json()
    assert_documented(CALL, ended)
    assert (ended["status"], ended["statusCode"]) == (status, code)
    assert outcome_of(number) == status
    assert (ended["executionDate"] > 0) is is_executed
    assert (ended["price"] < 0) is (ended["billSec"] > 0) is (status == "NORMAL")


@pytest.mark.parametrize("number", [UNANSWERED, BUSY])
@pytest.mark.parametrize("shown", [False, True])
async def test_retries(number: str, shown: bool) -> None:
    """Busy and unanswered calls are tried again; between tries the status waits, or shows them."""
    clock = Clock()
    async with rig(clock=clock, show_tries=shown) as r:
        (call,) = await r.placed(number, retryCount=2)
        clock.now = NOON + final_after(number)
        between = (await r.status(call)).json()["status"]
        assert between == (outcome_of(number) if shown else "WAITING")
        clock.now += 60.5
        assert (await r.status(call)).json()["status"] == "WAITING"
        clock.now = NOON + final_after(number, 2)
        assert (await r.status(call)).json()["status"] == outcome_of(number)


async def test_retry_default() -> None:
    """Where no `retryCount` is sent, one more try is made, as documented."""
    clock = Clock()
    async with rig(clock=clock) as r:
        (call,) = await r.placed(BUSY)
        clock.now = NOON + final_after(BUSY, 1) - 0.5
        assert (await r.status(call)).json()["status"] == "WAITING"
        clock.now += 0.5
        assert (await r.status(call)).json()["status"] == "USER_BUSY"


async def test_speed() -> None:
    """With a speed, simulated seconds go by in a part of the clock's."""
    clock = Clock()
    async with rig(clock=clock, speed=100.0) as r:
        (call,) = await r.placed(ANSWERED)
        clock.now += final_after(ANSWERED) / 100
        assert (await r.status(call)).json()["status"] == "NORMAL"


async def test_clock_set_back() -> None:
    """A call from the future waits."""
    clock = Clock()
    async with rig(clock=clock) as r:
        (call,) = await r.placed(ANSWERED)
        clock.now -= 3600
        assert (await r.status(call)).json()["status"] == "WAITING"


async def test_unknown_id() -> None:
    """An id that no call has is `NotFound`, under a 404 or the status that was asked for."""
    async with rig() as r:
        answer = await r.status("0" * 32)
        assert (answer.status_code, answer.json()) == (404, {"result": None, "error": "NotFound"})
        assert_documented(ERROR, answer.json())
        r.bitel.not_found_status = 200
        assert (await r.status("0" * 32)).status_code == 200


async def test_status_in_the_envelope() -> None:
    """The status call can answer in the envelope that the general page promises."""
    async with rig(status_envelope=True) as r:
        (call,) = await r.placed(ANSWERED)
        body = (await r.status(call)).json()
        assert_documented(ENVELOPE, body)
        assert (body["result"]["id"], body["error"]) == (call, None)


async def test_open_ends_of_the_documentation() -> None:
    """`campaignId` can come, one for each batch, and `billSec` can be a string."""
    async with rig(campaign_ids=True, text_bill_sec=True) as r:
        first = (await r.post(ANSWERED, BUSY)).json()["result"]
        second = (await r.post(ANSWERED)).json()["result"]
        assert first[0]["campaignId"] == first[1]["campaignId"] != second[0]["campaignId"]
        assert first[0]["billSec"] == "0"


async def test_ids_repeat_with_the_seed_only() -> None:
    """The same seed gives the same ids; no seed, or another one, gives others."""
    ids = []
    for seed in (7, 7, 8, None, None):
        async with rig(seed=seed) as r:
            ids.append((await r.placed(ANSWERED))[0])
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4


async def test_many_batches_at_once() -> None:
    """50 batches of 100 at once all get through, each number with an id of its own."""
    batches = [[f"0912{b:03}{n:04}" for n in range(100)] for b in range(50)]
    async with rig(latency=0.05) as r:
        answers = await asyncio.gather(*(r.placed(*numbers) for numbers in batches))
        assert len({call for ids in answers for call in ids}) == 5000
        assert r.bitel.posts == 50


async def test_what_was_seen() -> None:
    """A POST is recorded with what it asked for, and numbers are counted in each POST."""
    async with rig(clock=Clock()) as r:
        ids = await r.placed(ANSWERED, BUSY, retryCount=3, serverId="s1")
        await r.post(ANSWERED, "junk")
        await r.status(ids[0])
        seen, refused = r.bitel.seen
        assert (seen.at, seen.path) == (NOON, "/api/v2/voice/batch")
        assert (seen.numbers, seen.voice) == ((ANSWERED, BUSY), VOICE)
        assert (seen.retry, seen.server, seen.fault, seen.error) == (3, "s1", None, None)
        assert (seen.placed, list(seen.ids)) == (True, ids)
        assert (refused.placed, refused.error) == (False, "InvalidPhoneNumber")
        assert [r.bitel.received(n) for n in (ANSWERED, BUSY, FAILED)] == [2, 1, 0]
        assert [call.id for call in r.bitel.calls_to(ANSWERED)] == ids[:1]
        assert (r.bitel.posts, r.bitel.polls, r.bitel.polled[0].id) == (2, 1, ids[0])


async def test_post_that_breaks_off_is_not_seen() -> None:
    """A POST whose body never came whole is not seen, and nothing is placed."""
    async with rig() as r:
        host, port = r.client.base_url.host, r.client.base_url.port
        _, writer = await asyncio.open_connection(host, port)
        writer.write(
            b"POST /api/v2/voice/batch HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{"
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        await r.post(ANSWERED)
        assert r.bitel.posts == 1


async def test_waiting_for_what_happens() -> None:
    """`wait_for` ends when a request, or a change by hand, makes its predicate true."""
    async with rig() as r:
        answer = asyncio.create_task(r.post(ANSWERED))
        await r.bitel.wait_for(lambda: r.bitel.received(ANSWERED))
        call = (await answer).json()["result"][0]["id"]
        gone = asyncio.create_task(r.bitel.wait_for(lambda: call not in r.bitel.calls))
        r.bitel.forget(call)
        await gone


async def test_waiting_in_vain() -> None:
    """What does not happen in time is an `AssertionError` that lists what was seen."""
    async with rig() as r:
        await r.post(ANSWERED)
        await r.client.post("/api/v2/voice/batch", content=b"")
        await r.status("no-such-id")
        with pytest.raises(AssertionError) as told:
            await r.bitel.wait_for(lambda: False, timeout=0.01)
    assert "2 POSTs and 1 polls" in str(told.value)
    assert f"1 numbers from {ANSWERED}, fault=None, error=None, placed" in str(told.value)
    assert "0 numbers, fault=None, error=InvalidRequest, not placed" in str(told.value)
    assert "GET status of no-such-id" in str(told.value)
