"""The rig itself: what goes wrong in a page is seen, so that the other tests can fail."""

import asyncio

from playwright.async_api import Browser, expect

from tests.browser.demo import Demo
from tests.browser.screen import Screen
from tests.browser.test_reach import findings

FAULTS = {
    "console.error('broken')": "error: broken",
    "setTimeout(() => { throw new Error('broken') })": "uncaught: broken",
    "fetch('/act/nothing', { method: 'POST' })": "answered: 404 POST",
    "fetch('http://127.0.0.1:9/').catch(() => null)": "connect-src",
    "document.body.insertAdjacentHTML('beforeend', '<i onclick=\"1\"></i>')": "script-src",
    "document.body.insertAdjacentHTML('beforeend', '<i style=\"top: 0\"></i>')": "style-src",
    "new Image().src = '/files/none'": "answered: 404 GET",
}


async def test_every_fault_of_a_page_is_seen(browser: Browser, demo: Demo) -> None:
    """On a page of the fixture each of them would let the test fail."""
    page = await browser.new_page()
    screen = await Screen(page).open(demo.url)
    assert screen.watch.surprises() == []
    for script, words in FAULTS.items():
        await page.evaluate(f"() => {{ {script} }}")
        async with asyncio.timeout(10):
            await screen.watch.sees(words)
        assert words in " ".join(screen.watch.surprises())
    await page.close()


async def test_an_expected_fault_that_does_not_come_is_a_surprise(screen: Screen) -> None:
    """So that no expectation stays behind when its reason is gone."""
    screen.watch.expect("never")
    assert screen.watch.surprises() == ["did not come: never"]
    screen.watch.faults.append("never")
    assert screen.watch.surprises() == []


async def test_axe_finds_what_is_wrong(demo: Demo, screen: Screen) -> None:
    """A button without a name, and a text that is too pale."""
    await screen.say("/id")
    await expect(screen.message(f"Your id is {demo.admin.id}")).to_be_visible()
    await screen.page.evaluate(
        """() => {
          document.querySelector("#send").removeAttribute("aria-label");
          document.querySelector("#chat-title").style.color = "#eee";
        }"""
    )
    found = "\n".join(await findings(screen.page))
    assert "button-name" in found
    assert "color-contrast" in found
