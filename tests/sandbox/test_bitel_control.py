"""The simulated gateway from another process: the control port and the command."""

import asyncio
import os
import pathlib
import signal
import sys
from typing import Any

import httpx
import pytest

from tests.sandbox.bitel_rig import ANSWERED, BUSY, NOON, TOKEN, VOICE, Clock, Rig, rig

ROOT = pathlib.Path(__file__).parents[2]
STATE = {
    "posts": 0,
    "polls": 0,
    "calls": 0,
    "statuses": {},
    "next": {"post": [], "poll": []},
    "always": {"post": None, "poll": None},
}


async def told(r: Rig, what: str, /, **asked: Any) -> httpx.Response:
    """Tell the control port."""
    return await r.client.post(f"/control/{what}", json=asked)


async def test_faults_over_http() -> None:
    """A fault can be told by name, with its arguments, how often, and for which requests."""
    async with rig() as r:
        await told(r, "fault", fault=None)
        await told(r, "fault", fault="html", status=502, placed=False, times=2, delayed=0.001)
        await told(r, "fault", fault="refusal", code="Odd", on="poll")
        answer = await told(r, "fault", fault="too_many", always=True)
        assert answer.json() == STATE | {
            "next": {"post": [None, "html", "html"], "poll": ["refusal"]},
            "always": {"post": "too_many", "poll": None},
        }
        codes = [(await r.post(ANSWERED)).status_code for _ in range(4)]
        assert codes == [200, 502, 502, 429]
        assert [batch.placed for batch in r.bitel.seen] == [True, False, False, False]
        assert (await r.status("x")).json()["error"] == "Odd"
        await told(r, "fault", fault=None, always=True)
        assert (await r.post(ANSWERED)).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"fault": "no-such-fault"},
        {"fault": ["hang"]},
        {"fault": "refusal"},
        {"fault": "hang", "unheard": 1},
        {"fault": "hang", "times": "2"},
        {"fault": "hang", "on": "both"},
        {"fault": "hang", "delayed": "long"},
        {"fault": "held"},
    ],
)
async def test_fault_that_cannot_be(asked: dict[str, Any]) -> None:
    """A fault that does not exist, or not like this, is answered 400 and changes nothing."""
    async with rig() as r:
        answer = await told(r, "fault", **asked)
        assert (answer.status_code, list(answer.json())) == (400, ["error"])
        assert r.bitel.state() == STATE


@pytest.mark.parametrize("body", [b"{", b"[]", b"1"])
async def test_control_body_that_is_no_object(body: bytes) -> None:
    """What is no JSON object is answered 400."""
    async with rig() as r:
        assert (await r.client.post("/control/fault", content=body)).status_code == 400


async def test_state_and_seen_over_http() -> None:
    """Counts, statuses and what was seen can be read, without a token."""
    async with rig(clock=Clock()) as r:
        (call,) = await r.placed(ANSWERED, retryCount=2)
        await r.status(call)
        r.client.headers.pop("authorization")
        state = (await r.client.get("/control/state")).json()
        assert state == STATE | {"posts": 1, "polls": 1, "calls": 1, "statuses": {"WAITING": 1}}
        assert (await r.client.get("/control/seen")).json() == {
            "posts": [
                {
                    "at": NOON,
                    "path": "/api/v2/voice/batch",
                    "numbers": [ANSWERED],
                    "voice": VOICE,
                    "text": None,
                    "retry": 2,
                    "server": None,
                    "fault": None,
                    "error": None,
                    "placed": True,
                    "ids": [call],
                }
            ],
            "polls": [{"at": NOON, "id": call, "fault": None}],
        }


async def test_calls_over_http() -> None:
    """A status can be set, a call forgotten, and all of it reset; an unknown id is 404."""
    async with rig() as r:
        call, _ = await r.placed(ANSWERED, BUSY)
        fixed = await told(r, "status", id=call, status="NORMAL", bill_sec=12)
        assert fixed.json() == (await r.status(call)).json()
        assert (fixed.json()["status"], fixed.json()["price"]) == ("NORMAL", -34.2)
        assert (await told(r, "forget", id=call)).json()["calls"] == 1
        assert (await r.status(call)).status_code == 404
        unknown = [await told(r, "forget", id=call), await told(r, "status", id=call, status="X")]
        assert [answer.status_code for answer in unknown] == [404, 404]
        assert (await r.client.post("/control/reset")).json() == STATE


async def test_command() -> None:
    """The command tells its URL, serves with its token, and ends with 0 on SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "sandbox.bitel",
            "--token",
            TOKEN,
            "--latency",
            "1",
            "--seed",
            "1",
        ),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ,
    )
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
            body = {"phoneNumbers": [ANSWERED], "voiceId": VOICE}
            answer = await client.post("/api/v2/voice/batch", json=body)
            assert answer.json()["result"][0]["phoneNumber"] == ANSWERED
            seen = (await client.get("/control/seen")).json()["posts"]
            assert [batch["numbers"] for batch in seen] == [[ANSWERED]]
    finally:
        process.send_signal(signal.SIGTERM)
        code = await process.wait()
    assert code == 0
