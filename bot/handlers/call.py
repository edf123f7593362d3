"""`/call`: allow, parse, launch or ask, answer."""

import logging

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.calling.drafts import Ask
from bot.calling.errors import CallingError, UsageError
from bot.calling.launches import Asked, Launches
from bot.calling.numbers import NumberReader
from bot.calling.request import parse_call
from bot.handlers.door import Asker, Door
from bot.handlers.drafts import DraftPresses
from bot.handlers.parts import Parts
from bot.messenger import Messenger
from bot.texts import errors
from bot.texts.cards import Card
from storage.errors import StorageError

log = logging.getLogger(__name__)

LONG = 3800  # UTF-16 units from which Telegram may have cut the text (it does so at 4096)


class CallCommand:
    """Launches at once, except where something has to be asked; then it shows a draft."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        launches: Launches,
        reader: NumberReader,
        parts: Parts,
        drafts: DraftPresses,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._launches = launches
        self._reader = reader
        self._parts = parts
        self._drafts = drafts

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/call`."""
        asker = await self._door.admit(update)
        if asker is None:
            return
        if self._door.too_old(asker):
            await self._answer_once(asker, Card(errors.too_old(asker.language)))
        elif not is_long(asker.message.text or ""):
            await self._launch(asker, asker.text, ())
        elif asker.private:
            self._parts.gather(asker, self._launch_joined)
        else:
            await self._launch(asker, asker.text, (Ask.REST_UNSEEN,))

    async def _launch_joined(self, asker: Asker, text: str) -> None:
        await self._launch(asker, text, (Ask.LONG,))

    async def _launch(self, asker: Asker, text: str, asks: tuple[Ask, ...]) -> None:
        try:
            replied = replied_text(asker.message)
            request = parse_call(text, replied, self._reader)
            if request.by_reply and not request.reply_left_out and is_long(replied or ""):
                asks = (*asks, Ask.REST_UNSEEN)
            result = await self._launches.call(
                request,
                by=asker.person,
                place=asker.place,
                asked_by=asker.asked_by,
                update_id=asker.update_id,
                asks=asks,
            )
        except CallingError as error:
            answered = await self._answer_once(asker, Card(errors.error(error, asker.language)))
            if answered and isinstance(error, UsageError):
                await self._drafts.list_uncallable(error.uncallable, asker.place, asker.language)
        except StorageError as error:
            log.warning("a launch was refused by the record: %s", error)
            await self._messenger.reply(asker.place, Card(errors.database_busy(asker.language)))
        else:
            if isinstance(result, Asked):
                await self._drafts.show(result, asker.place, asker.language)

    async def _answer_once(self, asker: Asker, card: Card) -> bool:
        """Answer, unless this update was answered before; True if it was answered now."""
        new = await self._door.is_new(asker.update_id)
        if new:
            await self._messenger.reply(asker.place, card)
        return new


def is_long(text: str) -> bool:
    """Whether Telegram may have cut this text."""
    return len(text.encode("utf-16-le")) // 2 >= LONG


def replied_text(message: Message) -> str | None:
    """The text of the message that this one answers, or the part of it that was quoted.

    In a topic every message points at the topic's first one; that is no answer.
    """
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return None
    if message.quote is not None:
        return message.quote.text
    if replied.contact is not None:
        return replied.contact.phone_number
    return replied.text or replied.caption
