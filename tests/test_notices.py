"""Admins are told of a pause, each in private, and can try its cure."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.calling.pauses import Pauses
from bot.calling.rights import Rights
from bot.calling.signals import Signals
from bot.gateway.bitel import Bitel
from bot.messenger import Messenger
from bot.notices import LOOK, Notices
from sandbox.bitel import faults
from sandbox.telegram import Refused, flooded
from storage.errors import DiskRefusesError
from storage.models import PauseReason
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, Town, open_town, settings_for

REFUSED = (
    "⏸ Launching is paused: the gateway refuses our token. An admin renews BITEL_TOKEN, starts me "
    "again and sends /unpause."
)
FULL = (
    "⏸ Launching is paused: the disk refuses writes, so that a call could not be recorded. An "
    "admin makes room and sends /unpause."
)
CURED = "✅ The gateway takes our token again. Batches on hold wait for a person."
STILL = "⏸ Still paused: the gateway does not take our token, or does not answer."


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Both servers; Ann is a second admin, who never wrote to the bot."""
    async with open_town(tmp_path) as town:
        town.tg.add_person(500009, "Ann", started=False)
        yield town


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Running]:
    """The bot, running."""
    async with town.bot(admins=frozenset({500001, 500009})) as running:
        yield running


async def pause(bot: Running) -> None:
    """Let the gateway refuse the token for one launch."""
    bot.bitel.fail_next(faults.raw(401))
    await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")


async def test_a_refused_token_pauses_and_admins_are_told(
    bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """Every admin gets the reason and the button; who cannot be told is logged."""
    await pause(bot)
    notice = await bot.told(bot.town.sara, "Launching is paused")
    assert (notice.text, notice.buttons) == (REFUSED, [["Check and unpause"]])
    await bot.quiet()
    assert all("paused" not in message.text for message in bot.tg.sent(bot.town.bob))
    assert "admin u500009 cannot be told of the pause" in caplog.text
    bot.house.signals.notices.ring()
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.sara)) == 1


async def test_check_and_unpause(bot: Running) -> None:
    """The button tries the cure: what still holds says so, what is cured ends the pause."""
    await pause(bot)
    notice = await bot.told(bot.town.sara, "Launching is paused")
    bot.bitel.fail_next(faults.raw(401), on="poll")
    assert (await bot.press(bot.town.sara, notice, "Check and unpause")).text == "One moment…"
    assert (await bot.tg.next_message(bot.town.sara, after=notice)).text == STILL
    await bot.press(bot.town.sara, notice, "Check and unpause")
    await bot.told(bot.town.sara, CURED)
    answer = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002")
    assert "✅ The number is at the gateway." in answer.text


async def test_an_old_press_unpauses_nothing(bot: Running) -> None:
    """If Telegram takes no answer to *Check and unpause*, the pause stays."""
    await pause(bot)
    notice = await bot.told(bot.town.sara, "Launching is paused")
    await bot.press_late(bot.town.sara, notice, "Check and unpause")
    assert len(await bot.house.pauses.current()) == 1


async def test_unpause_by_command(bot: Running) -> None:
    """`/unpause` does the same, and says so where nothing is paused."""
    assert (await bot.ask(bot.town.sara, "/unpause")).text == "Launching is not paused."
    await pause(bot)
    await bot.told(bot.town.sara, "Launching is paused:")
    assert (await bot.ask(bot.town.sara, "/unpause")).text == CURED
    known = len(bot.tg.sent(bot.town.sara))
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.sara)) == known


async def test_an_admin_is_told_after_a_restart(town: Town) -> None:
    """Who could not be told in time is told later, and who was told is not told twice."""
    async with town.bot() as bot:
        town.tg.fail(
            "sendMessage", Refused(502), times=None, when=lambda p: p["chat_id"] == 500001
        )
        await pause(bot)
        await bot.quiet()
    for _ in range(2):
        async with town.bot() as bot:
            await bot.told(town.sara, "Launching is paused")
            await bot.quiet()
    assert [message.text for message in town.tg.sent(town.sara)] == [REFUSED]


async def test_a_full_disk(bot: Running) -> None:
    """A disk that refuses writes pauses, too, even where the pause cannot be written down."""
    bot.house.pauses.disk_refused(DiskRefusesError("the disk refuses writes (SQLITE_FULL)"))
    notice = await bot.told(bot.town.sara, FULL)
    refusal = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")
    assert refusal.text == "⏸ Nothing was launched.\n" + FULL.removeprefix("⏸ ")
    await bot.press(bot.town.sara, notice, "Check and unpause")
    await bot.told(
        bot.town.sara, "✅ The disk takes writes again. Batches on hold wait for a person."
    )
    assert "✅" in (await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")).text


async def test_one_step_at_a_time(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """A slow chat is tried again when Telegram says, a refusing record does no harm."""
    settings = settings_for(town.path, town.telegram_url, town.bitel_url)
    async with (
        town.bot(admins=frozenset()) as bot,
        Bitel(base_url=settings.bitel_api_url, token="x", timeout=3.0) as gateway,
    ):
        database, signals = bot.house.database, Signals()
        notices = Notices(
            database=database,
            pauses=Pauses(database=database, gateway=gateway, signals=signals),
            messenger=Messenger(bot.house.application.bot),
            rights=Rights(frozenset({500001}), frozenset(), database),
            language=bot.house.language,
            signals=signals,
        )
        assert await notices.step() == LOOK

        def begin(tx: Stores) -> None:
            tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", 1.0)
            tx.db.execute(
                "CREATE TRIGGER refuse BEFORE INSERT ON pause_notices"
                " BEGIN SELECT RAISE(ABORT, 'not now'); END"
            )

        await database.write(begin)
        town.tg.fail("sendMessage", flooded(12))
        assert await notices.step() == 12.0
        with caplog.at_level(logging.WARNING, "bot.notices"):
            working = asyncio.create_task(notices.run())
            await bot.told(town.sara, REFUSED)
            await bot.quiet()
            signals.notices.ring()
            await bot.quiet()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert "the admins cannot be told yet" in caplog.text
        await bot.sql("DROP TRIGGER refuse")
        assert await notices.step() == LOOK
        assert len(town.tg.sent(town.sara)) == 1
        assert await database.read(lambda tx: tx.pauses.told(1)) == {500001}
