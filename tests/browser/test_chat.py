"""The page as a chat: people, groups, edits, replies, files, commands, answers to presses."""

import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.demo import Demo
from tests.browser.screen import Screen


async def test_a_stranger_learns_their_id_and_no_more(demo: Demo, screen: Screen) -> None:
    """The bot refuses whatever a stranger sends, and no request reaches the gateway."""
    await screen.be(demo.stranger.first_name)
    await screen.say(demo.call(1))
    await expect(screen.message(f"Your id is {demo.stranger.id}")).to_be_visible()
    assert demo.bitel.posts == 0


async def test_somebody_elses_draft_answers_with_an_alert(demo: Demo, screen: Screen) -> None:
    """Two people in the group: the member presses the admin's button, and is told in an alert."""
    await screen.be(demo.admin.first_name)
    await screen.visit(demo.group.id)
    await screen.say(demo.call(21))
    await expect(screen.message("Nothing is sent yet")).to_be_visible()
    await screen.be(demo.member.first_name)
    await screen.visit(demo.group.id)
    await screen.press(screen.message("Nothing is sent yet"), "✅ Call 21")
    await expect(screen.alert).to_contain_text("Only")
    await screen.alert.get_by_role("button", name="OK").click()
    await expect(screen.alert).to_have_count(0)
    assert demo.bitel.posts == 0


async def test_two_people_share_the_group(demo: Demo, screen: Screen) -> None:
    """What the admin launched there, the member sees and can look through."""
    await screen.be(demo.admin.first_name)
    await screen.visit(demo.group.id)
    await screen.say(demo.call(12))
    await expect(screen.message("All 12 numbers are at the gateway")).to_be_visible()
    await screen.be(demo.member.first_name)
    await screen.visit(demo.group.id)
    board = screen.message("All 12 numbers are at the gateway")
    await screen.press(board, "▶")
    await expect(board).to_contain_text(demo.bitel.seen[0].ids[11])
    await screen.say("/batches")
    await expect(screen.message("#b1 ·").last).to_contain_text(demo.admin.first_name)
    await expect(screen.own).to_have_count(1)


async def test_an_own_message_is_edited_and_marked_and_calls_nobody(
    demo: Demo, screen: Screen
) -> None:
    """An edit is marked; the bot takes commands of new messages only."""
    await screen.say("hello")
    await expect(screen.message("Nothing was called")).to_be_visible()
    own = screen.own
    await screen.choose(own, "Edit")
    await expect(screen.text).to_have_value("hello")
    await screen.say(demo.call(1))
    await expect(own).to_contain_text("edited")
    await expect(own).to_contain_text("/call")
    await screen.say("/id")
    await expect(screen.message("Your id is")).to_be_visible()
    await expect(screen.messages).to_have_count(4)
    assert demo.bitel.posts == 0


async def test_a_reply_takes_the_numbers_of_the_message_it_answers(
    demo: Demo, screen: Screen
) -> None:
    """`/call` and the voice, as a reply to a list of numbers."""
    await screen.visit(demo.group.id)
    await screen.say("\n".join(demo.numbers(3)))
    await screen.choose(screen.messages.last, "Reply")
    await screen.say(f"/call {demo.voice}")
    draft = screen.message("The numbers of the message that you replied to")
    await screen.press(draft, "✅ Call 3")
    await expect(screen.message("All 3 numbers are at the gateway")).to_be_visible()


async def test_a_file_goes_up_and_comes_down_the_same(
    demo: Demo, screen: Screen, tmp_path: Path
) -> None:
    """A document with a Persian name and any bytes, chosen from the disk and downloaded again."""
    path = tmp_path / "شماره.bin"
    path.write_bytes(bytes(range(256)) * 40)
    async with screen.page.expect_file_chooser() as choosing:
        await screen.attach("File")
    await (await choosing.value).set_files(path)
    link = screen.messages.locator("a[download]").last
    await expect(link).to_contain_text(path.name)
    async with screen.page.expect_download() as coming:
        await link.click()
    saved = tmp_path / "back"
    download = await coming.value
    await download.save_as(saved)
    assert saved.read_bytes() == path.read_bytes()
    assert download.suggested_filename == path.name
    assert demo.tg.file(demo.tg.last(demo.admin)) == path.read_bytes()


async def test_commands_are_offered_and_completed(demo: Demo, screen: Screen) -> None:
    """The menu holds what the bot has set for this person here; a slash completes from it."""
    await screen.page.locator("#menu").click()
    options = screen.page.locator("#commands [role=option]")
    await expect(options.filter(has_text="/status")).to_be_visible()
    await screen.page.locator("#menu").click()
    await screen.text.press_sequentially("/hel")
    await expect(options).to_have_count(1)
    await options.first.click()
    await expect(screen.message("/unpause")).to_be_visible()
    await screen.be(demo.stranger.first_name)
    await screen.page.locator("#menu").click()
    await expect(options.filter(has_text="/id")).to_be_visible()
    await expect(options.filter(has_text="/call")).to_have_count(0)


async def test_a_press_shows_its_answer_for_a_while(demo: Demo, screen: Screen) -> None:
    """A neutral answer is a toast that goes by itself, and the button stops waiting."""
    await screen.say(demo.call(21))
    draft = screen.message("Nothing is sent yet")
    await screen.press(draft, "✅ Call 21")
    await expect(screen.toast).to_contain_text(re.compile("moment", re.IGNORECASE))
    await expect(screen.page.locator(".key.waiting")).to_have_count(0)
