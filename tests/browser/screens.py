"""The first screens of quick launches, each with the way to it, for pictures and for measuring.

Each begins in a chat that may hold others already, and ends when the page shows the screen.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from playwright.async_api import Locator, expect

from tests.browser.demo import Demo
from tests.browser.screen import Screen

Way = Callable[[Demo, Screen], Awaitable[None]]
MIXED = "09120000201 09120000202 09120000205 09120000206 09120000207 09120000208"
SHEET = (
    "name,mobile,home\n"
    "Ali,09120000811,02188000811\n"
    "Reza,09120000812,02188000812\n"
    "Sina,09120000813,02188000813\n"
)
BAD = (
    "/call Shft call 09120000001",
    "/lists new Drivers\n09120000001",
    "/launch Nobody",
    "/voices add 123 Gate",
)


@dataclass(frozen=True, slots=True)
class View:
    """One screen.

    Attributes:
        way: leads to it.
        height: of its picture, in pixels; what belongs together stands in one.
        settings: of the bot, where it is not shown otherwise.
    """

    way: Way
    height: int = 780
    settings: Mapping[str, str] = field(default_factory=dict)


async def home(demo: Demo, screen: Screen) -> Locator:
    """The private chat, with the member's favourites on the keyboard."""
    if not await screen.home_key("☰ More").is_visible():
        demo.tg.start(demo.admin)
    await expect(screen.home_key("⭐ Payment due")).to_be_visible()
    return screen.home_key("⭐ Payment due")


async def answered(screen: Screen, deed: Awaitable[None]) -> None:
    """Do something that the bot answers with a message of its own, and wait for that."""
    before = await screen.answers.last.get_attribute("data-id")
    await deed
    await expect(screen.answers.last).not_to_have_attribute("data-id", str(before))


async def favourite(demo: Demo, screen: Screen, name: str = "Payment due") -> None:
    """The card of a favourite, new: the same within two seconds has no second one."""
    await home(demo, screen)
    key = screen.home_key(f"⭐ {name}")
    await answered(screen, key.click())
    while await shows(screen, "no second one was made"):
        await screen.page.wait_for_timeout(1000)
        await answered(screen, key.click())


async def shows(screen: Screen, words: str) -> bool:
    """Whether the newest answer says this: the same again would be joined to it, or left out."""
    return await screen.answers.last.filter(has_text=words).count() > 0


async def pressed(screen: Screen, *labels: str) -> None:
    """Press one button after the other, each below the last message that has it."""
    for label in labels:
        await screen.press(screen.with_key(label), label)


async def voices(demo: Demo, screen: Screen) -> None:
    """All voices, those used last first."""
    await home(demo, screen)
    await answered(screen, screen.say("/voices"))
    await expect(screen.with_key("➕ Add a voice")).to_be_visible()


async def voice(demo: Demo, screen: Screen) -> None:
    """One of them, whose sample somebody has attached."""
    await voices(demo, screen)
    await pressed(screen, "Shift call")
    await expect(screen.with_key("↩️ All voices")).to_be_visible()
    demo.tg.send_voice(demo.admin, demo.admin, reply_to=demo.tg.sent(demo.admin)[-1])
    await expect(screen.with_key("▶️ Listen")).to_be_visible()


async def lists(demo: Demo, screen: Screen) -> None:
    """All lists, with how many numbers each has."""
    await home(demo, screen)
    await answered(screen, screen.say("/lists"))
    await expect(screen.with_key("➕ New list")).to_be_visible()


async def one_list(demo: Demo, screen: Screen) -> None:
    """One of them, and what can be done with it."""
    await lists(demo, screen)
    await pressed(screen, "Drivers")
    await expect(screen.with_key("📞 Call this list")).to_be_visible()


async def draft_voice(demo: Demo, screen: Screen) -> None:
    """A paste in many spellings: what was read of it, and which voice is it to be?"""
    await home(demo, screen)
    if not await shows(screen, "Which voice?"):
        await answered(screen, screen.example("Paste numbers"))
    await expect(screen.with_key("🔊 Shift call")).to_be_visible()


async def see(demo: Demo, screen: Screen) -> None:
    """The numbers of a draft: a tap takes one off."""
    await draft_voice(demo, screen)
    await pressed(screen, "✏️ See")
    numbers = screen.with_key("✖️ 09120000701")
    await expect(numbers).to_be_visible()
    await numbers.evaluate("numbers => numbers.scrollIntoView({ block: 'end' })")


async def confirm(demo: Demo, screen: Screen) -> None:
    """All that the next tap does, what it may cost, and who of them got this voice today."""
    await home(demo, screen)
    await favourite(demo, screen, "Shift call")
    await expect(screen.with_key("⏭ Skip those 12 → 26")).to_be_visible()


async def undo(demo: Demo, screen: Screen) -> None:
    """A confirmed launch that can still be undone."""
    await confirm(demo, screen)
    await pressed(screen, "✅ Call 38")
    await expect(screen.with_key("↩️ Undo")).to_be_visible()


async def waves(demo: Demo, screen: Screen) -> None:
    """A launch that goes out in waves: when the next one does, and two ways to stop it."""
    await confirm(demo, screen)
    await pressed(screen, "✅ Call 38")
    board = screen.message("The next 10 go out at")
    await expect(board).to_be_visible()
    await board.evaluate("board => board.scrollIntoView({ block: 'start' })")


