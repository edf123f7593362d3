"""Each reason for which the program is not well, found by the checks themselves."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from telegram import Update
from telegram.error import Conflict, NetworkError
from telegram.ext import ContextTypes, TypeHandler

from bot.health import CANARY_EVERY, LAG_BAD, LAG_KEPT, PROBE_EVERY, SILENT, DeafError
from bot.hearing import ALARM_EVERY, CONFLICT_LASTS, Hearing, ears
from sandbox.telegram import Refused
from tests.health_rig import AT_ONCE, TOKEN, Clock, patient_in


async def test_before_telegram_is_reached(tmp_path: Path) -> None:
    """Each part says that it has not begun; the record is well, and so is the loop."""
    async with patient_in(tmp_path, polling=False) as patient:
        assert await patient.wrong() == {
            "telegram": "Telegram has not answered yet",
            "poller": "polling has not begun yet",
            "updates": "updates are not handled yet, or not any more",
        }


async def test_what_is_well_says_so(tmp_path: Path) -> None:
    """And an update that comes is handled as if there were no canary."""
    async with patient_in(tmp_path) as patient:
        seen: list[object] = []

        async def handle(update: object, _: ContextTypes.DEFAULT_TYPE) -> None:
            seen.append(update)

        patient.application.add_handler(TypeHandler(object, handle))
        await patient.pass_time(CANARY_EVERY)  # another canary is due
        patient.write()
        await patient.until("telegram", "0 s ago")

        async def heard() -> bool:
            return bool(seen)

        await patient.eventually(heard)
        assert [type(update) for update in seen] == [Update]
        words = {name: check.words for name, check in (await patient.checks()).items()}
        assert words["poller"] == "polling and the handling of updates go on"
        assert words["updates"] == "updates are handled"
        assert words["database"] == "the database takes writes"


async def test_a_silent_telegram(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After a minute and a half without a good answer; it is logged once, and so is its end."""
    caplog.set_level("INFO", "bot.health")
    async with patient_in(tmp_path) as patient:
        patient.tg.go_away()
        patient.write()
        patient.heard.ahead += SILENT + 1
        await patient.until("telegram", "has not answered for 9")
        assert set(await patient.wrong()) == {"telegram"}
        assert patient.hearing.age is not None
        assert patient.hearing.age > SILENT
        patient.tg.heal()
        patient.write()
        await patient.well()

        async def told() -> bool:
            return "Telegram answers again" in caplog.text

        await patient.eventually(told)
        assert caplog.text.count("Telegram has not answered for") == 1


async def test_a_second_poller(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A 409 is told for a minute, though good answers come in between."""
    async with patient_in(tmp_path) as patient:
        patient.tg.fail("getUpdates", Refused(409, "Conflict: terminated by other getUpdates"))
        patient.write()
        await patient.until("telegram", "another program asks Telegram")
        assert set(await patient.wrong()) == {"telegram"}
        assert "another program asks Telegram for the updates of this bot (409)" in caplog.text
        patient.heard.ahead += CONFLICT_LASTS
        await patient.well()


def test_alarms_come_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """Each trouble by itself; the text of an error, which may hold a token, is left out."""
    clock = Clock()
    hearing = Hearing(clock=clock)
    for _ in range(3):
        for _ in range(50):
            hearing.failed(Conflict(f"terminated {TOKEN}"))
            hearing.failed(NetworkError(f"httpx.ConnectError: {TOKEN}"))
        clock.ahead += ALARM_EVERY
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"] * 3
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("status", "body", "good"),
    [
        (200, b'{"ok":true,"result":[]}', True),
        (200, b'{"ok": true, "result": []}', True),
        (200, b"<html>sign in to this network</html>", False),
        (200, b'{"ok":false,"error_code":409}', False),
        (502, b'{"ok":true,"result":[]}', False),
    ],
)
def test_only_telegrams_own_answer_is_good(status: int, *, body: bytes, good: bool) -> None:
    """A page of the network in between is no answer of Telegram."""
    hearing = Hearing()
    hearing.answered(status, body)
    assert (hearing.age is not None) is good


@pytest.mark.parametrize("name", ["polling", "handling of updates"])
async def test_a_task_that_has_ended(tmp_path: Path, name: str) -> None:
    """The check names the task that is gone."""
    async with patient_in(tmp_path) as patient:
        ears(patient.application)[name].cancel()
        await patient.until("poller", f"the {name} has ended")


async def test_updates_that_nobody_handles(tmp_path: Path) -> None:
    """The canary does not come out: first the health fails, then the watch raises."""
    async with patient_in(tmp_path) as patient:
        ears(patient.application)["handling of updates"].cancel()
        await patient.pass_time(CANARY_EVERY)
        await patient.until("updates", "no update was handled for")
        with pytest.raises(DeafError):
            await asyncio.wait_for(patient.watch, 20)


async def test_handlers_that_are_slow_are_not_deaf(tmp_path: Path) -> None:
    """With every place taken the health fails, but the process is not ended for it."""
    async with patient_in(tmp_path) as patient:
        gate = asyncio.Event()

        async def slow(_: object, __: ContextTypes.DEFAULT_TYPE) -> None:
            await gate.wait()

        patient.application.add_handler(TypeHandler(Update, slow))
        for _ in range(AT_ONCE):
            patient.write()
        processor = patient.application.update_processor

        async def crowded() -> bool:
            return processor.current_concurrent_updates == AT_ONCE

        await patient.eventually(crowded)
        await patient.pass_time(CANARY_EVERY)
        await patient.until("updates", "no update was handled for 1 s")
        assert not patient.watch.done()
        gate.set()
        await patient.until("updates", "updates are handled")


async def test_a_record_that_cannot_be_written(tmp_path: Path) -> None:
    """The check says why, and is well again when the record is."""
    async with patient_in(tmp_path) as patient:
        other = sqlite3.connect(patient.database.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await patient.pass_time(PROBE_EVERY)
        await patient.until("database", "a test write failed: the database is locked")
        other.execute("ROLLBACK")
        await patient.pass_time(PROBE_EVERY)
        await patient.well()
        other.close()


async def test_a_write_that_waits(tmp_path: Path) -> None:
    """Whoever asks meanwhile is told at once, and no second test write queues up."""
    async with patient_in(tmp_path) as patient:
        gate = asyncio.Event()
        loop = asyncio.get_running_loop()

        def hold(_: object) -> None:
            asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()

        holding = asyncio.create_task(patient.database.write(hold))
        await patient.pass_time(PROBE_EVERY)
        await patient.until("database", "a test write has waited for")
        gate.set()
        await holding
        await patient.well()


async def test_a_standstill(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and told for a minute."""
    async with patient_in(tmp_path) as patient:
        patient.clock.ahead += LAG_BAD + 1
        await patient.until("loop", "the longest standstill within a minute was 6")
        assert "the program stood still for 6" in caplog.text
        assert (await patient.wrong())["loop"]
        await patient.pass_time(LAG_KEPT / 2)
        assert patient.health.lag > LAG_BAD
        await patient.pass_time(LAG_KEPT)
        await patient.well()


async def test_the_loop_is_really_measured(tmp_path: Path) -> None:
    """A handler that blocks everything shows in the next look."""
    async with patient_in(tmp_path) as patient:
        time.sleep(0.3)  # noqa: ASYNC251 -- what is measured
        await asyncio.sleep(0.05)
        assert patient.health.inside().lag > 0.2
        assert patient.health.inside().updates == 0
