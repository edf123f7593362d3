"""`/call` from the message to the gateway, the record and the board."""

import asyncio

from sandbox.bitel import faults
from sandbox.telegram import Refused
from tests.handlers.house import OTHER_VOICE, VOICE, Running, Town, numbers


async def test_call_launches_at_once_and_answers_with_ids(bot: Running) -> None:
    """The numbers of the README's example go out in one POST; the board shows each with its id."""
    sara = bot.town.sara
    sent = bot.tg.send(sara, sara, f"/call {VOICE} 09120000001 09120000002 +98 912 000 0003")
    board = await bot.tg.next_message(sara, after=sent)
    await bot.shows(board, "All 3 numbers are at the gateway.")
    (post,) = bot.bitel.seen
    assert (post.voice, post.retry, post.server) == (VOICE, 1, None)
    assert post.numbers == ("09120000001", "09120000002", "09120000003")
    assert board["reply_to_message"]["message_id"] == sent.id
    assert board.text.splitlines()[1:] == [
        "✅ All 3 numbers are at the gateway.",
        "░░░░░░░░░░ 0/3",
        "⏳ 3 waiting",
        *(
            f"⏳ {number} · waiting · {call_id}"
            for number, call_id in zip(post.numbers, post.ids, strict=True)
        ),
    ]
    copied = [e for e in board["entities"] if e["type"] == "code"]
    assert len(copied) == 1 + 3


async def test_options_and_repeats(bot: Running) -> None:
    """`retry=` and `server=` go to the gateway; repeats ask nothing and are counted."""
    board = await bot.ask(
        bot.town.bob, f"/call {VOICE} 09120000001 retry=3 989120000001 server=d1 ۰۹۱۲۰۰۰۰۰۰۱"
    )
    (post,) = bot.bitel.seen
    assert (post.retry, post.server, post.numbers) == (3, "d1", ("09120000001",))
    assert "🔁 2 repeated numbers are called only once." in board.text


async def test_the_settings_are_the_defaults(town: Town) -> None:
    """Without options the retries and the dialer of the settings are sent."""
    async with town.bot(retry_count=0, server_id="d7") as bot:
        await bot.ask(town.sara, f"/call {VOICE} 09120000001")
    (post,) = town.bitel.seen
    assert (post.retry, post.server) == (0, "d7")


async def test_in_a_group_and_in_a_topic(bot: Running) -> None:
    """The board stays in the chat and in the topic that the command came from."""
    town = bot.town
    in_group = await bot.ask(town.bob, f"/call@callboard_bot {VOICE} 09120000001", town.group)
    assert "· Bob ·" in in_group.text
    assert "message_thread_id" not in in_group
    in_topic = await bot.ask(town.bob, f"/call {OTHER_VOICE} 09120000001", town.forum, thread=5)
    assert in_topic["message_thread_id"] == 5
    draft = await bot.ask(town.bob, f"/call {VOICE} 09120000001 hello", town.forum, thread=5)
    assert draft["message_thread_id"] == 5


async def test_an_update_that_comes_again_is_silent(bot: Running) -> None:
    """A repeated command launches nothing and says nothing, whatever became of it."""
    sara = bot.town.sara
    texts = [
        f"/call {VOICE} 09120000001",
        f"/call {VOICE} 09120000001 hello",
        "/call",
        "/status",
        "/id",
    ]
    for text in texts:
        await bot.ask(sara, text)
        known = len(bot.tg.sent(sara))
        bot.tg.repeat_last_update()
        await bot.quiet()
        bot.tg.repeat_last_update()
        await bot.quiet()
        assert len(bot.tg.sent(sara)) == known, text
    assert len(await bot.batches()) == bot.bitel.posts == 1


async def test_the_board_comes_before_a_slow_answer(bot: Running) -> None:
    """After 1.5 s the board is posted as it is, and edited when the outcome is in."""
    gate = asyncio.Event()
    bot.bitel.fail_next(faults.held(gate))
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    assert board.text.splitlines()[1:] == [
        "📤 Sending: the number is not at the gateway yet.",
        "📤 09120000001 · sending",
    ]
    assert board.buttons == [["📄 CSV"]]
    gate.set()
    await bot.shows(board, "✅ The number is at the gateway.")


async def test_the_first_failed_attempt_is_shown(town: Town) -> None:
    """A gateway that cannot be reached shows at once, with the buttons that stop it."""
    async with town.bot(bitel_api_url="http://127.0.0.1:9") as bot:
        board = await bot.ask(town.sara, f"/call {VOICE} 09120000001 09120000002")
        await bot.shows(
            board, "🔄 The gateway cannot be reached (attempt 1 of 3). Nothing was sent;"
        )
        answer = await bot.press(town.bob, board, "⏹ Stop")
        assert answer.text == "2 numbers are not sent."
        await bot.shows(board, "⏹ Stopped by Bob; 2 numbers were not sent.")
    assert town.bitel.posts == 0


async def test_several_people_at_once(bot: Running) -> None:
    """A slow answer to one delays nobody else."""
    gate = asyncio.Event()
    bot.bitel.fail_next(faults.held(gate))
    slow = bot.tg.send(bot.town.sara, bot.town.sara, f"/call {VOICE} 09120000001")
    await bot.bitel.wait_for(lambda: bot.bitel.posts == 1)
    fast = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002")
    await bot.shows(fast, "✅ The number is at the gateway.")
    gate.set()
    await bot.tg.next_message(bot.town.sara, after=slow)


async def test_what_was_not_shown_is_shown_after_the_restart(town: Town) -> None:
    """An outcome that could not be told before the program ended is told by the next one."""
    async with town.bot() as bot:
        town.tg.fail("sendMessage", Refused(502), times=None)
        sent = town.tg.send(town.sara, town.sara, f"/call {VOICE} 09120000001")
        await bot.bitel.wait_for(lambda: bot.bitel.posts == 1)
        await town.tg.wait_for(lambda: town.tg.calls_of("sendMessage"))
    assert town.tg.sent(town.sara) == []
    async with town.bot():
        board = await town.tg.next_message(town.sara, after=sent)
        assert "✅ The number is at the gateway." in board.text
    assert town.bitel.posts == 1


async def test_a_launch_whose_outcome_nobody_saw_is_unknown_after_the_restart(
    town: Town,
) -> None:
    """What was on its way when the program ended may have rung, and is not sent again."""
    town.bitel.fail_next(faults.hang())
    async with town.bot() as bot:
        board = await bot.ask(town.sara, f"/call {VOICE} 09120000001")
    async with town.bot() as again:
        await again.shows(
            board,
            "⚠️ One number may have rung. It is never called again by itself. I was interrupted "
            "before the gateway's answer came.",
        )
    assert town.bitel.posts == 1


async def test_long_lists_are_turned_by_pages(bot: Running) -> None:
    """Ten calls a page; the buttons lead on, and the board remembers the page."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(15)}")
    assert len(board.text.splitlines()) == 4 + 10
    await bot.press(bot.town.bob, board, "▶")
    assert len((await bot.shows(board, "09120000140")).splitlines()) == 4 + 5
    assert board.buttons == [["◀", "2/2", "▶"], ["🔄 Refresh", "📄 CSV"]]
    await bot.press(bot.town.bob, board, "2/2")
    await bot.press(bot.town.bob, board, "◀")
    await bot.shows(board, "09120000000")
