"""`/team`: the menu of members in private, by reply in a group, and people who are picked."""

import pytest

from bot.calling.audit import Deed
from bot.calling.rights import Role
from bot.handlers.permissions import COMMANDS
from sandbox.telegram import Message, Person, Refused
from storage.models import Person as Recorded
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, Town

ADMINS = "Only admins may do this; nothing was done. An admin can change your role with /team."
TEAM = "This bot is for its team: ask an admin."
EXPIRED = "This button has expired"


async def role(bot: Running, person: Person) -> Role:
    """What somebody may do now."""
    return await bot.house.rights.role(person.id)


async def card_of(bot: Running, label: str) -> Message:
    """The card of a member, opened by Sara."""
    menu = await bot.ask(bot.town.sara, "/team")
    await bot.turn(bot.town.sara, menu, label)
    return menu


async def deeds(bot: Running) -> list[str]:
    """What was changed, oldest first."""
    every = await bot.house.database.read(lambda tx: [one.deed for one in tx.audit.chain()])
    return [deed for deed in every if deed != Deed.TURNED_AWAY]


class TestMenu:
    """An admin's private chat."""

    async def test_members(self, bot: Running) -> None:
        """All members with their roles, admins first, and the ways to more."""
        menu = await bot.ask(bot.town.sara, "/team")
        assert menu.text.startswith("👥 Team · 2 members")
        assert menu.buttons == [
            ["👑 u500001 · admin"],
            ["🗂 Bob · manager"],
            ["➕ Add", "✉️ Invites", "💬 Chats"],
        ]

    async def test_a_role_is_changed(self, bot: Running) -> None:
        """Two taps; the card and Bob say so, and his command menu follows."""
        bot.tg.start(bot.town.bob)
        await bot.told(bot.town.bob, "Hello Bob.")
        card = await card_of(bot, "🗂 Bob · manager")
        assert "By Sara." in card.text
        await bot.turn(bot.town.sara, card, "👁 Viewer")
        assert card.text.startswith("✅ Sara changed Bob: viewer (was manager).")
        await bot.told(bot.town.bob, "Sara made you viewer.")
        await bot.quiet()
        menu = {one["command"] for one in bot.tg.menu(bot.town.bob, bot.town.bob)}
        assert menu == {name for name, needs in COMMANDS.items() if needs.role <= Role.VIEWER}
        assert (await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")).text.startswith(
            "You may look, but not call"
        )

    async def test_suspended_and_back(self, bot: Running) -> None:
        """It is asked once more; who is suspended is a stranger until an admin ends it."""
        card = await card_of(bot, "🗂 Bob · manager")
        await bot.turn(bot.town.sara, card, "⛔ Suspend")
        assert card.text.startswith("⛔ Suspend Bob (manager)?")
        assert await role(bot, bot.town.bob) is Role.MANAGER
        await bot.turn(bot.town.sara, card, "⛔ Suspend")
        assert card.text.startswith("⛔ Sara suspended Bob (manager).")
        await bot.told(bot.town.bob, "⛔ Sara suspended you: you can do nothing here until")
        assert TEAM in (await bot.ask(bot.town.bob, "/batches")).text
        await bot.turn(bot.town.sara, card, "▶️ End the suspension")
        assert card.text.startswith("✅ Sara let Bob back in: manager (was manager, suspended).")
        assert await role(bot, bot.town.bob) is Role.MANAGER

    async def test_one_of_allowed_ids_is_suspended_not_removed(self, bot: Running) -> None:
        """Bob stands in the settings: *Remove* suspends him, and says why."""
        card = await card_of(bot, "🗂 Bob · manager")
        await bot.turn(bot.town.sara, card, "🗑 Remove")
        await bot.turn(bot.town.sara, card, "🗑 Remove")
        assert "they stand in ALLOWED_IDS" in card.text
        assert await role(bot, bot.town.bob) is Role.STRANGER
        menu = await bot.ask(bot.town.sara, "/team")
        assert ["⛔ Bob · launcher, suspended"] in menu.buttons

    async def test_a_member_is_removed(self, bot: Running) -> None:
        """Who does not stand in the settings is gone, from the menu, too."""
        await add_eve(bot)
        card = await card_of(bot, "🚀 Eve · launcher")
        await bot.turn(bot.town.sara, card, "🗑 Remove")
        await bot.turn(bot.town.sara, card, "🗑 Remove")
        assert card.text == ("🗑 Sara removed Eve (launcher).\n👤 Eve · no member\nid 500003")
        assert card.buttons == [["◀ Team"]]
        await bot.told(bot.town.eve, "🗑 Sara removed you from the team")
        await bot.turn(bot.town.sara, card, "◀ Team")
        assert card.text.startswith("👥 Team · 2 members")
        assert await deeds(bot) == ["member_added", "member_removed"]

    async def test_admin_ids_have_no_buttons(self, town: Town) -> None:
        """The card of one of `ADMIN_IDS`, and one's own, offer nothing; nor does forging."""
        async with town.bot(admins=frozenset({500001, 500003})) as bot:
            card = await card_of(bot, "👑 u500003 · admin")
            assert "Stands in ADMIN_IDS" in card.text
            assert card.buttons == [["◀ Team"]]
            answer = await bot.forge(town.sara, card, "teamdo:500003.admin.remove")
            assert answer.text == (
                "u500003 stands in ADMIN_IDS and is always an admin; nothing was changed."
            )
            own = await bot.forge(town.sara, card, "role:500001.admin.viewer")
            assert own.text.startswith("Nobody changes their own role")
            await bot.turn(town.sara, card, "◀ Team")
            await bot.turn(town.sara, card, "👑 u500001 · admin")
            assert "This is you" in card.text
            assert card.buttons == [["◀ Team"]]

    async def test_the_last_admin(self, bot: Running) -> None:
        """The only admin cannot be removed, suspended or made less, and is told so."""
        menu = await bot.ask(bot.town.sara, "/team")
        for data in (
            "teamdo:500001.admin.remove",
            "teamdo:500001.admin.suspend",
            "role:500001.admin.viewer",
        ):
            answer = await bot.forge(bot.town.sara, menu, data)
            assert "is the only admin there is; nothing was changed." in answer.text
        assert await deeds(bot) == []

    async def test_a_button_that_shows_an_earlier_role_has_expired(self, bot: Running) -> None:
        """What was changed since by somebody else is not changed by an old card."""
        old, new = await card_of(bot, "🗂 Bob · manager"), await card_of(bot, "🗂 Bob · manager")
        await bot.turn(bot.town.sara, new, "🚀 Launcher")
        for data in (
            "role:500002.manager.viewer",
            "teamask:500002.manager.suspend",
            "teamdo:500002.manager.remove",
            "teamdo:500002.launcher.promote",
            "teamask:500002.launcher.restore",
            "role:500002.launcher.boss",
            "teamdo:777.viewer.remove",
            "teamadd:boss",
        ):
            assert (await bot.forge(bot.town.sara, old, data)).text.startswith(EXPIRED)
        assert await role(bot, bot.town.bob) is Role.LAUNCHER

    async def test_pages(self, bot: Running) -> None:
        """Eight members a page, and arrows between the pages."""
        sara = Recorded(id=bot.town.sara.id, name="Sara")

        def join(tx: Stores) -> None:
            for n in range(9):
                person = Recorded(id=700 + n, name=f"M{n}")
                tx.members.put(person, "viewer", now=0.0, by=sara)

        await bot.house.database.write(join)
        menu = await bot.ask(bot.town.sara, "/team")
        assert (len(menu.buttons), menu.buttons[8]) == (10, ["▶"])
        await bot.turn(bot.town.sara, menu, "▶")
        assert menu.buttons == [
            *([f"👁 M{n} · viewer"] for n in (6, 7, 8)),
            *(["◀"], ["➕ Add", "✉️ Invites", "💬 Chats"]),
        ]

    async def test_in_private_alone(self, bot: Running) -> None:
        """A button of the menu that is forged in a group shows nobody the team."""
        said = await bot.ask(bot.town.sara, "/team", bot.town.group)
        for data in ("team:1", "member:500002", "teamdo:500002.manager.remove", "invite:admin"):
            answer = await bot.forge(bot.town.sara, said, data)
            assert answer.text == "The team is managed in our private chat: send /team there."
        assert len(bot.tg.sent(bot.town.group)) == 1
        assert await deeds(bot) == []

    async def test_words_in_private(self, bot: Running) -> None:
        """Are no menu: the answer says where they work, and what works here."""
        said = await bot.ask(bot.town.sara, "/team launcher")
        assert said.text.startswith("Nothing was changed. Here send /team alone")
        assert await deeds(bot) == []

    async def test_who_cannot_be_told(self, bot: Running) -> None:
        """A suspension holds where its owner has blocked the bot; it is tried once."""
        blocked = Refused(403, "Forbidden: bot was blocked by the user")
        bot.tg.fail("sendMessage", blocked, when=lambda params: params["chat_id"] == 500002)
        card = await card_of(bot, "🗂 Bob · manager")
        await bot.turn(bot.town.sara, card, "⛔ Suspend")
        await bot.turn(bot.town.sara, card, "⛔ Suspend")
        await bot.quiet()
        assert bot.tg.sent(bot.town.bob) == []
        assert await role(bot, bot.town.bob) is Role.STRANGER

    async def test_a_name_that_the_settings_do_not_have(self, bot: Running) -> None:
        """Who stands in the settings is shown by the name of their last launch."""
        await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
        menu = await bot.ask(bot.town.sara, "/team")
        assert ["👑 Sara · admin"] in menu.buttons

    async def test_for_admins(self, bot: Running) -> None:
        """A manager may not see or change the team, by command or by a forged press."""
        assert (await bot.ask(bot.town.bob, "/team")).text == ADMINS
        board = await bot.ask(bot.town.bob, "/batches")
        for data in ("team:1", "role:500002.manager.admin", "invite:admin", "chats:1"):
            assert (await bot.forge(bot.town.bob, board, data)).text == ADMINS
        assert await deeds(bot) == []


