"""An answer that did not come: people decide, and give ids in reply."""

from sandbox.bitel import faults
from sandbox.telegram import Chat, Message, Person
from storage.models import CallStatus, EvidenceState, SubmissionState
from tests.handlers.house import VOICE, Running, Town, numbers

NOWHERE = "0" * 32


async def unknown(bot: Running, count: int = 2, *, placed: bool = True) -> Message:
    """The board of a batch whose answer did not come."""
    bot.bitel.fail_next(faults.cut(placed=placed))
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(count)}")
    await bot.shows(board, "They are never called again by themselves.")
    return board


async def asked(bot: Running, chat: Person | Chat, words: str) -> Message:
    """The message that asks for ids, once it is known as that."""
    prompt = await bot.told(chat, words)
    await bot.quiet()
    assert await bot.house.desk.prompt_of(prompt.chat_id, prompt.id) is not None
    return prompt


async def state(bot: Running, batch_id: int = 1) -> SubmissionState:
    """What the only submission of a batch is."""
    (part,) = await bot.parts(batch_id)
    return part.state


async def test_it_did_not_ring(bot: Running) -> None:
    """Any member may decide; it is recorded and shown by whom, and starts nothing."""
    board = await unknown(bot)
    assert board.buttons[:2] == [["It rang", "It did not ring"], ["Leave it"]]
    assert (await bot.press(bot.town.bob, board, "It did not ring")).text == "One moment…"
    await bot.shows(board, "↩️ 2 numbers did not ring, says Bob.")
    assert board.buttons == [["It rang after all"], ["🔁 Try again: 2"], ["📄 CSV"]]
    assert (await state(bot), bot.bitel.posts) == (SubmissionState.RELEASED, 1)


async def test_leave_it(bot: Running) -> None:
    """Nobody could tell: never sent again, but *It rang after all* stays."""
    board = await unknown(bot)
    await bot.press(bot.town.bob, board, "Leave it")
    await bot.shows(board, "⚠️ 2 numbers may have rung; Bob left it at that.")
    assert board.buttons == [["It rang after all"], ["📄 CSV"]]


async def test_it_rang_without_ids(bot: Running) -> None:
    """It counts at once; the numbers are not confirmed and ids may follow."""
    board = await unknown(bot)
    await bot.press(bot.town.bob, board, "It rang")
    await bot.shows(board, "☎️ 2 numbers did ring, says Bob.")
    assert "❔ 2 numbers are not confirmed" in board.text
    prompt = await asked(bot, bot.town.sara, "#b1: noted that it rang.")
    assert prompt["reply_to_message"]["message_id"] == board.id
    assert await state(bot) is SubmissionState.ACCEPTED


async def test_it_rang_with_ids_in_reply(bot: Running) -> None:
    """Each id is asked of the gateway: found ones are adopted, others say why not."""
    board = await unknown(bot)
    await bot.press(bot.town.sara, board, "It rang")
    prompt = await asked(bot, bot.town.sara, "#b1: noted that it rang.")
    first, second = bot.bitel.seen[0].ids
    answer = await bot.ask(
        bot.town.sara, f"{first.upper()}, {NOWHERE} and {second}", reply_to=prompt
    )
    assert answer.text.splitlines() == [
        "✅ 2 calls did ring.",
        f"✖️ {NOWHERE}: the gateway does not know it.",
    ]
    await bot.shows(board, "✅ All 2 numbers are at the gateway.")
    assert first in board.text


async def test_ids_of_something_else(bot: Running) -> None:
    """An id that is recorded, and one of a call to another number, count for nothing."""
    await bot.ask(bot.town.sara, f"/call {VOICE} 09129999990")
    bot.bitel.fail_next(faults.cut())
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000000")
    known, foreign = bot.bitel.seen[0].ids[0], bot.bitel.seen[1].ids[0]
    bot.bitel.calls[foreign].number = "09128888880"
    await bot.press(bot.town.sara, board, "Leave it")
    await bot.shows(board, "Sara left it at that.")
    await bot.press(bot.town.sara, board, "It rang after all")
    prompt = await asked(bot, bot.town.sara, "#b2: reply to this message with the ids")
    answer = await bot.ask(bot.town.sara, f"{known} {foreign}", reply_to=prompt)
    assert answer.text.splitlines() == [
        f"✖️ {known}: it is in the record already.",
        f"✖️ {foreign}: its number and time fit nothing that is open.",
    ]
    assert await state(bot, 2) is SubmissionState.LEFT


async def test_an_answer_without_an_id(bot: Running) -> None:
    """Words in reply change nothing, and say what an id looks like; again is silent."""
    board = await unknown(bot)
    await bot.press(bot.town.sara, board, "Leave it")
    await bot.shows(board, "left it at that")
    await bot.press(bot.town.sara, board, "It rang after all")
    prompt = await asked(bot, bot.town.sara, "#b1: reply to this message")
    answer = await bot.ask(bot.town.sara, "it was fine", reply_to=prompt)
    assert answer.text == (
        "There is no call id in your reply; nothing was changed. An id has 32 hex digits."
    )
    known = len(bot.said(bot.town.sara))
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.said(bot.town.sara)) == known


