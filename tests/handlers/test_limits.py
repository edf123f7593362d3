"""`/limits`: looked at by everybody, set by managers; and what a refused launch is told."""

import asyncio

from sandbox.bitel import faults
from sandbox.telegram import Message, Person
from storage.models import AuditEntry, DraftState
from storage.models import Person as Recorded
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, numbers


async def put(bot: Running, **values: int) -> None:
    """Set limits behind everybody's back."""

    def work(tx: Stores) -> None:
        for name, value in values.items():
            tx.limits.put(name, value)

    await bot.house.database.write(work)


async def limit(bot: Running, name: str) -> int | None:
    """What a limit is set to; None if it has its default."""
    return (await bot.house.database.read(lambda tx: tx.limits.all())).get(name)


async def let_look(bot: Running, person: Person) -> None:
    """Make somebody a viewer."""
    who = Recorded(id=person.id, name=person.first_name)
    sara = Recorded(id=bot.town.sara.id, name="Sara")
    await bot.house.database.write(lambda tx: tx.members.put(who, "viewer", now=0.0, by=sara))


async def audit(bot: Running) -> list[AuditEntry]:
    """All that was set or refused."""
    entries = await bot.house.database.read(lambda tx: list(tx.audit.chain()))
    return [entry for entry in entries if entry.deed in ("limit_set", "launch_refused")]


async def typed(bot: Running, person: Person, card: Message, text: str) -> str:
    """Press *Another value* on a card, answer with a text, and return what is said."""
    newest = bot.said(person)[-1]
    await bot.press(person, card, "⌨️ Another value")
    await bot.tg.wait_for(lambda: [m for m in bot.said(person) if m.id > newest.id])
    await bot.quiet()  # the question is recorded after it was sent
    return (await bot.ask(person, text)).text


class TestLooking:
    """Every limit, and its use today."""

    async def test_a_manager(self, bot: Running) -> None:
        """Everything, who has used how much, and a button for each."""
        bob, sara = bot.town.bob, bot.town.sara
        await put(bot, team_day=500, number_day=3, first_wave=50)
        await bot.ask(sara, f"/call {VOICE} {numbers(3)}")
        await bot.ask(bob, f"/call {VOICE} {numbers(2, first=9)}")
        card = await bot.ask(bob, "/limits")
        assert card.text.splitlines() == [
            "🚦 Limits, and what of them is used today",
            "👥 The team, a day: 500 numbers · 5 used",
            "👤 One member, a day: no limit · you: 2 used",
            "💰 Cost a day: no limit",
            "📞 One number, a day: 3 times · the one called most: once",
            "📦 In one batch: 1,000, by the settings",
            "A second person approves",
            "✌️ Above so many numbers: never",
            "✌️ Above a cost of: never",
            "✌️ Outside the calling hours: no",
            "The first wave of a batch of more than 200",
            "🔎 So many go first: 50 numbers",
            "🔎 Wait for them at most: 3 min 0 s",
            "🔎 At most this share may fail: 30 %",
            "Numbers of today",
            "Sara 3 · Bob 2",
        ]
        assert sum(len(row) for row in card.buttons) == 11

    async def test_a_viewer(self, bot: Running) -> None:
        """The same without others' names, and nothing to press; pressing it is refused."""
        eve, bob = bot.town.eve, bot.town.bob
        await let_look(bot, eve)
        await bot.ask(bob, f"/call {VOICE} {numbers(2)}")
        card = await bot.ask(eve, "/limits")
        assert "👥 The team, a day: no limit · 2 used" in card.text
        assert "👤 One member, a day: no limit · you: 0 used" in card.text
        assert ("Bob" in card.text, card.buttons) == (False, [])
        for data in ("limit:team_day", "limset:team_day.0.500", "limtype:team_day"):
            answer = await bot.forge(eve, card, data)
            assert answer.text.startswith("Only managers and admins may do this")
        said = await bot.ask(eve, "/limits set team_day 5")
        assert said.text.startswith("Only managers and admins may do this")
        assert await limit(bot, "team_day") is None

    async def test_no_prices_yet(self, bot: Running) -> None:
        """What a day costs is unknown, and says so."""
        await put(bot, cost_day=50_000_000)
        card = await bot.ask(bot.town.bob, "/limits")
        assert (
            "💰 Cost a day: 50,000 Toman; what is used is unknown until the first prices have "
            "come, and counts as nothing"
        ) in card.text

    async def test_a_stranger(self, bot: Running) -> None:
        """Learns nothing."""
        said = await bot.ask(bot.town.eve, "/limits")
        assert said.text.startswith("Your id is")


