"""The second person, in private chats and in a group: who is asked, who may press, who is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.telegram import Chat, Message, Person, Refused
from storage.models import Draft, DraftState
from storage.models import Person as Recorded
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, Town, numbers

BUTTONS = [["✅ Approve 3"], ["⛔ Decline", "✖️ Cancel"]]
REQUEST = [["✅ Approve 3"], ["⛔ Decline"]]
OWN = [["✖️ Cancel"]]
THREE = f"/call {VOICE} {numbers(3)}"
ASKS = "Bob asks for a second person: call 3 numbers?"
NOT_YOURS = "Nobody approves their own launch: another manager or admin has to."


@pytest.fixture
def max_(town: Town) -> Person:
    """Another manager, who has started the bot."""
    return town.tg.add_person(500009, "Max")


@pytest_asyncio.fixture
async def bot(town: Town, max_: Person) -> AsyncIterator[Running]:
    """The bot; more than two numbers need a second person."""
    async with town.bot() as running:
        await running.house.database.write(lambda tx: set_up(tx, max_))
        yield running


def set_up(tx: Stores, manager: Person) -> None:
    """The limit, and the other manager."""
    sara = Recorded(id=500001, name="Sara")
    tx.limits.put("approve_numbers", 2)
    tx.members.put(Recorded(id=manager.id, name="Max"), "manager", now=0.0, by=sara)


async def ask(bot: Running, chat: Chat | None = None) -> Message:
    """Bob's launch of three numbers, which waits for a second person."""
    draft = await bot.ask(bot.town.bob, THREE, chat)
    assert (await bot.press(bot.town.bob, draft, "👥 Ask to call 3")).text == "One moment…"
    await bot.shows(draft, ASKS)
    assert draft.buttons == (OWN if chat is None else BUTTONS)
    return draft


async def request(bot: Running, person: Person) -> Message:
    """What this person is asked in private."""
    return await bot.told(person, ASKS)


async def only(bot: Running) -> Draft:
    """The one draft, as it is recorded."""
    found = await bot.house.database.read(lambda tx: tx.drafts.by_id(1))
    assert found is not None
    return found


async def test_in_private(bot: Running, max_: Person) -> None:
    """The author's card waits; every other manager and admin is asked; a press makes the board."""
    draft = await bot.ask(bot.town.bob, THREE)
    assert "👥 Another manager or admin has to approve this." in draft.text
    assert draft.buttons[0] == ["👥 Ask to call 3"]
    await bot.press(bot.town.bob, draft, "👥 Ask to call 3")
    text = await bot.shows(draft, ASKS)
    assert "⚠️ It has more numbers than one person launches alone." in text
    assert "Another manager or admin has to approve it until" in text
    sara, other = await request(bot, bot.town.sara), await request(bot, max_)
    assert sara.buttons == other.buttons == REQUEST
    assert draft.buttons == OWN
    assert bot.bitel.posts == 0
    assert (await bot.press(bot.town.sara, sara, "✅ Approve 3")).text == "One moment…"
    board = await bot.shows(draft, "#b1")
    assert "· Bob ·" in board
    assert "👥 Launched by Bob" in board
    assert ", approved by Sara" in board
    for message in (sara, other):
        said = await bot.shows(message, "✅ Approved by Sara at")
        assert ": see #b1 of Bob." in said
        assert message.buttons == []
    await bot.shows(draft, "at the gateway.")
    assert bot.bitel.posts == 1
    word = await bot.told(bot.town.bob, "Sara approved what you asked for: see #b1.")
    assert word["reply_to_message"]["message_id"] == draft.id


