"""`/say` and *Speak a text*: a text that is read out, always with a card before it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.calling.launches import Asked
from bot.texts import draft
from sandbox.telegram import Message
from storage.models import DraftState, Person, Place
from tests.handlers.house import Running, Town, numbers

TTS = "/api/v2/voice/batch/tts"


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Running]:
    """A bot that asks the gateway late."""
    async with town.bot(poll_first=300.0) as running:
        yield running


async def test_a_card_with_the_text_then_the_calls(bot: Running) -> None:
    """One number, one text: nothing rings before the tap, and then it is read out as shown."""
    card = await bot.ask(bot.town.sara, f"/say {numbers(1)}\nThe shift\nbegins: <six>")
    assert card.text.splitlines()[-3:] == [
        "🗣 23 characters are read out:",
        "The shift",
        "begins: <six>",
    ]
    assert "💰 no estimate yet" in card.text
    assert bot.bitel.posts == 0
    await bot.press(bot.town.sara, card, "✅ Call 1")
    await bot.shows(card, "🗣 The shift begins: <six>")
    await bot.tg.wait_for(lambda: bot.bitel.posts == 1)
    (post,) = bot.bitel.seen
    assert (post.path, post.text, post.voice) == (TTS, "The shift\nbegins: <six>", None)
    batch = await bot.batch()
    assert batch.spoken == "The shift\nbegins: <six>"


async def test_numbers_by_reply_in_a_group(bot: Running) -> None:
    """The numbers of the message that it answers; the text is never searched for any."""
    town = bot.town
    pasted = bot.tg.send(town.bob, town.group, numbers(2))
    card = await bot.ask(
        town.sara, "/say\nCall 09120009990 back", chat=town.group, reply_to=pasted
    )
    assert "Call 2 numbers?" in card.text
    assert "↩️ The numbers of the message that you replied to." in card.text
    await bot.press(town.sara, card, "✅ Call 2")
    await bot.tg.wait_for(lambda: bot.bitel.posts == 1)
    assert bot.bitel.seen[0].numbers == tuple(numbers(2).split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/say", "There is no number behind /say, and nothing was called."),
        ("/say 09120000000", "There is no text that could be read out, and nothing was called."),
        ("/say 09120000000\n…", "There is no text that could be read out"),
        ("/say 09120000000\n" + "x" * 2001, "This text has 2,001 characters, and 2,000 can be"),
        ("/say 0912\nHello", "None of this can be called, and nothing was called."),
        ("/say 09120000000 retry=99\nHello", "retry=99 is not a number from 0 to 10"),
    ],
)
async def test_what_cannot_be_said(bot: Running, text: str, said: str) -> None:
    """Each fault is a sentence that says that nothing was called."""
    answer = await bot.ask(bot.town.sara, text)
    assert answer.text.startswith(said)
    assert bot.bitel.posts == 0
    assert answer.buttons == []


async def test_more_numbers_than_a_batch_may_have(town: Town) -> None:
    """The limit of a batch holds for spoken ones."""
    async with town.bot(max_numbers=2) as bot:
        answer = await bot.ask(town.sara, f"/say {numbers(3)}\nHello")
        assert answer.text.startswith("These are 3 numbers, and one batch may have 2 at most")


async def test_an_old_say(bot: Running) -> None:
    """Nothing is made of a command that waited for more than ten minutes."""
    then = bot.tg.world.clock() - 601
    for text in (f"/say {numbers(1)}\nHello", "/again"):
        answer = await bot.ask(bot.town.sara, text, date=then)
        assert answer.text == (
            "I was away, and nothing was launched. Send it again if it still holds."
        )


async def test_a_stranger(bot: Running) -> None:
    """A stranger gets their id and nothing else."""
    answer = await bot.ask(bot.town.eve, f"/say {numbers(1)}\nHello")
    assert answer.text == "Your id is 500003. This bot is for its team: ask an admin."


async def test_a_text_that_the_card_cannot_hold(bot: Running) -> None:
    """The card shows its beginning, and the whole of it comes as a file; it is sent in full."""
    text = "🎉" * 1700 + " end"
    pasted = bot.tg.send(bot.town.sara, bot.town.sara, numbers(1) + "\n0912" * 25)
    await bot.quiet()
    card = await bot.ask(bot.town.sara, f"/say\n{text}", reply_to=pasted)
    assert card.text.splitlines()[-2:] == [
        "🎉" * 300 + "…",
        "The whole text is in the file below.",
    ]
    file = await bot.told(bot.town.sara, "🗣 1,704 characters are read out.")
    assert bot.tg.file(file["document"]).decode() == text
    await bot.press(bot.town.sara, card, "✅ Call 1")
    await bot.tg.wait_for(lambda: bot.bitel.posts == 1)
    assert bot.bitel.seen[0].text == text


async def test_parts_of_a_long_text_join(bot: Running) -> None:
    """What Telegram cut off is joined within 3 s, and the card shows all of it."""
    card = await bot.ask(bot.town.sara, f"/say {' '.join(['09120000000'] * 300)}\n{'word ' * 60}")
    assert "✂️ Your text was long; what followed within 3 seconds is joined." in card.text
    assert "🔁 299 repeated numbers are called only once." in card.text


async def test_what_may_have_been_cut_in_a_group(bot: Running) -> None:
    """A rest could not be seen there, of the command or of the message that it answers."""
    town = bot.town
    long = f"/say {' '.join(['09120000000'] * 320)}\nHello"
    cut = "✂️ The text is so long that Telegram may have cut it."
    card = await bot.ask(town.sara, long, chat=town.group)
    assert cut in card.text
    pasted = bot.tg.send(town.bob, town.group, " ".join(["09120000000"] * 320))
    by_reply = await bot.ask(town.sara, "/say\nHello", chat=town.group, reply_to=pasted)
    assert cut in by_reply.text


async def voiceless(bot: Running) -> Message:
    """A draft of one number that has no voice yet, shown to Sara in private."""
    launches, place = bot.house.launches, Place(chat_id=bot.town.sara.id)
    asked = await launches.draft(
        launches.blank(numbers=("+989120000000",)),
        by=Person(id=bot.town.sara.id, name="Sara"),
        place=place,
        asked_by="message:test:1",
    )
    assert isinstance(asked, Asked)
    card = draft.card(asked, bot.house.language, launches.now)
    await launches.shown_as(asked.draft_id, await bot.house.messenger.send(place, card))
    return bot.tg.sent(bot.town.sara)[-1]


def data_of(message: Message, label: str) -> str:
    """What a button of a message sends."""
    buttons = [button for row in message.inline_keyboard for button in row]
    found: str = next(b["callback_data"] for b in buttons if b["text"] == label)
    return found


async def test_speak_a_text_in_a_draft(bot: Running) -> None:
    """The text is asked for, and what comes back is the card that calls with it."""
    card = await voiceless(bot)
    await bot.press(bot.town.sara, card, "🗣 Speak a text")
    question = await bot.told(bot.town.sara, "Which text is to be read out?")
    empty = await bot.ask(bot.town.sara, "…", reply_to=question)
    assert empty.text.startswith("There is no text that could be read out")
    shown = await bot.ask(bot.town.sara, "The shift begins at six.", reply_to=question)
    assert "🗣 24 characters are read out:" in shown.text
    assert bot.bitel.posts == 0
    stale = await bot.press(bot.town.sara, card, "🗣 Speak a text")
    assert stale.text.startswith("This button has expired")
    await bot.press(bot.town.sara, shown, "✅ Call 1")
    await bot.tg.wait_for(lambda: bot.bitel.posts == 1)
    assert bot.bitel.seen[0].text == "The shift begins at six."


async def test_a_text_for_a_draft_in_parts(bot: Running) -> None:
    """The tail of a text that Telegram cut is not the text, in whatever order it is handled."""
    sara = bot.town.sara
    card = await voiceless(bot)
    await bot.press(sara, card, "🗣 Speak a text")
    question = await bot.told(sara, "Which text is to be read out?")
    await bot.quiet()
    sent = bot.tg.send(sara, sara, "word " * 800, reply_to=question)
    bot.tg.send(sara, sara, "and the end of it, thank you")
    await bot.quiet()
    await bot.house.parts.flush()
    refused = await bot.tg.next_message(sara, after=sent)
    assert refused.text.startswith("This text has 4,028 characters, and 2,000 can be read out")
    assert refused.text.endswith(
        "Send it in reply to the question; anything else is no answer to it now."
    )
    later = await bot.ask(sara, "Thank you")
    assert later.text.startswith("Nothing was called. To call, paste the numbers")
    shown = await bot.ask(sara, "The whole of it.", reply_to=question)
    assert "🗣 16 characters are read out:" in shown.text


async def test_a_long_text_that_is_whole(bot: Running) -> None:
    """What may have been cut and was not is taken when nothing has followed it."""
    sara = bot.town.sara
    card = await voiceless(bot)
    await bot.press(sara, card, "🗣 Speak a text")
    await bot.told(sara, "Which text is to be read out?")
    await bot.quiet()
    bot.tg.send(sara, sara, "🎉" * 1900 + " end")
    await bot.quiet()
    await bot.house.parts.flush()
    await bot.told(sara, "🗣 1,904 characters are read out:")


async def test_the_rest_of_a_command_answers_no_question(bot: Running) -> None:
    """A text that is asked for is not the tail of a long /say that came meanwhile."""
    sara = bot.town.sara
    card = await voiceless(bot)
    await bot.press(sara, card, "🗣 Speak a text")
    await bot.told(sara, "Which text is to be read out?")
    await bot.quiet()
    sent = bot.tg.send(sara, sara, f"/say {numbers(1)}\n" + "word " * 800)
    bot.tg.send(sara, sara, "and the end of it")
    await bot.quiet()
    await bot.house.parts.flush()
    refused = await bot.tg.next_message(sara, after=sent)
    assert refused.text.startswith("This text has 4,017 characters")


async def test_only_its_author_speaks(bot: Running) -> None:
    """A draft belongs to its author, and so does its text."""
    card = await voiceless(bot)
    answer = await bot.forge(bot.town.bob, card, data_of(card, "🗣 Speak a text"))
    assert answer.text.startswith("Only Sara, who made this draft")


async def test_a_text_for_a_draft_that_is_over(bot: Running) -> None:
    """A draft that was cancelled takes no text any more."""
    card = await voiceless(bot)
    await bot.press(bot.town.sara, card, "🗣 Speak a text")
    question = await bot.told(bot.town.sara, "Which text is to be read out?")
    before = await bot.draft(card)
    await bot.press(bot.town.sara, card, "✖️ Cancel")
    answer = await bot.ask(bot.town.sara, "Hello", reply_to=question)
    assert answer.text.startswith("This button has expired, and nothing was done.")
    after = await bot.house.database.read(lambda tx: tx.drafts.get(before.token))
    assert after is not None
    assert after.state is DraftState.CANCELLED
    assert bot.bitel.posts == 0
