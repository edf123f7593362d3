"""The picture that follows the end of a batch: once, silently, and never in its way."""

import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.telegram import Message, Refused, flooded
from tests.board_rig import Rig, open_rig


@pytest_asyncio.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A server with one person and one group, an empty record, a keeper and a reporter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield rig


def photos(rig: Rig) -> list[Message]:
    """The pictures in Sara's chat."""
    return [message for message in rig.tg.sent(rig.sara) if "photo" in message]


async def test_a_batch_of_five_has_a_chart(rig: Rig) -> None:
    """It follows the end message as a silent reply, once, also after a restart."""
    drawn_before = "matplotlib" in sys.modules  # by a test of a picture itself
    batch_id = await rig.ended(rig.sara, 5)
    await rig.tell(1.0)
    told = rig.tg.last(rig.sara)
    assert told.text.startswith("🏁")
    await rig.tell(1.0)
    (photo,) = photos(rig)
    assert photo["caption"] == f"#b{batch_id}"
    assert photo["reply_to_message"]["message_id"] == told.id
    assert rig.tg.calls_of("sendPhoto")[-1].params["disable_notification"]
    assert ("matplotlib" in sys.modules) == drawn_before
    rig.restart()
    await rig.tell(60.0)
    assert len(photos(rig)) == 1


async def test_a_batch_of_four_has_none(rig: Rig) -> None:
    """So few need no picture."""
    batch_id = await rig.ended(rig.sara, 4)
    await rig.tell(1.0)
    await rig.tell(60.0)
    assert photos(rig) == []
    assert (await rig.report(batch_id)).chart_sent


async def test_a_chart_that_fails_is_left_out(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged; the end stands, and nothing is drawn again."""
    await rig.workshop.close()
    batch_id = await rig.ended(rig.sara, 5)
    with caplog.at_level(logging.ERROR, "bot.boards.reports"):
        await rig.tell(1.0)
        await rig.tell(1.0)
    assert f"the chart of b{batch_id} is left out: the program stops" in caplog.text
    assert rig.tg.last(rig.sara).text.startswith("🏁")
    assert (await rig.report(batch_id)).chart_sent


async def test_a_chart_waits_for_telegram(rig: Rig) -> None:
    """Flood control holds it back, and it comes later."""
    await rig.ended(rig.sara, 5)
    await rig.tell(1.0)
    rig.tg.fail("sendPhoto", flooded(20))
    await rig.tell(1.0)
    await rig.tell(19.0)
    assert photos(rig) == []
    await rig.tell(1.0)
    assert len(photos(rig)) == 1


async def test_a_chart_that_is_refused(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """A group that allows no pictures has the end without one."""
    batch_id = await rig.ended(rig.sara, 5)
    await rig.tell(1.0)
    rig.tg.fail("sendPhoto", Refused(400, "Bad Request: not enough rights to send photos"))
    await rig.tell(1.0)
    await rig.tell(60.0)
    assert photos(rig) == []
    assert f"the chart of b{batch_id} cannot be sent" in caplog.text
    assert len(rig.tg.calls_of("sendPhoto")) == 1