async def test_in_a_group(bot: Running, max_: Person) -> None:
    """There a manager presses the card itself; its author and others are refused by an alert."""
    draft = await ask(bot, bot.town.group)
    await request(bot, max_)
    own = await bot.press(bot.town.bob, draft, "✅ Approve 3")
    assert own.show_alert
    assert own.text is not None
    assert own.text.startswith(NOT_YOURS)
    assert (await bot.press(bot.town.bob, draft, "⛔ Decline")).show_alert
    for label in ("✅ Approve 3", "⛔ Decline", "✖️ Cancel"):
        assert (await bot.press(bot.town.eve, draft, label)).show_alert
    assert (await only(bot)).state is DraftState.OPEN
    await bot.press(bot.town.sara, draft, "✅ Approve 3")
    assert "approved by Sara" in await bot.shows(draft, "#b1")
    (batch,) = await bot.batches()
    assert (batch.author_name, batch.approved_name) == ("Bob", "Sara")


async def test_a_launcher_does_not_approve(bot: Running, max_: Person) -> None:
    """Who is no manager any more is told who may; nothing is done."""
    draft = await ask(bot, bot.town.group)
    sara = Recorded(id=500001, name="Sara")
    await bot.house.database.write(
        lambda tx: tx.members.put(Recorded(id=max_.id, name="Max"), "launcher", now=0.0, by=sara)
    )
    for label in ("✅ Approve 3", "⛔ Decline"):
        answer = await bot.press(max_, draft, label)
        assert answer.show_alert
        assert answer.text is not None
        assert "Only managers and admins" in answer.text
    assert (await bot.press(max_, draft, "✖️ Cancel")).show_alert
    assert (await only(bot)).state is DraftState.OPEN
    assert await bot.batches() == []


async def test_a_group_that_was_taken_off(bot: Running, max_: Person) -> None:
    """Nothing is launched for it, also not from the private chat of who was asked."""
    await ask(bot, bot.town.group)
    other = await request(bot, max_)
    await bot.house.database.write(lambda tx: tx.chats.forbid(bot.town.group.id))
    answer = await bot.press(max_, other, "✅ Approve 3")
    assert answer.show_alert
    assert answer.text is not None
    assert "was taken off the groups where I work" in answer.text
    assert (await only(bot)).state is DraftState.OPEN
    assert await bot.batches() == []


async def test_two_at_once(bot: Running, max_: Person) -> None:
    """One of two presses makes the batch; the other's card says by whom."""
    await ask(bot)
    sara, other = await request(bot, bot.town.sara), await request(bot, max_)
    await asyncio.gather(
        bot.press(bot.town.sara, sara, "✅ Approve 3"), bot.press(max_, other, "✅ Approve 3")
    )
    first, second = await bot.shows(sara, "Approved by"), await bot.shows(other, "Approved by")
    assert first == second
    assert len(await bot.batches()) == 1


async def test_a_stale_button(bot: Running, max_: Person) -> None:
    """A press that comes after the word of another is told who was first."""
    await ask(bot)
    sara, other = await request(bot, bot.town.sara), await request(bot, max_)
    data = other.inline_keyboard[0][0]["callback_data"]
    await bot.press(bot.town.sara, sara, "✅ Approve 3")
    await bot.shows(other, "Approved by Sara")
    late = await bot.forge(max_, other, data)
    assert late.text == "Sara was first: see #b1. Nothing was done twice."
    assert len(await bot.batches()) == 1


@pytest.mark.parametrize("data", ["approve:x", "decline:AAAAAAAAAAAA", "withdraw:"])
async def test_forged(bot: Running, data: str) -> None:
    """Data that no button of ours has is nobody's word."""
    draft = await ask(bot, bot.town.group)
    assert (await bot.forge(bot.town.sara, draft, data)).show_alert
    assert (await only(bot)).state is DraftState.OPEN
    assert await bot.batches() == []


async def test_a_press_that_comes_late_launches_nothing(bot: Running) -> None:
    """Where Telegram takes no answer any more nothing is written."""
    draft = await ask(bot, bot.town.group)
    await bot.press_late(bot.town.sara, draft, "✅ Approve 3")
    assert await bot.batches() == []
    assert (await only(bot)).state is DraftState.OPEN


