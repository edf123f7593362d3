"""Every screen of quick launches fits a phone: no label longer than its button, nothing cut."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.further_screens import FURTHER, VIEWS
from tests.browser.office import make_office
from tests.browser.screen import NARROW
from tests.browser.screens import FIRST, HOLD, SLOW, View
from tests.browser.test_reach import beyond

DOCUMENT = Path(__file__).parents[2] / "docs" / "ux.md"
HEIGHT = 860
SHOWN = "#log .bubble, #log .key, #replykeys button, #pinned, #send, #text"


def test_every_screen_is_looked_at() -> None:
    """Each is shown by one of the bots below."""
    looked = [
        name
        for views, settings in TOURS.values()
        for name, view in views.items()
        if view.settings == settings
    ]
    assert sorted(looked) == sorted(VIEWS)


def test_every_screen_has_its_picture() -> None:
    """The document shows each of them once, and the pictures are there."""
    shown = re.findall(r"\]\((pictures/quick-[^)]+-phone\.png)\)", DOCUMENT.read_text("utf-8"))
    assert sorted(shown) == sorted(f"pictures/quick-{name}-phone.png" for name in VIEWS)
    assert [path for path in shown if not (DOCUMENT.parent / path).is_file()] == []


TOURS: dict[str, tuple[Mapping[str, View], Mapping[str, str]]] = {
    "the first": (FIRST, {}),
    "the further": (FURTHER, {}),
    "undo": (VIEWS, HOLD),
    "waves": (VIEWS, SLOW),
}


@pytest.mark.parametrize(
    ("past", "views", "demo_settings"),
    [(make_office, views, settings) for views, settings in TOURS.values()],
    indirect=["past", "demo_settings"],
    ids=list(TOURS),
)
async def test_nothing_is_cut_on_a_phone(
    demo: Demo,
    open_screen: Opener,
    views: Mapping[str, View],
    demo_settings: Mapping[str, str],
) -> None:
    """At 390 px: each label within its button, each text within its bubble, all in the window."""
    screen = await open_screen(NARROW, HEIGHT)
    cut = {}
    for name, view in views.items():
        if view.settings != demo_settings:
            continue
        await screen.visit(demo.admin.id)
        await view.way(demo, screen)
        await screen.at_rest()
        if found := [*await screen.cut_labels(), *await beyond(screen.page, SHOWN)]:
            cut[name] = found
    assert cut == {}


async def test_a_label_that_is_cut_is_found(demo: Demo, open_screen: Opener) -> None:
    """The look above sees what it is to see: below a message, and on the keyboard."""
    screen = await open_screen(NARROW, HEIGHT)
    await screen.say("/id")
    long = "A label of a button that no phone has room for " * 2
    keys = {"inline_keyboard": [[{"text": long, "callback_data": "x"}]]}
    chat = demo.admin.id
    await demo.as_the_bot("sendMessage", chat_id=chat, text="keys", reply_markup=keys)
    home = {"keyboard": [[long, "☰ More"]]}
    await demo.as_the_bot("sendMessage", chat_id=chat, text="home", reply_markup=home)
    await screen.home_key("☰ More").wait_for()
    assert await screen.cut_labels() == [long, long]