async def test_ids_in_reply_while_a_long_list_is_gathered(bot: Running) -> None:
    """An answer to the bot's question is no part of a list."""
    board = await unknown(bot)
    await bot.press(bot.town.sara, board, "It rang")
    prompt = await asked(bot, bot.town.sara, "#b1: noted that it rang.")
    bot.tg.send(bot.town.sara, bot.town.sara, f"/call {VOICE} {numbers(330, first=500)}")
    await bot.quiet()
    answer = await bot.ask(bot.town.sara, bot.bitel.seen[0].ids[0], reply_to=prompt)
    assert answer.text == "✅ One call did ring."


async def test_in_a_group_only_members_answers_count(bot: Running) -> None:
    """A stranger's reply to the question is turned away; a member's is taken."""
    group = bot.town.group
    bot.bitel.fail_next(faults.cut())
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001", group)
    await bot.press(bot.town.bob, board, "It rang")
    prompt = await asked(bot, group, "#b1: noted that it rang.")
    given = bot.bitel.seen[0].ids[0]
    bot.tg.world.flood_limits = False  # strangers are not answered again after a 429
    stranger = await bot.ask(bot.town.eve, given, group, reply_to=prompt)
    assert stranger.text == "Your id is 500003. This bot is for its team: ask an admin."
    member = await bot.ask(bot.town.bob, given, group, reply_to=prompt)
    assert member.text == "✅ One call did ring."


async def test_the_gateway_does_not_answer_about_an_id(bot: Running) -> None:
    """The id is kept and blocks; the board says so, and shows the call when it is confirmed."""
    board = await unknown(bot)
    bot.bitel.always(faults.html(502), on="poll")
    await bot.press(bot.town.bob, board, "It did not ring")
    await bot.shows(board, "says Bob")
    await bot.press(bot.town.bob, board, "It rang after all")
    prompt = await asked(bot, bot.town.sara, "#b1: reply to this message")
    answer = await bot.ask(bot.town.sara, bot.bitel.seen[0].ids[0], reply_to=prompt)
    assert answer.text.startswith("⏳ One id is kept and still being checked")
    await bot.shows(board, "🔎 An id that was given for this batch is being checked")
    assert "🔁 Try again: 2" not in str(board.buttons)
    bot.bitel.always(None, on="poll")
    bot.house.signals.evidence.ring()
    await bot.shows(board, "☎️ 2 numbers did ring, says Sara.")


async def test_an_id_cancels_the_draft_of_a_try_again(bot: Running) -> None:
    """From its arrival nothing of that part goes out: the open draft is cancelled and says why."""
    board = await unknown(bot)
    await bot.press(bot.town.bob, board, "It did not ring")
    await bot.shows(board, "says Bob")
    await bot.press(bot.town.bob, board, "🔁 Try again: 2")
    draft = await bot.told(bot.town.sara, "📋 Call 2 numbers?")
    await bot.press(bot.town.sara, board, "It rang after all")
    prompt = await asked(bot, bot.town.sara, "#b1: reply to this message")
    await bot.ask(bot.town.sara, bot.bitel.seen[0].ids[0], reply_to=prompt)
    await bot.shows(draft, "✖️ Cancelled: word has come that some of these numbers may have rung")
    assert bot.bitel.posts == 1


async def test_old_presses_decide_nothing(bot: Running) -> None:
    """If Telegram takes no answer to a decision, nothing is recorded."""
    board = await unknown(bot)
    for label in ("It rang", "It did not ring", "Leave it"):
        await bot.press_late(bot.town.bob, board, label)
    assert await state(bot) is SubmissionState.UNKNOWN


async def test_two_people_decide(bot: Running) -> None:
    """The first wins; the other is told by whom, or by the edited board."""
    board = await unknown(bot)
    data = {button["text"]: button["callback_data"] for button in board.inline_keyboard[0]}
    await bot.press(bot.town.bob, board, "Leave it")
    await bot.shows(board, "Bob left it at that.")
    late = await bot.forge(bot.town.sara, board, data["It did not ring"])
    assert late.text == "Bob was first: see #b1. Nothing was done twice."
    assert await state(bot) is SubmissionState.LEFT


async def test_two_people_decide_at_the_same_moment(bot: Running) -> None:
    """Both got the neutral word: the loser is told by the edited board and by nothing else."""
    board = await unknown(bot)
    gate = bot.tg.hold("answerCallbackQuery", times=2)
    bot.tg.press(bot.town.bob, board, "Leave it")
    bot.tg.press(bot.town.sara, board, "Leave it")
    await bot.tg.wait_for(lambda: len(bot.tg.calls_of("answerCallbackQuery")) == 2)
    gate.set()
    await bot.shows(board, "left it at that.")
    await bot.quiet()
    assert [answer.text for answer in bot.tg.answers] == ["One moment…", "One moment…"]
    assert len(bot.said(bot.town.sara)) == 1