class TestSetting:
    """By a tap, or typed."""

    async def test_by_taps(self, bot: Running) -> None:
        """Two taps, and the card of all says what it is now."""
        bob = bot.town.bob
        card = await bot.ask(bob, "/limits")
        await bot.press(bob, card, "👥 The team, a day")
        await bot.shows(card, "👥 The team, a day\nNow: no limit")
        assert card.buttons == [
            ["500 numbers", "1,000 numbers"],
            ["2,000 numbers", "5,000 numbers"],
            ["⌨️ Another value", "↩️ All limits"],
        ]
        await bot.press(bob, card, "500 numbers")
        await bot.shows(card, "✅ 👥 The team, a day: 500 numbers")
        assert await limit(bot, "team_day") == 500
        (entry,) = await audit(bot)
        assert (entry.about, entry.before, entry.after) == ("team_day", "off", "500")
        assert (entry.by_id, entry.chat_id) == (bob.id, bob.id)
        await bot.press(bob, card, "👥 The team, a day")
        await bot.press(bob, card, "no limit")
        await bot.shows(card, "✅ 👥 The team, a day: no limit")
        assert await limit(bot, "team_day") == 0

    async def test_yes_and_no(self, bot: Running) -> None:
        """What is on or off has nothing to type."""
        bob = bot.town.bob
        card = await bot.ask(bob, "/limits")
        await bot.press(bob, card, "✌️ Outside the calling hours")
        await bot.shows(card, "Now: no")
        assert card.buttons == [["yes"], ["↩️ All limits"]]
        await bot.press(bob, card, "yes")
        await bot.shows(card, "✅ ✌️ Outside the calling hours: yes")
        await bot.press(bob, card, "✌️ Outside the calling hours")
        await bot.press(bob, card, "↩️ All limits")
        await bot.shows(card, "✌️ Outside the calling hours: yes")
        assert await limit(bot, "approve_window") == 1

    async def test_a_stale_button(self, bot: Running) -> None:
        """Somebody else has set it since: nothing is changed."""
        bob, sara = bot.town.bob, bot.town.sara
        card = await bot.ask(bob, "/limits")
        await bot.press(bob, card, "👥 The team, a day")
        assert "✅" in (await bot.ask(sara, "/limits set team_day 70")).text
        answer = await bot.press(bob, card, "500 numbers")
        assert answer.text.startswith("This button has expired, and nothing was done.")
        assert await limit(bot, "team_day") == 70

    async def test_typed(self, bot: Running) -> None:
        """Digits of any script, money in Toman; what is wrong is said, and asked again."""
        bob = bot.town.bob
        card = await bot.ask(bob, "/limits")
        await bot.press(bob, card, "💰 Cost a day")
        said = await typed(bot, bob, card, "a lot")
        assert said.startswith("“a lot” is no value for 💰 Cost a day; nothing was changed.")
        said = (await bot.ask(bob, "\u06f2\u06f5\u06f0\u06f0\u06f0")).text
        assert said.startswith("✅ 💰 Cost a day: 25,000 Toman\n")
        assert await limit(bot, "cost_day") == 25_000_000

    async def test_typed_in_one_line(self, bot: Running) -> None:
        """`/limits set`, and what is wrong with it."""
        bob = bot.town.bob
        said = (await bot.ask(bob, "/limits set first_share 101")).text
        assert said == (
            "🔎 At most this share may fail: 101 % is too much, it can be 100 % at most; nothing "
            "was changed."
        )
        for value in ("first_wait off", "first_wait 0", "first_share off"):
            said = (await bot.ask(bob, f"/limits set {value}")).text
            assert "cannot be “off”; nothing was changed." in said
        assert (await limit(bot, "first_wait"), await limit(bot, "first_share")) == (None, None)
        said = (await bot.ask(bob, "/limits set team 5")).text
        assert said.startswith("There is no limit team; nothing was changed. These are: batch_")
        said = (await bot.ask(bob, "/limits set")).text
        assert said.startswith("Nothing was changed. To set a limit, send its name and its value")
        said = (await bot.ask(bob, "/limits set batch_numbers 1001")).text
        assert "it can be 1,000 numbers at most" in said
        assert await audit(bot) == []

    async def test_below_what_is_used(self, bot: Running) -> None:
        """A sentence, and nothing is changed."""
        bob = bot.town.bob
        await bot.ask(bob, f"/call {VOICE} {numbers(5)}")
        said = (await bot.ask(bob, "/limits set team_day 4")).text
        assert said == (
            "👥 The team, a day: 5 numbers are used already, so that it cannot be "
            "4 numbers; nothing was changed. Set it to 5 numbers or more."
        )
        assert await limit(bot, "team_day") is None

    async def test_forged(self, bot: Running) -> None:
        """What no button of ours names has expired."""
        bob = bot.town.bob
        card = await bot.ask(bob, "/limits")
        for data in (
            "limit:nothing",
            "limset:nothing.0.5",
            "limset:team_day.0",
            "limset:team_day.0.x",
            "limset:team_day.0.-1",
            "limtype:nothing",
        ):
            answer = await bot.forge(bob, card, data)
            assert answer.text.startswith("This button has expired"), data
        answer = await bot.forge(bob, card, "limset:team_day.0.1000001")
        assert "is too much" in answer.text
        assert await limit(bot, "team_day") is None

    async def test_an_old_message(self, bot: Running) -> None:
        """What was sent long before it arrived sets nothing."""
        then = bot.tg.world.clock() - 601
        said = await bot.ask(bot.town.bob, "/limits set team_day 5", date=then)
        assert said.text.startswith("I was away, and no limit was changed.")
        assert await limit(bot, "team_day") is None

    async def test_the_record_cannot_be_read(self, bot: Running) -> None:
        """A fault of the record is told with the command that says how things are."""
        await bot.sql("ALTER TABLE limits RENAME TO elsewhere")
        said = await bot.ask(bot.town.bob, "/limits set team_day 5")
        assert said.text.startswith("The record could not be written. Look at /limits before")


