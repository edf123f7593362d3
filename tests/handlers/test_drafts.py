"""What is asked before it is launched, and the buttons of it."""

import asyncio

import pytest

from sandbox.telegram import Message, Refused
from storage.models import BatchState, DraftState
from tests.handlers.house import VOICE, Running, Town, numbers
from tests.handlers.shelf import voice

MORE = [
    ["📞 Call me first", "🕘 Later"],
    ["✏️ See / remove", "💾 Save as launch"],
    ["➕ Other voice", "✖️ Cancel"],
]
ONE = f"/call {VOICE} 09120000001"


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        (f"/call {VOICE} {numbers(21)}", "✅ Call 21", "📋 Call 21 numbers?"),
        (
            f"/call {VOICE} 09120000001 hello",
            "✅ Call 1",
            "⛔ One entry cannot be called:\n  line 1: hello – letters",
        ),
    ],
)
async def test_what_is_asked(bot: Running, text: str, label: str, words: str) -> None:
    """Many numbers, or entries that cannot be called: shown first."""
    draft = await bot.ask(bot.town.bob, text)
    assert words in draft.text
    assert draft.buttons == [[label], *MORE]
    assert bot.bitel.posts == 0
    assert (await bot.press(bot.town.bob, draft, label)).text == "One moment…"
    assert "at the gateway." in await bot.shows(draft, "#b1")
    assert bot.bitel.posts == 1
    assert len(bot.tg.sent(bot.town.bob)) == 1


async def test_twenty_numbers_are_not_asked(bot: Running) -> None:
    """`CONFIRM_ABOVE` is the most that goes out without a question."""
    board = await bot.ask(bot.town.bob, f"/call {VOICE} {numbers(20)}")
    assert "✅ All 20 numbers are at the gateway." in board.text


async def test_a_draft_belongs_to_its_author(bot: Running) -> None:
    """Nobody else can confirm or cancel it, an admin neither; the alert names the author."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello", bot.town.group)
    for label in ("✅ Call 1", "✖️ Cancel"):
        answer = await bot.press(bot.town.sara, draft, label)
        assert answer.text == "Only Bob, who made this draft, can confirm or cancel it."
        assert answer.show_alert
    assert (await bot.draft(draft)).state is DraftState.OPEN
    assert len(bot.tg.edits(draft)) == 0


async def test_cancel(bot: Running) -> None:
    """*Cancel* says that nothing was called and takes the buttons away; *Call* is then stale."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    confirm = draft.inline_keyboard[0][0]["callback_data"]
    await bot.press(bot.town.bob, draft, "✖️ Cancel")
    await bot.shows(draft, "✖️ Cancelled by Bob: nothing was called.")
    assert draft.buttons == []
    stale = await bot.forge(bot.town.bob, draft, confirm)
    assert stale.text.startswith("This button has expired, and nothing was done.")
    assert bot.bitel.posts == 0


