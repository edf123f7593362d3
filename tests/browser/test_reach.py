"""Everybody can use it: on a phone, on a desk, in the dark, by keyboard, by screen reader."""

from typing import Any, Literal

from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped]  # has no types
    Axe,
)
from playwright.async_api import Locator, Page, expect

from sandbox.bitel import faults
from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.screen import NARROW, SETTLED, WIDE, Screen

SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
HEIGHT = 860
BAD = {"serious", "critical"}


async def findings(page: Page) -> list[str]:
    """What axe-core calls serious or critical in the page as it stands."""
    await page.evaluate(SETTLED)
    found: dict[str, Any] = (await Axe().run(page)).response
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in BAD
        for node in rule["nodes"]
    ]


async def finds_nothing(screen: Screen) -> None:
    """Let axe-core look at the page as it stands: on a phone and on a desk, light and dark."""
    for width in (NARROW, WIDE):
        await screen.page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            await screen.page.emulate_media(color_scheme=scheme)
            assert await findings(screen.page) == [], (width, scheme)


async def test_axe_finds_nothing_serious(demo: Demo, screen: Screen) -> None:
    """With a board, a draft, phones, the menu of commands, and a stranger's refusal in a group."""
    demo.bitel.speed = 60
    await screen.say(demo.call(3))
    await expect(screen.message("All 3 numbers are at the gateway")).to_be_visible()
    await screen.say(demo.call(21))
    await expect(screen.message("Nothing is sent yet")).to_be_visible()
    await expect(screen.page.locator("#panel .phone[data-phase=ended]")).to_have_count(3)
    await screen.page.locator("#menu").click()
    await expect(screen.page.locator("#commands")).to_be_visible()
    await finds_nothing(screen)
    await screen.page.keyboard.press("Escape")
    await screen.be(demo.stranger.first_name)
    await screen.visit(demo.group.id)
    await screen.say("/id")
    await expect(screen.message("Your id is")).to_be_visible()
    await finds_nothing(screen)


async def test_axe_finds_nothing_serious_in_the_panel_of_a_phone(
    demo: Demo, open_screen: Opener
) -> None:
    """Where it stands alone, with a fault that waits and a launch that met one."""
    screen = await open_screen(NARROW)
    demo.bitel.fail_next(faults.refusal("QuotaExceeded"), times=2)
    await screen.say(demo.call(2))
    await expect(screen.message("QuotaExceeded")).to_be_visible()
    await screen.show_panel()
    await expect(screen.requests).to_have_count(1)
    for scheme in SCHEMES:
        await screen.page.emulate_media(color_scheme=scheme)
        assert await findings(screen.page) == [], scheme


async def test_an_alert_is_read_and_closed(demo: Demo, screen: Screen) -> None:
    """It takes the focus, is in order for axe-core, and Enter closes it."""
    await screen.visit(demo.group.id)
    await screen.say(demo.call(21))
    await expect(screen.message("Nothing is sent yet")).to_be_visible()
    await screen.be(demo.member.first_name)
    await screen.press(screen.message("Nothing is sent yet"), "✖️ Cancel")
    await expect(screen.alert).to_be_visible()
    await finds_nothing(screen)
    await screen.page.keyboard.press("Enter")
    await expect(screen.alert).to_have_count(0)


async def test_nothing_is_cut_off_sideways(demo: Demo, screen: Screen) -> None:
    """Whatever the width: the page does not scroll sideways, and no message leaves the chat."""
    await screen.say(demo.call(12))
    board = screen.message("All 12 numbers are at the gateway")
    await expect(board).to_be_visible()
    await screen.say("۰۹۱۲ " * 60 + "x" * 300)
    await expect(screen.own).to_have_count(2)
    for width in (320, NARROW, 700, 900, WIDE, 1920):
        await screen.page.set_viewport_size({"width": width, "height": HEIGHT})
        shown = "#log .bubble, #log .key, #send, #text, .top *"
        assert await beyond(screen.page, shown) == [], width
        reach: int = await screen.page.evaluate("document.documentElement.scrollWidth")
        assert reach <= width


