"""What Telegram shows of a message, the page shows; and a tap does what it does there."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.screen import Screen

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cff01f0005fe02fea735816e0000000049454e44ae426082"
)
RICH = (
    "<b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <code>08e8-15cb</code> "
    '<a href="https://example.org/a?b=1&amp;c=2">a link</a> '
    "<tg-spoiler>hidden</tg-spoiler> /help #b1\n"
    "<pre>one\n  two</pre><blockquote>said</blockquote>\n"
    "<blockquote expandable>1\n2\n3\n4\n5\n6</blockquote>"
)
FIRST_LINE = """(element, length) => {
  const range = document.createRange();
  const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  range.setStart(text, 0);
  range.setEnd(text, length);
  const [line, box] = [range, element].map((one) => one.getBoundingClientRect());
  return { left: line.left - box.left, right: box.right - line.right };
}"""


async def test_every_kind_of_text_is_shown(demo: Demo, screen: Screen) -> None:
    """Each entity is an element of its own, and none of the HTML is taken as it stands."""
    chat = demo.admin.id
    await screen.say("/id")
    await demo.as_the_bot("sendMessage", chat_id=chat, text=RICH, parse_mode="HTML")
    message = screen.message("bold")
    for tag, text in (
        ("b", "bold"),
        ("i", "italic"),
        ("u", "under"),
        ("s", "struck"),
        ("pre", "one\n  two"),
        ("a", "a link"),
        (".code", "08e8-15cb"),
        (".hashtag", "#b1"),
        (".command", "/help"),
        (".spoiler", "hidden"),
    ):
        await expect(message.locator(f".text {tag}")).to_have_text(text)
    await expect(message.locator(".text a")).to_have_attribute(
        "href", "https://example.org/a?b=1&c=2"
    )
    quote = message.locator("blockquote.expandable")
    await quote.get_by_role("button", name="Show all").click()
    await expect(quote).not_to_contain_class("collapsed")
    await message.locator(".spoiler").click()
    await expect(message.locator(".spoiler")).to_contain_class("open")
    await message.locator(".command").click()
    await expect(screen.own.last).to_contain_text("/help")

    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    await screen.say(evil)
    await expect(screen.own.last).to_contain_text(evil)


async def test_right_to_left_text_begins_on_the_right(screen: Screen) -> None:
    """The first line of a Persian message begins at its right edge, of an English one left."""
    for first, long, begins in (
        ("سلام", "به همه زنگ بزن " * 9, "right"),
        ("hello", "all " * 40, "left"),
    ):
        await screen.say(f"{first}\n{long}")
        body = screen.own.filter(has_text=first).locator(".text")
        gaps: dict[str, float] = await body.evaluate(FIRST_LINE, len(first))
        assert min(gaps, key=lambda side: gaps[side]) == begins
        assert gaps[begins] < 4


async def test_a_name_that_is_set_apart_turns_no_line(demo: Demo, screen: Screen) -> None:
    """As in Telegram's apps: a Persian name amid an English line leaves the line as it is."""
    await screen.say("/id")
    apart = "\u2068مریم\u2069"
    keys = {"inline_keyboard": [[{"text": f"09120000001 · {apart}", "callback_data": "x"}]]}
    await demo.as_the_bot(
        "sendMessage",
        chat_id=demo.admin.id,
        text=f"<b>Two</b>\n09120000001 {apart} · <code>waiting</code>\nشیفت Ali",
        parse_mode="HTML",
        reply_markup=keys,
    )
    message = screen.message("Two")
    await expect(screen.key(message, "09120000001")).to_have_attribute("dir", "ltr")
    waiting, name = message.locator(".code"), message.locator("b")
    await expect(waiting).to_have_text("waiting")
    middle = await message.evaluate("one => one.getBoundingClientRect().left + 60")
    assert await left_of(name) < middle
    assert await left_of(waiting) > middle


async def left_of(element: Locator) -> float:
    """How far from the left edge of the window it begins, in pixels."""
    box = await element.bounding_box()
    assert box is not None
    return box["x"]


async def test_hours_are_those_of_the_bot(demo: Demo, open_screen: Opener) -> None:
    """What stands below a message is in the bot's time zone, wherever the browser is."""
    screen = await open_screen(zone="America/New_York")
    await screen.say("/id")
    await expect(screen.message("Your id is")).to_be_visible()
    sent = datetime.fromtimestamp(demo.tg.last(demo.admin)["date"], ZoneInfo("Asia/Tehran"))
    await expect(screen.message("Your id is").locator("time")).to_have_text(f"{sent:%H:%M}")


async def test_a_tap_on_an_id_copies_it(demo: Demo, open_screen: Opener) -> None:
    """The whole id is on the clipboard, and a toast says so."""
    screen = await open_screen()
    await screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await screen.say(demo.call(1))
    board = screen.message("The number is at the gateway")
    await expect(board).to_be_visible()
    call_id = demo.bitel.seen[0].ids[0]
    await board.locator(".code").filter(has_text=call_id).click()
    await expect(screen.toast).to_have_text("Copied")
    assert await screen.page.evaluate("navigator.clipboard.readText()") == call_id


async def test_a_hashtag_finds_its_messages(demo: Demo, screen: Screen) -> None:
    """The board and the later card of a batch are found by its name."""
    await screen.say(demo.call(1))
    board = screen.message("The number is at the gateway")
    await expect(board).to_be_visible()
    await screen.say("/batches")
    await expect(screen.message("one number ·")).to_be_visible()
    await board.locator(".hashtag").click()
    await expect(screen.page.locator("#found-text")).to_have_text("#b1: 2 of 2")
    await screen.page.get_by_role("button", name="Earlier match").click()
    await expect(screen.page.locator("#found-text")).to_have_text("#b1: 1 of 2")


