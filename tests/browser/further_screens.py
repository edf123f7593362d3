"""The screens that lie a tap further: what is picked, asked once more, held, late or too large."""

import time
from collections.abc import Mapping

from playwright.async_api import expect

from tests.browser.demo import Demo
from tests.browser.screen import Screen
from tests.browser.screens import (
    FIRST,
    SLOW,
    View,
    answered,
    favourite,
    home,
    hours,
    launches,
    lists,
    pressed,
    voices,
    waves,
)

NEW_VOICE = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
MORE_NUMBERS = "0912 000 0901 Ali\n0912 000 0902 مریم\n09120000903"
SHIFT_PASTE = "0912 000 0701\n0912 000 0702\n0912 000 0703"
TOO_MANY = "\n".join(f"0912{number:07}" for number in range(5000, 6001))
HOUR = 3600


async def more(demo: Demo, screen: Screen) -> None:
    """The own number that is kept, and below it all that has no key of its own."""
    await home(demo, screen)
    await answered(screen, screen.say("/number"))
    await screen.home_key("📱 Share my number").click()
    share = screen.page.get_by_role("button", name="Share", exact=True)
    await answered(screen, share.click())
    await answered(screen, screen.say("/number"))
    await expect(screen.with_key("🗑 Forget it")).to_be_visible()
    await answered(screen, screen.home_key("☰ More").click())
    await expect(screen.with_key("📱 My number")).to_be_visible()


async def new_launch(demo: Demo, screen: Screen) -> None:
    """Which voice, and in the card below which list."""
    await launches(demo, screen)
    await pressed(screen, "➕ New launch")
    await expect(screen.message("Which voice does it play?")).to_be_visible()
    await _picked_voice(demo, screen)


async def _picked_voice(demo: Demo, screen: Screen) -> None:
    await launches(demo, screen)
    await pressed(screen, "➕ New launch")
    await expect(screen.messages.last).to_contain_text("Which voice does it play?")
    await pressed(screen, "Payment due")
    await expect(screen.messages.last).to_contain_text("Which list does it call?")


async def save_launch(demo: Demo, screen: Screen) -> None:
    """What would be saved, and under which name."""
    await _picked_voice(demo, screen)
    await pressed(screen, "Drivers")
    await expect(screen.with_key("💾 Save under this name")).to_be_visible()


async def other_voice(demo: Demo, screen: Screen) -> None:
    """Another voice for a draft that has one."""
    await favourite(demo, screen)
    await pressed(screen, "➕ Other voice")
    await expect(screen.message("Chosen so far")).to_be_visible()


async def held(demo: Demo, screen: Screen) -> None:
    """A launch whose rest somebody holds."""
    if not await screen.with_key("⏸ Hold rest").is_visible():
        await waves(demo, screen)
    await answered(screen, pressed(screen, "⏸ Hold rest"))
    await screen.alert.get_by_role("button", name="OK").click()
    await expect(screen.alert).to_be_hidden()
    await expect(screen.messages.last).to_contain_text("Held by Sara")
    await screen.messages.last.scroll_into_view_if_needed()


async def weekly(demo: Demo, screen: Screen) -> None:
    """On which days, and in the card below the last step."""
    await favourite(demo, screen)
    await _weekdays(screen, "Mon", "Wed")
    await favourite(demo, screen, "Shift call")
    await _weekdays(screen, "Tue", "Sat")
    await pressed(screen, "🕘 At what hour?", "14", "14:30")
    await expect(screen.with_key("🔁 Plan it weekly")).to_be_visible()


async def _weekdays(screen: Screen, *days: str) -> None:
    await pressed(screen, "🕘 Later")
    await expect(screen.messages.last).to_contain_text("🕘 When?")
    await pressed(screen, "🔁 Every week…")
    await expect(screen.messages.last).to_contain_text("On which days?")
    for day in days:
        await pressed(screen, day)
        await expect(screen.messages.last).to_contain_text(f"✅ {day}")


async def schedule(demo: Demo, screen: Screen) -> None:
    """The card of a weekly one, and below it the question before it is cancelled."""
    await weekly(demo, screen)
    await pressed(screen, "🔁 Plan it weekly")
    card = screen.with_key("⏭ Skip once")
    await expect(card).to_be_visible()
    await answered(screen, screen.say("/schedule"))
    await pressed(screen, "🔁")
    await expect(screen.messages.last).to_contain_text("↩️ All that is planned")
    await pressed(screen, "🗑 Cancel")
    await expect(screen.messages.last).to_contain_text("for good?")
    await card.evaluate("card => card.scrollIntoView({ block: 'start' })")


