"""A simulated Bot API server: small and strict.

Driven by tests, benchmarks and people who try the bot.
Owns people, chats, messages and updates, and refuses what Telegram refuses, in Telegram's words.
Imports nothing of `bot`, `storage` or python-telegram-bot.

    tg = TelegramSandbox()
    async with tg.serve() as url:
        alice = tg.add_person(7, "Alice")
        command = tg.send(alice, alice, "/start")
        answer = await tg.next_message(alice, after=command)
"""

from sandbox.telegram.faults import Cut, Delayed, Held, Refused, flooded
from sandbox.telegram.people import Chat, Message, Person
from sandbox.telegram.simulated import TelegramSandbox

__all__ = [
    "Chat",
    "Cut",
    "Delayed",
    "Held",
    "Message",
    "Person",
    "Refused",
    "TelegramSandbox",
    "flooded",
]
