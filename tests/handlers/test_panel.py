"""The group's panel: one message with buttons, pinned where the bot may, and the newest counts."""

import asyncio

from sandbox.telegram import Refused
from tests.handlers.house import VOICE, Running
from tests.handlers.shelf import drafts, favourite, launch


async def test_three_taps_in_a_group(bot: Running) -> None:
    """Panel, launch, *Call*: the card is in the group, for the one who tapped, and calls once."""
    await launch(bot)
    panel = await bot.ask(bot.town.sara, "/panel", bot.town.group)
    await bot.press(bot.town.bob, panel, "Shift")
    card = await bot.told(bot.town.group, "Call 3 numbers?")
    refused = await bot.press(bot.town.sara, card, "✅ Call 3")
    assert refused.text == "Only Bob, who made this draft, can confirm or cancel it."
    await bot.press(bot.town.bob, card, "✅ Call 3")
    await bot.shows(card, "#b1")
    assert (len(await bot.batches()), bot.bitel.posts) == (1, 1)
    assert bot.tg.keyboard(bot.town.group) == []


async def test_a_double_tap_on_the_panel(bot: Running) -> None:
    """Five taps make one card."""
    await launch(bot)
    panel = await bot.ask(bot.town.sara, "/panel", bot.town.group)
    taps = [bot.tg.press(bot.town.bob, panel, "Shift") for _ in range(5)]
    await asyncio.gather(*(bot.tg.answer_of(tap) for tap in taps))
    await bot.told(bot.town.group, "Call 3 numbers?")
    await bot.quiet()
    assert await drafts(bot) == 1


async def test_whose_favourites(bot: Running) -> None:
    """The favourites of who asked for it come first, also after a refresh by somebody else."""
    await launch(bot, "Alpha")
    await launch(bot, "Beta")
    await favourite(bot, 1)
    panel = await bot.ask(bot.town.bob, "/panel", bot.town.group)
    assert panel.buttons == [["⭐ Alpha", "Beta"], ["📊 Results", "🔄 Refresh"]]
    await launch(bot, "Gamma")
    await bot.press(bot.town.sara, panel, "🔄 Refresh")
    await bot.tg.wait_for(lambda: ["Beta"] in panel.buttons)
    assert panel.buttons[0] == ["⭐ Alpha", "Gamma"]


async def test_it_is_pinned_where_the_bot_may(bot: Running) -> None:
    """As an administrator it pins the panel; a newer one takes its place and its pin."""
    bot.town.group.bot_status = "administrator"
    first = await bot.ask(bot.town.bob, "/panel", bot.town.group)
    await bot.quiet()
    assert bot.town.group.pinned == [first.id]
    second = await bot.ask(bot.town.bob, "/panel", bot.town.group)
    await bot.shows(first, "A newer panel of this chat has taken the place of this one.")
    await bot.quiet()
    assert bot.town.group.pinned == [second.id]
    assert first.buttons == []


async def test_it_says_where_it_may_not_pin(bot: Running) -> None:
    """The panel works all the same."""
    await launch(bot)
    panel = await bot.ask(bot.town.bob, "/panel", bot.town.group)
    await bot.told(bot.town.group, "I may not pin messages here.")
    await bot.press(bot.town.bob, panel, "Shift")
    await bot.told(bot.town.group, "Call 3 numbers?")


async def test_a_replaced_panel_launches_nothing(bot: Running) -> None:
    """One that could not be edited still knows, when it is tapped, that a newer one is there."""
    await launch(bot)
    first = await bot.ask(bot.town.bob, "/panel", bot.town.group)
    await bot.quiet()
    bot.tg.fail("editMessageText", Refused(400, "Bad Request: message can't be edited"))
    await bot.ask(bot.town.bob, "/panel", bot.town.group)
    await bot.quiet()
    answer = await bot.press(bot.town.bob, first, "Shift")
    assert "A newer panel of this chat" in answer.text
    await bot.shows(first, "A newer panel of this chat")
    assert await drafts(bot) == 0


async def test_each_topic_has_its_own(bot: Running) -> None:
    """A panel in one topic leaves that of another alone, and the card stays in its topic."""
    await launch(bot)
    inside = await bot.ask(bot.town.bob, "/panel", bot.town.forum, thread=5)
    await bot.ask(bot.town.bob, "/panel", bot.town.forum)
    await bot.quiet()
    await bot.press(bot.town.bob, inside, "Shift")
    card = await bot.told(bot.town.forum, "Call 3 numbers?")
    assert card["message_thread_id"] == 5


async def test_results(bot: Running) -> None:
    """*Results* sends the newest batches and leaves the panel as it is."""
    await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")
    panel = await bot.ask(bot.town.bob, "/panel", bot.town.group)
    await bot.press(bot.town.bob, panel, "📊 Results")
    await bot.told(bot.town.group, "#b1 ·")
    assert "No launch is saved yet." in panel.text


async def test_pages(bot: Running) -> None:
    """More launches than fit are on further pages; what no page is, is refused."""
    for i in range(12):
        await launch(bot, f"Launch number {i:02}")
    panel = await bot.ask(bot.town.bob, "/panel", bot.town.group)
    await bot.press(bot.town.bob, panel, "▶")
    await bot.tg.wait_for(lambda: ["◀"] in panel.buttons)
    assert panel.buttons[0] == ["Launch number 01"]
    for data in ("panel:x.1", "panel:p.x", "panel:p"):
        assert "has expired" in (await bot.forge(bot.town.bob, panel, data)).text
    stranger = await bot.press(bot.town.eve, panel, "Launch number 01")
    assert stranger.text == "This bot is for its team: ask an admin."
    assert await drafts(bot) == 0


async def test_in_a_private_chat(bot: Running) -> None:
    """There it is the keyboard."""
    answer = await bot.ask(bot.town.bob, "/panel")
    assert answer.text.startswith("A panel is for groups.")
    assert bot.tg.keyboard(bot.town.bob) == [["🚀 Launch", "📊 Results", "☰ More"]]


async def test_a_panel_that_could_not_be_sent(bot: Running) -> None:
    """The one before stays the newest."""
    bot.town.group.bot_status = "administrator"
    await launch(bot)
    first = await bot.ask(bot.town.bob, "/panel", bot.town.group)
    await bot.quiet()
    bot.tg.fail(
        "sendMessage",
        Refused(403, "Forbidden: bot was kicked"),
        when=lambda params: params["chat_id"] == bot.town.group.id,
    )
    bot.tg.send(bot.town.bob, bot.town.group, "/panel")
    await bot.quiet()
    await bot.press(bot.town.bob, first, "Shift")
    await bot.told(bot.town.group, "Call 3 numbers?")
