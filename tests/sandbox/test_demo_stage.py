"""`python -m sandbox.demo`: the servers and the page, without the bot."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.settings import VARIABLES, load_settings
from sandbox.bitel import BitelSandbox, outcome_of
from sandbox.demo.__main__ import serve_page
from sandbox.demo.cast import SPEED, build_stage, settings
from tests.sandbox.bitel_rig import place
from tests.sandbox.page_rig import Known, PageRig

ROOT = Path(__file__).parents[2]


@contextlib.asynccontextmanager
async def started(*args: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, Any]]:
    """The command as a process, and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox.demo", *args),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            yield process, json.loads(await process.stdout.readline())
            assert await process.stdout.read() == b""
            await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, None])
async def test_the_command(number: int | None) -> None:
    """It says in one line where all is, serves, and ends on a signal or with its stdin."""
    async with started() as (process, told):
        assert set(told) == {"page", "settings"}
        assert set(told["settings"]) <= set(VARIABLES)
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(told["page"])).status_code == 200
            telegram = told["settings"]["TELEGRAM_API_URL"]
            token = told["settings"]["TELEGRAM_TOKEN"]
            assert (await client.get(f"{telegram}/bot{token}/getMe")).json()["ok"]
            gateway = told["settings"]["BITEL_API_URL"]
            headers = {"authorization": f"Bearer {told['settings']['BITEL_TOKEN']}"}
            status = f"{gateway}/api/v2/voice/status/x"
            assert (await client.get(status, headers=headers)).status_code == 404
        assert process.stdin is not None
        if number is None:
            process.stdin.close()
        else:
            process.send_signal(number)
    assert process.returncode == 0


async def test_a_busy_port() -> None:
    """A port that is taken gives way to the next one; all of them taken, it says so."""
    first, second = build_stage(), build_stage()
    async with serve_page(first, 0) as url:
        port = int(url.rpartition(":")[2])
        async with serve_page(second, port) as other:
            assert other != url
            async with rig_of(other) as r:
                known = Known()
                await r.follow(known, lambda k: k.fresh)
                assert known.run == second.run
        with pytest.raises(SystemExit, match=f"no port from {port} on is free"):
            async with serve_page(second, port, tried=1):
                pass


@contextlib.asynccontextmanager
async def rig_of(url: str) -> AsyncIterator[PageRig]:
    """A client of a page that is served."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as client:
        yield PageRig(build_stage(), client)


def test_its_settings_are_enough() -> None:
    """What the stage says, and a place for the record, is all that the bot must be told."""
    told = settings(build_stage(), "http://127.0.0.1:1", "http://127.0.0.1:2")
    read = load_settings(told, None)
    assert (read.admins, read.allowed) == (frozenset({500001}), frozenset({500002}))


def test_two_demos_share_no_id() -> None:
    """A demo that starts later begins above the ids of any earlier one that ran a while."""
    one, later = build_stage(started=1_800_000_000), build_stage(started=1_800_000_060)
    sara = one.cast.roles[0].person
    earlier = [one.tg.send(sara, sara, "x").id for _ in range(50)]
    assert later.tg.send(later.cast.roles[0].person, sara.id, "x").id > max(earlier)
    assert later.tg.world.updates.last_id > one.tg.world.updates.last_id
    assert place(one.bitel, "09120000001")[0].id != place(later.bitel, "09120000001")[0].id


def test_the_examples_show_every_outcome() -> None:
    """Their numbers are taken by the gateway, and each way in which a call ends is among them.

    No number stands in two examples: each can be tapped after the other.
    """
    stage = build_stage()
    texts = [e.text for e in stage.cast.examples]
    by_id = re.compile("/call [0-9a-f]{32}\\b")
    calls = [text for text in texts if by_id.match(text)]
    plain = [re.findall(r"\b09[0-9]{9}\b", text) for text in calls]
    numbers = [number for found in plain for number in found]
    assert len(numbers) == len(set(numbers))
    for found in filter(None, plain):
        assert place(BitelSandbox(token="jwt"), *found)
    assert {outcome_of(number) for number in numbers} == {
        "NORMAL",
        "NO_ANSWER",
        "USER_BUSY",
        "ERROR",
        "EXPIRED",
        "UNKNOWN",
    }
    voices = {voice.id for voice in stage.cast.voices}
    assert {text.split()[1] for text in calls} == voices
    assert all(re.fullmatch("[0-9a-f]{32}", voice) for voice in voices)


def test_both_voices_can_be_named_and_one_is_called_by_its_name() -> None:
    """The examples of the voices have the ids and the names of the gateway's recordings."""
    cast = build_stage().cast
    texts = [e.text for e in cast.examples]
    for voice in cast.voices:
        assert f"/voices add {voice.id} {voice.name}" in texts
    assert any(text.startswith(f"/call {cast.voices[0].name} 0912") for text in texts)


def test_the_first_ring_comes_soon() -> None:
    """At the demo's speed a call leaves the queue, and rings, well within two seconds."""
    assert build_stage().bitel.speed == SPEED
    assert 3 / SPEED <= 1.5
