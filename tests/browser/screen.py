"""The demo's page as a person uses it: who they are, what they type, press and see.

    await screen.be("Reza")
    await screen.say("/id")
    await expect(screen.message("Your id is")).to_be_visible()

A selector of the page stands here and nowhere else; tests speak of people, messages and buttons.
"""

import mimetypes
import re

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.watch import Watch

SETTLED = """async () => {
  await document.fonts.ready;
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
}"""
# A label of a button is longer than its button, or a word of a message than its bubble.
CUT = """() => [...document.querySelectorAll(
    "#log .keys .key > span, #replykeys button, #log .bubble, #log .text, #log .bubble b",
  )]
  .filter((label) => label.clientWidth && label.scrollWidth > label.clientWidth)
  .map((label) => label.textContent)"""
NARROW, WIDE = 390, 1280  # pixels: a phone, and a window on a desk


class Screen:
    """One page in a browser.

    Attributes:
        page: Playwright's page.
        watch: what goes wrong inside it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.watch = Watch(page)

    async def open(self, url: str) -> "Screen":
        """Load the page, and wait until it is live: it knows its people and chats."""
        await self.page.goto(url)
        await expect(self.people.first).to_be_attached()
        await expect(self.chats.first).to_be_attached()
        return self

    async def at_rest(self) -> None:
        """Wait until nothing moves any more: no press waits, no answer is about to go away."""
        await self.page.mouse.move(0, 0)
        await expect(self.page.locator(".waiting, .pending, .toast")).to_have_count(0)
        await self.page.evaluate(SETTLED)

    # Who and where

    @property
    def people(self) -> Locator:
        """The people that one can be."""
        return self.page.locator("#people [role=radio]")

    @property
    def chats(self) -> Locator:
        """The chats of the present person."""
        return self.page.locator("#chats button[data-chat]")

    async def be(self, name: str) -> None:
        """Be this person."""
        person = self.page.locator("#people").get_by_role("radio", name=re.compile(name))
        await person.click()
        await expect(person).to_be_checked()

    async def visit(self, chat: int, thread: int | None = None) -> None:
        """Go to a chat, or to a topic in it."""
        place = f"#chats button[data-chat='{chat}']"
        if thread is not None:
            place += f"[data-thread='{thread}']"
        await self.page.locator(place).first.click()

    # Messages

    @property
    def messages(self) -> Locator:
        """All messages of the chat, oldest first."""
        return self.page.locator("[role=log] article.message")

    def message(self, words: str | re.Pattern[str]) -> Locator:
        """The last message that shows these words."""
        return self.messages.filter(has_text=words).last

    @property
    def own(self) -> Locator:
        """The messages of the person that one is."""
        return self.page.locator("[role=log] article.message.own[data-id]:not(.service)")

    @property
    def answers(self) -> Locator:
        """The messages of others."""
        return self.page.locator("[role=log] article.message[data-id]:not(.own):not(.service)")

    def of(self, message_id: int) -> Locator:
        """The message with this id, in the present chat."""
        return self.page.locator(f"[role=log] article.message[data-id='{message_id}']")

    def key(self, message: Locator, label: str) -> Locator:
        """The button below a message that begins with this label."""
        return message.locator(".keys button.key").filter(has_text=label).first

    def with_key(self, label: str) -> Locator:
        """The last message below which such a button stands."""
        keys = self.page.locator(".keys button.key").filter(has_text=label)
        return self.messages.filter(has=keys).last

    async def cut_labels(self) -> list[str]:
        """The labels of buttons that do not fit into them."""
        found: list[str] = await self.page.evaluate(CUT)
        return found

    def home_key(self, label: str) -> Locator:
        """The button with this label of the keyboard in place of the phone's own."""
        return self.page.locator("#replykeys").get_by_role("button", name=label, exact=True)

    @property
    def pinned(self) -> Locator:
        """The bar above the messages that shows the pinned one."""
        return self.page.locator("#pinned")

    @property
    def answering(self) -> Locator:
        """What the next text answers, above the text box."""
        return self.page.locator("#context")

    async def press(self, message: Locator, label: str) -> None:
        """Press a button below a message."""
        await self.key(message, label).click()

    async def choose(self, message: Locator, deed: str) -> None:
        """Choose from the menu of a message: Reply, Edit, Forward, Copy."""
        await message.hover()
        await message.locator(".more").click()
        await self.page.get_by_role("menuitem", name=deed).click()

    # Writing

    @property
    def text(self) -> Locator:
        """Where one types."""
        return self.page.locator("#text")

    async def say(self, text: str) -> None:
        """Type a text and send it."""
        await self.text.fill(text)
        await self.page.locator("#send").click()
        await expect(self.text).to_have_value("")

    async def paste(self, text: str) -> None:
        """Paste a text from the clipboard and send it: tap the box, paste, tap *Send*.

        What was copied before is copied by the page itself, as by another app.
        """
        await self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        await self.text.click()
        await self.page.keyboard.press("Control+V")
        await expect(self.text).not_to_have_value("")
        await self.page.locator("#send").click()
        await expect(self.text).to_have_value("")

    async def command(self, name: str) -> None:
        """Choose from the menu of commands, which sends it."""
        await self.page.locator("#menu").click()
        await self.page.locator("#commands [role=option]").filter(has_text=name).first.click()

    async def example(self, label: str | re.Pattern[str]) -> None:
        """Tap an example."""
        await self.page.locator("#examples").get_by_role("button", name=label).click()

    async def attach(self, kind: str) -> None:
        """Choose from the menu of the paper clip: File, Photo, Contact, Voice note."""
        await self.page.locator("#attach").click()
        await self.page.locator("#attach-menu").get_by_role("menuitem", name=kind).click()

    async def upload(self, name: str, content: bytes) -> None:
        """Send a file."""
        async with self.page.expect_file_chooser() as coming:
            await self.attach("File")
        chooser = await coming.value
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        await chooser.set_files(FilePayload(name=name, mimeType=kind, buffer=content))

    # What the bot says beside messages

    @property
    def toast(self) -> Locator:
        """The newest of the short answers that go away by themselves."""
        return self.page.locator("[role=status] .toast").last

    @property
    def alert(self) -> Locator:
        """The answer that has to be closed."""
        return self.page.locator("dialog.alert[open]")

    @property
    def offline(self) -> Locator:
        """What says that the connection is lost."""
        return self.page.locator("#offline")

    # The gateway beside the chat

    @property
    def phones(self) -> Locator:
        """The calls, each as a phone."""
        return self.page.locator("#panel .phone")

    def phone(self, call_id: str) -> Locator:
        """The phone of one call."""
        return self.page.locator(f"#panel .phone[data-id='{call_id}']")

    @property
    def requests(self) -> Locator:
        """The requests that the gateway got, newest first."""
        return self.page.locator("#panel .request")

    async def next_meets(self, fault: str) -> None:
        """Let the next request meet this fault, by its label in the panel."""
        await self.page.locator("#fault").select_option(label=fault)
        await self.page.locator("#fault-go").click()

    async def turn(self, switch: str, *, on: bool) -> None:
        """Turn `outage` or `events` on or off."""
        await self.page.locator(f"#{switch}").set_checked(on)

    async def show_panel(self) -> None:
        """Go to the panel where it lies behind the chat."""
        await self.page.locator("#tab-panel").click()

    async def show_chat(self) -> None:
        """Come back from it."""
        await self.page.locator("#tab-chat").click()
