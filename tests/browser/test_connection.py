"""The stream breaks, the page is loaded anew, two pages are open: nothing is lost or doubled."""

import re

from playwright.async_api import Route, expect

from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.screen import Screen

REFUSED = r"ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET"


async def shown(screen: Screen) -> list[str]:
    """The ids of the messages of the chat, as they stand there."""
    found: list[str] = await screen.messages.evaluate_all(
        "messages => messages.map(message => message.dataset.id)"
    )
    return found


def standing(demo: Demo) -> list[str]:
    """The same as Telegram has it."""
    return [str(message.id) for message in demo.tg.messages(demo.admin)]


async def test_a_lost_connection_is_said_and_nothing_is_lost_or_doubled(
    demo: Demo, screen: Screen
) -> None:
    """What came while the page was cut off stands there afterwards, once and in order."""
    screen.watch.expect(REFUSED)
    await screen.say("/id")
    await expect(screen.message("Your id is")).to_be_visible()
    demo.door.shut()
    await expect(screen.offline).to_be_visible()
    for text in ("/help", "/batches", demo.call(2)):
        demo.tg.send(demo.admin, demo.admin, text)
    await demo.tg.wait_for(
        lambda: any("All 2 numbers" in message.text for message in demo.tg.sent(demo.admin)), 15
    )
    await expect(screen.messages).to_have_count(2)
    await demo.door.open()
    await expect(screen.offline).to_be_hidden()
    await expect(screen.message("All 2 numbers are at the gateway")).to_be_visible()
    await expect(screen.phones).to_have_count(2)
    await expect(screen.messages).to_have_count(len(standing(demo)))
    assert await shown(screen) == standing(demo)


async def test_what_is_sent_without_a_connection_arrives_once(demo: Demo, screen: Screen) -> None:
    """The page tells it again until it hears an answer, and the server does it once."""
    screen.watch.expect(REFUSED)
    demo.door.shut()
    await expect(screen.offline).to_be_visible()
    await screen.say(demo.call(2))
    await expect(screen.page.locator(".message.pending")).to_have_count(1)
    await demo.door.open()
    await expect(screen.message("All 2 numbers are at the gateway")).to_be_visible()
    await expect(screen.page.locator(".message.pending")).to_have_count(0)
    await expect(screen.own).to_have_count(1)
    assert demo.bitel.posts == 1


async def test_a_launch_whose_answer_is_lost_is_made_once(demo: Demo, screen: Screen) -> None:
    """The server has done it, the page did not hear so and tells it again: it is done once."""
    screen.watch.expect(r"ERR_CONNECTION_RESET")
    told: list[str] = []

    async def lose(route: Route) -> None:
        told.append(route.request.post_data or "")
        if len(told) == 1:
            await route.fetch()
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await screen.page.route("**/act/send", lose)
    await screen.say(demo.call(2))
    await expect(screen.message("All 2 numbers are at the gateway")).to_be_visible()
    await expect(screen.page.locator(".message.pending")).to_have_count(0)
    assert told == [told[0]] * 2
    await expect(screen.own).to_have_count(1)
    assert demo.bitel.posts == 1


async def test_what_is_on_its_way_stays_where_it_was_sent(demo: Demo, screen: Screen) -> None:
    """Sent without a connection: it waits in its own chat, in order, and in no other."""
    screen.watch.expect(REFUSED)
    demo.door.shut()
    await expect(screen.offline).to_be_visible()
    await screen.say("/id")
    await screen.say("/help")
    pending = screen.page.locator(".message.pending")
    await expect(pending).to_have_count(2)
    await screen.visit(demo.group.id)
    await expect(pending).to_have_count(0)
    await screen.visit(demo.admin.id)
    await expect(pending).to_have_count(2)
    await demo.door.open()
    await expect(pending).to_have_count(0)
    await expect(screen.own).to_have_text([re.compile("/id"), re.compile("/help")])


async def test_a_page_that_is_loaded_anew_shows_the_same(demo: Demo, screen: Screen) -> None:
    """Person, chat, messages and phones are where they were."""
    await screen.be(demo.member.first_name)
    await screen.visit(demo.group.id)
    await screen.say(demo.call(2))
    await expect(screen.message("All 2 numbers are at the gateway")).to_be_visible()
    before = await shown(screen)
    await screen.page.reload()
    await expect(screen.message("All 2 numbers are at the gateway")).to_be_visible()
    await expect(
        screen.page.get_by_role("radio", name=re.compile(demo.member.first_name))
    ).to_be_checked()
    await expect(screen.phones).to_have_count(2)
    assert await shown(screen) == before


async def test_two_pages_keep_in_step(demo: Demo, open_screen: Opener) -> None:
    """What is done on one is seen on the other."""
    one, two = await open_screen(), await open_screen()
    await one.say(demo.call(21))
    draft = two.message("Nothing is sent yet")
    await two.press(draft, "✅ Call 21")
    for screen in (one, two):
        await expect(screen.message("All 21 numbers are at the gateway")).to_be_visible()
    assert demo.bitel.posts == 1
