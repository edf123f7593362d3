"""What people type and press, by the real program: drafts, pages, CSV, hold and stop."""

import asyncio
import csv
import io

from sandbox.bitel import faults
from tests.e2e.harness import VOICE, World, call


async def test_pages_of_ten_and_the_csv(world: World) -> None:
    """Twelve calls are two pages; the file has a line for each call, with its id."""
    await world.start()
    board = await world.ask(world.sara, call(world.numbers(12)))
    await world.shows(board, "All 12 numbers are at the gateway")
    ids = world.bitel.seen[0].ids
    assert (ids[9] in board.text, ids[10] in board.text) == (True, False)
    await world.press(world.bob, board, "▶")
    await world.shows(board, ids[11])
    assert ids[9] not in board.text
    await world.press(world.bob, board, "📄 CSV")
    file = await world.tg.next_message(world.sara, after=board)
    lines = list(csv.DictReader(io.StringIO(world.tg.file(file).decode("utf-8-sig"))))
    assert [line["call id"] for line in lines] == list(ids)
    assert lines[0]["number"] == f"+98{world.bitel.seen[0].numbers[0][1:]}"


async def test_more_than_twenty_numbers_are_asked_first(world: World) -> None:
    """The draft's message becomes the board; a cancelled one calls nobody."""
    await world.start()
    draft = await world.ask(world.sara, call(world.numbers(21)))
    assert "Nothing is sent yet" in draft.text
    assert world.bitel.posts == 0
    await world.press(world.sara, draft, "✅ Call 21")
    await world.shows(draft, "All 21 numbers are at the gateway")
    other = await world.ask(world.sara, call(world.numbers(21)))
    await world.press(world.sara, other, "✖️ Cancel")
    await world.shows(other, "Cancelled by Sara")
    assert world.bitel.posts == 1


async def test_the_same_again_is_asked_first_by_anyone(world: World) -> None:
    """The same voice for the same numbers within ten minutes: "Call them again?"."""
    await world.start()
    numbers = world.numbers(2)
    await world.ask(world.sara, call(numbers))
    draft = await world.ask(world.bob, call(numbers[::-1]), world.group)
    assert "Launched as #b1" in draft.text
    await world.press(world.bob, draft, "✅ Call 2")
    await world.sent(2, "accepted")
    assert world.bitel.posts == 2


async def test_a_long_paste_in_private_is_joined_and_asked(world: World) -> None:
    """Telegram cuts at 4096 characters: what follows within 3 s joins the draft."""
    await world.start()
    numbers = world.numbers(400)
    text = call(numbers)
    cut = 4096
    assert text[cut - 1].isdigit()
    assert text[cut].isdigit()
    asked = world.tg.send(world.sara, world.sara, text[:cut].rstrip())
    world.tg.send(world.sara, world.sara, text[cut:])
    draft = await world.answer_to(asked)
    assert "Call 400 numbers?" in draft.text
    assert "joined" in draft.text
    await world.press(world.sara, draft, "✅ Call 400")
    await world.sent(1, *["accepted"] * 4)
    assert [number for post in world.bitel.seen for number in post.numbers] == numbers


async def test_a_long_paste_in_a_group_says_that_a_rest_could_not_be_seen(world: World) -> None:
    """The bot sees no plain messages there, so it asks for a look at the count."""
    await world.start()
    text = call(world.numbers(330))
    assert len(text) > 3800
    draft = await world.ask(world.sara, text, world.group)
    assert "A rest could not be seen here" in draft.text
    assert ["✅ Call 330"] in draft.buttons
    assert world.bitel.posts == 0


async def test_call_as_a_reply_takes_the_numbers_of_the_answered_message(world: World) -> None:
    """And asks first, because the numbers were not typed."""
    await world.start()
    paste = world.tg.send(
        world.bob,
        world.group,
        "0912 000 0001\n\u06f0\u06f9\u06f1\u06f2\u06f0\u06f0\u06f0\u06f0\u06f0\u06f0\u06f2",
    )
    asked = world.tg.send(world.sara, world.group, f"/call {VOICE} retry=3", reply_to=paste)
    draft = await world.answer_to(asked)
    assert "of the message that you replied to" in draft.text
    await world.press(world.sara, draft, "✅ Call 2")
    await world.shows(draft, "All 2 numbers are at the gateway")
    assert world.bitel.seen[0].numbers == ("09120000001", "09120000002")
    assert world.bitel.seen[0].retry == 3


async def test_hold_send_the_rest_and_stop_with_three_hundred_numbers(world: World) -> None:
    """*Hold* lets what was claimed go out, *Send* goes on, *Stop* cancels what is queued."""
    await world.start(CONFIRM_ABOVE="1000")
    gates = [asyncio.Event() for _ in range(3)]
    for gate in gates:
        world.bitel.fail_next(faults.held(gate))
    board = await world.ask(world.sara, call(world.numbers(300)))
    answer = await world.press(world.bob, board, "⏸ Hold rest")
    assert answer.startswith("200 numbers are not sent.")
    await world.shows(board, "Held by Bob")
    gates[0].set()
    await world.sent(1, "accepted", "queued", "queued")
    await world.press(world.sara, board, "▶ Send the other 200")
    await world.sent(1, "accepted", "sending", "queued")
    await world.offers(board, "⏹ Stop")
    answer = await world.press(world.sara, board, "⏹ Stop")
    assert answer.startswith("100 numbers are not sent.")
    gates[1].set()
    await world.sent(1, "accepted", "accepted", "cancelled")
    await world.shows(board, "Stopped by Sara")
    assert world.record.batches() == ["stopped"]
    assert world.bitel.posts == 2


async def test_bad_input_gets_one_sentence_and_changes_nothing(world: World) -> None:
    """Each says what is wrong; nothing is called."""
    await world.start(MAX_NUMBERS="30")
    for text, words in {
        "/call": "for example",
        "/call 09120000001 09120000002": "voice comes first",
        f"/call {VOICE}": "no number",
        f"/call {VOICE} hello": "can be called",
        call(world.numbers(31)): "30 at most",
        f"/call {VOICE} 09120000001 retry=11": "retry=11",
        f"/call {VOICE} 09120000001 retry=x": "retry=x",
        f"/call {VOICE} 09120000001 colour=red": "colour=",
        "/status ffffffff": "No call has an id that begins with ffffffff.",
        "/status b99": "There is no batch b99.",
    }.items():
        answer = await world.ask(world.sara, text)
        assert words in answer.text, text
    assert world.record.batches() == []
    assert world.bitel.posts == 0


async def test_status_asks_the_gateway_first(world: World) -> None:
    """A call that has ended since is shown as it ended, in the answer and on the board."""
    await world.start()
    board = await world.ask(world.sara, call(world.numbers(2)))
    await world.shows(board, "All 2 numbers are at the gateway")
    first, second = world.bitel.seen[0].ids
    world.bitel.set_status(first, "NORMAL", bill_sec=12)
    world.bitel.set_status(second, "MOON_PHASE")
    answer = await world.ask(world.sara, "/status b1")
    assert "answered" in answer.text
    assert "MOON_PHASE" in answer.text
    await world.shows(board, "MOON_PHASE")