async def test_declined(bot: Running, max_: Person) -> None:
    """The card and every request say by whom, and the author is told aloud, in reply to it."""
    draft = await ask(bot)
    sara, other = await request(bot, bot.town.sara), await request(bot, max_)
    await bot.press(bot.town.sara, sara, "⛔ Decline")
    for message in (draft, sara, other):
        await bot.shows(message, "✖️ Declined by Sara at")
        assert message.buttons == []
    word = await bot.told(bot.town.bob, "Sara declined what you asked for")
    assert word["reply_to_message"]["message_id"] == draft.id
    assert await bot.batches() == []


async def test_cancelled_by_its_author(bot: Running) -> None:
    """Its author may take it back, also if the press can no longer be answered."""
    draft = await ask(bot)
    sara = await request(bot, bot.town.sara)
    await bot.press_late(bot.town.bob, draft, "✖️ Cancel")
    await bot.shows(draft, "✖️ Cancelled by Bob: nothing was called.")
    await bot.shows(sara, "✖️ Cancelled by Bob: nothing was called.")


async def test_cancelled_by_a_manager(bot: Running, max_: Person) -> None:
    """So may another manager in a group; the card says who, and the author is told aloud."""
    draft = await ask(bot, bot.town.group)
    await bot.press(max_, draft, "✖️ Cancel")
    await bot.shows(draft, "✖️ Cancelled by Max: nothing was called.")
    await bot.told(bot.town.group, "Max cancelled what you asked for")


async def test_fifteen_minutes(bot: Running) -> None:
    """Nobody's word: the card and the requests say so, and it can be made again."""
    draft = await ask(bot)
    sara = await request(bot, bot.town.sara)
    await bot.sql("UPDATE drafts SET expires_at = 1")
    bot.house.signals.boards.ring()
    words = "⌛ Cancelled: nobody else approved it within 15 minutes. Nobody was called."
    await bot.shows(draft, words)
    await bot.shows(sara, words)
    assert (draft.buttons, sara.buttons) == ([["🔁 Make it again"]], [])
    await bot.told(bot.town.bob, "Nobody else approved within 15 minutes what you asked for")
    await bot.press(bot.town.bob, draft, "🔁 Make it again")
    await bot.shows(draft, "Call 3 numbers?")
    assert draft.buttons[0] == ["👥 Ask to call 3"]


async def test_what_has_come_up(bot: Running, max_: Person) -> None:
    """The same launched meanwhile: the author is asked again, aloud; the request is over."""
    draft = await ask(bot)
    sara = await request(bot, bot.town.sara)
    await bot.house.database.write(lambda tx: tx.limits.put("approve_numbers", 0))
    other = await bot.ask(max_, THREE)
    await bot.shows(other, "#b1")
    await bot.house.database.write(lambda tx: tx.limits.put("approve_numbers", 2))
    await bot.press(bot.town.sara, sara, "✅ Approve 3")
    await bot.shows(sara, "so Bob was asked about it again; this request is over.")
    await bot.shows(draft, "Launched as #b1")
    await bot.told(bot.town.bob, "Something has come up since you asked for a second person.")
    assert draft.buttons[0] == ["👥 Ask to call 3"]
    assert len(await bot.batches()) == 1
    before = len(bot.tg.sent(bot.town.sara))
    await bot.press(bot.town.bob, draft, "👥 Ask to call 3")
    await bot.tg.wait_for(lambda: len(bot.tg.sent(bot.town.sara)) > before)
    again = bot.tg.sent(bot.town.sara)[-1]
    await bot.press(bot.town.sara, again, "✅ Approve 3")
    await bot.shows(draft, "#b2")


async def test_the_author_was_suspended(bot: Running) -> None:
    """The approver is told, and the launch of who may not launch any more is cancelled.

    In a group it says so; in the author's private chat nothing is shown any more.
    """
    draft = await ask(bot, bot.town.group)
    sara = await request(bot, bot.town.sara)
    await bot.sql("UPDATE members SET suspended_at = 1 WHERE user_id = 500002")
    await bot.press(bot.town.sara, sara, "✅ Approve 3")
    await bot.told(bot.town.sara, "Bob, who asked for this, may not launch it any more")
    await bot.shows(draft, "✖️ Cancelled: Bob, who asked for it, may not launch it any more.")
    assert await bot.batches() == []