class TestRefused:
    """The limit, its use, and who can raise it; by each way to a batch."""

    async def test_typed(self, bot: Running) -> None:
        """Answered once, and nobody is called."""
        bob = bot.town.bob
        await put(bot, member_day=5)
        await bot.ask(bob, f"/call {VOICE} {numbers(4)}")
        said = await bot.ask(bob, f"/call {VOICE} {numbers(2, first=9)}")
        assert said.text == (
            "🚦 Today's limit for you is 5 numbers; 4 are used, this would be 2 more. Nobody was "
            "called. A manager can raise it with /limits."
        )
        assert len(await bot.batches()) == 1
        (entry,) = await audit(bot)
        assert (entry.deed, entry.by_id, entry.chat_id) == ("launch_refused", bob.id, bob.id)

    async def test_a_draft(self, bot: Running) -> None:
        """The card says it before anybody presses; a press is refused, and it stays open."""
        bob = bot.town.bob
        await put(bot, team_day=20)
        card = await bot.ask(bob, f"/call {VOICE} {numbers(21)}")
        assert (
            "🚦 Today's limit for the team is 20 numbers; 0 are used, this would be 21 more. As "
            "things are it will be refused. A manager can raise it with /limits."
        ) in card.text
        draft = await bot.draft(card)
        await bot.press(bob, card, "✅ Call 21")
        said = await bot.told(bob, "Nobody was called.")
        assert "this would be 21 more" in said.text
        assert (await bot.draft_named(draft.token)).state is DraftState.OPEN
        await put(bot, team_day=21)
        await bot.press(bob, card, "✅ Call 21")
        await bot.shows(card, "numbers are at the gateway")

    async def test_the_rest_of_yesterday(self, bot: Running) -> None:
        """*Send the other N* of a batch of another day, for which today has no room."""
        bob, sara, group = bot.town.bob, bot.town.sara, bot.town.group
        gate = asyncio.Event()
        bot.bitel.fail_next(faults.held(gate))
        board = await bot.ask(bob, f"/call {VOICE} {numbers(150)}", group)
        await bot.press(bob, board, "✅ Call 150")
        await bot.press(bob, board, "⏸ Hold rest")
        gate.set()
        await bot.shows(board, "Held by Bob")
        await bot.sql("UPDATE batches SET day = '2020-01-01'")
        await put(bot, member_day=149)
        await bot.press(sara, board, "▶ Send the other 50")
        said = await bot.told(group, "Today's limit for Bob is 149 numbers")
        assert "100 are used, this would be 50 more. Nobody was called." in said.text
        assert (await bot.batch()).state == "held"
        (entry,) = await audit(bot)
        assert (entry.about, entry.by_id, entry.chat_id) == ("b1", sara.id, group.id)
        await put(bot, member_day=150)
        await bot.press(sara, board, "▶ Send the other 50")
        await bot.shows(board, "All 150 numbers are at the gateway")

    async def test_one_number_too_often(self, bot: Running) -> None:
        """Who is at their limit is skipped; a call to nobody else is refused."""
        bob = bot.town.bob
        await put(bot, number_day=1)
        board = await bot.ask(bob, f"/call {VOICE} {numbers(1)}")
        await bot.shows(board, "The number is at the gateway")
        said = await bot.ask(bob, f"/call {VOICE} {numbers(1)} retry=2")
        assert said.text == (
            "🚦 This number was called once today already, which is the limit for one number. "
            "Nobody was called. A manager can raise it with /limits."
        )
        card = await bot.ask(bob, numbers(2))
        assert "⏭ One was called once today already, and will be skipped." in card.text
        card = await bot.ask(bob, f"/call {VOICE} {numbers(3)}")
        assert "⏭ One was called once today already, and will be skipped." in card.text
        assert card.buttons[0] == ["✅ Call 2"]
        assert len(await bot.batches()) == 1
        await bot.press(bob, card, "✅ Call 2")
        await bot.shows(card, "✅ 2 numbers are at the gateway; 1 skipped.")
