"""What the bot offers in place of the phone's own keyboard, and above the chat."""

from playwright.async_api import expect

from sandbox.telegram import Chat, Message, Person
from tests.browser.conftest import Opener
from tests.browser.demo import Demo
from tests.browser.screen import NARROW, Screen

HOME = {
    "keyboard": [["⭐ Shift call", "⭐ Payment due"], ["🚀 Launch", "📊 Results", "☰ More"]],
    "is_persistent": True,
    "resize_keyboard": True,
    "input_field_placeholder": "Paste numbers here…",
}


def written(demo: Demo, chat: Person | Chat, person: Person) -> Message:
    """The last message of a person in a chat."""
    found = [one for one in demo.tg.messages(chat) if one["from"]["id"] == person.id]
    return found[-1]


async def test_a_persistent_keyboard_stands_until_it_is_folded(
    demo: Demo, open_screen: Opener
) -> None:
    """At phone width no label is cut; a tap keeps it, one key folds it, a new keyboard opens."""
    screen = await open_screen(NARROW)
    await screen.say("/id")
    chat = demo.admin.id
    await demo.as_the_bot("sendMessage", chat_id=chat, text="home", reply_markup=HOME)
    await expect(screen.home_key("⭐ Payment due")).to_be_visible()
    await expect(screen.text).to_have_attribute("placeholder", "Paste numbers here…")
    assert await screen.cut_labels() == []
    await screen.home_key("☰ More").click()
    await expect(screen.own.last).to_contain_text("☰ More")
    await expect(screen.home_key("☰ More")).to_be_visible()

    fold = screen.page.get_by_role("button", name="Keyboard of the bot")
    await fold.click()
    await expect(screen.home_key("☰ More")).to_be_hidden()
    await demo.as_the_bot("sendMessage", chat_id=chat, text="plain")
    await expect(screen.message("plain")).to_be_visible()
    await expect(screen.home_key("☰ More")).to_be_hidden()
    await fold.click()
    await expect(screen.home_key("☰ More")).to_be_visible()
    await fold.click()
    await demo.as_the_bot("sendMessage", chat_id=chat, text="new", reply_markup=HOME)
    await expect(screen.home_key("☰ More")).to_be_visible()


async def test_a_question_opens_the_answer_of_whom_it_asks(demo: Demo, screen: Screen) -> None:
    """A selective one is for who is answered or mentioned; it opens when they come to the chat."""
    await screen.visit(demo.group.id)
    await screen.say("/id")
    asked = {"force_reply": True, "selective": True, "input_field_placeholder": "A name"}
    group = demo.group.id
    mention = f'<a href="tg://user?id={demo.member.id}">Omid</a>, what is its name?'
    await demo.as_the_bot(
        "sendMessage", chat_id=group, text=mention, parse_mode="HTML", reply_markup=asked
    )
    await expect(screen.message("what is its name?")).to_be_visible()
    await expect(screen.answering).to_be_hidden()

    await screen.be(demo.member.first_name)
    await screen.visit(group)
    await expect(screen.answering).to_contain_text("what is its name?")
    await expect(screen.text).to_have_attribute("placeholder", "A name")
    await screen.say("Drivers")
    answer = written(demo, demo.group, demo.member)
    assert answer["reply_to_message"]["text"] == "Omid, what is its name?"
    await screen.visit(demo.member.id)
    await screen.visit(group)
    await expect(screen.answering).to_be_hidden()


async def test_the_number_is_shared_only_after_a_question(demo: Demo, screen: Screen) -> None:
    """The page asks before it shares, as the apps do; the card is the person's own."""
    await screen.say("/id")
    keys = {"keyboard": [[{"text": "📱 Share my number", "request_contact": True}]]}
    chat = demo.admin.id
    await demo.as_the_bot("sendMessage", chat_id=chat, text="Yours?", reply_markup=keys)
    await screen.home_key("📱 Share my number").click()
    await screen.page.get_by_role("button", name="Cancel").click()
    await screen.home_key("📱 Share my number").click()
    await screen.page.get_by_role("button", name="Share", exact=True).click()
    await expect(screen.own.last).to_contain_text("+989120000101")
    card = written(demo, demo.admin, demo.admin)
    assert card["contact"]["user_id"] == demo.admin.id
    assert card["reply_to_message"]["text"] == "Yours?"


async def test_the_address_book_is_shared_card_by_card(demo: Demo, screen: Screen) -> None:
    """One entry, or all of them at once; each is a message."""
    await screen.attach("Contact")
    await screen.page.get_by_role("button", name="نگار · 2 numbers").click()
    await expect(screen.own).to_have_count(1)
    assert "vcard" in written(demo, demo.admin, demo.admin)["contact"]
    await screen.attach("Contact")
    await screen.page.get_by_role("button", name="All 3 of the address book").click()
    await expect(screen.own).to_have_count(4)


async def test_one_tap_leads_from_the_pinned_bar_to_its_message(
    demo: Demo, screen: Screen
) -> None:
    """However far up it stands; in another topic of the group there is no bar."""
    group = demo.group.id
    sent = await demo.as_the_bot("sendMessage", chat_id=group, text="the panel")
    message_id = sent["result"]["message_id"]
    await demo.as_the_bot("pinChatMessage", chat_id=group, message_id=message_id)
    for number in range(20):
        await demo.as_the_bot("sendMessage", chat_id=group, text=f"line\n{number}\n.")
    await screen.visit(group)
    panel = screen.of(message_id)
    await expect(panel).not_to_be_in_viewport()
    await screen.pinned.click()
    await expect(panel).to_be_in_viewport()
    await screen.visit(group, thread=2)
    await expect(screen.pinned).to_be_hidden()


async def test_a_link_to_the_bot_is_followed_inside_the_page(demo: Demo, screen: Screen) -> None:
    """A tap in the group leads to the private chat, where *Start* sends what the link holds."""
    await screen.be(demo.member.first_name)
    await screen.visit(demo.group.id)
    name = demo.tg.world.bot.username
    link = f"https://t.me/{name}?start=l_Ab-3_x"
    await demo.as_the_bot("sendMessage", chat_id=demo.group.id, text=f"Launch: {link}")
    await screen.message("Launch:").get_by_role("link").click()
    await screen.page.get_by_role("button", name="Start", exact=True).click()
    await expect(screen.own.last).to_contain_text("/start l_Ab-3_x")
    assert demo.tg.messages(demo.member)[0].text == "/start l_Ab-3_x"