async def picked(bot: Running) -> tuple[Message, Message]:
    """Two batches to the same number, both unknown, and an id that fits both."""
    bot.bitel.fail_next(faults.cut(), times=2)
    first = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")
    await bot.press(bot.town.bob, draft, "✅ Call 1")
    await bot.shows(draft, "⚠️ One number may have rung.")
    await bot.press(bot.town.sara, first, "Leave it")
    await bot.shows(first, "Sara left it at that.")
    await bot.press(bot.town.sara, first, "It rang after all")
    prompt = await asked(bot, bot.town.sara, "#b1: reply to this message")
    given = bot.bitel.seen[1].ids[0]
    answer = await bot.ask(bot.town.sara, given, reply_to=prompt)
    assert answer.text == (
        f"🔎 {given}: it may belong to several batches; their boards ask which."
    )
    await bot.shows(first, f"🔎 The call {given} did ring 09120000001, and may belong to #b1, #b2")
    await bot.shows(draft, "and may belong to #b1, #b2")
    return first, draft


async def test_a_person_picks(bot: Running) -> None:
    """Where an id fits two batches, both boards ask, and one press settles it for both."""
    first, second = await picked(bot)
    assert ["It was #b1", "It was #b2"] in first.buttons
    assert ["It was #b2", "It was #b1"] in second.buttons
    assert (await bot.press(bot.town.bob, first, "It was #b2")).text == "One moment…"
    await bot.shows(second, "✅ The number is at the gateway.")
    await bot.shows(first, "⚠️ One number may have rung; Sara left it at that.\n⚠️ 0912")
    assert await state(bot, 1) is SubmissionState.LEFT
    assert (await bot.forge(bot.town.sara, first, "pick:1.2")).text == (
        "Somebody was first, and nothing was done twice."
    )


async def test_a_pick_is_checked_with_the_gateway(bot: Running) -> None:
    """Stale picks, a gateway that does not answer and an old press settle nothing."""
    first, _ = await picked(bot)
    assert (await bot.forge(bot.town.bob, first, "pick:1.9")).text.startswith("This button has")
    await bot.press_late(bot.town.bob, first, "It was #b2")
    bot.tg.world.answer_within = 30.0
    bot.bitel.fail_next(faults.html(502), on="poll")
    assert (await bot.press(bot.town.bob, first, "It was #b2")).text == "One moment…"
    await bot.told(
        bot.town.sara, "The gateway does not answer now; nothing was changed. Try it again."
    )
    found = await bot.house.database.read(lambda tx: tx.evidence.get(1))
    assert found is not None
    assert found.state is EvidenceState.AMBIGUOUS


async def test_not_confirmed_numbers_take_ids(bot: Running) -> None:
    """A number that the answer left out is shown as not confirmed; its id can be given."""
    bot.bitel.fail_next(faults.fewer())
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 09120000002")
    await bot.shows(board, "❔ One number is not confirmed")
    assert board.buttons == [["It rang after all"], ["🔄 Refresh", "📄 CSV"]]
    await bot.press(bot.town.bob, board, "It rang after all")
    prompt = await asked(bot, bot.town.sara, "#b1: reply to this message")
    await bot.ask(bot.town.sara, bot.bitel.seen[0].ids[1], reply_to=prompt)
    await bot.shows(board, "✅ All 2 numbers are at the gateway.")


async def test_ids_that_belong_to_nobody_are_shown_and_found(bot: Running) -> None:
    """A call that the gateway says it placed, to a number that nobody asked for, is kept."""
    bot.bitel.fail_next(faults.foreign())
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    strange = bot.bitel.seen[0].ids[0][::-1]
    assert f"belongs to none of these numbers: {strange}" in board.text
    answer = await bot.ask(bot.town.sara, f"/status {strange[:8]}")
    assert answer.text == (f"🔹 {strange} · came with an answer to #b1, for none of its numbers")


async def test_a_prompt_survives_a_restart(town: Town) -> None:
    """Ids can be given to the question of an earlier run."""
    async with town.bot() as bot:
        board = await unknown(bot)
        await bot.press(town.bob, board, "It rang")
        prompt = await asked(bot, town.sara, "#b1: noted that it rang.")
    async with town.bot() as again:
        answer = await again.ask(town.sara, town.bitel.seen[0].ids[0], reply_to=prompt)
        assert answer.text == "✅ One call did ring."
        lines = await again.house.database.read(lambda tx: tx.calls.of_batch(1))
    assert [call.status for call in lines] == [CallStatus.WAITING, CallStatus.NOT_CONFIRMED]
