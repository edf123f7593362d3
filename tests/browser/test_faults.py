"""What goes wrong at the gateway, turned on in the panel and put right in the chat."""

from playwright.async_api import expect

from tests.browser.demo import Demo
from tests.browser.screen import Screen


async def test_a_request_without_an_answer_ends_as_unknown_and_a_button_decides(
    demo: Demo, screen: Screen
) -> None:
    """It may have rung: never sent again by itself, until a person says what it was."""
    await screen.turn("events", on=False)  # they would tell what became of it
    await demo.bitel.wait_for(lambda: not demo.bitel.events_on)
    await screen.next_meets("no answer within the timeout, calls are placed")
    await screen.say(demo.call(3))
    board = screen.message("3 numbers may have rung")
    await expect(board).to_contain_text("did not answer in time")
    await screen.press(board, "It did not ring")
    board = screen.message("3 numbers did not ring, says")
    await expect(screen.key(board, "🔁 Try again: 3")).to_be_visible()
    assert demo.bitel.posts == 1
    await screen.press(board, "🔁 Try again: 3")
    await screen.press(screen.message("These surely did not ring"), "✅ Call 3")
    await expect(screen.message("All 3 numbers are at the gateway")).to_be_visible()
    assert demo.bitel.posts == 2


async def test_what_got_no_answer_is_found_out_by_the_gateways_events(
    demo: Demo, screen: Screen
) -> None:
    """Each of its calls is told when it ends: nobody has to find out, and the end is told."""
    await screen.next_meets("no answer within the timeout, calls are placed")
    await screen.say(demo.call(3))
    await expect(screen.message("3 numbers may have rung")).to_be_visible()
    await expect(screen.message("3 numbers did ring, says the gateway")).to_be_visible()
    await expect(screen.with_key("📊 XLSX")).to_contain_text("✅ 3 answered")
    assert demo.bitel.posts == 1


async def test_an_outage_ends_as_unsent_and_is_tried_again(demo: Demo, screen: Screen) -> None:
    """Where no connection stood nothing was called: after the outage a button calls them."""
    await screen.turn("outage", on=True)
    await screen.say(demo.call(3))
    await expect(screen.message("attempt 1 of 3")).to_be_visible()
    board = screen.message("3 numbers were not sent")
    await expect(screen.key(board, "🔁 Try again: 3")).to_be_visible(timeout=40_000)
    assert demo.bitel.posts == 0
    await screen.turn("outage", on=False)
    await screen.press(board, "🔁 Try again: 3")
    await screen.press(screen.message("These surely did not ring"), "✅ Call 3")
    await expect(screen.message("All 3 numbers are at the gateway")).to_be_visible()
    assert demo.bitel.posts == 1


async def test_a_refusal_is_shown_with_its_code(demo: Demo, screen: Screen) -> None:
    """The gateway's own word stands on the board, and nobody was called."""
    await screen.next_meets("400 with a code nobody knows")
    await screen.say(demo.call(2))
    await expect(screen.message("The gateway refused 2 numbers")).to_contain_text("QuotaExceeded")
    await expect(screen.phones).to_have_count(0)
