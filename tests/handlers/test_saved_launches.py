"""Saved launches in the chat: started, made by taps, changed; what is launched is confirmed."""

import asyncio

import pytest

from sandbox.telegram import Message
from storage.models import DraftState
from tests.handlers.house import OTHER_VOICE, VOICE, Running
from tests.handlers.shelf import drafts, favourite, launch, number_list, voice


async def confirmed(bot: Running, card: Message, count: int = 3) -> None:
    """Tap *Call* on a confirm card, and see that it became a batch."""
    await bot.press(bot.town.bob, card, f"✅ Call {count}")
    await bot.shows(card, "#b1")


async def test_launch_by_name(bot: Running) -> None:
    """`/launch name`, in any spelling, is answered by the confirm card; nothing is sent yet."""
    await launch(bot, "Shift call")
    card = await bot.ask(bot.town.bob, "/launch SHIFT  call")
    assert "Voice of Shift call" in card.text
    assert "3 numbers" in card.text
    assert bot.bitel.posts == 0
    await confirmed(bot, card)
    assert (await bot.batch()).launch_ref == 1
    assert (await bot.batch()).list_name == "List of Shift call"


async def test_no_launch_of_this_name(bot: Running) -> None:
    """The nearest names are offered, and one of them is a tap."""
    await launch(bot, "Shift call")
    answer = await bot.ask(bot.town.bob, "/launch shft call")
    assert "There is no launch of the name shft call, and nothing was called." in answer.text
    await bot.press(bot.town.bob, answer, "Shift call")
    await bot.told(bot.town.bob, "Call 3 numbers?")


async def test_the_menu(bot: Running) -> None:
    """`/launch` shows all, last used first; the pages turn, and *Change one* opens cards."""
    for i in range(9):
        await launch(bot, f"Launch number {i}")
    await bot.sql("UPDATE launches SET used_at = 1 WHERE name = 'Launch number 0'")
    menu = await bot.ask(bot.town.bob, "/launch")
    assert menu.buttons[0] == ["Launch number 0"]
    await bot.press(bot.town.bob, menu, "▶")
    await bot.tg.wait_for(lambda: ["Launch number 1"] in menu.buttons)
    await bot.press(bot.town.bob, menu, "⚙️ Change one")
    await bot.shows(menu, "Which one do you want to look at or change?")
    await bot.press(bot.town.bob, menu, "Launch number 1")
    await bot.shows(menu, "👤 Made by Sara")
    await bot.press(bot.town.bob, menu, "📋 All launches")
    await bot.shows(menu, "A tap shows what would be called")


async def test_a_double_tap_makes_one_card(bot: Running) -> None:
    """Tapping a launch five times shows one confirm card, and confirming that makes one batch."""
    await launch(bot)
    menu = await bot.ask(bot.town.bob, "/launch")
    taps = [bot.tg.press(bot.town.bob, menu, "Shift") for _ in range(5)]
    answers = await asyncio.gather(*(bot.tg.answer_of(tap) for tap in taps))
    said = [answer.text for answer in answers]
    pointer = "Its card is in this chat already, and no second one was made. Tap Call there."
    assert said.count(pointer) == 4
    card = await bot.told(bot.town.bob, "Call 3 numbers?")
    await bot.quiet()
    assert await drafts(bot) == 1
    await confirmed(bot, card)
    assert (len(await bot.batches()), bot.bitel.posts) == (1, 1)


async def test_two_people_get_a_draft_each(bot: Running) -> None:
    """The same launch tapped by two members makes two drafts; each confirms only their own."""
    await launch(bot)
    menu = await bot.ask(bot.town.bob, "/launch", bot.town.group)
    await bot.press(bot.town.bob, menu, "Shift")
    card = await bot.told(bot.town.group, "Call 3 numbers?")
    await bot.press(bot.town.sara, menu, "Shift")
    await bot.quiet()
    assert await drafts(bot) == 2
    answer = await bot.press(bot.town.sara, card, "✅ Call 3")
    assert answer.text == "Only Bob, who made this draft, can confirm or cancel it."
    assert (await bot.draft(card)).state is DraftState.OPEN


