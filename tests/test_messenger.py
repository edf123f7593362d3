"""Cards to Telegram, and Telegram's refusals to errors of our own, over real HTTP."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from markupsafe import Markup
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.messenger import (
    ClosedError,
    GoneError,
    LaterError,
    Messenger,
    MessengerError,
    MovedError,
    translate,
)
from bot.texts.cards import Button, Card
from sandbox.telegram import Chat, Person, Refused, TelegramSandbox, flooded
from storage.models import Place

CARD = Card(Markup("<b>Hello</b> &amp; welcome"), ((Button("Go", "ok:1"), Button("No", "no:1")),))
HERE = Place(chat_id=500001)


@dataclass(slots=True)
class Rig:
    """A messenger, who it writes to, and how long it waited."""

    tg: TelegramSandbox
    messenger: Messenger
    sara: Person
    group: Chat
    waited: list[float]


@pytest_asyncio.fixture
async def rig(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A server with one person and one group with a topic."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    tg = TelegramSandbox()
    sara = tg.add_person(500001, "Sara")
    group = tg.add_group(-5, "Team", members=[sara], topics={7: "Calls"})
    async with tg.serve() as url:
        plain = {"trust_env": False, "verify": False}  # loopback: no certificates to load
        requests = [HTTPXRequest(httpx_kwargs=plain) for _ in range(2)]
        bot = Bot(
            tg.token, base_url=f"{url}/bot", request=requests[0], get_updates_request=requests[1]
        )
        async with bot:
            waited: list[float] = []

            async def wait(seconds: float) -> None:
                waited.append(seconds)

            messenger = Messenger(bot, sleep=wait, ticks=lambda: sum(waited))
            yield Rig(tg, messenger, sara, group, waited)


async def test_a_card_becomes_a_message(rig: Rig) -> None:
    """HTML, buttons in rows, no link preview; in reply, and silent if asked for."""
    first = await rig.messenger.send(HERE, CARD)
    message = rig.tg.last(rig.sara)
    assert (message.id, message.text) == (first, "Hello & welcome")
    assert message.html == "<b>Hello</b> &amp; welcome"
    assert message.buttons == [["Go", "No"]]
    place = Place(chat_id=500001, reply_to=first)
    await rig.messenger.send(place, Card(Markup("again")), silent=True)
    answer = rig.tg.last(rig.sara)
    assert (answer["reply_to_message"]["message_id"], answer.silent) == (first, True)
    assert (answer.buttons, message.silent) == ([], False)
    assert rig.tg.calls_of("sendMessage")[0].params["link_preview_options"] == {
        "is_disabled": True
    }


async def test_a_message_in_a_topic(rig: Rig) -> None:
    """The topic is kept; an answered message that is gone is no obstacle."""
    await rig.messenger.send(Place(chat_id=-5, thread_id=7, reply_to=99), CARD)
    message = rig.tg.last(rig.group)
    assert message["message_thread_id"] == 7
    assert message["reply_to_message"]["message_id"] == 7  # what opened the topic, as always there


async def test_edit(rig: Rig) -> None:
    """A message shows another card; one that shows it already is left alone."""
    number = await rig.messenger.send(HERE, CARD)
    await rig.messenger.edit(500001, number, Card(Markup("over")))
    message = rig.tg.last(rig.sara)
    assert (message.text, message.buttons) == ("over", [])
    await rig.messenger.edit(500001, number, Card(Markup("over")))
    assert "message is not modified" in str(rig.tg.calls[-1].error)
    assert len(rig.tg.edits(message)) == 1


async def test_a_text_that_is_too_long_goes_out_as_a_file(rig: Rig) -> None:
    """The whole text as a file with the buttons; 4,096 units still are a message."""
    await rig.messenger.send(HERE, Card(Markup("<b>{}</b>").format("&" * 4096)))
    assert len(rig.tg.last(rig.sara).text) == 4096
    await rig.messenger.send(HERE, Card(Markup("<b>{}</b>").format("&" * 4097), CARD.rows))
    message = rig.tg.last(rig.sara)
    assert message["document"]["file_name"] == "message.txt"
    assert rig.tg.file(message) == b"&" * 4097
    assert (message.text, message.buttons) == ("📄", [["Go", "No"]])


async def test_an_edit_that_is_too_long_is_cut(rig: Rig) -> None:
    """A message cannot become a file: it shows the beginning, and its buttons."""
    number = await rig.messenger.send(HERE, CARD)
    await rig.messenger.edit(500001, number, Card(Markup("{}").format("<" * 5000), CARD.rows))
    message = rig.tg.last(rig.sara)
    assert message.text == "<" * 2048 + "…"
    assert message.buttons == [["Go", "No"]]


async def test_a_text_that_telegram_cannot_parse_goes_out_plain(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """What is said counts more than how it looks: sent or edited again without markup."""
    number = await rig.messenger.send(HERE, Card(Markup("<u>never closed &amp; <b>bold</b>")))
    message = rig.tg.last(rig.sara)
    assert message.text == "never closed & bold"
    await rig.messenger.edit(500001, number, Card(Markup("<x>other</x>")))
    assert message.text == "other"
    assert caplog.text.count("cannot parse a text of ours") == 2


async def test_send_file(rig: Rig) -> None:
    """A file with its name, its caption and where it belongs."""
    place = Place(chat_id=-5, thread_id=7)
    await rig.messenger.send_file(place, "b1.csv", b"a,b", Card(Markup("<b>#b1</b>")))
    message = rig.tg.last(rig.group)
    assert (message["document"]["file_name"], rig.tg.file(message)) == ("b1.csv", b"a,b")
    assert (message.text, message.html) == ("#b1", "<b>#b1</b>")
    assert message["message_thread_id"] == 7


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (flooded(7), LaterError),
        (Refused(502), LaterError),
        (Refused(400, "Bad Request: message to edit not found"), GoneError),
        (Refused(400, "Bad Request: message can't be edited"), GoneError),
        (Refused(400, "Bad Request: MESSAGE_ID_INVALID"), GoneError),
        (Refused(400, "Bad Request: chat not found"), ClosedError),
        (Refused(400, "Bad Request: not enough rights to send text messages"), ClosedError),
        (Refused(400, "Bad Request: PEER_ID_INVALID"), ClosedError),
        (Refused(403, "Forbidden: bot was blocked by the user"), ClosedError),
        (Refused(400, "Bad Request: something new"), MessengerError),
        (Refused(401, "Unauthorized"), LaterError),
    ],
)
async def test_each_refusal(rig: Rig, refusal: Refused, error: type[MessengerError]) -> None:
    """Every refusal of Telegram is one of our kinds of error."""
    rig.tg.fail("editMessageText", refusal)
    with pytest.raises(MessengerError) as raised:
        await rig.messenger.edit(500001, 1, CARD)
    assert type(raised.value) is error


async def test_how_long_to_wait(rig: Rig) -> None:
    """Flood control says how long; a network fault is one second, and no flood."""
    rig.tg.fail("sendMessage", flooded(7))
    with pytest.raises(LaterError, match="again in 7 s") as raised:
        await rig.messenger.send(HERE, CARD)
    assert (raised.value.seconds, raised.value.flood) == (7.0, True)
    rig.tg.go_away()
    with pytest.raises(LaterError) as raised:
        await rig.messenger.send(HERE, CARD)
    assert (raised.value.seconds, raised.value.flood) == (1.0, False)


async def test_a_group_that_has_moved(rig: Rig) -> None:
    """The error names the new chat."""
    rig.tg.migrate(rig.sara, rig.group, -100777)
    with pytest.raises(MovedError) as raised:
        await rig.messenger.send(Place(chat_id=-5), CARD)
    assert raised.value.chat_id == -100777


def test_an_error_of_a_kind_that_nobody_knows() -> None:
    """It is a refusal without a name."""
    assert type(translate(TelegramError("odd"))) is MessengerError


async def test_answer(rig: Rig) -> None:
    """A press is answered once; whether it was is known, and a refused answer is told."""
    await rig.messenger.send(HERE, CARD)
    query = rig.tg.press(rig.sara, rig.tg.last(rig.sara), "Go")
    assert not rig.messenger.was_answered(query)
    assert await rig.messenger.answer(query, "Yes", alert=True)
    assert rig.messenger.was_answered(query)
    (answer,) = rig.tg.answers
    assert (answer.text, answer.show_alert) == ("Yes", True)
    assert not await rig.messenger.answer("1", "No")
    assert not rig.messenger.was_answered("1")


@pytest.mark.parametrize("text", ["x" * 500, "😀" * 300, "x" + "😀" * 300])
async def test_a_long_answer_is_cut_to_what_telegram_takes(rig: Rig, text: str) -> None:
    """200 UTF-16 units, and never half an emoji."""
    await rig.messenger.send(HERE, CARD)
    query = rig.tg.press(rig.sara, rig.tg.last(rig.sara), "Go")
    assert await rig.messenger.answer(query, text)
    shown = rig.tg.answers[0].text
    assert text.startswith(shown.removesuffix("…"))
    assert 198 < len(shown.encode("utf-16-le")) // 2 <= 200


async def test_reply_insists(rig: Rig) -> None:
    """An answer to a person waits as long as Telegram asks, and a growing random part longer."""
    rig.tg.fail("sendMessage", flooded(9), times=3)
    rig.tg.fail("sendMessage", Refused(502))
    assert await rig.messenger.reply(HERE, CARD) is not None
    assert len(rig.waited) == 4
    for attempt, (asked, waited) in enumerate(
        zip((9.0, 9.0, 9.0, 1.0), rig.waited, strict=True), start=1
    ):
        assert asked <= waited <= asked + attempt


async def test_reply_insists_for_a_minute(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """It uses the minute, gives up where the next attempt would lie behind it, and logs it."""
    rig.tg.fail("sendDocument", flooded(9), times=None)
    with caplog.at_level(logging.WARNING, "bot.messenger"):
        assert await rig.messenger.reply_file(HERE, "a.txt", b"x", CARD) is None
    attempts = len(rig.tg.calls_of("sendDocument"))
    assert f"an answer could not be sent in {attempts} attempts" in caplog.text
    assert len(rig.waited) == attempts - 1
    assert 51 < sum(rig.waited) <= 60
    rig.tg.heal()
    rig.waited.clear()
    rig.tg.fail("sendDocument", flooded(61))
    assert await rig.messenger.reply_file(HERE, "a.txt", b"x", CARD) is None
    assert rig.waited == []
    assert await rig.messenger.reply_file(HERE, "a.txt", b"x", CARD) is not None


async def test_answers_that_are_refused_together_do_not_come_back_in_step(rig: Rig) -> None:
    """Each draws its own pause."""
    rig.tg.fail("sendMessage", flooded(1), times=10)
    await asyncio.gather(*(rig.messenger.reply(HERE, CARD) for _ in range(10)))
    assert len(set(rig.waited)) == len(rig.waited) == 10
    assert len(rig.tg.sent(rig.sara)) == 10


async def test_reply_gives_up_where_the_chat_is_closed(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """Who has blocked the bot gets no answer; that is logged and no error."""
    rig.tg.block(rig.sara)
    assert await rig.messenger.reply(HERE, CARD) is None
    assert "an answer could not be sent" in caplog.text
