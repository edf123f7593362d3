"""All that the simulated gateway sends is of the form that the real one's pages describe."""

import asyncio
import json
import pathlib
from typing import Any

import pytest

from tests.sandbox.bitel_rig import (
    ANSWERED,
    BUSY,
    EXPIRED,
    FAILED,
    UNANSWERED,
    UNKNOWN,
    Clock,
    Rig,
    assert_documented,
    documentation,
    rig,
)
from tests.sandbox.event_receiver import receiver

EXAMPLES = pathlib.Path(__file__).parent.parent / "gateway" / "examples"
DOCUMENTED = [
    (path, method, code)
    for path, item in documentation()["paths"].items()
    for method, operation in item.items()
    for code in operation["responses"]
]
ALL = [ANSWERED, UNANSWERED, BUSY, FAILED, EXPIRED, UNKNOWN]


async def answered(r: Rig, path: str, method: str, code: str) -> Any:
    """What the gateway answers where it has to answer with this status."""
    if code == "401":
        r.client.headers["authorization"] = "Bearer another"
    if method == "get":
        (call,) = await r.placed(ANSWERED) if code == "200" else ("0" * 32,)
        return await r.client.get(path.replace("{requestId}", call))
    numbers = [] if code == "400" else ALL
    return await r.client.post(
        path, json={"phoneNumbers": numbers, "voiceId": "v", "text": "Hi there"}
    )


@pytest.mark.parametrize(("path", "method", "code"), DOCUMENTED)
async def test_each_documented_answer(path: str, method: str, code: str) -> None:
    """Each answer that is documented can be got, and has its documented status and body."""
    async with rig() as r:
        answer = await answered(r, path, method, code)
        assert answer.status_code == int(code)
        documented = documentation()["paths"][path][method]["responses"][code]
        while "$ref" in documented:
            name = documented["$ref"].rpartition("/")[2]
            documented = documentation()["components"]["responses"][name]
        if "content" not in documented:
            assert answer.content == b""
        else:
            schema = documented["content"]["application/json"]["schema"]
            assert answer.headers["content-type"] == "application/json"
            assert_documented(schema, answer.json())


@pytest.mark.parametrize("seconds", [0, 4, 9, 36, 45, 61, 100, 300])
async def test_statuses_at_any_time(seconds: float) -> None:
    """The status of any call, at any time of its life, is a documented one."""
    clock = Clock()
    async with rig(clock=clock) as r:
        calls = await r.placed(*ALL)
        clock.now += seconds
        for call in calls:
            assert_documented("schemas/Call", (await r.status(call)).json())


async def test_events() -> None:
    """Each event has the documented fields, and no other, each of its example's type."""
    example = json.loads((EXAMPLES / "webhook_event.json").read_text())
    kinds = {name: type(value) for name, value in example.items()}
    async with receiver() as events, rig(speed=1000.0, events_url=events.url) as r:
        ids = await r.placed(*ALL, retryCount=0)
        got = [await events.next() for _ in ALL]
        for event in got:
            assert {name: type(value) for name, value in event.items()} == kinds
            assert (
                event["cause"]
                in documentation()["components"]["schemas"]["Call"]["properties"]["status"]["enum"]
            )
            assert (event["balanceSubtracted"] > 0) is (event["cause"] == "NORMAL")
        assert {event["requestId"] for event in got} == set(ids)
        assert len({event["campaignId"] for event in got}) == 1
        statuses = await asyncio.gather(*(r.status(call) for call in ids))
        ended = {s.json()["id"]: s.json() for s in statuses}
        for event in got:
            call = ended[event["requestId"]]
            assert (call["status"], call["billSec"]) == (event["cause"], event["billSec"])
            assert call["price"] == -event["balanceSubtracted"]
            assert call["requestDate"] == event["requestDate"]