async def test_an_old_press_makes_no_draft(bot: Running) -> None:
    """If Telegram takes no answer to the press, there is no card and no draft."""
    await launch(bot)
    menu = await bot.ask(bot.town.bob, "/launch")
    await bot.press_late(bot.town.bob, menu, "Shift")
    assert await drafts(bot) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE voices SET removed_at = 1", "The voice of Shift was removed."),
        ("UPDATE lists SET removed_at = 1", "The list of Shift was removed."),
        ("UPDATE lists SET numbers = 0", "The list of Shift is empty."),
        ("UPDATE lists SET numbers = 1001", "The list of Shift is too large:"),
        ("UPDATE launches SET removed_at = 1", "This launch was removed."),
    ],
)
async def test_what_cannot_be_launched(bot: Running, change: str, words: str) -> None:
    """It is said in one sentence, by a name and by a button that was there before."""
    await launch(bot)
    menu = await bot.ask(bot.town.bob, "/launch")
    await bot.sql(change)
    answer = await bot.press(bot.town.bob, menu, "Shift")
    assert words in answer.text
    assert answer.show_alert
    if "launches" not in change:
        assert words in (await bot.ask(bot.town.bob, "/launch Shift")).text
        await bot.press(bot.town.bob, menu, "⚙️ Change one")
        await bot.shows(menu, "look at or change")
        await bot.press(bot.town.bob, menu, "Shift")
        await bot.shows(menu, f"⚠️ {words}")
        assert ["🚀 Launch"] not in menu.buttons
    assert await drafts(bot) == 0


async def test_while_launching_is_paused(bot: Running) -> None:
    """The card is not shown, and the reason is said."""
    await launch(bot)
    await bot.sql("INSERT INTO pauses (reason, since, detail) VALUES ('unauthorised', 1, '')")
    assert "⏸ Nothing was launched." in (await bot.ask(bot.town.bob, "/launch Shift")).text


@pytest.mark.parametrize(
    "data",
    [
        "go:nothing",
        "go:a.b",
        "sets:1",
        "sets:x.s",
        "sets:1.z",
        "set:nothing",
        "setdo:nothing.star",
        "setdo:Shift-token.boo",
        "newset:v",
        "newset:9.1",
        "newset:v.x",
        "save:nothing",
        "save:9.9",
        "save:a.b",
        "saveas:nothing",
        "savename:1.9",
    ],
)
async def test_forged_tokens(bot: Running, data: str) -> None:
    """What no button holds does nothing, and a stranger learns nothing by the right ones."""
    await launch(bot)
    menu = await bot.ask(bot.town.bob, "/launch")
    answer = await bot.forge(bot.town.bob, menu, data)
    assert any(words in answer.text for words in ("has expired", "was removed"))
    stranger = await bot.forge(bot.town.eve, menu, data)
    assert stranger.text == "This bot is for its team: ask an admin."
    assert await drafts(bot) == 0


async def test_a_forged_button_of_a_panel(bot: Running) -> None:
    """Panels stand in groups: elsewhere it says so, and there what is removed is not launched."""
    await launch(bot)
    for chat, said in ((None, "only in a group"), (bot.town.group, "was removed")):
        menu = await bot.ask(bot.town.bob, "/launch", chat)
        answer = await bot.forge(bot.town.bob, menu, "panel:go.nothing")
        assert said in answer.text
    assert await drafts(bot) == 0


async def test_new_launch_by_taps(bot: Running) -> None:
    """Voice, list and name, by taps alone on one message; then it launches."""
    await voice(bot)
    await number_list(bot)
    menu = await bot.ask(bot.town.bob, "/launch")
    for label, words in (
        ("➕ New launch", "Which voice does it play?"),
        ("Shift call", "Which list does it call?"),
        ("Drivers · 3", "Its name: Shift call → Drivers"),
        ("💾 Save under this name", "🚀 Shift call → Drivers"),
    ):
        await bot.press(bot.town.bob, menu, label)
        await bot.shows(menu, words)
    await bot.press(bot.town.bob, menu, "🚀 Launch")
    card = await bot.told(bot.town.bob, "Call 3 numbers?")
    await confirmed(bot, card)
    assert bot.bitel.posts == 1


