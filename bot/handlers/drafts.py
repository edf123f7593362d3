"""The draft's two buttons, and showing it."""

import logging

from bot.boards.keeper import BoardKeeper
from bot.calling.errors import AlreadyDoneError
from bot.calling.launches import Asked, Launched, Launches
from bot.calling.numbers import Uncallable
from bot.handlers.door import Press
from bot.messenger import Messenger, MessengerError
from bot.texts import draft, replies
from bot.texts.cards import Card, plain
from bot.texts.language import Language
from storage.errors import StorageError
from storage.models import Place

log = logging.getLogger(__name__)


class DraftPresses:
    """A draft belongs to its author; the message of a confirmed one becomes the board."""

    def __init__(self, *, messenger: Messenger, launches: Launches, keeper: BoardKeeper) -> None:
        self._messenger = messenger
        self._launches = launches
        self._keeper = keeper

    async def show(self, asked: Asked, place: Place, language: Language) -> None:
        """Send the card of a new draft."""
        card = draft.draft(asked.content, asked.token, language, self._launches.now)
        message_id = await self._messenger.reply(place, card)
        if message_id is None:
            return
        try:
            await self._launches.shown_as(asked.draft_id, message_id)
        except StorageError as error:  # its buttons know their message, its expiry will not
            log.warning("the message of draft %d is not recorded: %s", asked.draft_id, error)
        await self.list_uncallable(asked.content.uncallable, place, language)

    async def list_uncallable(
        self, entries: tuple[Uncallable, ...], place: Place, language: Language
    ) -> None:
        """Send what cannot be called as a file, where the card cannot list all of it."""
        if len(entries) > draft.LISTED:
            content = draft.uncallable_file(entries, language)
            caption = Card(draft.uncallable_caption(entries, language))
            await self._messenger.reply_file(place, "not-called.txt", content, caption)

    async def confirm(self, press: Press) -> None:
        """*Call 38*: the answer goes first, so that an old press launches nothing."""
        await self._launches.check_confirm(press.token, by=press.person)
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        try:
            result = await self._launches.confirm(
                press.token, by=press.person, message_id=press.message_id
            )
        except AlreadyDoneError:
            return  # who loses the race is told by the edited card
        if isinstance(result, Launched):
            self._keeper.hurry(result.batch_id)
            if result.fell_out:
                text = replies.fell_out(result.fell_out, press.language)
                await self._messenger.reply(press.place, Card(text))
        elif isinstance(result, Asked):
            await self._show_again(result, press)

    async def _show_again(self, asked: Asked, press: Press) -> None:
        card = draft.draft(asked.content, asked.token, press.language, self._launches.now)
        try:
            await self._messenger.edit(press.place.chat_id, press.message_id, card)
        except MessengerError as error:
            log.info("the draft could not be shown again in place: %s", error)
            await self._messenger.reply(press.place, card)

    async def cancel(self, press: Press) -> None:
        """*Cancel* acts even if the press can no longer be answered."""
        await self._launches.cancel(press.token, by=press.person)
        await self._messenger.answer(press.query_id)
