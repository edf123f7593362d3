"""Lists in the chat, for the tests about them."""

from typing import Any

from sandbox.telegram import Chat, Message, Person
from storage.models import ListNumber, NumberList
from tests.handlers.house import Running

UNTIL_DONE = (
    "Until you press Done, the numbers that you send here are added, and no draft is made of them."
)


async def joined(bot: Running) -> None:
    """Return when what was sent in one go has been handled and answered."""
    await bot.quiet()
    await bot.house.joining.flush()
    await bot.house.parts.flush()


async def told(bot: Running, person: Person, words: str) -> Message:
    """A message that says these words, as soon as the bot knows an answer to it, too."""
    message = await bot.told(person, words)
    await bot.quiet()
    return message


async def make(bot: Running, person: Person, name: str, numbers: str) -> Message:
    """Let a person make a list by command; returns the answer."""
    made = await bot.ask(person, f"/lists new {name}\n{numbers}")
    await bot.quiet()
    return made


async def card(bot: Running, person: Person, name: str, chat: Chat | None = None) -> Message:
    """Let a person open the card of a list."""
    return await bot.ask(person, f"/lists {name}", chat)


async def answer(bot: Running, person: Person, question: Message, text: str) -> Message:
    """Let a person answer a question by a text, and return what the bot says then."""
    await bot.quiet()
    message = bot.tg.send(person, person, text, reply_to=question)
    said = await bot.tg.next_message(person, after=message)
    await bot.quiet()
    return said


async def recorded(bot: Running, name: str) -> tuple[NumberList, list[ListNumber]]:
    """A list and its numbers as they are recorded."""

    def work(tx: Any) -> tuple[NumberList, list[ListNumber]]:
        found = tx.lists.named(name.lower())
        assert found is not None
        return found, tx.lists.numbers(found.id)

    return await bot.house.database.read(work)


async def held(bot: Running, name: str) -> list[str]:
    """The numbers of a list."""
    return [one.number for one in (await recorded(bot, name))[1]]


async def names(bot: Running) -> list[str]:
    """The names of all lists."""
    return await bot.house.database.read(lambda tx: tx.lists.names())