async def test_another_name(bot: Running) -> None:
    """A name of one's own is asked, refused with a reason while it cannot be one, then taken."""
    await launch(bot, "Taken")
    await voice(bot, "Other", OTHER_VOICE)
    await number_list(bot, "Others")
    menu = await bot.ask(bot.town.bob, "/launch")
    for label in ("➕ New launch", "Other", "Others · 3", "✏️ Another name"):
        await bot.press(bot.town.bob, menu, label)
    asked = await bot.told(bot.town.bob, "✏️ Write the name of the launch.")
    await bot.quiet()
    assert "is the name of another launch" in (await bot.ask(bot.town.bob, "taken")).text
    saved = await bot.ask(bot.town.bob, "Mine", reply_to=asked)
    assert saved.text.startswith("🚀 Mine\n🔊 Other\n📇 list Others: now 3 numbers")


async def test_save_a_draft(bot: Running) -> None:
    """*Save as launch* on a confirm card keeps its voice and numbers; the card stays open."""
    await voice(bot)
    numbers = " ".join(f"0912{i:06d}0" for i in range(21))
    card = await bot.ask(bot.town.bob, f"/call {VOICE} {numbers} retry=3")
    await bot.press(bot.town.bob, card, "💾 Save as launch")
    preview = await bot.told(bot.town.bob, "💾 Save this launch?")
    await bot.press(bot.town.bob, preview, "💾 Save under this name")
    await bot.shows(preview, "🚀 Shift call → 21 numbers\n🔊 Shift call\n📋 21 numbers of its own")
    assert "🔁 3 retries" in preview.text
    await confirmed(bot, card, 21)


async def test_save_somebody_elses_draft(bot: Running) -> None:
    """A draft is its author's, also for saving."""
    await launch(bot)
    await bot.ask(bot.town.bob, "/launch Shift", bot.town.group)
    card = await bot.told(bot.town.group, "Call 3 numbers?")
    answer = await bot.press(bot.town.sara, card, "💾 Save as launch")
    assert answer.text.startswith("Only Bob, who made this draft,")


async def test_a_voice_without_a_name_cannot_be_saved(bot: Running) -> None:
    """It says where to give it one."""
    numbers = " ".join(f"0912{i:06d}0" for i in range(21))
    card = await bot.ask(bot.town.bob, f"/call {VOICE} {numbers}")
    answer = await bot.press(bot.town.bob, card, "💾 Save as launch")
    assert "nothing was saved" in answer.text


async def card_of(bot: Running, name: str = "Shift") -> Message:
    """The card of a launch, opened by Bob."""
    menu = await bot.ask(bot.town.bob, "/launch")
    await bot.press(bot.town.bob, menu, "⚙️ Change one")
    await bot.shows(menu, "look at or change")
    await bot.press(bot.town.bob, menu, name)
    await bot.shows(menu, "👤 Made by")
    return menu


async def test_rename(bot: Running) -> None:
    """The new name is asked for; the favourite's key follows."""
    await launch(bot)
    card = await card_of(bot)
    await bot.press(bot.town.bob, card, "⭐ Favourite")
    await bot.told(bot.town.bob, "is one of your favourites now")
    assert bot.tg.keyboard(bot.town.bob)[0] == ["⭐ Shift"]
    await bot.press(bot.town.bob, card, "✏️ Rename")
    asked = await bot.told(bot.town.bob, "✏️ Write the new name of Shift.")
    await bot.quiet()
    bot.tg.send(bot.town.bob, bot.town.bob, "Morning", reply_to=asked)
    await bot.told(bot.town.bob, "Your keyboard says Morning now.")
    assert bot.tg.keyboard(bot.town.bob)[0] == ["⭐ Morning"]


async def test_rename_what_was_removed(bot: Running) -> None:
    """Who answers after the launch was removed is told so."""
    await launch(bot)
    card = await card_of(bot)
    await bot.press(bot.town.bob, card, "✏️ Rename")
    asked = await bot.told(bot.town.bob, "✏️ Write the new name of Shift.")
    await bot.quiet()
    await bot.sql("UPDATE launches SET removed_at = 1")
    answer = await bot.ask(bot.town.bob, "Morning", reply_to=asked)
    assert answer.text.startswith("This launch was removed.")