async def test_who_never_started_the_bot(town: Town) -> None:
    """Such a one is skipped; where nobody could be asked the card says who could approve."""
    shy = town.tg.add_person(500009, "Max", started=False)
    town.sara.started = False
    async with town.bot() as bot:
        await bot.house.database.write(lambda tx: set_up(tx, shy))
        await bot.sql(
            "INSERT INTO members (user_id, name, role, since, by_id, by_name)"
            " VALUES (500001, 'Sara', 'admin', 0, 0, '')"
        )
        draft = await ask(bot)
        text = await bot.shows(draft, "❗ Nobody could be asked")
        assert "Sara, Max could approve it, and have not started me." in text
        assert draft.buttons == OWN


async def test_nobody_else_there(town: Town) -> None:
    """A single manager is told that nobody else can approve."""
    async with town.bot(admins=frozenset({500002}), allowed=frozenset()) as bot:
        await bot.house.database.write(lambda tx: tx.limits.put("approve_numbers", 2))
        await bot.sql("DELETE FROM members")
        draft = await ask(bot)
        assert "❗ Nobody else here is a manager or an admin" in await bot.shows(draft, "❗")


async def test_it_survives_a_restart(town: Town, max_: Person) -> None:
    """What waits, and what was not told, is there after the restart."""
    async with town.bot() as bot:
        await bot.house.database.write(lambda tx: set_up(tx, max_))
        draft = await bot.ask(town.bob, THREE)
        bot.tg.fail("editMessageText", Refused(429, "Too Many Requests", retry_after=600))
        await bot.press(town.bob, draft, "👥 Ask to call 3")
        await bot.quiet()
        assert (await only(bot)).approval_asked_at is not None
        assert bot.tg.sent(town.sara) == []
    async with town.bot() as bot:
        await bot.shows(draft, ASKS)
        await bot.press(town.sara, await request(bot, town.sara), "✅ Approve 3")
        await bot.shows(draft, "approved by Sara")
        assert len(await bot.batches()) == 1


async def test_a_group_that_becomes_a_supergroup(bot: Running) -> None:
    """What waits is shown in the new chat, and can be approved there."""
    small = bot.tg.add_group(-4242, "Small", members=[bot.town.sara, bot.town.bob])
    sara = Recorded(id=500001, name="Sara")
    await bot.house.database.write(lambda tx: tx.chats.allow(-4242, "Small", now=0.0, by=sara))
    draft = await bot.ask(bot.town.bob, THREE, small)
    new = bot.tg.migrate(bot.town.sara, small, -100777)
    await bot.house.database.write(lambda tx: tx.chats.allow(-100777, "Small", now=0.0, by=sara))
    waits = await bot.house.launches.confirm(
        (await bot.draft(draft)).token,
        by=Recorded(id=bot.town.bob.id, name="Bob"),
        message_id=draft.id,
    )
    assert waits is not None
    shown = await bot.told(new, ASKS)
    await bot.press(bot.town.sara, shown, "✅ Approve 3")
    assert "approved by Sara" in await bot.shows(shown, "#b1")


async def test_a_card_that_was_deleted(bot: Running) -> None:
    """Another message takes its place, and the board goes there."""
    draft = await bot.ask(bot.town.bob, THREE)
    bot.tg.fail("editMessageText", Refused(400, "Bad Request: message to edit not found"), times=1)
    await bot.press(bot.town.bob, draft, "👥 Ask to call 3")
    shown = await bot.told(bot.town.bob, ASKS)
    assert shown.id != draft.id
    await bot.press(bot.town.sara, await request(bot, bot.town.sara), "✅ Approve 3")
    await bot.shows(shown, "#b1")