async def test_a_draft_expires(bot: Running) -> None:
    """After 15 minutes it is cancelled, its message says so, and its button is stale."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    confirm = draft.inline_keyboard[0][0]["callback_data"]
    stored = await bot.draft(draft)
    assert stored.expires_at - stored.created_at == 15 * 60
    await bot.sql("UPDATE drafts SET expires_at = expires_at - 900")
    bot.house.signals.boards.ring()
    await bot.shows(draft, "⌛ Cancelled after 15 minutes without an answer: nothing was called.")
    assert draft.buttons == [["🔁 Make it again"]]
    assert (await bot.forge(bot.town.bob, draft, confirm)).text.startswith("This button has exp")
    assert bot.bitel.posts == 0


async def test_an_expired_draft_made_again(bot: Running) -> None:
    """Its author gets another one of the same content in its place, once."""
    card = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello", bot.town.group)
    words = card.text
    await bot.sql("UPDATE drafts SET expires_at = expires_at - 900")
    bot.house.signals.boards.ring()
    await bot.shows(card, "⌛ Cancelled after 15 minutes")
    again = card.inline_keyboard[0][0]["callback_data"]
    refused = await bot.forge(bot.town.sara, card, again)
    assert refused.text.startswith("Only Bob, who made this draft")
    taps = [bot.tg.press_data(bot.town.bob, card, again) for _ in range(3)]
    for tap in taps:
        await bot.tg.answer_of(tap)
    assert await bot.shows(card, "📋 Call one number?") == words
    assert bot.bitel.posts == 0
    await bot.press(bot.town.bob, card, "✅ Call 1")
    await bot.shows(card, "#b1")
    assert (await bot.forge(bot.town.bob, card, again)).text.startswith("This button has expired")
    assert (bot.bitel.posts, len(bot.tg.sent(bot.town.group))) == (1, 1)


async def test_a_day_old_draft_is_closed_after_a_restart(town: Town) -> None:
    """A draft that ran out while the program was away cannot be confirmed and says so."""
    async with town.bot() as bot:
        draft = await bot.ask(town.bob, f"/call {VOICE} 09120000001 hello")
        confirm = draft.inline_keyboard[0][0]["callback_data"]
        await bot.sql("UPDATE drafts SET expires_at = expires_at - 86400")
    async with town.bot() as again:
        await again.shows(draft, "⌛ Cancelled after 15 minutes")
        assert (await again.forge(town.bob, draft, confirm)).text.startswith("This button has")
    assert town.bitel.posts == 0


async def test_five_taps_launch_once(bot: Running) -> None:
    """However often and fast it is tapped, a draft becomes one batch."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    taps = [bot.tg.press(bot.town.bob, draft, "✅ Call 1") for _ in range(5)]
    answers = [(await bot.tg.answer_of(tap)).text for tap in taps]
    assert answers[0] == "One moment…"
    assert set(answers) <= {"One moment…", "Bob was first: see #b1. Nothing was done twice."}
    await bot.shows(draft, "✅ The number is at the gateway.")
    await bot.quiet()
    assert (len(await bot.batches()), bot.bitel.posts) == (1, 1)


async def test_confirm_and_cancel_at_once(bot: Running) -> None:
    """Exactly one of the two happens, and the message says which."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    bot.tg.press(bot.town.bob, draft, "✅ Call 1")
    bot.tg.press(bot.town.bob, draft, "✖️ Cancel")
    await bot.quiet()
    launched = len(await bot.batches())
    await bot.shows(draft, "at the gateway." if launched else "✖️ Cancelled by Bob")
    assert bot.bitel.posts == launched


async def test_an_old_press_launches_nothing(bot: Running) -> None:
    """If Telegram takes no answer to *Call*, nothing is launched, and the draft stays as it is."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    await bot.press_late(bot.town.bob, draft, "✅ Call 1")
    assert (bot.bitel.posts, await bot.batches()) == (0, [])
    assert draft.buttons == [["✅ Call 1"], *MORE]


async def test_nothing_is_written_before_the_answer(bot: Running) -> None:
    """While the answer to *Call* is on its way, there is no batch yet."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    gate = bot.tg.hold("answerCallbackQuery")
    bot.tg.press(bot.town.bob, draft, "✅ Call 1")
    await bot.tg.wait_for(lambda: bot.tg.calls_of("answerCallbackQuery"))
    assert await bot.batches() == []
    gate.set()
    await bot.shows(draft, "#b1")


async def test_cancel_acts_even_if_its_answer_fails(bot: Running) -> None:
    """An old press of *Cancel* still cancels."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    await bot.press_late(bot.town.bob, draft, "✖️ Cancel")
    await bot.shows(draft, "✖️ Cancelled by Bob: nothing was called.")