async def redial(demo: Demo, screen: Screen) -> None:
    """Who was not reached, by what became of the call; each is a switch."""
    await home(demo, screen)
    demo.bitel.speed, demo.bitel.answer_rate = 300, None
    await answered(screen, screen.say(f"/call Payment due {MIXED}"))
    if await screen.with_key("✅ Call 6").is_visible():  # the same was launched a moment ago
        await pressed(screen, "✅ Call 6")
    await expect(screen.message("#b").locator("a.photo img").last).to_be_visible()  # its chart
    await pressed(screen, "🔁 Redial 4 not reached")
    choice = screen.with_key("🔁 Redial 4")
    await expect(choice).to_contain_text("Whom do you redial?")
    await choice.evaluate("choice => choice.scrollIntoView({ block: 'end' })")


async def chain(demo: Demo, screen: Screen) -> None:
    """The end of a redial, with what became of all of them."""
    await redial(demo, screen)
    demo.bitel.answer_rate = 100
    await pressed(screen, "🔁 Redial 4", "✅ Call 4")
    end = screen.message("with its follow-ups")
    await expect(end).to_contain_text("6 of 6 answered")
    await end.evaluate("end => end.scrollIntoView({ block: 'start' })")


async def launches(demo: Demo, screen: Screen) -> None:
    """All saved launches: one tap shows what would be called."""
    await home(demo, screen)
    await answered(screen, screen.home_key("🚀 Launch").click())
    await expect(screen.with_key("⚙️ Change one")).to_be_visible()


async def launch(demo: Demo, screen: Screen) -> None:
    """The card of one of them."""
    await launches(demo, screen)
    await pressed(screen, "⚙️ Change one")
    await expect(screen.message("Which one do you want to look at")).to_be_visible()
    await pressed(screen, "Shift call")
    await expect(screen.with_key("🔗 Link")).to_be_visible()


async def panel(demo: Demo, screen: Screen) -> None:
    """A group's launches below one message, pinned."""
    await screen.visit(demo.group.id)
    await screen.say("/panel")
    await expect(screen.with_key("⭐ Payment due")).to_be_visible()
    await expect(screen.pinned).to_be_visible()


async def later(demo: Demo, screen: Screen) -> None:
    """When is it to be? The next hours, a day, every week."""
    if await shows(screen, "🕘 When?"):
        return
    await favourite(demo, screen)
    await pressed(screen, "🕘 Later")
    await expect(screen.with_key("🔁 Every week…")).to_be_visible()


async def hours(demo: Demo, screen: Screen) -> None:
    """At what hour of that day."""
    if await shows(screen, "at what hour?"):
        return
    await later(demo, screen)
    await pressed(screen, "Tomorrow")
    await expect(screen.answers.last).to_contain_text(": at what hour?")


async def schedules(demo: Demo, screen: Screen) -> None:
    """What is planned."""
    await hours(demo, screen)
    await pressed(screen, "09", "09:30", "🕘 Call 60 then")
    await expect(screen.messages.last).to_contain_text("09:30")
    await answered(screen, screen.say("/schedule"))
    await expect(screen.with_key("➕ New")).to_contain_text("Payment due")


async def say(demo: Demo, screen: Screen) -> None:
    """A text that is read out, in full."""
    await home(demo, screen)
    await answered(screen, screen.example("Read out a text"))
    await expect(screen.message("characters are read out")).to_be_visible()


async def column(demo: Demo, screen: Screen) -> None:
    """A file of which two columns look like numbers."""
    await home(demo, screen)
    await answered(screen, screen.upload("drivers.csv", SHEET.encode()))
    await expect(screen.with_key("All of them")).to_be_visible()


async def bad_input(demo: Demo, screen: Screen) -> None:
    """What was wrong, what was not done, and what to do next."""
    await home(demo, screen)
    for text in BAD:
        await screen.say(text)
        await expect(screen.answers.last).to_contain_text(text.splitlines()[0])  # it is quoted
    await screen.upload("numbers.xlsx", b"PK\x03\x04 but no workbook")
    await expect(screen.answers.last).to_contain_text("numbers.xlsx")


async def call_me_first(demo: Demo, screen: Screen) -> None:
    """A draft that is to ring at its author's first, whose number is asked for once."""
    await favourite(demo, screen)
    await pressed(screen, "📞 Call me first")
    await expect(screen.home_key("📱 Share my number")).to_be_visible()


async def just_home(demo: Demo, screen: Screen) -> None:
    """The keyboard of a private chat."""
    await home(demo, screen)


HOLD = {"UNDO_SECONDS": "120"}
SLOW = {"WAVE_SIZE": "10", "WAVE_PAUSE": "120"}
FIRST: dict[str, View] = {
    "home": View(just_home, 720),
    "confirm": View(confirm, 860),
    "draft": View(draft_voice, 1120),
    "see": View(see, 1080),
    "undo": View(undo, 900, HOLD),
    "waves": View(waves, 1180, SLOW),
    "redial": View(redial, 760),
    "chain": View(chain, 900),
    "voices": View(voices),
    "voice": View(voice, 900),
    "lists": View(lists),
    "list": View(one_list, 900),
    "launches": View(launches),
    "launch": View(launch, 820),
    "panel": View(panel),
    "later": View(later, 860),
    "hours": View(hours),
    "schedules": View(schedules),
    "say": View(say, 860),
    "column": View(column),
    "call-me-first": View(call_me_first, 1000),
    "bad-input": View(bad_input, 1900),
}