async def add_eve(bot: Running) -> None:
    """Sara adds Eve as a launcher, by picking her."""
    menu = await bot.ask(bot.town.sara, "/team")
    await bot.turn(bot.town.sara, menu, "➕ Add")
    await bot.press(bot.town.sara, menu, "🚀 Launcher")
    await bot.told(bot.town.sara, "who you pick becomes launcher.")
    bot.tg.share_users(bot.town.sara, bot.town.sara, bot.town.eve)
    await bot.told(bot.town.sara, "Sara added Eve: launcher.")


class TestAdd:
    """A person who is picked with the key of *Add*."""

    async def test_picked(self, bot: Running) -> None:
        """They are a member, both are told, and both have the home keyboard."""
        await add_eve(bot)
        assert await role(bot, bot.town.eve) is Role.LAUNCHER
        await bot.told(bot.town.eve, "Sara made you launcher.")
        for person in (bot.town.sara, bot.town.eve):
            assert bot.tg.keyboard(person) == [["🚀 Launch", "📊 Results", "☰ More"]]
        assert await deeds(bot) == ["member_added"]

    async def test_not_now(self, bot: Running) -> None:
        """*Not now* gives the keyboard back, and adds nobody."""
        menu = await bot.ask(bot.town.sara, "/team")
        await bot.turn(bot.town.sara, menu, "➕ Add")
        await bot.press(bot.town.sara, menu, "👑 Admin")
        await bot.told(bot.town.sara, "who you pick becomes admin.")
        assert bot.tg.keyboard(bot.town.sara) == [["👤 Pick a person"], ["✖️ Not now"]]
        bot.tg.tap(bot.town.sara, bot.town.sara, "✖️ Not now")
        await bot.told(bot.town.sara, "Your keyboard is back")
        assert await deeds(bot) == []

    async def test_oneself(self, bot: Running) -> None:
        """Who picks themselves is told why not, and the keyboard comes back."""
        menu = await bot.ask(bot.town.sara, "/team")
        await bot.turn(bot.town.sara, menu, "➕ Add")
        await bot.press(bot.town.sara, menu, "👁 Viewer")
        await bot.told(bot.town.sara, "who you pick becomes viewer.")
        bot.tg.share_users(bot.town.sara, bot.town.sara, bot.town.sara)
        await bot.told(bot.town.sara, "is the only admin there is")
        assert bot.tg.keyboard(bot.town.sara) == [["🚀 Launch", "📊 Results", "☰ More"]]

    async def test_by_nobody_else(self, bot: Running) -> None:
        """People that a manager or a stranger shares, and a key of no role, add nobody."""
        shared = {"request_id": 4, "users": [{"user_id": 500003, "first_name": "Eve"}]}
        for person, words in ((bot.town.bob, ADMINS), (bot.town.eve, TEAM)):
            bot.tg.send(person, person, "", extra={"users_shared": shared})
            await bot.told(person, words)
        for number in (0, 9):
            none = {"users_shared": shared | {"request_id": number}}
            sent = bot.tg.send(bot.town.sara, bot.town.sara, "", extra=none)
            answer = await bot.tg.next_message(bot.town.sara, after=sent)
            assert answer.text.startswith(EXPIRED)
        assert await role(bot, bot.town.eve) is Role.STRANGER
        assert await deeds(bot) == []


