"""The groups in which the bot works: allowed by an admin; it leaves all others."""

import pytest

from sandbox.telegram import Chat
from sandbox.telegram.faults import Refused
from storage.models import Person as Recorded
from tests.handlers.house import VOICE, Running, Town

LEAVES = "No admin of mine has allowed this chat, so I leave it."
NOT_ALLOWED = "This chat is not allowed; nothing was done."
TEAM = "This bot is for its team: ask an admin."


def outside(bot: Running, number: int = -77, *, supergroup: bool = False) -> Chat:
    """A group of everybody's that nobody has allowed; the bot is in it."""
    people = [bot.town.sara, bot.town.bob, bot.town.eve]
    return bot.tg.add_group(number, "Other", members=people, supergroup=supergroup)


async def allowed(bot: Running) -> list[int]:
    """The ids of the chats that are allowed."""
    return [chat.chat_id for chat in await bot.house.database.read(lambda tx: tx.chats.all())]


async def left(bot: Running, chat: Chat) -> None:
    """Wait until the bot has gone."""
    await bot.tg.wait_for(lambda: chat.bot_status == "left")


async def deeds(bot: Running) -> list[tuple[str, str, int]]:
    """What was done to chats, oldest first: deed, about, by whom."""
    every = await bot.house.database.read(lambda tx: list(tx.audit.chain()))
    return [(one.deed, one.about, one.by_id) for one in every if one.deed.startswith("chat_")]


class TestAdded:
    """Somebody adds the bot to a group."""

    async def test_by_an_admin(self, bot: Running) -> None:
        """It is allowed at once, greets in one sentence, and works there."""
        group = bot.tg.add_group(
            -77, "Other", members=[bot.town.sara, bot.town.bob], bot_status="left"
        )
        bot.tg.add_bot(bot.town.sara, group)
        await bot.told(group, "👋 This chat is allowed.")
        assert -77 in await allowed(bot)
        assert await deeds(bot) == [("chat_allowed", "c-77 Other", bot.town.sara.id)]
        await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001", group)
        assert len(await bot.batches()) == 1

    @pytest.mark.parametrize("name", ["bob", "eve"])
    async def test_by_anybody_else(self, bot: Running, name: str) -> None:
        """A manager and a stranger are told why, and the bot goes."""
        by = getattr(bot.town, name)
        group = bot.tg.add_group(-77, "Other", members=[by], bot_status="left")
        bot.tg.add_bot(by, group)
        await left(bot, group)
        assert [message.text for message in bot.tg.sent(group) if message.text] == [LEAVES]
        assert -77 not in await allowed(bot)
        assert await deeds(bot) == []

    async def test_again_by_anybody_to_a_chat_that_is_allowed(self, bot: Running) -> None:
        """An admin's word holds: where a chat is allowed it does not matter who adds the bot."""
        await bot.sql("INSERT INTO chats VALUES (-77, 'Other', 0, 500001, 'Sara')")
        group = bot.tg.add_group(-77, "Other", members=[bot.town.eve], bot_status="left")
        bot.tg.add_bot(bot.town.eve, group)
        await bot.quiet()
        assert group.bot_status == "member"

    async def test_a_supergroup_by_a_stranger(self, bot: Running) -> None:
        """It might have been a group of ours that moved; as none says so, the bot goes."""
        group = bot.tg.add_group(
            -1077, "Other", members=[bot.town.eve], supergroup=True, bot_status="left"
        )
        bot.tg.add_bot(bot.town.eve, group)
        await left(bot, group)

    async def test_a_channel(self, bot: Running) -> None:
        """It is left, also if an admin has added it; the admin is told."""
        for person in (bot.town.eve, bot.town.sara):
            channel = bot.tg.add_channel(-9 - person.id, "News")
            channel.bot_status = "left"
            bot.tg.promote_bot(person, channel)
            await left(bot, channel)
        await bot.told(bot.town.sara, "I work in groups and private chats, and leave channels.")
        assert bot.tg.sent(bot.town.eve) == []

    async def test_made_an_administrator_and_blocked(self, bot: Running) -> None:
        """Other changes of the bot's place mean nothing, in private neither."""
        bot.tg.promote_bot(bot.town.eve, bot.town.group)
        bot.tg.block(bot.town.eve)
        bot.tg.unblock(bot.town.eve)
        await bot.quiet()
        assert bot.town.group.bot_status == "administrator"
        assert await deeds(bot) == []

    async def test_where_the_record_cannot_tell(self, bot: Running) -> None:
        """Nothing is allowed, and no team loses its bot over a record that refuses."""
        await bot.sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON chats"
            " BEGIN SELECT RAISE(ABORT, 'not now'); END"
        )
        group = bot.tg.add_group(-77, "Other", members=[bot.town.sara], bot_status="left")
        bot.tg.add_bot(bot.town.sara, group)
        await bot.quiet()
        assert group.bot_status == "member"
        assert -77 not in await allowed(bot)

    async def test_thrown_out(self, bot: Running) -> None:
        """A chat that throws the bot out is taken off the list, by whoever did it."""
        bot.tg.kick_bot(bot.town.eve, bot.town.group)
        await bot.quiet()
        assert await allowed(bot) == [bot.town.forum.id]
        about = f"c{bot.town.group.id} Team"
        assert await deeds(bot) == [("chat_taken_off", about, bot.town.eve.id)]


