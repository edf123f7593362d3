"""`/schedule`, *Later*, and the questions about a time that is due, in the chat."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.calling.scheduler import LATE
from sandbox.telegram import Message, Refused
from storage.models import DraftState, PauseReason, Schedule
from tests.handlers.house import VOICE, Running, Town, numbers

TEHRAN = ZoneInfo("Asia/Tehran")
LAST = ("🕘 Call", "🔁 Call", "⌨️", "⏭", "🗑")  # what ends a row of taps
CALL = f"/call {VOICE} {numbers(21)}"
NO_LAUNCHER = "UPDATE members SET role = 'viewer' WHERE user_id = 500002"  # Bob


def tehran(days: int = 0) -> datetime:
    """The time in Tehran, so many days from now."""
    return datetime.now(UTC).astimezone(TEHRAN) + timedelta(days=days)


async def tap(bot: Running, message: Message, *labels: str) -> None:
    """Press several buttons of Bob's, each as soon as it is there."""
    for label in labels:
        shown = message.buttons
        await bot.press(bot.town.bob, message, label)
        if not label.startswith(LAST):
            await bot.tg.wait_for(lambda was=shown: message.buttons != was)  # type: ignore[misc]  # mypy cannot infer a default's type


async def forge(bot: Running, draft: Message, *steps: object) -> None:
    """Press a last step of Bob's that is on no button yet: Telegram takes one edit a second."""
    token = draft.inline_keyboard[0][0]["callback_data"].partition(":")[2]
    data = ".".join(str(step) for step in (f"later:{token}", *steps))
    assert (await bot.forge(bot.town.bob, draft, data)).text == "One moment…"
    await bot.shows(draft, "👤 Bob")


