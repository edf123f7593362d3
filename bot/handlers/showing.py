"""What a press on a looking button does to the message that it was on."""

from bot.handlers.door import Press
from bot.messenger import Messenger
from bot.texts.cards import Card


async def show(messenger: Messenger, press: Press, card: Card) -> None:
    """Answer the press and let its message show this card; where it cannot, a new one does."""
    await messenger.answer(press.query_id)
    await messenger.show(press.place, press.message_id, card)
