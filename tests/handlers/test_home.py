"""The keyboard of the private chat: it is set, its keys are read, and nothing else is."""

import asyncio

import pytest

from tests.handlers.house import VOICE, Running, Town, numbers
from tests.handlers.shelf import drafts, favourite, launch, voice

FIXED = ["🚀 Launch", "📊 Results", "☰ More"]


async def test_start_sets_the_keyboard(bot: Running) -> None:
    """`/start` answers in one message, which sets the member's own keys and the placeholder."""
    await launch(bot)
    await favourite(bot, 1)
    bot.tg.start(bot.town.bob)
    hello = await bot.told(bot.town.bob, "Hello Bob.")
    assert len(bot.tg.calls_of("sendMessage")) == 1
    assert bot.tg.keyboard(bot.town.bob) == [["⭐ Shift"], FIXED]
    markup = hello.markup
    assert markup is not None
    assert (markup["is_persistent"], markup["resize_keyboard"]) == (True, True)
    assert markup["input_field_placeholder"] == "Paste numbers here…"
    bot.tg.start(bot.town.sara)
    await bot.told(bot.town.sara, "Hello Sara.")
    assert bot.tg.keyboard(bot.town.sara) == [FIXED]


async def test_a_favourite_is_two_taps(bot: Running) -> None:
    """A key, then *Call*: a saved voice to a saved list, and nothing typed."""
    await launch(bot)
    await favourite(bot, 1)
    bot.tg.start(bot.town.bob)
    await bot.told(bot.town.bob, "Hello Bob.")
    bot.tg.tap(bot.town.bob, bot.town.bob, "⭐ Shift")
    card = await bot.told(bot.town.bob, "Call 3 numbers?")
    await bot.press(bot.town.bob, card, "✅ Call 3")
    await bot.shows(card, "#b1")
    assert bot.bitel.posts == 1


async def test_a_double_tap_on_a_favourite(bot: Running) -> None:
    """A key that is tapped five times shows one card, and *Call* tapped five times calls once.

    One answer more says where the card is.
    """
    await launch(bot)
    await favourite(bot, 1)
    bot.tg.start(bot.town.bob)
    await bot.told(bot.town.bob, "Hello Bob.")
    for _ in range(5):
        bot.tg.tap(bot.town.bob, bot.town.bob, "⭐ Shift")
    card = await bot.told(bot.town.bob, "Call 3 numbers?")
    await bot.quiet()
    assert await drafts(bot) == 1
    pointers = [one for one in bot.said(bot.town.bob) if "Its card is in this chat" in one.text]
    assert len(pointers) == 1
    taps = [bot.tg.press(bot.town.bob, card, "✅ Call 3") for _ in range(5)]
    await asyncio.gather(*(bot.tg.answer_of(tap) for tap in taps))
    await bot.shows(card, "#b1")
    assert (len(await bot.batches()), bot.bitel.posts) == (1, 1)


async def test_the_key_of_another_member(bot: Running) -> None:
    """A key means this member's favourite: somebody else's is answered with their own keyboard."""
    await launch(bot)
    await favourite(bot, 1)
    answer = await bot.ask(bot.town.sara, "⭐ Shift")
    assert "Shift is none of your favourites now" in answer.text
    assert bot.tg.keyboard(bot.town.sara) == [FIXED]
    assert await drafts(bot) == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE launches SET name = 'Other', name_key = 'other'",
        "DELETE FROM favourites",
    ],
)
async def test_a_stale_key(bot: Running, change: str) -> None:
    """After a renaming or removal the key launches nothing, and the keyboard is set anew."""
    await launch(bot)
    await favourite(bot, 1)
    bot.tg.start(bot.town.bob)
    await bot.told(bot.town.bob, "Hello Bob.")
    await bot.sql(change)
    bot.tg.tap(bot.town.bob, bot.town.bob, "⭐ Shift")
    await bot.told(bot.town.bob, "Shift is none of your favourites now")
    kept = [["⭐ Other"], FIXED] if "Other" in change else [FIXED]
    assert bot.tg.keyboard(bot.town.bob) == kept
    assert await drafts(bot) == 0


