"""The three jobs of a phone, each with exactly the taps and characters that `docs/ux.md` says."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.effort import counted, start_counting
from tests.browser.office import DRIVERS, make_office, with_default
from tests.browser.past import SHIFT
from tests.browser.screen import NARROW, Screen

DOCUMENT = Path(__file__).parents[2] / "docs" / "ux.md"
COST = re.compile(r"\d+ taps?, \d+ characters")
PRIVATE, GROUP = "in private", "in a group"
SAVED = "a saved voice to a saved list"
PASTED = "pasted numbers"
DEFAULT = "pasted numbers, with a default voice"
TOLD = "how yesterday's batch went, told by itself"
ASKED = "how yesterday's batch went, asked for"
PASTE = "\n".join(f"0912 000 07{n:02}" for n in range(1, 12)) + "\n+98 912 000 0712"
PASTED_NUMBERS = tuple(f"+989120000{n}" for n in range(701, 713))
Job = tuple[str, str]


def costs() -> dict[Job, str]:
    """The table of the document: what each job costs, and where."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    head, cells = rows[0], [row for row in rows[1:] if any(map(COST.fullmatch, row))]
    return {
        (row[0], where): cost
        for row in cells
        for where, cost in zip(head[1:], row[1:], strict=True)
    }


async def at_home(demo: Demo, screen: Screen) -> None:
    """Sara's private chat, with her keyboard."""
    demo.tg.start(demo.admin)
    await expect(screen.home_key("⭐ Shift call")).to_be_visible()


async def at_the_panel(demo: Demo, screen: Screen) -> None:
    """The group, whose panel is pinned far above what was said since."""
    demo.tg.send(demo.admin, demo.group, "/panel")
    await demo.tg.wait_for(lambda: demo.group.pinned, 20)
    for number in range(30):
        demo.tg.send(demo.member, demo.group, f"line\n{number}")
    await screen.visit(demo.group.id)
    await expect(screen.pinned).to_be_visible()


async def launched(demo: Demo, voice: str, numbers: tuple[str, ...]) -> None:
    """Wait until the gateway has this launch, and no other one."""
    await demo.bitel.wait_for(lambda: demo.bitel.posts == 1, 20)
    (batch,) = demo.bitel.seen
    called = tuple(number.replace("0", "+98", 1) for number in batch.numbers)
    assert (batch.voice, called) == (voice, numbers)


async def saved_in_private(demo: Demo, screen: Screen) -> None:
    """Two taps."""
    await screen.home_key("⭐ Shift call").click()
    await screen.press(screen.with_key("✅ Call 38"), "✅ Call 38")
    await launched(demo, SHIFT, DRIVERS)


async def saved_in_the_group(demo: Demo, screen: Screen) -> None:
    """One more, for the way to the panel."""
    await screen.pinned.click()
    await screen.press(screen.with_key("⭐ Shift call"), "⭐ Shift call")
    await screen.press(screen.with_key("✅ Call 38"), "✅ Call 38")
    await launched(demo, SHIFT, DRIVERS)


async def pasted_in_private(demo: Demo, screen: Screen) -> None:
    """The paste, the voice, the call."""
    await screen.paste(PASTE)
    await screen.press(screen.with_key("🔊 Shift call"), "🔊 Shift call")
    await screen.press(screen.with_key("✅ Call 12"), "✅ Call 12")
    await launched(demo, SHIFT, PASTED_NUMBERS)


async def pasted_with_a_default(demo: Demo, screen: Screen) -> None:
    """The paste is answered by the confirm card itself."""
    await screen.paste(PASTE)
    await screen.press(screen.with_key("✅ Call 12"), "✅ Call 12")
    await launched(demo, SHIFT, PASTED_NUMBERS)


async def replied_to(screen: Screen) -> None:
    """The bot is asked to read the paste: by a reply with `/call` from the menu of commands."""
    await screen.paste(PASTE)
    await screen.choose(screen.message("0912 000 0701"), "Reply")
    await screen.command("/call")