async def test_the_same_again_is_asked(bot: Running) -> None:
    """The same voice for the same set of numbers within ten minutes, by anyone, asks first."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 09120000002")
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002 09120000001")
    assert "⚠️ Launched as #b1 less than a minute ago by Sara. Call them again?" in draft.text
    await bot.press(bot.town.bob, draft, "✅ Call 2")
    await bot.shows(draft, "#b2")
    assert bot.bitel.received("09120000001") == 2


async def test_the_same_again_between_draft_and_confirm(bot: Running) -> None:
    """It is decided where the batch would be made: the draft is shown anew and asks again."""
    first = await bot.ask(bot.town.bob, f"/call {VOICE} {numbers(21)}")
    second = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(21)}")
    old = first.inline_keyboard[0][0]["callback_data"]
    await bot.press(bot.town.sara, second, "✅ Call 21")
    await bot.shows(second, "#b1")
    await bot.press(bot.town.bob, first, "✅ Call 21")
    await bot.shows(first, "⚠️ Launched as #b1 less than a minute ago by Sara. Call them again?")
    assert (await bot.forge(bot.town.bob, first, old)).text.startswith("This button has expired")
    assert bot.bitel.posts == 1
    await bot.press(bot.town.bob, first, "✅ Call 21")
    await bot.shows(first, "#b2")
    assert bot.bitel.posts == 2


async def test_asked_again_where_the_draft_is_gone(bot: Running) -> None:
    """If the draft's message cannot be edited, the question comes as a new message."""
    first = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    second = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 hello")
    await bot.press(bot.town.sara, second, "✅ Call 1")
    await bot.shows(second, "#b1")
    bot.tg.fail("editMessageText", Refused(400, "Bad Request: message to edit not found"))
    await bot.press(bot.town.bob, first, "✅ Call 1")
    again = await bot.tg.next_message(bot.town.bob, after=first)
    assert "⚠️ Launched as #b1" in again.text
    await bot.press(bot.town.bob, again, "✅ Call 1")
    await bot.told(bot.town.bob, "#b2")


async def test_a_batch_of_which_nothing_was_sent_does_not_count(town: Town) -> None:
    """After a stop before anything left, the same launch is not asked."""
    async with town.bot(bitel_api_url="http://127.0.0.1:9") as bot:
        board = await bot.ask(town.sara, ONE)
        await bot.press(town.sara, board, "⏹ Stop")
    async with town.bot() as bot:
        assert (await bot.batch()).state is BatchState.STOPPED
        assert "#b2" in (await bot.ask(town.sara, ONE)).text


async def test_a_draft_that_could_not_be_shown_launches_nothing(bot: Running) -> None:
    """Without its message nobody can press; after 15 minutes it is closed all the same."""
    bot.tg.fail("sendMessage", Refused(403, "Forbidden: bot was blocked by the user"))
    bot.tg.send(bot.town.bob, bot.town.bob, f"/call {VOICE} 09120000001 hello")
    await bot.tg.wait_for(lambda: bot.tg.calls_of("sendMessage"))
    await bot.quiet()
    await bot.sql("UPDATE drafts SET expires_at = expires_at - 900")
    bot.house.signals.boards.ring()

    for _ in range(200):
        if await bot.house.database.read(lambda tx: tx.drafts.next_expiry()) is None:
            break
        await asyncio.sleep(0.01)
    assert (await bot.batches(), bot.tg.sent(bot.town.bob)) == ([], [])


async def shown(bot: Running, message: Message, words: str) -> None:
    """Wait until a message says these words."""
    await bot.tg.wait_for(lambda: words in message.text)


async def test_the_pages_of_voices(bot: Running) -> None:
    """They turn; a voice that was removed meanwhile is told, and nothing changes."""
    for n in range(8):
        await voice(bot, f"Voice {n}", f"{n:032x}")
    draft = await bot.ask(bot.town.bob, "09120000001 09120000002")
    await bot.press(bot.town.bob, draft, "▶")
    await bot.tg.wait_for(lambda: ["◀"] in draft.buttons)
    await bot.sql("UPDATE voices SET removed_at = 1 WHERE name = 'Voice 0'")
    answer = await bot.press(bot.town.bob, draft, "🔊 Voice 0")
    assert answer.text.startswith("This voice was removed, and nothing was done.")
    await bot.press(bot.town.bob, draft, "🔊 Voice 1")
    await shown(bot, draft, "📋 Call 2 numbers?")
    assert "Voice 1" in draft.text