async def test_a_favourite_that_cannot_be_launched(bot: Running) -> None:
    """It is said why, and nothing is called."""
    await launch(bot)
    await favourite(bot, 1)
    await bot.sql("UPDATE voices SET removed_at = 1")
    answer = await bot.ask(bot.town.bob, "⭐ Shift")
    assert answer.text.startswith("The voice of Shift was removed.")


async def test_an_old_key(bot: Running) -> None:
    """What was tapped while the bot was away for long makes no card."""
    await launch(bot)
    await favourite(bot, 1)
    answer = await bot.ask(bot.town.bob, "⭐ Shift", date=1)
    assert answer.text.startswith("I was away, and nothing was launched.")
    assert await drafts(bot) == 0


async def test_the_fixed_keys(bot: Running) -> None:
    """*Launch*, *Results* and *More* each answer in one message."""
    await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")
    for label, words in (
        ("🚀 Launch", "No launch is saved yet."),
        ("📊 Results", "#b1"),
        ("☰ More", "What do you want to see?"),
    ):
        before = len(bot.tg.calls_of("sendMessage"))
        assert words in (await bot.ask(bot.town.bob, label)).text
        await bot.quiet()
        asked = len(bot.tg.calls_of("sendMessage")) - before
        assert asked == 2  # the other one answers the marker that tells that all is handled


async def test_more_leads_on(bot: Running) -> None:
    """Each button of *More* turns the message into the screen that it names."""
    for label, words in (
        ("🔊 Voices", "voice"),
        ("📇 Lists", "list"),
        ("🚀 Launches", "No launch is saved yet."),
        ("🕘 Schedules", "planned"),
        ("📈 Report", "othing was launched"),
    ):
        more = await bot.ask(bot.town.bob, "☰ More")
        await bot.press(bot.town.bob, more, label)
        await bot.shows(more, words)


async def test_a_key_is_no_answer_to_a_question(bot: Running) -> None:
    """While a name is asked for, a key is still a key; a reply is still the answer."""
    await launch(bot)
    await favourite(bot, 1)
    await voice(bot)
    menu = await bot.ask(bot.town.bob, "/launch")
    for label in ("➕ New launch", "Shift call", "List of Shift · 3", "✏️ Another name"):
        await bot.press(bot.town.bob, menu, label)
    question = await bot.told(bot.town.bob, "✏️ Write the name of the launch.")
    await bot.quiet()
    assert "Call 3 numbers?" in (await bot.ask(bot.town.bob, "⭐ Shift")).text
    named = await bot.ask(bot.town.bob, "Mine", reply_to=question)
    assert named.text.startswith("🚀 Mine")


async def test_keys_are_for_the_private_chat(bot: Running) -> None:
    """In a group the same text is nobody's business, and /start sets no keyboard there."""
    await launch(bot)
    await favourite(bot, 1)
    bot.tg.send(bot.town.bob, bot.town.group, "⭐ Shift")
    hello = await bot.ask(bot.town.bob, "/start", bot.town.group)
    assert hello.text.startswith("Hello Bob.")
    assert bot.tg.keyboard(bot.town.group) == []
    assert await drafts(bot) == 0


@pytest.mark.parametrize("text", ["⭐ Shift", "🚀 Launch", "/launch", "/panel", "/start"])
async def test_strangers_get_nothing(bot: Running, text: str) -> None:
    """A stranger learns their id and nothing else, and has no keyboard."""
    await launch(bot)
    answer = await bot.ask(bot.town.eve, text)
    assert answer.text.startswith("Your id is 500003.")
    assert "Shift" not in answer.text
    assert bot.tg.keyboard(bot.town.eve) == []


async def test_who_was_removed_launches_nothing(town: Town) -> None:
    """Keys and cards that a person still has do nothing once they are no member any more."""
    async with town.bot() as bot:
        await launch(bot)
        await favourite(bot, 1)
        card = await bot.ask(town.bob, "⭐ Shift")
        await bot.sql("DELETE FROM members")
    async with town.bot(settled=False, allowed=frozenset()) as bot:
        answer = await bot.ask(town.bob, "⭐ Shift")
        assert answer.text.startswith("Your id is 500002.")
        refused = await bot.press(town.bob, card, "✅ Call 3")
        assert refused.text == "This bot is for its team: ask an admin."
    assert town.bitel.posts == 0


