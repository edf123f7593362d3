"""Each bad input gets one clear sentence and changes nothing."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.handlers.house import VOICE, Running, Town, numbers

EXAMPLE = "/call 08e815cbcd724386805103ac0d45e4c2 09120000001 09120000002"
UNKNOWN_NUMBER = "/status 09120000001"
SENTENCES = {
    "/call": f"Send a voice and the numbers, for example:\n{EXAMPLE}",
    "/call 09120000001 09120000002": (
        f"The voice comes first, then the numbers; nothing was called. For example:\n{EXAMPLE}"
    ),
    f"/call {VOICE}": (
        "There is no number in your text, and nothing was called. Send the numbers after the "
        "voice, or reply with /call to a message that holds them."
    ),
    f"/call {VOICE}\n+1 212 555 0100\n110": (
        "None of this can be called, and nothing was called.\n"
        "⛔ 2 entries cannot be called:\n"
        "  line 2: +1 212 555 0100 – a number of another country\n"
        "  line 3: 110 – an emergency or short number\n"
        "Correct the numbers and send them again."
    ),
    f"/call {VOICE} {numbers(11)}": (
        "These are 11 numbers, and one batch may have 10 at most; nothing was called. Send them "
        "in several batches."
    ),
    f"/call {VOICE} 09120000001 retry=11": (
        "retry=11 is not a number from 0 to 10; nothing was called. Send it again with one of "
        "these, or without retry=."
    ),
    f"/call {VOICE} 09120000001 retry=two": (
        "retry=two is not a number from 0 to 10; nothing was called. Send it again with one of "
        "these, or without retry=."
    ),
    f"/call {VOICE} 09120000001 server=": (
        "server= needs the id of a dialer, 64 characters at most; nothing was called."
    ),
    f"/call {VOICE} 09120000001 speed=2": (
        "I do not know the option speed=; nothing was called. There are retry= and server=."
    ),
    f"/call {VOICE} 09120000001 retry=1 retry=2": (
        "retry= stands there twice; nothing was called. Send it once."
    ),
    "/call a=b": (
        "There is no voice of the name a=b, and nothing was done. /voices shows all; a voice "
        "without a name is called by its 32 hex digits."
    ),
    "/status b99": "There is no batch b99. /batches shows all.",
    UNKNOWN_NUMBER: "No call to 09120000001 is recorded.",
    "/status 0912": (
        "0912 cannot be read as a number, and no call has an id that begins so. Send the whole "
        "number, in any spelling."
    ),
    "/status abcdef": "No call has an id that begins with abcdef.",
    "/status hello": (
        "Nothing is recorded under hello. Send a batch (b12), a number, or at least the first 6 "
        "characters of a call's id."
    ),
    "/report soon": (
        "soon names no days. Send today, yesterday, 7d, 30d, or dates such as "
        "2025-06-01..2025-06-15."
    ),
    "/report 2025-06-15..2025-06-01": (
        "2025-06-15..2025-06-01 ends before it begins. Send the earlier date first."
    ),
    "/export 2025-06-01": (
        "Nothing was launched from 1 Jun 2025 to 1 Jun 2025, so there is nothing to export."
    ),
    "/export csv json": "Name one format only: csv, xlsx or json.",
    "/status": "Nothing has been launched in this chat yet. /batches shows all.",
    "/batches": "Nothing has been launched yet.",
    "/nothing": "I do not know this command. /help shows all I can do.",
}


@pytest_asyncio.fixture
async def small(town: Town) -> AsyncIterator[Running]:
    """A bot that takes ten numbers a batch."""
    async with town.bot(max_numbers=10) as running:
        yield running


async def test_each_sentence(small: Running) -> None:
    """All kinds of bad input, each with its sentence; nothing is launched or asked."""
    for text, sentence in SENTENCES.items():
        small.tg.calm(small.town.bob)  # who types all this takes some minutes
        answer = await small.ask(small.town.bob, text)
        buttons = [["⛔ Do not call"]] if text == UNKNOWN_NUMBER else []
        assert (answer.text, answer.buttons) == (sentence, buttons), text
    assert (small.bitel.posts, await small.batches()) == (0, [])


async def test_an_old_command(bot: Running) -> None:
    """What was sent more than ten minutes before it arrived is not carried out."""
    sara, then = bot.town.sara, bot.tg.world.clock() - 601
    long = f"/call {VOICE} {'09120000001 ' * 400}"
    for text in (f"/call {VOICE} 09120000001", long, "/unpause"):
        answer = await bot.ask(sara, text[:4096], date=then)
        assert answer.text == (
            "I was away, and nothing was launched. Send it again if it still holds."
        )
    fresh = await bot.ask(sara, f"/call {VOICE} 09120000001", date=then + 30)
    assert "✅ The number is at the gateway." in fresh.text


async def test_bad_input_in_a_group(bot: Running) -> None:
    """There it is answered in reply, in the same way."""
    sent = bot.tg.send(bot.town.bob, bot.town.group, "/call 09120000001")
    answer = await bot.tg.next_message(bot.town.group, after=sent)
    assert answer["reply_to_message"]["message_id"] == sent.id
    assert answer.text.startswith("The voice comes first")


async def test_commands_of_others_in_a_group_are_left_alone(bot: Running) -> None:
    """An unknown command in a group may be for another bot."""
    bot.tg.send(bot.town.bob, bot.town.group, "/nothing")
    await bot.quiet()
    assert bot.tg.sent(bot.town.group) == []