async def test_five_taps_on_a_voice(bot: Running) -> None:
    """The first counts; the others are stale, and the card stays."""
    await voice(bot)
    draft = await bot.ask(bot.town.bob, "09120000001 09120000002")
    taps = [bot.tg.press(bot.town.bob, draft, "🔊 Shift call") for _ in range(5)]
    answers = [(await bot.tg.answer_of(tap)).text for tap in taps]
    assert sum(not answer for answer in answers) == 1
    await shown(bot, draft, "📋 Call 2 numbers?")
    await bot.press(bot.town.bob, draft, "✅ Call 2")
    await bot.shows(draft, "#b1")


async def test_skip_those(bot: Running) -> None:
    """Who got this voice lately is pointed out, and left out by one tap; two taps do it once."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 09120000002")
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 09120000002 09120000003 hello")
    assert (
        "⚠️ 2 of them got this voice in the last 24 hours, may have, or are about to." in draft.text
    )
    old = draft.inline_keyboard[0][0]["callback_data"]
    taps = [bot.tg.press(bot.town.bob, draft, "⏭ Skip those 2 → 1") for _ in range(3)]
    for tap in taps:
        await bot.tg.answer_of(tap)
    await shown(bot, draft, "📋 Call one number?")
    assert (await bot.forge(bot.town.bob, draft, old)).text.startswith("This button has expired")
    await bot.press(bot.town.bob, draft, "✅ Call 1")
    await bot.shows(draft, "#b2")
    assert bot.bitel.received("09120000001") == 1
    assert bot.bitel.received("09120000003") == 1


async def test_called_all_the_same(bot: Running) -> None:
    """It is a warning: *Call* calls all of them."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 09120000002 hello")
    await bot.press(bot.town.bob, draft, "✅ Call 2")
    await bot.shows(draft, "#b2")
    assert bot.bitel.received("09120000001") == 2


async def test_call_me_first_in_a_group(bot: Running) -> None:
    """A number cannot be shared there: an alert says where, and nothing is called."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello", bot.town.group)
    answer = await bot.press(bot.town.bob, draft, "📞 Call me first")
    assert answer.show_alert
    assert answer.text.startswith("I do not know your number yet; nothing was called.")
    assert (await bot.batches(), len(bot.tg.sent(bot.town.group))) == ([], 1)


async def test_an_old_press_of_call_me_first(bot: Running) -> None:
    """If Telegram takes no answer, nothing is launched."""
    await bot.house.database.write(
        lambda tx: tx.choices.share_number(bot.town.bob.id, "+989129999999")
    )
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    await bot.press_late(bot.town.bob, draft, "📞 Call me first")
    assert await bot.batches() == []


async def test_undo(town: Town) -> None:
    """After confirming many: nothing is sent for some seconds, and *Undo* takes it back."""
    async with town.bot(undo_seconds=60.0) as bot:
        draft = await bot.ask(town.bob, f"/call {VOICE} {numbers(21)}")
        await bot.press(town.bob, draft, "✅ Call 21")
        await bot.shows(draft, "↩️ Nothing is sent for 60 seconds: it can be undone until then.")
        taps = [bot.tg.press(town.sara, draft, "↩️ Undo") for _ in range(3)]
        answers = [(await bot.tg.answer_of(tap)).text for tap in taps]
        assert answers[0] == "↩️ Undone by Sara: nobody was called."
        await bot.shows(draft, "↩️ Undone by Sara: nobody was called.")
        assert bot.bitel.posts == 0
