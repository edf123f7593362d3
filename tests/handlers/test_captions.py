"""A command in a caption: nothing is done, and nothing is drafted of what came with it."""

import pytest

from sandbox.telegram import Message
from tests.handlers.house import Running
from tests.handlers.test_dnc import listed

TWO = "09120000001 09120000002"
SAID = "A caption is no command, and nothing was done with this."


async def drafts(bot: Running) -> int:
    """How many drafts are open."""
    sql = "SELECT count(*) FROM drafts WHERE state = 'open'"
    return await bot.house.database.read(lambda tx: int(tx.db.execute(sql).fetchone()[0]))


@pytest.mark.parametrize(
    "command", ["dnc import", "dnc add", "lists new Drivers", "call", "unknown", "DNC import"]
)
async def test_a_file(bot: Running, command: str) -> None:
    """No draft to call those people; a sentence says to reply with the command instead."""
    bob = bot.town.bob
    bot.tg.send_document(bob, bob, "people.txt", TWO.encode(), caption=f"/{command}")
    answer = await bot.told(bob, SAID)
    word = command.split(maxsplit=1)[0].lower()
    assert answer.text.endswith(f"Send it without one, then reply to it with /{word}.")
    assert await drafts(bot) == 0
    assert await listed(bot) == {}


async def test_the_reply_works(bot: Running) -> None:
    """The file that was refused is imported by a reply with the command."""
    bob = bot.town.bob
    file = bot.tg.send_document(bob, bob, "people.txt", TWO.encode(), caption="/dnc import")
    await bot.told(bob, SAID)
    bot.tg.send(bob, bob, "/dnc import by letter", reply_to=file)
    await bot.told(bob, "⛔ Bob put 2 numbers")
    assert await drafts(bot) == 0


async def test_a_forward(bot: Running) -> None:
    """What somebody else said not to call is no draft, text or file; what they call is one."""
    bob, eve = bot.town.bob, bot.town.eve
    bot.tg.send(bob, bob, f"/dnc add {TWO} because wrong", forward_from=eve)
    await bot.told(bob, SAID)
    assert await drafts(bot) == 0
    bot.tg.calm(bob)
    bot.tg.send(bob, bob, f"/call {TWO}", forward_from=eve)
    await bot.told(bob, "📋 2 numbers.")


async def test_in_a_group(bot: Running) -> None:
    """A command of ours is answered; another bot's is none of our business."""
    bob, group = bot.town.bob, bot.town.group
    bot.tg.send_document(bob, group, "a.txt", TWO.encode(), caption="/dnc@other_bot import")
    bot.tg.send_document(bob, group, "b.txt", TWO.encode(), caption="/anything")
    bot.tg.send_document(bob, group, "c.txt", TWO.encode(), caption="/dnc@callboard_bot import")
    await bot.told(group, SAID)
    await bot.quiet()
    assert len(bot.tg.sent(group)) == 1
    assert await drafts(bot) == 0


async def test_while_something_is_asked(bot: Running) -> None:
    """The caption is not taken for the reason, and the question stays open."""
    bob = bot.town.bob
    question = await bot.ask(bob, "/dnc import")
    bot.tg.send_document(bob, bob, "people.txt", TWO.encode(), caption="/dnc import")
    await bot.told(bob, SAID)
    assert await listed(bot) == {}
    bot.tg.calm(bob)
    bot.tg.send_document(
        bob, bob, "people.txt", TWO.encode(), caption="by letter", reply_to=question
    )
    await bot.quiet()
    await bot.house.joining.flush()
    await bot.told(bob, "⛔ Bob put 2 numbers")


@pytest.mark.parametrize("first", [True, False])
async def test_an_album(bot: Running, first: bool) -> None:
    """Its caption stands at one file alone, and counts for all of them, wherever it stands."""
    bob = bot.town.bob
    extra = {"media_group_id": "77"}

    def send(name: str, number: str, caption: str = "") -> Message:
        return bot.tg.send_document(bob, bob, name, number.encode(), caption=caption, extra=extra)

    if first:
        send("a.txt", "09120000001", "/dnc import")
        await bot.told(bob, SAID)
        send("b.txt", "09120000002")
    else:
        send("a.txt", "09120000001")
        await bot.told(bob, "📋 One number.")
        send("b.txt", "09120000002", "/dnc import")
        await bot.told(bob, SAID)
    await bot.quiet()
    assert await drafts(bot) == 0