class TestInGroups:
    """`/team` in reply to somebody."""

    async def test_alone(self, bot: Running) -> None:
        """Without a word it says what can be done here, and shows nobody's role."""
        said = await bot.ask(bot.town.sara, "/team", bot.town.group)
        assert said.text.startswith("👥 Reply to somebody's message with one of these:")
        hello = bot.tg.send(bot.town.eve, bot.town.group, "hello")
        for reply_to in (hello, None):
            said = await bot.ask(bot.town.sara, "/team add", bot.town.group, reply_to=reply_to)
            assert said.text.startswith("👥 Reply to somebody's message")
        assert await deeds(bot) == []

    async def test_added_and_changed_by_reply(self, bot: Running) -> None:
        """A role in reply adds the author of that message, or changes their role."""
        hello = bot.tg.send(bot.town.eve, bot.town.group, "hello")
        for text, answer in (
            ("/team add viewer", "✅ Sara added Eve: viewer."),
            ("/team Manager", "✅ Sara changed Eve: manager (was viewer)."),
            ("/team suspend", "⛔ Sara suspended Eve (manager)."),
            ("/team restore", "✅ Sara let Eve back in: manager (was manager, suspended)."),
            ("/team remove", "🗑 Sara removed Eve (manager)."),
            ("/team remove", "This person is no member; nothing was changed."),
        ):
            said = await bot.ask(bot.town.sara, text, bot.town.group, reply_to=hello)
            assert said.text == answer
        assert await role(bot, bot.town.eve) is Role.STRANGER
        assert len(await deeds(bot)) == 5

    async def test_removing_bob(self, bot: Running) -> None:
        """One of `ALLOWED_IDS` is suspended, and the answer says so."""
        hello = bot.tg.send(bot.town.bob, bot.town.group, "hello")
        said = await bot.ask(bot.town.sara, "/team remove", bot.town.group, reply_to=hello)
        assert "they stand in ALLOWED_IDS" in said.text

    async def test_a_role_that_does_not_exist(self, bot: Running) -> None:
        """A sentence that names the roles; also where nothing is replied to."""
        hello = bot.tg.send(bot.town.eve, bot.town.group, "hello")
        for reply_to in (hello, None):
            said = await bot.ask(bot.town.sara, "/team boss", bot.town.group, reply_to=reply_to)
            assert said.text.startswith("There is no role boss; nothing was changed.")

    async def test_not_in_reply(self, bot: Running) -> None:
        """Without a reply nobody is meant, in a topic as well."""
        for chat, place in ((bot.town.group, {}), (bot.town.forum, {"thread": 5})):
            said = await bot.ask(bot.town.sara, "/team viewer", chat, **place)
            assert said.text.startswith("Nothing was changed. Send this in reply")

    async def test_bots_and_channels(self, bot: Running) -> None:
        """What no person wrote makes nobody a member."""
        robot = bot.tg.add_person(77, "Robot", is_bot=True)
        channel = bot.tg.add_channel(-5, "News")
        for written in (
            bot.tg.send(robot, bot.town.group, "beep"),
            bot.tg.send(bot.town.eve, bot.town.group, "as a channel", sender_chat=channel),
            bot.tg.send(bot.town.eve, bot.town.group, "as the group", sender_chat=bot.town.group),
        ):
            said = await bot.ask(bot.town.sara, "/team admin", bot.town.group, reply_to=written)
            assert said.text.startswith("This was not written by a person")
        assert await deeds(bot) == []

    async def test_for_admins(self, bot: Running) -> None:
        """A manager cannot make anybody anything, themselves neither."""
        for author in (bot.town.eve, bot.town.bob):
            hello = bot.tg.send(author, bot.town.group, "hello")
            said = await bot.ask(bot.town.bob, "/team admin", bot.town.group, reply_to=hello)
            assert said.text == ADMINS
        assert await deeds(bot) == []