async def planned(bot: Running, *, chat: str = "bob") -> Message:
    """A draft of Bob's that was planned for tomorrow at 08:00, as its card."""
    where = None if chat == "bob" else bot.town.group
    draft = await bot.ask(bot.town.bob, CALL, where)
    eight = tehran(1).replace(hour=8, minute=0, second=0, microsecond=0)
    await forge(bot, draft, "ok", int(eight.timestamp() // 60))
    return draft


async def weekly(bot: Running) -> Message:
    """The same for every Monday and Friday."""
    draft = await bot.ask(bot.town.bob, CALL)
    await forge(bot, draft, "wk", 0b10001, 14 * 60 + 30, "n")
    return draft


async def first(bot: Running) -> Schedule:
    """The first schedule as it is recorded."""
    found = await bot.house.database.read(lambda tx: tx.schedules.get(1))
    assert found is not None
    return found


async def due(bot: Running, *, late: float = 0.0) -> None:
    """Let the first schedule be due since so many seconds."""
    at = time.time() - late - 1
    await bot.sql(f"UPDATE schedules SET due_at = {at}")  # noqa: S608 -- our own number
    bot.house.signals.scheduler.ring()


async def test_later_by_taps_alone(bot: Running) -> None:
    """Tomorrow at eight: five taps, the time in full before the last one, one schedule."""
    draft = await bot.ask(bot.town.bob, CALL)
    await tap(bot, draft, "🕘 Later")
    await bot.shows(draft, "🕘 When?")
    labels = [label for row in draft.buttons for label in row]
    assert len(draft.buttons[0]) == 4
    assert {"Today", "Tomorrow", "🔁 Every week…", "⌨️ Type a time", "↩️ Back"} <= set(labels)
    await tap(bot, draft, "Tomorrow", "08", "08:00")
    text = await bot.shows(draft, f"{tehran(1):%a %-d %b} 08:00, in ")
    assert "→ 21 numbers" in text
    assert draft.buttons == [["🕘 Call 21 then"], ["↩️ Back"]]
    assert await bot.press(bot.town.bob, draft, "🕘 Call 21 then") is not None
    text = await bot.shows(draft, "👤 Bob")
    assert "in " not in text.partition("08:00")[2].partition("\n")[0]
    assert draft.buttons == [["🕘 Move", "🗑 Cancel"]]
    schedule = await first(bot)
    assert f"{datetime.fromtimestamp(schedule.due_at, TEHRAN):%H:%M}" == "08:00"
    assert bot.bitel.posts == 0


async def test_back_to_the_card(bot: Running) -> None:
    """*Back* leads to the draft as it was, which can still be called."""
    draft = await bot.ask(bot.town.bob, CALL)
    await tap(bot, draft, "🕘 Later", "Tomorrow", "↩️ Back")
    await bot.shows(draft, "🕘 When?")
    await tap(bot, draft, "↩️ Back")
    await bot.shows(draft, "Nothing is sent yet")
    await tap(bot, draft, "✅ Call 21")
    await bot.shows(draft, "#b1")


async def test_five_taps_make_one_schedule(bot: Running) -> None:
    """However often the last button is tapped; a tap on *Call* behind it launches nothing."""
    draft = await bot.ask(bot.town.bob, CALL)
    confirm = draft.inline_keyboard[0][0]["callback_data"]
    await tap(bot, draft, "🕘 Later", "Tomorrow", "08", "08:00")
    await bot.tg.wait_for(lambda: draft.buttons[0] == ["🕘 Call 21 then"])
    taps = [bot.tg.press(bot.town.bob, draft, "🕘 Call 21 then") for _ in range(5)]
    answers = {(await bot.tg.answer_of(tap)).text for tap in taps}
    assert "One moment…" in answers
    assert answers <= {"One moment…", "Somebody was first, and nothing was done twice."}
    await bot.shows(draft, "👤 Bob")
    stale = await bot.forge(bot.town.bob, draft, confirm)
    assert stale.text.startswith("This button has expired")
    assert await bot.house.database.read(lambda tx: tx.schedules.count()) == 1


async def test_the_picker_is_its_authors(bot: Running) -> None:
    """Nobody else can pick a time, an admin neither; the alert names the author."""
    draft = await bot.ask(bot.town.bob, CALL, bot.town.group)
    answer = await bot.press(bot.town.sara, draft, "🕘 Later")
    assert answer.text.startswith("Only Bob, who made this draft")
    assert answer.show_alert
    assert bot.tg.edits(draft) == []


async def test_a_picker_expires_as_its_draft(bot: Running) -> None:
    """After 15 minutes the message says that nothing was called, and the steps are stale."""
    draft = await bot.ask(bot.town.bob, CALL)
    await tap(bot, draft, "🕘 Later")
    await bot.shows(draft, "🕘 When?")
    step = draft.inline_keyboard[0][0]["callback_data"]
    await bot.sql("UPDATE drafts SET expires_at = expires_at - 900")
    bot.house.signals.boards.ring()
    await bot.shows(draft, "⌛ Cancelled after 15 minutes")
    assert (await bot.forge(bot.town.bob, draft, step)).text.startswith("This button has expired")


async def test_a_plan_that_the_record_may_have_taken(bot: Running) -> None:
    """What is planned stands under /schedule, so that is where to look."""
    draft = await bot.ask(bot.town.bob, CALL)
    await bot.sql(
        "CREATE TRIGGER refuse BEFORE INSERT ON schedules"
        " BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    token = draft.inline_keyboard[0][0]["callback_data"].partition(":")[2]
    minute = int(tehran(1).timestamp() // 60)
    await bot.forge(bot.town.bob, draft, f"later:{token}.ok.{minute}")
    await bot.told(bot.town.bob, "The record could not be written. Look at /schedule before")


async def test_who_was_called_meanwhile_is_shown_before_call_now(bot: Running) -> None:
    """The press calls nobody; the question then tells of them, and its next press calls."""
    await planned(bot)
    await due(bot, late=LATE)
    question = await bot.told(bot.town.bob, "nothing was called yet")
    assert "in the last 24 h" not in question.text
    draft = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000000 hello")
    await bot.press(bot.town.sara, draft, "✅ Call 1")
    await bot.shows(draft, "#b1")
    await bot.press(bot.town.bob, question, "✅ Call 21 now")
    await bot.shows(question, "One of them got this voice in the last 24 h.")
    assert len(await bot.batches()) == 1
    await bot.press(bot.town.bob, question, "✅ Call 21 now")
    await bot.shows(question, "Bob let it call, #b2")


async def test_call_now_can_be_undone(town: Town) -> None:
    """The board of a large one begins with the time for *Undo*."""
    async with town.bot(undo_seconds=60.0) as bot:
        await planned(bot)
        await due(bot, late=LATE)
        question = await bot.told(town.bob, "nothing was called yet")
        await tap(bot, question, "✅ Call 21 now")
        board = await bot.told(town.bob, "it can be undone until then")
        await bot.press(town.bob, board, "↩️ Undo")
        await bot.tg.wait_for(lambda: ["↩️ Undo"] not in board.buttons)
        assert bot.bitel.posts == 0


async def test_an_old_press_plans_nothing(bot: Running) -> None:
    """If Telegram takes no answer to the last tap, the draft stays a draft."""
    draft = await bot.ask(bot.town.bob, CALL)
    await tap(bot, draft, "🕘 Later", "Tomorrow", "08", "08:00")
    await bot.press_late(bot.town.bob, draft, "🕘 Call 21 then")
    assert await bot.house.database.read(lambda tx: tx.schedules.count()) == 0


@pytest.mark.parametrize(
    "step",
    [
        "x",
        "d.2026",
        "d.20990101",
        "q.20261201.24",
        "w.128",
        "h.0",
        "v.1.30",
        "z.1.1440",
        "ok.x",
        "t",
        "wk.0.0.l",
    ],
)
async def test_forged_steps_do_nothing(bot: Running, step: str) -> None:
    """A token that no button of ours has is answered as expired."""
    draft = await bot.ask(bot.town.bob, CALL)
    token = draft.inline_keyboard[0][0]["callback_data"].partition(":")[2]
    answer = await bot.forge(bot.town.bob, draft, f"later:{token}.{step}")
    assert answer.text.startswith("This button has expired")
    assert await bot.house.database.read(lambda tx: tx.schedules.count()) == 0


@pytest.mark.parametrize(("minutes", "words"), [("1", "This time is over"), ("9" * 12, "366")])
async def test_a_time_that_cannot_be(bot: Running, minutes: str, words: str) -> None:
    """Over, or more than a year ahead: the alert says so, and nothing is planned."""
    draft = await bot.ask(bot.town.bob, CALL)
    token = draft.inline_keyboard[0][0]["callback_data"].partition(":")[2]
    for step in ("t", "ok"):
        assert (
            words in (await bot.forge(bot.town.bob, draft, f"later:{token}.{step}.{minutes}")).text
        )
    assert await bot.house.database.read(lambda tx: tx.schedules.count()) == 0


async def test_a_typed_time(bot: Running) -> None:
    """What cannot be read is told, and asked again; the time that can goes on as a new message."""
    draft = await bot.ask(bot.town.bob, CALL, bot.town.group)
    await tap(bot, draft, "🕘 Later", "⌨️ Type a time")
    question = await bot.told(bot.town.group, "Reply with a time")
    wrong = await bot.ask(bot.town.bob, "whenever", bot.town.group, reply_to=question)
    assert "whenever cannot be read as a time; nothing was planned." in wrong.text
    last = await bot.ask(bot.town.bob, "tomorrow 9", bot.town.group, reply_to=question)
    assert f"{tehran(1):%a %-d %b} 09:00, in " in last.text
    await bot.shows(draft, "It goes on below")
    assert draft.buttons == []
    await tap(bot, last, "🕘 Call 21 then")
    await bot.shows(last, "👤 Bob")
    assert (await first(bot)).message_id == last.id


async def test_a_typed_time_whose_old_message_is_gone(bot: Running) -> None:
    """It is planned all the same."""
    draft = await bot.ask(bot.town.bob, CALL)
    await tap(bot, draft, "🕘 Later", "⌨️ Type a time")
    question = await bot.told(bot.town.bob, "Reply with a time")
    bot.tg.fail("editMessageText", Refused(400, "Bad Request: message to edit not found"))
    last = await bot.ask(bot.town.bob, "in 3 h", reply_to=question)
    await tap(bot, last, "🕘 Call 21 then")
    await bot.shows(last, "👤 Bob")


async def test_every_week(bot: Running) -> None:
    """Days by taps, then the hour; the card says which, and what is called each time."""
    draft = await bot.ask(bot.town.bob, CALL)
    await tap(bot, draft, "🕘 Later", "🔁 Every week…", "Mon", "Tue", "✅ Tue", "Fri")
    await tap(bot, draft, "🕘 At what hour?", "14", "14:30")
    text = await bot.shows(draft, "🔁 every Mon, Fri at 14:30")
    assert "First: " in text
    assert "The same 21 numbers each time." in text
    await tap(bot, draft, "🔁 Plan it weekly")
    text = await bot.shows(draft, "👤 Bob")
    assert "🔁 every Mon, Fri at 14:30, next " in text
    assert draft.buttons == [["⏭ Skip once"], ["🕘 Move", "🗑 Cancel"]]
    before = (await first(bot)).due_at
    await tap(bot, draft, "⏭ Skip once")
    await bot.tg.wait_for(lambda: draft.text != text)
    assert (await first(bot)).due_at > before


async def test_what_is_planned(bot: Running) -> None:
    """`/schedule` lists it for everybody, with the hours until then; strangers learn nothing."""
    assert "Nothing is planned" in (await bot.ask(bot.town.sara, "/schedule")).text
    await planned(bot)
    await weekly(bot)
    shown = await bot.ask(bot.town.sara, "/schedule")
    assert "🗓 Planned" in shown.text
    assert " 08:00, in " in shown.text
    assert "every Mon, Fri at 14:30, next " in shown.text
    assert len(shown.buttons) == 3
    assert "ask an admin" in (await bot.ask(bot.town.eve, "/schedule")).text
    await bot.press(bot.town.sara, shown, shown.buttons[0][0])
    await bot.tg.wait_for(lambda: ["↩️ All that is planned"] in shown.buttons)
    await bot.press(bot.town.sara, shown, "↩️ All that is planned")
    await bot.shows(shown, "🗓 Planned")


async def test_many_have_pages(bot: Running) -> None:
    """Six on a page."""
    await planned(bot)
    await bot.sql(
        "INSERT INTO schedules (state, author_id, author_name, chat_id, made_at, asked_by,"
        " content, minute, due_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
        " FROM n WHERE i < 7) SELECT 'waiting', author_id, author_name, chat_id, made_at, i,"
        " content, minute, due_at + 900 * i FROM n, schedules"
    )
    shown = await bot.ask(bot.town.bob, "/schedule")
    assert len(shown.buttons) == 8
    await tap(bot, shown, "▶")
    await bot.tg.wait_for(lambda: ["◀"] in shown.buttons)
    assert len(shown.buttons) == 4


async def test_a_new_one_from_a_saved_launch(bot: Running) -> None:
    """*New*, the launch, the time: the list's message becomes the picker, and then the card."""
    shown = await bot.ask(bot.town.bob, "/schedule")
    await tap(bot, shown, "➕ New")
    await bot.shows(shown, "No launch is saved yet")
    await tap(bot, shown, "↩️ All that is planned")
    await bot.ask(bot.town.bob, f"/voices add {VOICE} Shift")
    await bot.sql(
        "INSERT INTO launches (token, name, name_key, voice_ref, numbers, made_by, made_name,"
        " made_at) SELECT 'tok' || i, 'Morning ' || i, 'morning ' || i, 1, 1, 500002, 'Bob', 1"
        " FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)"
        " SELECT i FROM n)"
    )
    await bot.sql(
        "INSERT INTO launch_numbers (launch_id, position, number)"
        " SELECT id, 1, '+989120000001' FROM launches"
    )
    await tap(bot, shown, "➕ New", "▶", "◀", "Morning 5")
    await bot.shows(shown, "🕘 When?")
    await tap(bot, shown, "Tomorrow", "08", "08:00", "🕘 Call 1 then")
    await bot.shows(shown, "👤 Bob")
    assert (await first(bot)).message_id == shown.id


async def test_a_new_one_where_the_message_is_gone(bot: Running) -> None:
    """Its picker comes as a new message; the same press again makes no second draft."""
    await bot.ask(bot.town.bob, f"/voices add {VOICE} Shift")
    await bot.sql(
        "INSERT INTO launches (token, name, name_key, voice_ref, numbers, made_by, made_name,"
        " made_at) VALUES ('tok', 'Morning', 'morning', 1, 1, 500002, 'Bob', 1)"
    )
    await bot.sql("INSERT INTO launch_numbers VALUES (1, 1, '+989120000001', NULL)")
    shown = await bot.ask(bot.town.bob, "/schedule")
    bot.tg.fail("editMessageText", Refused(400, "Bad Request: message to edit not found"))
    await bot.forge(bot.town.bob, shown, "plans:u.tok")
    again = await bot.told(bot.town.bob, "🕘 When?")
    assert again.id > shown.id
    answer = await bot.forge(bot.town.bob, shown, "plans:x.1")
    assert answer.text.startswith("This button has expired")


async def test_a_list_that_changes_under_the_last_tap(bot: Running) -> None:
    """The draft is not for all of it any more: what would be called each time is shown first."""
    await bot.ask(bot.town.bob, f"/voices add {VOICE} Shift")
    await bot.sql(
        "INSERT INTO lists (name, name_key, made_by, made_name, made_at, changed_by, changed_name,"
        " changed_at, numbers) VALUES ('Drivers', 'drivers', 1, 'B', 1, 1, 'B', 1, 1)"
    )
    await bot.sql("INSERT INTO list_numbers VALUES (1, 1, '+989120000001', 'Reza')")
    await bot.sql(
        "INSERT INTO launches (token, name, name_key, voice_ref, list_ref, made_by, made_name,"
        " made_at) VALUES ('tok', 'Morning', 'morning', 1, 1, 500002, 'Bob', 1)"
    )
    shown = await bot.ask(bot.town.bob, "/schedule")
    await bot.forge(bot.town.bob, shown, "plans:u.tok")
    await bot.shows(shown, "🕘 When?")
    token = shown.inline_keyboard[0][0]["callback_data"].partition(":")[2].partition(".")[0]
    await bot.sql("INSERT INTO list_numbers VALUES (1, 2, '+989120000002', NULL)")
    await bot.sql("UPDATE lists SET numbers = 2")
    await bot.forge(bot.town.bob, shown, f"later:{token}.wk.1.480.l")
    await bot.shows(shown, "The same number each time.")
    assert await bot.house.database.read(lambda tx: tx.schedules.count()) == 0
    await bot.sql("DELETE FROM list_numbers WHERE position = 2")
    await bot.sql("UPDATE lists SET numbers = 1")
    await bot.forge(bot.town.bob, shown, f"later:{token}.wk.1.480.l")
    await bot.shows(shown, "list Drivers, read each time")


async def test_move(bot: Running) -> None:
    """By the author or an admin; the card follows, and nobody else may."""
    card = await planned(bot, chat="group")
    await bot.press(bot.town.sara, card, "🕘 Move")
    await bot.shows(card, "🕘 When?")
    assert "🔁 Every week…" not in [label for row in card.buttons for label in row]
    for label in ("Tomorrow", "09", "09:15", "🕘 Call 21 then"):
        await bot.press(bot.town.sara, card, label)
    await bot.shows(card, "09:15")
    await bot.tg.wait_for(lambda: card.buttons == [["🕘 Move", "🗑 Cancel"]])


async def test_others_may_not_change_it(town: Town) -> None:
    """A launcher who did not make it gets an alert that says who may."""
    async with town.bot(allowed=frozenset({500002, 500003})) as bot:
        card = await planned(bot, chat="group")
        for label, words in (
            ("🕘 Move", "Only managers and admins"),
            ("🗑 Cancel", "Only Bob, who planned this, or a manager or admin"),
        ):
            answer = await bot.press(town.eve, card, label)
            assert answer.text.startswith(words)
            assert answer.show_alert


async def test_move_by_a_typed_time_and_back(bot: Running) -> None:
    """The last step comes below; it moves the schedule, whose card follows."""
    card = await planned(bot)
    await tap(bot, card, "🕘 Move", "↩️ Back")
    await bot.shows(card, "👤 Bob")
    await tap(bot, card, "🕘 Move", "⌨️ Type a time")
    question = await bot.told(bot.town.bob, "Reply with a time")
    last = await bot.ask(bot.town.bob, "tomorrow 10:10", reply_to=question)
    await tap(bot, last, "🕘 Call 21 then")
    await bot.shows(card, "10:10")
    await bot.shows(last, "👤 Bob")


async def test_move_a_weekly_one(bot: Running) -> None:
    """It gets other days and another hour, and begins with those that it has."""
    card = await weekly(bot)
    await tap(bot, card, "🕘 Move")
    await bot.tg.wait_for(lambda: "✅ Mon" in card.buttons[0])
    await tap(bot, card, "✅ Mon", "🕘 At what hour?", "06", "06:00", "🔁 Plan it weekly")
    await bot.shows(card, "🔁 every Fri at 06:00")
    await tap(bot, card, "🕘 Move", "↩️ Back")
    await bot.shows(card, "👤 Bob")


async def test_cancel_on_the_list_and_on_the_card(bot: Running) -> None:
    """Both messages say that nothing more is called; it acts even if its answer fails."""
    card = await planned(bot)
    shown = await bot.ask(bot.town.bob, "/schedule")
    await tap(bot, shown, shown.buttons[0][0])
    await bot.tg.wait_for(lambda: ["🕘 Move", "🗑 Cancel"] in shown.buttons)
    await tap(bot, shown, "🗑 Cancel")
    await bot.shows(shown, "Nothing is called then")
    await bot.press_late(bot.town.bob, shown, "🗑 Cancel it")
    await bot.shows(shown, "🗑 Cancelled by Bob; nothing more is called")
    await bot.shows(card, "🗑 Cancelled by Bob; nothing more is called")
    assert card.buttons == []


async def test_one_tap_cancels_nothing(bot: Running) -> None:
    """A weekly one says that all its days end; *Keep it* brings its card back, as it was."""
    card = await weekly(bot)
    shown, before = card.buttons, await first(bot)
    await tap(bot, card, "🗑 Cancel")
    await bot.shows(card, "🗑 Cancel every Mon, Fri at 14:30 for good?")
    assert card.buttons == [["🗑 Cancel it"], ["↩️ Keep it"]]
    await tap(bot, card, "↩️ Keep it")
    await bot.shows(card, "👤 Bob")
    assert card.buttons == shown
    assert await first(bot) == before
    await tap(bot, card, "🗑 Cancel", "🗑 Cancel it")
    await bot.shows(card, "🗑 Cancelled by Bob; nothing more is called")


async def test_a_cancel_that_was_for_another_time(bot: Running) -> None:
    """Skipped meanwhile, the question's button is stale; a forged step does nothing either."""
    card = await weekly(bot)
    before = await first(bot)
    await tap(bot, card, "🗑 Cancel")
    await bot.shows(card, "for good?")
    sure = card.inline_keyboard[0][0]["callback_data"]
    await bot.forge(bot.town.bob, card, f"pass:1.{before.revision}")
    await bot.shows(card, "👤 Bob")
    for data in (sure, f"{sure}.x", f"unplan:1.{before.revision}.x"):
        answer = await bot.forge(bot.town.bob, card, data)
        assert answer.text.startswith("This button has expired")
    assert (await first(bot)).due_at > before.due_at


async def test_due_it_is_launched_and_shown(bot: Running) -> None:
    """The board comes in answer to the card, which names the batch."""
    card = await planned(bot, chat="group")
    await due(bot)
    board = await bot.told(bot.town.group, "#b1 ")
    assert board["reply_to_message"]["message_id"] == card.id
    await bot.shows(board, "🗓 Planned for ")
    await bot.shows(card, "launched as #b1")
    assert card.buttons == []
    await bot.tg.wait_for(lambda: bot.bitel.posts == 1)


async def test_late_it_asks_and_one_answer_wins(bot: Running) -> None:
    """*Call now* by two people at once makes one batch; the question says whose it was."""
    card = await planned(bot, chat="group")
    await due(bot, late=LATE)
    question = await bot.told(bot.town.group, "nothing was called yet")
    assert "I was away at that time" in question.text
    assert question.buttons == [["✅ Call 21 now"], ["⏭ Skip this time", "🗑 Cancel"]]
    await bot.shows(card, "waits for an answer")
    for person in (bot.town.bob, bot.town.sara, bot.town.bob):
        bot.tg.press(person, question, "✅ Call 21 now")
    await bot.shows(question, "let it call, #b1")
    await bot.quiet()
    assert question.buttons == []
    assert len(await bot.batches()) == 1
    await bot.told(bot.town.group, "at the gateway.")
    assert bot.bitel.posts == 1


async def test_late_it_can_be_skipped(bot: Running) -> None:
    """A once-only one ends with that; its card says so."""
    card = await planned(bot)
    await due(bot, late=LATE)
    question = await bot.told(bot.town.bob, "nothing was called yet")
    await tap(bot, question, "⏭ Skip this time")
    await bot.shows(question, "skipped by Bob; nothing was called")
    await bot.shows(card, "skipped by Bob; nothing was called")
    assert bot.bitel.posts == 0


async def test_an_old_press_of_call_now_launches_nothing(bot: Running) -> None:
    """If Telegram takes no answer to it."""
    await planned(bot)
    await due(bot, late=LATE)
    question = await bot.told(bot.town.bob, "nothing was called yet")
    await bot.press_late(bot.town.bob, question, "✅ Call 21 now")
    assert await bot.batches() == []


async def test_after_a_restore_it_asks_in_words(bot: Running) -> None:
    """It may have been called already; *Call now* is refused for as long as the pause holds."""
    await planned(bot)
    await bot.house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.RESTORED, "older", time.time() + 60)
    )
    await due(bot)
    question = await bot.told(bot.town.bob, "it may have been called already")
    answer = await bot.press(bot.town.bob, question, "✅ Call 21 now")
    assert "Nothing was launched" in answer.text


async def test_called_by_hand_before_it_asks(bot: Running) -> None:
    """The question names the batch; who got the voice lately is told beside it."""
    await planned(bot)
    draft = await bot.ask(bot.town.sara, CALL)
    await bot.press(bot.town.sara, draft, "✅ Call 21")
    await bot.shows(draft, "#b1")
    await due(bot)
    question = await bot.told(bot.town.bob, "The same was launched just before, as #b1 by Sara.")
    assert "21 of them got this voice in the last 24 h." in question.text


async def test_a_removed_voice_is_told_and_moved(bot: Running) -> None:
    """There is nothing to call, so there is no such button; the schedule can be moved."""
    await bot.ask(bot.town.bob, f"/voices add {VOICE} Shift")
    draft = await bot.ask(bot.town.bob, f"/call Shift {numbers(21)}")
    await tap(bot, draft, "🕘 Later", "Tomorrow", "08", "08:00", "🕘 Call 21 then")
    await bot.shows(draft, "👤 Bob")
    await bot.sql("UPDATE voices SET removed_at = 1")
    await due(bot)
    question = await bot.told(bot.town.bob, "Its voice was removed")
    assert question.buttons == [["⏭ Skip this time", "🗑 Cancel"]]
    schedule = await first(bot)
    refused = await bot.forge(bot.town.bob, question, f"due:1.{schedule.revision}.00000000")
    assert "nothing was called" in refused.text
    await bot.shows(draft, "waits for an answer")
    await tap(bot, draft, "🕘 Move", "Tomorrow", "09", "09:00", "🕘 Call 21 then")
    await bot.shows(question, "moved by Bob; nothing was called")


async def test_the_admins_are_asked_in_private(town: Town) -> None:
    """After Bob has lost the right to launch, Sara decides; Bob's chat learns nothing new."""
    async with town.bot() as bot:
        await planned(bot)
    async with town.bot() as bot:
        await bot.sql(NO_LAUNCHER)
        await due(bot)
        question = await bot.told(town.sara, "who planned this, may not launch any more")
        await bot.press(town.sara, question, "✅ Call 21 now")
        await bot.shows(question, "Sara let it call, #b1")
        await bot.told(town.sara, "at the gateway.")
        assert (await bot.batch()).author_name == "Sara"


async def test_an_admin_who_cannot_be_written_to_stops_no_other(town: Town) -> None:
    """An admin who never wrote to the bot is left out; the others are asked."""
    async with town.bot() as bot:
        await planned(bot)
    async with town.bot(admins=frozenset({400001, 500001})) as bot:
        await bot.sql(NO_LAUNCHER)
        await due(bot)
        await bot.told(town.sara, "may not launch any more")


async def test_cancelled_on_the_question(bot: Running) -> None:
    """It ends the schedule, and the question says who did."""
    await planned(bot)
    await due(bot, late=LATE)
    question = await bot.told(bot.town.bob, "nothing was called yet")
    await tap(bot, question, "🗑 Cancel", "🗑 Cancel it")
    await bot.shows(question, "cancelled by Bob; nothing was called")


async def test_kept_on_the_question(bot: Running) -> None:
    """*Keep it* brings the question back, whose *Call* still calls."""
    await planned(bot)
    await due(bot, late=LATE)
    question = await bot.told(bot.town.bob, "nothing was called yet")
    shown = question.buttons
    await tap(bot, question, "🗑 Cancel", "↩️ Keep it")
    assert "nothing was called yet" in await bot.shows(question, "I was away at that time")
    assert question.buttons == shown
    await tap(bot, question, "✅ Call 21 now")
    await bot.shows(question, "let it call, #b1")


async def test_nobody_answers(bot: Running) -> None:
    """After a day the question and the card say that nothing was called."""
    card = await planned(bot)
    await due(bot, late=LATE)
    question = await bot.told(bot.town.bob, "nothing was called yet")
    await bot.sql("UPDATE schedules SET asked_at = asked_at - 86400")
    bot.house.signals.scheduler.ring()
    await bot.shows(question, "nobody answered, and nothing was called")
    await bot.shows(card, "nobody answered, and nothing was called")


async def test_a_question_waits_for_telegram(bot: Running) -> None:
    """Flood control delays it; it comes once."""
    await planned(bot)
    bot.tg.fail("sendMessage", Refused(429, "Too Many Requests: retry after 1", retry_after=1))
    await due(bot, late=LATE)
    await bot.told(bot.town.bob, "nothing was called yet")
    found = [m for m in bot.tg.sent(bot.town.bob) if "nothing was called yet" in m.text]
    assert len(found) == 1


async def test_a_card_that_is_gone_is_left_alone(bot: Running) -> None:
    """It is not edited any more, and the schedule goes on without it."""
    card = await planned(bot)
    await bot.quiet()
    bot.tg.fail("editMessageText", Refused(400, "Bad Request: message to edit not found"))
    before = len(bot.tg.edits(card))
    await due(bot, late=LATE)
    question = await bot.told(bot.town.bob, "nothing was called yet")
    await tap(bot, question, "✅ Call 21 now")
    await bot.shows(question, "let it call, #b1")
    assert len(bot.tg.edits(card)) == before


async def test_drafts_stay_drafts_where_nothing_was_planned(bot: Running) -> None:
    """Looking at the picker changes nothing."""
    draft = await bot.ask(bot.town.bob, CALL)
    await tap(bot, draft, "🕘 Later", "Today", "↩️ Back", "↩️ Back")
    await bot.shows(draft, "Nothing is sent yet")
    assert (await bot.draft(draft)).state is DraftState.OPEN


async def test_a_second_person_in_private(bot: Running) -> None:
    """The plan says so; its author's question has no button that approves; Sara's press calls."""
    await bot.house.database.write(lambda tx: tx.limits.put("approve_numbers", 2))
    card = await planned(bot)
    await bot.shows(card, "👥 A second person has to approve it at")
    await due(bot)
    own = await bot.told(bot.town.bob, "nothing was called yet")
    assert own.buttons == [["⏭ Skip this time", "🗑 Cancel"]]
    question = await bot.told(bot.town.sara, "has to approve it until")
    assert question.buttons[0] == ["✅ Approve 21"]
    await bot.press(bot.town.sara, question, "✅ Approve 21")
    await bot.shows(question, "Sara let it call, #b1")
    batch = await bot.batch()
    assert (batch.author_name, batch.approved_name) == ("Bob", "Sara")


async def test_nobody_approved_in_time(bot: Running) -> None:
    """15 minutes later it is over, and the messages say that nothing was called."""
    await bot.house.database.write(lambda tx: tx.limits.put("approve_numbers", 2))
    await planned(bot)
    await due(bot)
    question = await bot.told(bot.town.sara, "has to approve it until")
    await bot.sql("UPDATE schedules SET asked_at = asked_at - 900")
    bot.house.signals.scheduler.ring()
    await bot.shows(question, "nobody answered, and nothing was called")
    assert question.buttons == []
    assert await bot.batches() == []


async def test_a_group_that_was_taken_off(bot: Running) -> None:
    """Its author is asked in private, where the board then is."""
    await planned(bot, chat="group")
    await bot.house.database.write(lambda tx: tx.chats.forbid(bot.town.group.id))
    await due(bot)
    question = await bot.told(bot.town.bob, "Its group was taken off")
    assert await bot.batches() == []
    await bot.press(bot.town.bob, question, "✅ Call 21 now")
    await bot.shows(question, "Bob let it call, #b1")
    await bot.told(bot.town.bob, "at the gateway.")