class TestNotAllowed:
    """A group in which the bot is, and may not work."""

    async def test_an_admin_is_asked(self, bot: Running) -> None:
        """An admin's command does nothing but show a card; *Allow* lets it work there."""
        group = outside(bot)
        card = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001", group)
        assert card.text.startswith("This chat is not allowed yet, and nothing was done.")
        assert await bot.batches() == []
        await bot.turn(bot.town.sara, card, "✅ Allow this chat")
        assert card.text == "✅ Sara allowed this chat."
        assert await deeds(bot) == [("chat_allowed", "c-77 Other", bot.town.sara.id)]
        await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001", group)
        assert len(await bot.batches()) == 1

    @pytest.mark.parametrize("name", ["bob", "eve"])
    async def test_it_leaves_whoever_else_speaks_to_it(self, bot: Running, name: str) -> None:
        """No effect, one sentence, however often they write meanwhile."""
        group = outside(bot)
        person = getattr(bot.town, name)
        gate = bot.tg.hold("leaveChat")
        for _ in range(5):
            bot.tg.send(person, group, f"/call {VOICE} 09120000001")
        await bot.told(group, LEAVES)
        await bot.tg.wait_for(bot.house.application.update_queue.empty)
        gate.set()
        await left(bot, group)
        assert len([m for m in bot.tg.sent(group) if m.text == LEAVES]) == 1
        assert await bot.batches() == []

    async def test_presses(self, bot: Running) -> None:
        """A press of an admin's is answered and asks; anybody else's makes the bot leave."""
        group = outside(bot)
        card = await bot.ask(bot.town.sara, "/batches", group)
        answer = await bot.forge(bot.town.sara, card, "list:1.0.0")
        assert (answer.text, answer.show_alert) == (NOT_ALLOWED, True)
        again = await bot.tg.next_message(group, after=card)
        assert again.buttons == [["✅ Allow this chat"]]
        for person in (bot.town.bob, bot.town.eve):
            forged = await bot.forge(person, card, "allow:-77")
            assert forged.text == NOT_ALLOWED
        await left(bot, group)
        assert -77 not in await allowed(bot)

    async def test_allowed_twice(self, bot: Running) -> None:
        """Who presses *Allow* after somebody else changes nothing more."""
        group = outside(bot)
        card = await bot.ask(bot.town.sara, "/batches", group)
        await bot.turn(bot.town.sara, card, "✅ Allow this chat")
        await bot.forge(bot.town.sara, card, "allow:-77")
        await bot.quiet()
        assert len(await deeds(bot)) == 1

    async def test_the_button_of_another_chat(self, bot: Running) -> None:
        """*Allow* names its chat: forged for another one, or in private, it allows nothing."""
        group = outside(bot)
        card = await bot.ask(bot.town.sara, "/batches", group)
        assert (await bot.forge(bot.town.sara, card, "allow:-78")).text.startswith(
            "This button has expired"
        )
        menu = await bot.ask(bot.town.sara, "/team")
        for token in (-77, bot.town.sara.id):
            answer = await bot.forge(bot.town.sara, menu, f"allow:{token}")
            assert answer.text == "This works only in a group; nothing was done."
        assert await deeds(bot) == []

    async def test_where_it_cannot_be_left(self, bot: Running) -> None:
        """Telegram refuses once: nothing was done, and the next message tries it again."""
        group = outside(bot)
        bot.tg.fail("leaveChat", _refused())
        bot.tg.fail("sendMessage", _refused())
        bot.tg.send(bot.town.eve, group, "/call")
        await bot.tg.wait_for(lambda: bot.tg.calls_of("leaveChat"))
        await bot.quiet()
        assert group.bot_status == "member"
        bot.tg.send(bot.town.eve, group, "/call")
        await left(bot, group)

    async def test_a_broken_check_leaves_nothing(self, town: Town) -> None:
        """Where the rights cannot be read nobody may do anything, and no group is left."""
        async with town.bot() as bot:
            await bot.sql("ALTER TABLE chats RENAME TO gone")
            said = await bot.ask(town.sara, "/batches", town.group)
            assert said.text == f"Your id is 500001. {TEAM}"
            await bot.quiet()
            assert town.group.bot_status == "member"


