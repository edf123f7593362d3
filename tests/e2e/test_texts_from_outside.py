"""Names, numbers and errors that try to be something else (rows 54, 56 and 57)."""

import csv
import io

from sandbox.bitel import faults
from sandbox.telegram import Refused
from tests.e2e.harness import BITEL_TOKEN, TELEGRAM_TOKEN, VOICE, World, call

NOT_TO_BE_CALLED = {
    "+14155552671": "another country",
    "+8821612345678": "kind of number",
    "110": "short number",
    "0912CALLNOW": "letters",
    "09120000002x12": "extension",
    "+905321234567": "another country",
    "091200": "wrong length",
    "9092301234": "cannot be read",
}


async def test_row_54_what_may_not_be_called_is_listed_and_never_sent(world: World) -> None:
    """Foreign, satellite, emergency, vanity, extension: each with a reason, none is called."""
    await world.start()
    for text, why in NOT_TO_BE_CALLED.items():
        refused = await world.ask(world.sara, f"/call {VOICE} {text}")
        assert "nothing was called" in refused.text, text
        assert why in refused.text, text
        assert "line 1" in refused.text, text
    draft = await world.ask(world.sara, f"/call {VOICE} 09120000001," + ",".join(NOT_TO_BE_CALLED))
    for text in NOT_TO_BE_CALLED:
        assert text in draft.text
    assert "another country" in draft.text
    assert "extension" in draft.text
    await world.press(world.sara, draft, "✅ Call 1")
    await world.shows(draft, "The number is at the gateway")
    assert world.bitel.seen[0].numbers == ("09120000001",)
    assert world.bitel.posts == 1


async def test_row_56_names_are_escaped_in_chat_and_in_the_file(world: World) -> None:
    """Markup, formulas and direction marks in a name are shown and do nothing."""
    world.bob.first_name = "=cmd|'<b>\u202egnp\u2066"
    world.bob.last_name = "</code>&amp;"
    await world.start(CONFIRM_ABOVE="1")
    draft = await world.ask(world.bob, call(world.numbers(2)), world.group)
    other = world.tg.press(world.sara, draft, "✅ Call 2")
    assert "=cmd|'<b>gnp </code>&amp;" in (await world.tg.answer_of(other)).text
    await world.press(world.bob, draft, "✅ Call 2")
    await world.shows(draft, "All 2 numbers")
    assert "=cmd|'<b>gnp </code>&amp;" in draft.text
    assert "&lt;b&gt;gnp &lt;/code&gt;&amp;amp;" in (draft.html or "")
    assert not set(draft.text) & set("\u202e\u2066")
    await world.press(world.bob, draft, "📄 CSV")
    file = await world.tg.next_message(world.group, after=draft)
    line = next(csv.DictReader(io.StringIO(world.tg.file(file).decode("utf-8-sig"))))
    assert line["launched by"] == "'=cmd|'<b>gnp </code>&amp;"


async def test_row_56_a_voice_and_a_code_with_markup_are_escaped(world: World) -> None:
    """What a person types as a voice, and what the gateway answers as a code."""
    await world.start()
    draft = await world.ask(world.sara, f"/call <b>=x {world.numbers(1)[0]}")
    assert "<b>=x" in draft.text or "cannot be a voice id" in draft.text
    world.bitel.fail_next(faults.refusal("<i>No</i>"))
    board = await world.ask(world.sara, call(world.numbers(1)))
    await world.shows(board, "<i>No</i>")


async def test_row_57_errors_that_hold_a_token_or_a_number_are_redacted(world: World) -> None:
    """From Telegram, from the gateway, in an answer's code: none of it reaches the log."""
    bot = await world.start()
    secret = f"{TELEGRAM_TOKEN} {BITEL_TOKEN} 0912 000 0001 ۰۹۱۲۰۰۰۰۰۰۲ +98-912-000-0003"
    world.tg.fail("sendMessage", Refused(400, f"Bad Request: {secret}"))  # the first board
    world.tg.send(world.sara, world.sara, call(["09120000001"]))
    await world.sent(1, "accepted")
    world.bitel.fail_next(faults.raw(500, secret))
    world.tg.send(world.sara, world.sara, call(["09120000002"]))
    await world.sent(2, "unknown")
    world.bitel.fail_next(faults.refusal(secret))
    world.tg.send(world.sara, world.sara, call(["09120000003"]))
    await world.sent(3, "refused")
    world.tg.send(world.sara, world.sara, f"/status {secret}")
    await world.ask(world.sara, f"/nonsense {secret}")
    await world.logged(bot, "the board of b1 cannot be shown")
    assert list(world.leaks(bot.log)) == []
    assert "•••" in bot.log