async def test_remove(bot: Running) -> None:
    """It is asked first; then it is gone for everybody, and its key from the keyboard."""
    await launch(bot)
    card = await card_of(bot)
    await bot.press(bot.town.bob, card, "⭐ Favourite")
    await bot.told(bot.town.bob, "is one of your favourites now")
    await bot.press(bot.town.bob, card, "🗑 Remove")
    await bot.shows(card, "Remove the launch Shift for everybody?")
    await bot.press(bot.town.bob, card, "↩️ Back")
    await bot.shows(card, "👤 Made by")
    await bot.press(bot.town.bob, card, "🗑 Remove")
    await bot.shows(card, "for everybody?")
    taps = [bot.tg.press(bot.town.bob, card, "🗑 Remove") for _ in range(2)]
    await asyncio.gather(*(bot.tg.answer_of(tap) for tap in taps))
    await bot.shows(card, "🗑 Bob removed the launch Shift.")
    await bot.quiet()
    assert bot.tg.keyboard(bot.town.bob) == [["🚀 Launch", "📊 Results", "☰ More"]]
    assert "No launch is saved yet." in (await bot.ask(bot.town.sara, "/launch")).text


async def test_the_link(bot: Running) -> None:
    """*Link* opens the confirm card for whoever may launch; for a stranger it opens nothing."""
    await launch(bot)
    card = await card_of(bot)
    await bot.press(bot.town.bob, card, "🔗 Link")
    told = await bot.told(bot.town.bob, "https://t.me/")
    payload = told.text.rpartition("?start=")[2]
    assert payload == "l_Shift-token"
    bot.tg.start(bot.town.sara, payload)
    opened = await bot.told(bot.town.sara, "Call 3 numbers?")
    answer = await bot.press(bot.town.bob, opened, "✅ Call 3")
    assert answer.text.startswith("Only Sara")
    bot.tg.start(bot.town.eve, payload)
    turned_away = await bot.told(bot.town.eve, "This bot is for its team: ask an admin.")
    assert "Shift" not in turned_away.text
    assert await drafts(bot) == 1


@pytest.mark.parametrize("payload", ["l_nothing", "l_Shift-token"])
async def test_a_link_to_what_is_gone(bot: Running, payload: str) -> None:
    """It says that the launch was removed, and shows home."""
    await launch(bot)
    await bot.sql("UPDATE launches SET removed_at = 1")
    bot.tg.start(bot.town.bob, payload)
    await bot.told(bot.town.bob, "This launch was removed.")
    assert bot.tg.keyboard(bot.town.bob) == [["🚀 Launch", "📊 Results", "☰ More"]]


async def test_a_favourite_twice(bot: Running) -> None:
    """A double tap on the star makes one favourite and one message; *No favourite* undoes it."""
    await launch(bot)
    card = await card_of(bot)
    data = card.inline_keyboard[1][0]["callback_data"]
    for _ in range(2):
        await bot.forge(bot.town.bob, card, data)
    await bot.quiet()
    said = [m for m in bot.tg.sent(bot.town.bob) if "one of your favourites now" in m.text]
    assert len(said) == 1
    await bot.press(bot.town.bob, card, "☆ No favourite")
    await bot.told(bot.town.bob, "is no favourite of yours any more.")
    assert bot.tg.keyboard(bot.town.bob) == [["🚀 Launch", "📊 Results", "☰ More"]]


async def test_move_up(bot: Running) -> None:
    """The keyboard has the favourites in the member's order."""
    for number, name in enumerate(("First", "Second"), 1):
        await launch(bot, name)
        await favourite(bot, number)
    card = await card_of(bot, "Second")
    await bot.press(bot.town.bob, card, "⬆️ Move up")
    await bot.told(bot.town.bob, "⬆️ Second has moved up on your keyboard.")
    assert bot.tg.keyboard(bot.town.bob)[0] == ["⭐ Second", "⭐ First"]
    await bot.quiet()
    before = len(bot.tg.sent(bot.town.bob))
    await bot.forge(bot.town.bob, card, "setdo:Second-token.up")
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == before