async def test_numbers_are_read_as_before(bot: Running) -> None:
    """A paste that is no key goes where it went before."""
    answer = await bot.ask(bot.town.bob, numbers(1))
    assert "Nothing" in answer.text or "No call" in answer.text


# The member's own number


async def own_number(bot: Running) -> str | None:
    """The number that is kept of Bob."""
    return await bot.house.database.read(lambda tx: tx.choices.number(bot.town.bob.id))


async def asked_for_number(bot: Running) -> None:
    """Bob has pressed *Call me first* and is asked to share his number."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} {numbers(21)}")
    await bot.press(bot.town.bob, draft, "📞 Call me first")
    await bot.told(bot.town.bob, "I do not know your number yet")
    assert bot.tg.keyboard(bot.town.bob) == [["📱 Share my number"], ["✖️ Not now"]]


async def test_not_now_gives_the_keyboard_back(bot: Running) -> None:
    """Who does not want to share a number is not left with that key alone."""
    await asked_for_number(bot)
    bot.tg.tap(bot.town.bob, bot.town.bob, "✖️ Not now")
    await bot.told(bot.town.bob, "Your keyboard is back; nothing was kept or called.")
    assert bot.tg.keyboard(bot.town.bob) == [FIXED]
    before = await drafts(bot)
    contact = ("989120000001", "Sara")
    bot.tg.send_contact(bot.town.bob, bot.town.bob, *contact, contact=bot.town.sara)
    await bot.told(bot.town.bob, "📋 One number.")
    assert await drafts(bot) == before + 1


async def test_anothers_card_is_no_answer(bot: Running) -> None:
    """It is said that it is somebody else's; it is kept for nothing, and is in no draft."""
    await asked_for_number(bot)
    before = await drafts(bot)
    contact = ("989120000001", "Sara")
    bot.tg.send_contact(bot.town.bob, bot.town.bob, *contact, contact=bot.town.sara)
    await bot.told(bot.town.bob, "This is not your own card; nothing was kept")
    await bot.quiet()
    assert (await own_number(bot), await drafts(bot)) == (None, before)
    own = ("989120000002", "Bob")
    bot.tg.send_contact(bot.town.bob, bot.town.bob, *own, contact=bot.town.bob)
    await bot.told(bot.town.bob, "✅ 09120000002 is kept as your number")
    assert bot.tg.keyboard(bot.town.bob) == [FIXED]


async def test_number_shows_replaces_and_forgets(bot: Running) -> None:
    """`/number` and *More* lead to it; a newer number takes the place of the older one."""
    bob = bot.town.bob
    await bot.ask(bob, "/number")
    assert bot.tg.keyboard(bob) == [["📱 Share my number"], ["✖️ Not now"]]
    bot.tg.send_contact(bob, bob, "989120000001", "Bob", contact=bob)
    await bot.told(bob, "✅ 09120000001 is kept as your number")
    card = await bot.ask(bob, "/number")
    assert card.text.startswith("📱 Your number is 09120000001.")
    await bot.press(bob, card, "🔁 Another number")
    await bot.told(bob, "Share your number with the button below")
    bot.tg.send_contact(bob, bob, "989120000002", "Bob", contact=bob)
    await bot.told(bob, "✅ 09120000002 is kept as your number")
    more = await bot.ask(bob, "☰ More")
    await bot.press(bob, more, "📱 My number")
    await bot.shows(more, "📱 Your number is 09120000002.")
    await bot.press(bob, more, "🗑 Forget it")
    await bot.shows(more, "🗑 Your number is forgotten.")
    assert await own_number(bot) is None
    await bot.press(bob, more, "📱 Share a number")
    await bot.quiet()
    assert bot.tg.keyboard(bob) == [["📱 Share my number"], ["✖️ Not now"]]


async def test_a_number_is_no_business_of_a_group(bot: Running) -> None:
    """Neither the command nor a forged button shows or forgets it there."""
    bob, group = bot.town.bob, bot.town.group
    await bot.house.database.write(lambda tx: tx.choices.share_number(bob.id, "+989120000001"))
    answer = await bot.ask(bob, "/number", group)
    assert answer.text.startswith("Your number is not shown or shared in a group.")
    for step in ("show", "forget"):
        said = await bot.forge(bob, answer, f"mynum:{step}")
        assert said.text.startswith("Your number is not shown or shared in a group.")
    assert await own_number(bot) == "+989120000001"
