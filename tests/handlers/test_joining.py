"""Messages that come in one go."""

import asyncio
import logging
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from telegram import Chat, Message

from bot.calling.rights import Role
from bot.handlers.door import Asker
from bot.handlers.joining import Joining
from bot.texts.language import Language
from storage.models import Person, Place


def asker(message_id: int, who: int = 1) -> Asker:
    """A person who sends a message in a private chat."""
    chat = Chat(who, Chat.PRIVATE)
    return Asker(
        person=Person(id=who, name="Ann"),
        role=Role.LAUNCHER,
        place=Place(chat_id=who, reply_to=message_id),
        language=Language("en", ZoneInfo("Asia/Tehran")),
        message=Message(message_id, datetime.now(UTC), chat),
        update_id=message_id,
        text="",
        private=True,
    )


class Came:
    """What was handed over."""

    def __init__(self) -> None:
        self.goes: list[tuple[int, list[int]]] = []
        self.one = asyncio.Event()

    async def ready(self, last: Asker, messages: list[Message]) -> None:
        """Note one go."""
        self.goes.append((last.message.message_id, [m.message_id for m in messages]))
        self.one.set()


async def test_one_go() -> None:
    """Messages of one person are handed over together, in their order, once it is quiet."""
    joining, came = Joining(quiet=0.05), Came()
    for message_id in (3, 1, 2):
        joining.take(asker(message_id), came.ready)
    assert came.goes == []
    async with asyncio.timeout(10):
        await came.one.wait()
    assert came.goes == [(2, [1, 2, 3])]
    await joining.flush()
    assert len(came.goes) == 1


async def test_two_people() -> None:
    """What two people send at once is not mixed; at the end of the program nothing is lost."""
    joining, came = Joining(quiet=60), Came()
    joining.take(asker(1), came.ready)
    joining.take(asker(2, who=2), came.ready)
    await joining.flush()
    assert sorted(came.goes) == [(1, [1]), (2, [2])]


async def test_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    """A handler that fails is logged, and the next go is handled."""
    joining, came = Joining(quiet=60), Came()

    async def fail(_: Asker, __: list[Message]) -> None:
        raise RuntimeError("odd")

    joining.take(asker(1), fail)
    with caplog.at_level(logging.ERROR):
        await joining.flush()
    assert "could not be handled" in caplog.text
    joining.take(asker(2), came.ready)
    await joining.flush()
    assert came.goes == [(2, [2])]