class TestMenu:
    """The chats in the menu of the team."""

    async def test_taken_off(self, bot: Running) -> None:
        """Asked once more; then the bot says so there, and leaves."""
        await bot.sql("UPDATE chats SET title = 'Calls' WHERE chat_id = -1009876543210")
        menu = await bot.ask(bot.town.sara, "/team")
        await bot.turn(bot.town.sara, menu, "💬 Chats")
        assert menu.buttons == [["🚪 Calls"], ["🚪 Team"], ["◀ Team"]]
        await bot.turn(bot.town.sara, menu, "🚪 Team")
        assert menu.text.startswith("🚪 Take off Team? I leave it at once.")
        await bot.turn(bot.town.sara, menu, "🚪 Take it off")
        await left(bot, bot.town.group)
        await bot.told(bot.town.group, "An admin has taken this chat off, so I leave it.")
        assert await allowed(bot) == [bot.town.forum.id]
        await bot.quiet()
        about = f"c{bot.town.group.id} Team"
        assert await deeds(bot) == [("chat_taken_off", about, bot.town.sara.id)]
        for step in ("ask", "sure"):
            stale = await bot.forge(bot.town.sara, menu, f"chatoff:{bot.town.group.id}.{step}")
            assert stale.text.startswith("This button has expired")

    async def test_none_and_many(self, bot: Running) -> None:
        """Where none is allowed it says how; more than eight have pages; no title, the id."""
        await bot.sql("DELETE FROM chats")
        menu = await bot.ask(bot.town.sara, "/team")
        await bot.turn(bot.town.sara, menu, "💬 Chats")
        assert "No group is allowed yet" in menu.text
        await bot.house.database.write(
            lambda tx: [tx.chats.allow(-n, "", now=float(n), by=_sara(bot)) for n in range(1, 10)]
        )
        await bot.turn(bot.town.sara, menu, "◀ Team")
        await bot.turn(bot.town.sara, menu, "💬 Chats")
        assert (menu.buttons[0], menu.buttons[-2]) == (["🚪 c-1"], ["▶"])
        await bot.turn(bot.town.sara, menu, "▶")
        assert menu.buttons == [["🚪 c-9"], ["◀"], ["◀ Team"]]
        odd = await bot.forge(bot.town.sara, menu, "chatoff:-9.now")
        assert odd.text.startswith("This button has expired")


class TestSupergroup:
    """A group that becomes a supergroup."""

    async def test_it_keeps_its_permission(self, bot: Running) -> None:
        """What was allowed is allowed under the new id, its board moves, and nothing is left."""
        group = bot.tg.add_group(-77, "Small", members=[bot.town.sara, bot.town.bob])
        await bot.sql("INSERT INTO chats VALUES (-77, 'Small', 0, 500001, 'Sara')")
        await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001", group)
        moved = bot.tg.migrate(bot.town.bob, group, -100777)
        await bot.quiet()
        await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002", moved)
        board = await bot.house.database.read(lambda tx: tx.boards.get(1))
        assert board is not None
        assert board.chat_id == -100777
        assert sorted(await allowed(bot)) == sorted(
            [-100777, bot.town.group.id, bot.town.forum.id]
        )
        assert len(await bot.batches()) == 2
        assert await deeds(bot) == [("chat_moved", "c-100777 Small", 0)]
        assert moved.bot_status == "member"

    async def test_one_that_was_not_allowed(self, bot: Running) -> None:
        """It is not allowed under the new id either."""
        group = outside(bot)
        moved = bot.tg.migrate(bot.town.eve, group, -100777)
        await left(bot, moved)
        assert -100777 not in await allowed(bot)


def _sara(bot: Running) -> Recorded:
    return Recorded(id=bot.town.sara.id, name="Sara")


def _refused() -> Refused:
    return Refused(400, "Bad Request: not now")
