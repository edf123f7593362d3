"""How the bot asks for a word, and which message is the answer."""

from sandbox.telegram import Message
from tests.handlers.house import Running

VOICE = "08e815cbcd724386805103ac0d45e4c2"


async def test_in_private_a_question_leaves_the_keyboard_where_it_is(bot: Running) -> None:
    """The next message is the answer without a reply, and the favourites stay one tap away."""
    sara = bot.town.sara
    await bot.ask(sara, "/start")
    keys = bot.tg.keyboard(sara)
    asked = await bot.ask(sara, f"/voices add {VOICE}")
    await bot.press(sara, await named(bot), "✏️ Rename")
    question = await bot.told(sara, "✏️ Reply with the new name")
    assert asked.buttons == [["📌 My default"], ["✏️ Rename", "🗑 Remove"], ["↩️ All voices"]]
    assert question.buttons == [["✖️ Cancel"]]
    assert bot.tg.keyboard(sara) == keys
    assert keys
    answer = await bot.ask(sara, "Gate call")
    assert answer.text.startswith("🔊 Gate call")


async def named(bot: Running) -> Message:
    """Take the name that is suggested, and return the card of the voice."""
    sara = bot.town.sara
    card = bot.tg.last(sara)
    await bot.press(sara, card, "Voice 1")
    await bot.shows(card, "✅ Added")
    return card


async def test_in_a_group_the_answer_opens_for_whom_the_question_names(bot: Running) -> None:
    """Telegram opens it for those alone whom the text mentions, or whose message it answers."""
    sara, group = bot.town.sara, bot.town.group
    question = await bot.ask(sara, "/voices add", group)
    assert question.markup is not None
    assert (question.markup["force_reply"], question.markup["selective"]) == (True, True)
    (mention,) = [one for one in question["entities"] if one["type"] == "text_mention"]
    assert mention["user"]["id"] == sara.id
    answer = await bot.ask(sara, VOICE, group, reply_to=question)
    assert VOICE in answer.text


async def test_an_answer_that_the_record_may_have_taken_is_not_denied(bot: Running) -> None:
    """A commit that raised may have taken effect: it is said where to look."""
    sara = bot.town.sara
    await bot.ask(sara, f"/voices add {VOICE}")
    await bot.press(sara, await named(bot), "✏️ Rename")
    await bot.told(sara, "✏️ Reply with the new name")
    await bot.sql(
        "CREATE TRIGGER refuse BEFORE UPDATE OF name ON voices"
        " BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    answer = await bot.ask(sara, "Gate call")
    assert answer.text.startswith("The record could not be written. Look at /voices before")
