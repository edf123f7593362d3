"""From waiting to the end of every call, and back to it later: nobody has to touch anything."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser.demo import Demo
from tests.browser.past import CALLS, make_past
from tests.browser.screen import NARROW, Screen

FAST = 60  # times as fast as it is: the longest call takes two minutes
LONG = 60_000  # milliseconds, for what the gateway tells only when it is asked
NARROWS = {"👤 Person": "Sara", "🔊 Voice": "08e8", "📅 A day": "20"}  # by the first that fits
WITH_A_PAST = pytest.mark.parametrize("past", [make_past], indirect=True, ids=["with a past"])


async def forty_ring(demo: Demo, screen: Screen) -> Locator:
    """The board of the forty of the examples, whose calls wait."""
    demo.bitel.speed = 0.1
    await screen.example("Call forty")
    await screen.press(screen.message("Nothing is sent yet"), "✅ Call 40")
    board = screen.message("All 40 numbers are at the gateway")
    await expect(board).to_contain_text("⏳ 40 waiting")
    return board


async def downloaded(screen: Screen, folder: Path, ending: str) -> bytes:
    """The newest file of this kind, as it comes down."""
    link = screen.messages.locator(f"a[download$='.{ending}']").last
    async with screen.page.expect_download() as coming:
        await link.click()
    download = await coming.value
    await download.save_as(folder / download.suggested_filename)
    return (folder / download.suggested_filename).read_bytes()


async def test_a_batch_of_40_goes_live_from_waiting_to_its_end_card_without_a_touch(
    demo: Demo, screen: Screen, tmp_path: Path
) -> None:
    """The board fills, the end is told in a message of its own with a chart and both files."""
    await forty_ring(demo, screen)
    demo.bitel.speed = FAST
    await expect(screen.message("🏁 All 40 calls have ended")).to_contain_text("40/40")
    end = screen.with_key("📊 XLSX")
    await expect(end).to_contain_text("✅ 24 answered (60%)")
    chart = screen.messages.locator("a.photo img")
    await expect(chart).to_have_count(1)
    await chart.scroll_into_view_if_needed()
    await screen.page.wait_for_function("document.querySelector('.photo img').naturalWidth > 0")
    size = await chart.evaluate("image => image.naturalWidth")
    assert size == 1080

    await screen.press(end, "📄 CSV")
    await expect(screen.messages.locator("a[download$='.csv']")).to_have_count(1)
    text = (await downloaded(screen, tmp_path, "csv")).decode("utf-8-sig")
    assert [line["call id"] for line in csv.DictReader(io.StringIO(text))] == list(
        demo.bitel.seen[0].ids
    )
    await screen.press(end, "📊 XLSX")
    await expect(screen.messages.locator("a[download$='.xlsx']")).to_have_count(1)
    book = await downloaded(screen, tmp_path, "xlsx")
    assert zipfile.is_zipfile(io.BytesIO(book))


async def test_a_count_filters_the_board(demo: Demo, screen: Screen) -> None:
    """A tap on what did not answer lists these calls; a second tap lists all of them again."""
    await forty_ring(demo, screen)
    demo.bitel.speed = FAST
    await expect(screen.message("🏁 #b1 ·")).to_be_visible()
    board = screen.message("🏁 All 40 calls have ended")
    await expect(board).to_contain_text("📵 4 no answer")
    await screen.press(board, "📵 4")
    await expect(board).to_contain_text("Only 📵 no answer: 4 of 40")
    shown = [
        call_id
        for call_id in demo.bitel.seen[0].ids
        if demo.bitel.calls[call_id].outcome == "NO_ANSWER"
    ]
    for call_id in shown:
        await expect(board).to_contain_text(call_id)
    await screen.press(board, "· 📵 4 ·")
    await expect(board).not_to_contain_text("Only 📵")


async def test_refresh_says_that_nothing_has_changed(demo: Demo, screen: Screen) -> None:
    """While calls wait, the button asks the gateway about them, and the answer says so."""
    board = await forty_ring(demo, screen)
    await screen.press(board, "🔄 Refresh")
    await expect(screen.toast).to_contain_text("40 calls still wait for their results")


async def test_without_events_a_batch_ends_by_polling(demo: Demo, screen: Screen) -> None:
    """Where the gateway tells nothing by itself it is asked, and the end comes all the same."""
    await screen.turn("events", on=False)
    await expect(screen.page.locator("#events")).not_to_be_checked()
    await demo.bitel.wait_for(lambda: not demo.bitel.events_on)
    await screen.say(demo.call(3))
    await expect(screen.message("All 3 numbers are at the gateway")).to_be_visible()
    demo.bitel.speed = FAST
    await expect(screen.message("🏁 #b1 ·")).to_contain_text("✅ 3 answered", timeout=LONG)
    ledger = demo.bitel.ledger
    told = [ledger.in_slot(number) for number in range(1, ledger.count + 1)]
    assert {one.kind for one in told if one is not None} == {"post", "status"}


@WITH_A_PAST
async def test_a_number_has_its_history(demo: Demo, screen: Screen) -> None:
    """`/status` of a number: its calls of all batches, newest first; alone it offers the same."""
    await screen.say("/status 0912 000 1000")
    history = screen.message("🔎 09120001000 · 6 calls")
    await expect(history).to_be_visible()
    for batch in range(1, 7):
        await expect(history).to_contain_text(f"#b{batch} ·")
    await screen.say("+98 912 000 1000")
    offer = screen.message("6 calls to 09120001000 are recorded")
    await screen.press(offer, "🔎 History")
    await expect(screen.message("🔎 09120001000 · 6 calls")).to_be_visible()
    assert demo.bitel.posts == 0


@WITH_A_PAST
async def test_a_report_shows_figures_and_the_chart_of_its_days(
    demo: Demo, screen: Screen
) -> None:
    """`/report 7d`: all calls of the week, by voice and by person, and a picture behind them."""
    await screen.say("/report 7d")
    report = screen.message(f"6 batches · {CALLS} calls")
    await expect(report).to_contain_text("By voice")
    await expect(report).to_contain_text(demo.member.first_name)
    await expect(screen.message("📈 Calls by day").locator("img")).to_be_visible()
    await screen.press(report, "Today")
    await expect(screen.message("Nothing was launched in these days")).to_be_visible()


@WITH_A_PAST
async def test_no_label_is_cut_on_a_phone(demo: Demo, screen: Screen) -> None:
    """Whatever buttons stand below a message, each shows its whole label at 390 pixels."""
    await screen.page.set_viewport_size({"width": NARROW, "height": 860})
    board = await forty_ring(demo, screen)
    assert await screen.cut_labels() == []
    demo.bitel.speed = FAST
    await expect(screen.with_key("📊 XLSX")).to_contain_text("✅ 24 answered")
    board = screen.message("🏁 All 40 calls have ended")
    await screen.press(board, "✅ 24")
    await expect(screen.key(board, "· ✅ 24 ·")).to_be_visible()
    await screen.say("/status 09120001000")
    await expect(screen.message("🔎 09120001000 · 7 calls")).to_be_visible()
    await screen.say("/report 7d")
    await expect(screen.with_key("📈 Chart by day")).to_be_visible()
    assert await screen.cut_labels() == []
    await screen.say("/batches")
    for pick, head in (
        ("👤 Person", "Whose"),
        ("🔊 Voice", "which voice"),
        ("📅 A day", "which day"),
    ):
        listed = screen.with_key("👤 Person")
        await expect(listed).to_contain_text("#b")
        await screen.press(listed, pick)
        await expect(screen.message(f"{head}")).to_be_visible()
        assert await screen.cut_labels() == []
        await screen.press(screen.message(f"{head}"), NARROWS[pick])
        await expect(screen.key(screen.with_key("👤 Person"), "✖️ All")).to_be_visible()
        assert await screen.cut_labels() == []
