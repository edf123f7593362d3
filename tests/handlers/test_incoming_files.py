"""Files and contact cards from the chat: fetched from Telegram within bounds, and read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from telegram import Bot, Contact

from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.calling.sources.found import NumberFile
from bot.handlers.incoming_files import IncomingFiles
from bot.number_files import LARGEST, NumberFiles
from bot.workshop import Workshop
from sandbox.telegram import Person, Refused, TelegramSandbox
from tests.calling.sources.books import KINDS, number, typed


class Desk:
    """A person who sends files, and the bot's side of it."""

    def __init__(self, tg: TelegramSandbox, sara: Person, incoming: IncomingFiles) -> None:
        self.tg = tg
        self.incoming = incoming
        self._sara = sara

    def sent(self, name: str, content: bytes) -> dict[str, Any]:
        """A document as Telegram tells of it."""
        message = self.tg.send_document(self._sara, self._sara, name, content)
        document: dict[str, Any] = message["document"]
        return document

    async def problem(self, file_id: str, size: int | None = None) -> Problem:
        """What is wrong with a file."""
        with pytest.raises(UsageError) as error:
            await self.incoming.read(file_id, "x.txt", size)
        return error.value.problem


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    """A simulated Telegram with a person, and a bot that knows it."""
    tg = TelegramSandbox()
    sara = tg.add_person(500001, "Sara")
    files = NumberFiles(workshop=Workshop(), region="IR", kinds=KINDS)
    async with tg.serve() as url:
        bot = Bot(tg.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")
        async with bot:
            yield Desk(tg, sara, IncomingFiles(bot=bot, files=files))
    await files.close()


async def test_a_document(desk: Desk) -> None:
    """It is fetched and read."""
    document = desk.sent("numbers.txt", typed(1).encode())
    found = await desk.incoming.read(
        document["file_id"], document["file_name"], document["file_size"]
    )
    assert isinstance(found, NumberFile)
    assert found.numbers == (number(1),)


async def test_a_size_that_is_told(desk: Desk) -> None:
    """What is too large is not asked for."""
    document = desk.sent("numbers.txt", typed(1).encode())
    assert await desk.problem(document["file_id"], LARGEST + 1) is Problem.FILE_TOO_LARGE
    assert desk.tg.calls_of("getFile") == []


async def test_a_size_that_is_told_later(desk: Desk) -> None:
    """Telegram's second word on the size is heard, too, before anything is fetched."""
    document = desk.sent("numbers.txt", b"1" * (LARGEST + 1))
    assert await desk.problem(document["file_id"]) is Problem.FILE_TOO_LARGE


async def test_a_file_over_telegrams_own_limit(desk: Desk) -> None:
    """Bots cannot fetch it; the answer is the same as for any that is too large."""
    desk.tg.fail("getFile", Refused(400, "Bad Request: file is too big"))
    assert await desk.problem("any") is Problem.FILE_TOO_LARGE


async def test_a_file_that_cannot_be_fetched(desk: Desk) -> None:
    """A failure of Telegram is told as one."""
    assert await desk.problem("nowhere") is Problem.FILE_NOT_FETCHED
    document = desk.sent("numbers.txt", typed(1).encode())
    desk.tg.fail("getFile", Refused(502))
    assert await desk.problem(document["file_id"]) is Problem.FILE_NOT_FETCHED


async def test_a_contact(desk: Desk) -> None:
    """Its names are joined; what the phone adds stands in for what is not there."""
    contact = Contact(phone_number="989120000001", first_name="Ali", last_name="R")
    assert desk.incoming.contact(contact).names == {number(1): "Ali R"}
    vcard = f"BEGIN:VCARD\nVERSION:3.0\nFN:X\nTEL:{typed(2)}\nEND:VCARD"
    contact = Contact(phone_number="", first_name="Sara", vcard=vcard)
    assert desk.incoming.contact(contact).names == {number(2): "Sara"}
    with pytest.raises(UsageError):
        desk.incoming.contact(Contact(phone_number="", first_name="Bob"))