async def beyond(page: Page, selector: str) -> list[str]:
    """The visible elements that reach over the left or right edge of the window."""
    found: list[str] = await page.evaluate(
        """selector => [...document.querySelectorAll(selector)].filter(element => {
          const { left, right, width } = element.getBoundingClientRect();
          return width && (left < -0.5 || right > innerWidth + 0.5);
        }).map(element => element.outerHTML.slice(0, 120))""",
        selector,
    )
    return found


async def test_on_a_phone_the_panel_lies_behind_a_tab(demo: Demo, open_screen: Opener) -> None:
    """At 390 px one sees the chat or the gateway; on a desk both."""
    phone = await open_screen(NARROW)
    panel, chat = phone.page.locator("#panel"), phone.page.locator("#chat")
    await expect(chat).to_be_visible()
    await expect(panel).to_be_hidden()
    await phone.say(demo.call(2))
    await expect(phone.message("All 2 numbers are at the gateway")).to_be_visible()
    await phone.show_panel()
    await expect(panel).to_be_visible()
    await expect(chat).to_be_hidden()
    await expect(phone.phones.first).to_be_visible()
    await phone.show_chat()
    await expect(phone.message("All 2 numbers are at the gateway")).to_be_visible()

    desk = await open_screen(WIDE)
    await expect(desk.page.locator("#chat")).to_be_visible()
    await expect(desk.page.locator("#panel")).to_be_visible()


async def test_dark_and_light_follow_the_system_until_one_is_chosen(open_screen: Opener) -> None:
    """The ground is dark where the system is; the button turns it, and a reload keeps that."""
    screen = await open_screen(scheme="dark")
    ground = screen.page.locator("body")
    dark: str = await ground.evaluate("body => getComputedStyle(body).backgroundColor")
    await screen.page.get_by_role("button", name="Light or dark").click()
    await expect(ground).not_to_have_css("background-color", dark)
    await screen.page.emulate_media(color_scheme="light")
    light: str = await ground.evaluate("body => getComputedStyle(body).backgroundColor")
    await screen.page.emulate_media(color_scheme="dark")
    await screen.page.reload()
    await expect(screen.people.first).to_be_attached()
    await expect(ground).to_have_css("background-color", light)
    assert brightness(dark) < 80
    assert brightness(light) > 180


def brightness(colour: str) -> float:
    """The mean of red, green and blue, 0 to 255."""
    parts = colour.removeprefix("rgb(").removesuffix(")").split(",")
    return sum(map(float, parts)) / 3


async def test_the_whole_story_by_keyboard_alone(demo: Demo, screen: Screen) -> None:
    """Another person, a draft, its button, a page, the menu of a message: no mouse is touched."""
    keyboard = screen.page.keyboard
    await tab_to(screen.page, screen.page.locator("#people [role=radio][aria-checked=true]"))
    await keyboard.press("ArrowRight")
    await expect(screen.people.nth(1)).to_be_focused()
    await expect(screen.people.nth(1)).to_be_checked()

    await tab_to(screen.page, screen.text)
    await keyboard.type(demo.call(21))
    await keyboard.press("Enter")
    draft = screen.message("Nothing is sent yet")
    await tab_to(screen.page, screen.key(draft, "✅ Call 21"), back=True)
    await keyboard.press("Enter")
    board = screen.message("All 21 numbers are at the gateway")
    await tab_to(screen.page, screen.key(board, "▶"), back=True)
    await keyboard.press("Enter")
    await expect(board).to_contain_text(demo.bitel.seen[0].ids[19])

    await tab_to(screen.page, board.locator(".more"), back=True)
    await keyboard.press("Enter")
    await expect(screen.page.get_by_role("menuitem", name="Reply")).to_be_focused()
    await keyboard.press("Enter")
    await expect(screen.text).to_be_focused()
    await keyboard.type("/sta")
    await keyboard.press("ArrowDown")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await expect(screen.own).to_have_count(2)
    await expect(screen.messages.last).to_contain_text("All 21 numbers are at the gateway")
    await expect(screen.messages.last).not_to_contain_class("own")
    assert demo.bitel.posts == 1


async def tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until an element has the focus, as somebody without a mouse has to."""
    await expect(wanted).to_be_visible()
    for _ in range(200):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")