async def test_photos_voices_and_cards(demo: Demo, screen: Screen, tmp_path: Path) -> None:
    """All of the attach menu arrives at the bot as what it is, and is shown."""
    path = tmp_path / "dot.png"
    path.write_bytes(PNG)
    async with screen.page.expect_file_chooser() as choosing:
        await screen.attach("Photo")
    await (await choosing.value).set_files(path)
    image = screen.own.locator("img")
    await expect(image).to_be_visible()
    await screen.page.wait_for_function("document.querySelector('.own img').naturalWidth > 0")

    await screen.attach("Voice note")
    await expect(screen.own.locator(".voice")).to_be_visible()
    await screen.attach("Contact")
    await screen.page.get_by_role("button", name=demo.member.first_name).click()
    await expect(screen.own.locator(".contact")).to_contain_text(demo.member.first_name)
    kinds = [
        next(kind for kind in ("photo", "voice", "contact") if kind in message)
        for message in demo.tg.messages(demo.admin)
        if message["from"]["id"] == demo.admin.id
    ]
    assert kinds == ["photo", "voice", "contact"]


async def test_a_message_is_forwarded_to_a_topic(demo: Demo, screen: Screen) -> None:
    """The bot's card is chosen, then the chat; it says whom it comes from."""
    await screen.say("/id")
    await screen.choose(screen.message("Your id is"), "Forward")
    thread, name = next(iter(demo.group.topics.items()))
    await screen.page.get_by_role("button", name=name).last.click()
    await screen.visit(demo.group.id, thread)
    await expect(screen.own).to_contain_text("Forwarded from")
    assert demo.tg.last(demo.group)["message_thread_id"] == thread


async def test_the_bot_answers_in_the_topic_it_was_asked_in(demo: Demo, screen: Screen) -> None:
    """And nowhere else."""
    thread = next(iter(demo.group.topics))
    await screen.visit(demo.group.id, thread)
    await screen.say(demo.call(1))
    await expect(screen.message("The number is at the gateway")).to_be_visible()
    await screen.visit(demo.group.id)
    await expect(screen.message("The number is at the gateway")).to_have_count(0)


async def test_a_deep_link_offers_to_start(demo: Demo, open_screen: Opener) -> None:
    """`?start=` shows a Start button, which sends the payload."""
    screen = await open_screen(query="/?start=hello-1")
    await screen.page.get_by_role("button", name="Start", exact=True).click()
    await expect(screen.message("I place batches")).to_be_visible()
    assert demo.tg.messages(demo.admin)[0].text == "/start hello-1"


async def test_a_reply_keyboard_is_shown_and_written_with(demo: Demo, screen: Screen) -> None:
    """A tap sends the button's text; the bot can take the keyboard away."""
    await screen.say("/id")
    keys = {"keyboard": [["/help", "Night shift"]], "resize_keyboard": True, "is_persistent": True}
    chat = demo.admin.id
    await demo.as_the_bot("sendMessage", chat_id=chat, text="choose", reply_markup=keys)
    key = screen.page.locator(".replykeys").get_by_role("button", name="/help")
    await key.click()
    await expect(screen.own.last).to_contain_text("/help")
    gone = {"remove_keyboard": True}
    await demo.as_the_bot("sendMessage", chat_id=chat, text="gone", reply_markup=gone)
    await expect(key).to_be_hidden()


async def test_links_and_copies_below_a_message(demo: Demo, open_screen: Opener) -> None:
    """Buttons that tell the bot nothing: one opens an address, one fills the clipboard."""
    screen = await open_screen()
    await screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await screen.say("/id")
    address = f"{demo.url}/static/icon.svg"
    row = [
        {"text": "open", "url": address},
        {"text": "copy", "copy_text": {"text": "0912 000 0001"}},
        {"text": "danger", "callback_data": "x", "style": "danger"},
    ]
    keys = {"inline_keyboard": [row]}
    sent = await demo.as_the_bot(
        "sendMessage", chat_id=demo.admin.id, text="keys", reply_markup=keys
    )
    message_id = sent["result"]["message_id"]
    message = screen.message("keys")
    async with screen.page.context.expect_page() as opening:
        await screen.press(message, "open")
    opened = await opening.value
    assert opened.url == address
    await screen.press(message, "copy")
    await expect(screen.toast).to_have_text("Copied")
    assert await screen.page.evaluate("navigator.clipboard.readText()") == "0912 000 0001"
    await expect(screen.key(message, "danger")).to_contain_class("danger")
    row[1] = {"text": "copy", "copy_text": {"text": "0912 000 0002"}}
    at = {"chat_id": demo.admin.id, "message_id": message_id}
    await demo.as_the_bot("editMessageReplyMarkup", **at, reply_markup=keys)
    await demo.tg.wait_for(lambda: demo.tg.edits(demo.tg.last(demo.admin)))
    await expect(message).to_contain_text("edited")
    await screen.press(message, "copy")
    assert await screen.page.evaluate("navigator.clipboard.readText()") == "0912 000 0002"


async def test_a_file_over_20_mb_is_refused_in_words(screen: Screen, tmp_path: Path) -> None:
    """It is not uploaded, and the chat stays as it is."""
    path = tmp_path / "big.bin"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    async with screen.page.expect_file_chooser() as choosing:
        await screen.attach("File")
    await (await choosing.value).set_files(path)
    await expect(screen.toast).to_contain_text("20 MB")
    await expect(screen.messages).to_have_count(0)
