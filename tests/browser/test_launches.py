"""From the first tap to the last ring: what a person can do with a batch on the page."""

import csv
import io
import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.demo import Demo
from tests.browser.screen import Screen


async def test_an_example_calls_and_its_phones_ring_to_their_end(
    demo: Demo, screen: Screen
) -> None:
    """One tap: the board has an id for each number, and each phone comes to its end."""
    await screen.example(re.compile("Call three"))
    board = screen.message("All 3 numbers are at the gateway")
    await expect(board).to_be_visible()
    ids = demo.bitel.seen[0].ids
    for call_id in ids:
        await expect(board).to_contain_text(call_id)
    await expect(screen.requests).to_have_count(1)
    await expect(screen.phones).to_have_count(3)
    demo.bitel.speed = 30
    for call_id in ids:
        await expect(screen.phone(call_id)).to_have_attribute("data-phase", "ended")

    await screen.say("/status b1")
    await expect(screen.messages.last).to_contain_text("#b1")
    await expect(screen.messages.last).to_contain_text(ids[0])


async def test_the_first_ring_is_seen_at_once(demo: Demo, screen: Screen) -> None:
    """The phones stand there once the gateway has taken the launch, and ring by themselves."""
    await screen.say(demo.call(3))
    await expect(screen.phones).to_have_count(3)
    await expect(screen.page.locator("#panel .phone[data-phase=ringing]").first).to_be_visible()


async def test_a_draft_asks_and_calls_when_its_button_is_pressed(
    demo: Demo, screen: Screen
) -> None:
    """More than twenty numbers: nothing is sent until the press; the draft becomes the board."""
    await screen.say(demo.call(21))
    draft = screen.message("Nothing is sent yet")
    await expect(screen.key(draft, "✅ Call 21")).to_be_visible()
    assert demo.bitel.posts == 0
    await screen.press(draft, "✅ Call 21")
    await expect(screen.message("All 21 numbers are at the gateway")).to_be_visible()
    assert demo.bitel.posts == 1

    await screen.say(demo.call(22))
    await screen.press(screen.message("Nothing is sent yet"), "✖️ Cancel")
    await expect(screen.message("Cancelled by")).to_contain_text("nothing was called")
    assert demo.bitel.posts == 1


async def test_pages_turn_and_the_csv_comes_down(
    demo: Demo, screen: Screen, tmp_path: Path
) -> None:
    """Twelve calls are two pages; the file of the button is the file that is downloaded."""
    await screen.say(demo.call(12))
    board = screen.message("All 12 numbers are at the gateway")
    await expect(board).to_be_visible()
    ids = demo.bitel.seen[0].ids
    await expect(board).not_to_contain_text(ids[11])
    await screen.press(board, "▶")
    await expect(screen.message("All 12 numbers")).to_contain_text(ids[11])

    await screen.press(screen.message("All 12 numbers"), "📄 CSV")
    link = screen.messages.locator("a[download]").last
    async with screen.page.expect_download() as coming:
        await link.click()
    download = await coming.value
    path = tmp_path / download.suggested_filename
    await download.save_as(path)
    lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [line["call id"] for line in lines] == list(ids)


async def test_a_long_paste_is_split_and_becomes_one_draft(demo: Demo, screen: Screen) -> None:
    """More than 4096 characters arrive as Telegram splits them: in order, and none is lost."""
    await screen.say("/limits set first_wave 0")  # all of them go out at once
    await expect(screen.message("So many go first: off")).to_be_visible()
    text = demo.call(400)
    assert 4096 < len(text) < 2 * 4096
    await screen.say(text)
    await expect(screen.own).to_have_count(3)
    draft = screen.message("Nothing is sent yet")
    await expect(screen.key(draft, "✅ Call 400")).to_be_visible()
    await screen.press(draft, "✅ Call 400")
    await expect(screen.message("All 400 numbers are at the gateway")).to_be_visible()
    assert [len(batch.numbers) for batch in demo.bitel.seen] == [100] * 4
    await expect(screen.phones).to_have_count(400)