class TestFaults:
    """Rights between two moments, and a record that refuses."""

    async def test_removed_between_draft_and_confirm(self, bot: Running) -> None:
        """Who was removed after their draft was shown cannot confirm it."""
        draft = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
        card = await card_of(bot, "🗂 Bob · manager")
        await bot.turn(bot.town.sara, card, "🗑 Remove")
        await bot.turn(bot.town.sara, card, "🗑 Remove")
        assert (await bot.press(bot.town.bob, draft, "✅ Call 1")).text == TEAM
        assert await bot.batches() == []

    async def test_the_same_username_under_another_id(self, bot: Running) -> None:
        """A name that is taken over brings no role with it."""
        bot.town.bob.username = None
        thief = bot.tg.add_person(600002, "Bob", username="bob")
        assert TEAM in (await bot.ask(thief, f"/call {VOICE} 09120000001")).text
        assert await role(bot, thief) is Role.STRANGER

    @pytest.mark.parametrize("text", ["/team viewer", "/team remove"])
    async def test_a_record_that_refuses(self, bot: Running, text: str) -> None:
        """The answer says where to look; nothing is claimed to be done."""
        hello = bot.tg.send(bot.town.bob, bot.town.group, "hello")
        await bot.sql(
            "CREATE TRIGGER refuse BEFORE UPDATE ON members"
            " BEGIN SELECT RAISE(ABORT, 'not now'); END"
        )
        said = await bot.ask(bot.town.sara, text, bot.town.group, reply_to=hello)
        assert said.text.startswith("The record could not be written. Look at /team")
        assert await role(bot, bot.town.bob) is Role.MANAGER

    async def test_a_record_that_refuses_a_picked_person(self, bot: Running) -> None:
        """The keyboard comes back with the sentence."""
        await bot.sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON members"
            " BEGIN SELECT RAISE(ABORT, 'not now'); END"
        )
        shared = {"request_id": 2, "users": [{"user_id": 500003}]}
        bot.tg.send(bot.town.sara, bot.town.sara, "", extra={"users_shared": shared})
        await bot.told(bot.town.sara, "The record could not be written. Look at /team")
        assert bot.tg.keyboard(bot.town.sara) == [["🚀 Launch", "📊 Results", "☰ More"]]
