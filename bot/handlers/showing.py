"""What a press on a looking button does to the message that it was on."""

import asyncio

from bot.handlers.door import Press
from bot.messenger import Messenger
from bot.texts.cards import Card


async def show(messenger: Messenger, press: Press, card: Card) -> None:
    """Answer the press and let its message show this card; where it cannot, a new one does.

    Both at once: the screen is there after one round trip.
    """
    await asyncio.gather(
        messenger.answer(press.query_id),
        messenger.show(press.place, press.message_id, card),
    )