async def pasted_in_the_group(demo: Demo, screen: Screen) -> None:
    """The paste, *Reply* to it with `/call`, the voice, the call."""
    await replied_to(screen)
    await screen.press(screen.with_key("🔊 Shift call"), "🔊 Shift call")
    await screen.press(screen.with_key("✅ Call 12"), "✅ Call 12")
    await launched(demo, SHIFT, PASTED_NUMBERS)


async def pasted_in_the_group_with_a_default(demo: Demo, screen: Screen) -> None:
    """The same without the choice of a voice."""
    await replied_to(screen)
    await screen.press(screen.with_key("✅ Call 12"), "✅ Call 12")
    await launched(demo, SHIFT, PASTED_NUMBERS)


async def told(_: Demo, screen: Screen) -> None:
    """The end of the batch stands in the chat, and tells how it went."""
    await expect(screen.message("All 3 calls have ended")).to_contain_text("✅ 3 answered")


async def asked_in_private(_: Demo, screen: Screen) -> None:
    """The results of yesterday's batch stand in the answer."""
    await screen.home_key("📊 Results").click()
    await expect(screen.message("#b5 ·")).to_contain_text(
        re.compile(r"52 numbers · ✅ \d+ answer")
    )


async def asked_in_the_group(_: Demo, screen: Screen) -> None:
    """The same from the panel."""
    await screen.pinned.click()
    await screen.press(screen.with_key("📊 Results"), "📊 Results")
    await expect(screen.message("#b5 ·")).to_contain_text(
        re.compile(r"52 numbers · ✅ \d+ answer")
    )


Deed = Callable[[Demo, Screen], Awaitable[None]]


def ended_in(where: str) -> Deed:
    """A chat in which a batch has ended that was launched there."""

    async def chat(demo: Demo, screen: Screen) -> None:
        demo.bitel.speed = 200
        place = demo.admin if where == PRIVATE else demo.group
        demo.tg.send(demo.admin, place, demo.call(3))
        await demo.tg.wait_for(
            lambda: any("All 3 calls have ended" in one.text for one in demo.tg.sent(place)), 30
        )
        if where == GROUP:
            await screen.visit(demo.group.id)

    return chat


JOBS: dict[Job, tuple[Deed, Deed]] = {
    (SAVED, PRIVATE): (at_home, saved_in_private),
    (SAVED, GROUP): (at_the_panel, saved_in_the_group),
    (PASTED, PRIVATE): (at_home, pasted_in_private),
    (PASTED, GROUP): (at_the_panel, pasted_in_the_group),
    (DEFAULT, PRIVATE): (at_home, pasted_with_a_default),
    (DEFAULT, GROUP): (at_the_panel, pasted_in_the_group_with_a_default),
    (TOLD, PRIVATE): (ended_in(PRIVATE), told),
    (TOLD, GROUP): (ended_in(GROUP), told),
    (ASKED, PRIVATE): (at_home, asked_in_private),
    (ASKED, GROUP): (at_the_panel, asked_in_the_group),
}


def test_every_job_of_the_table_is_done_here() -> None:
    """The document counts what is counted here, and nothing else."""
    assert costs().keys() == JOBS.keys()


@pytest.mark.parametrize(
    ("past", "job"),
    [(with_default if job[0] == DEFAULT else make_office, job) for job in JOBS],
    indirect=["past"],
    ids=[f"{job[0]} {job[1]}" for job in JOBS],
)
async def test_a_job_costs_what_the_document_says(
    demo: Demo, open_screen: Opener, job: Job
) -> None:
    """Every click, paste and key is counted while the job is done, and nothing is left to do."""
    screen = await open_screen(NARROW)
    prepare, do = JOBS[job]
    await prepare(demo, screen)
    await start_counting(screen.page)
    await do(demo, screen)
    assert str(await counted(screen.page)) == costs()[job]