async def asks(demo: Demo, screen: Screen) -> None:
    """A time that passed while the bot was away: it asks."""
    await hours(demo, screen)
    await pressed(screen, "09", "09:30", "🕘 Call 60 then")
    await expect(screen.with_key("🕘 Move")).to_contain_text("09:30")
    await answered(screen, _late(demo))
    await expect(screen.with_key("✅ Call 60 now")).to_be_visible()


async def _late(demo: Demo) -> None:
    at = int(time.time() - HOUR)
    demo.change_record(f"UPDATE schedules SET due_at = {at} WHERE weekdays = 0")  # noqa: S608 -- our own number


async def group_call(demo: Demo, screen: Screen) -> None:
    """A draft in a group, of the numbers of the message that `/call` answers."""
    await screen.visit(demo.group.id)
    await screen.say(SHIFT_PASTE)
    await expect(screen.own.last).to_contain_text("0912 000 0703")
    await screen.choose(screen.own.last, "Reply")
    await screen.command("/call")
    await expect(screen.with_key("🔊 Shift call")).to_contain_text("3 numbers")


async def expired(demo: Demo, screen: Screen) -> None:
    """More numbers than one batch may have; and below a draft that waited too long."""
    await home(demo, screen)
    await answered(screen, screen.upload("everybody.csv", TOO_MANY.encode()))
    await expect(screen.messages.last).to_contain_text("1,000 at most")
    await favourite(demo, screen)
    await expect(screen.with_key("✅ Call 60")).to_be_visible()
    demo.change_record("UPDATE drafts SET expires_at = 0 WHERE id = (SELECT max(id) FROM drafts)")
    await expect(screen.with_key("🔁 Make it again")).to_be_visible()


async def _guards(demo: Demo, screen: Screen) -> None:
    await lists(demo, screen)
    await pressed(screen, "Night guards")
    await expect(screen.messages.last).to_contain_text("📇 Night guards")


async def list_see(demo: Demo, screen: Screen) -> None:
    """The numbers of a list: one is taken off, and can be put back."""
    await _guards(demo, screen)
    await pressed(screen, "🔎 See / remove", "✖️ 09120003003")
    await expect(screen.with_key("↩️ Undo: 09120003003")).to_be_visible()


async def merge(demo: Demo, screen: Screen) -> None:
    """Into which list, and below the question before it is done."""
    await _guards(demo, screen)
    await pressed(screen, "🔀 Merge into…")
    await expect(screen.messages.last).to_contain_text("go into?")
    await _guards(demo, screen)
    await pressed(screen, "🔀 Merge into…")
    await expect(screen.messages.last).to_contain_text("go into?")
    await pressed(screen, "Drivers")
    await expect(screen.with_key("↩️ Keep both")).to_be_visible()


async def voice_add(demo: Demo, screen: Screen) -> None:
    """The id of a new voice, and below the name that is suggested."""
    await voices(demo, screen)
    await answered(screen, pressed(screen, "➕ Add a voice"))
    await answered(screen, screen.say(NEW_VOICE))
    await expect(screen.message("Reply with a name for")).to_be_visible()


async def list_add(demo: Demo, screen: Screen) -> None:
    """Further numbers for a list, which can be called instead."""
    await _guards(demo, screen)
    await answered(screen, pressed(screen, "➕ Add"))
    await answered(screen, screen.say(MORE_NUMBERS))
    await expect(screen.with_key("📞 Call these instead")).to_be_visible()


# Two that tap the same favourite are some seconds apart: a tap soon after another means its card.
# The last two leave a question open, which the next text would answer.
FURTHER: dict[str, View] = {
    "more": View(more, 880),
    "other-voice": View(other_voice, 860),
    "new-launch": View(new_launch, 1130),
    "save-launch": View(save_launch),
    "held": View(held, 1240, SLOW),
    "weekly": View(weekly, 1060),
    "schedule": View(schedule, 980),
    "asks": View(asks, 1020),
    "group-call": View(group_call, 1120),
    "expired": View(expired, 820),
    "list-see": View(list_see, 1100),
    "merge": View(merge, 900),
    "voice-add": View(voice_add, 1040),
    "list-add": View(list_add, 960),
}
VIEWS: Mapping[str, View] = FIRST | FURTHER
