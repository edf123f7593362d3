"""The board's buttons that are about the whole batch."""

import logging

from bot.board import BoardKeeper
from bot.calling.decisions import Decisions, Left
from bot.calling.errors import ExpiredError
from bot.calling.launches import Asked, Launches
from bot.calling.lookup import Lookup
from bot.handlers.door import Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger, MessengerError
from bot.texts import board, replies, table
from bot.texts.cards import Card, plain
from storage.errors import StorageError

log = logging.getLogger(__name__)


class BatchPresses:
    """Hold, send the rest, stop, try again; pages and the CSV, which never expire."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        decisions: Decisions,
        launches: Launches,
        lookup: Lookup,
        drafts: DraftPresses,
        keeper: BoardKeeper,
    ) -> None:
        self._messenger = messenger
        self._decisions = decisions
        self._launches = launches
        self._lookup = lookup
        self._drafts = drafts
        self._keeper = keeper

    async def page(self, press: Press) -> None:
        """Turn the page of the message that was pressed: a board, or an answer to `/status`."""
        batch_id, page = ids_of(press.token, 2)
        view = await self._lookup.page(batch_id, page)
        if view is None:
            raise ExpiredError
        await self._messenger.answer(press.query_id)
        chat_id, message_id = press.place.chat_id, press.message_id
        try:
            turned = await self._keeper.turn(
                batch_id, view.page, chat_id=chat_id, message_id=message_id
            )
        except StorageError as error:
            log.warning("the page of b%d is not remembered: %s", batch_id, error)
            turned = False
        if not turned:
            card = board.board(view, press.language, self._launches.now)
            try:
                await self._messenger.edit(chat_id, message_id, card)
            except MessengerError:
                await self._messenger.reply(press.place, card)

    async def csv(self, press: Press) -> None:
        """Send all calls of the batch as a file."""
        (batch_id,) = ids_of(press.token, 1)
        lines = await self._lookup.calls_of(batch_id)
        if not lines:
            raise ExpiredError
        await self._messenger.answer(press.query_id)
        content = table.calls_csv(lines, press.language)
        caption = Card(replies.csv_caption(batch_id, len(lines), press.language))
        await self._messenger.reply_file(press.place, f"b{batch_id}.csv", content, caption)

    async def hold(self, press: Press) -> None:
        """*Hold rest*: acts even if the press can no longer be answered."""
        (batch_id,) = ids_of(press.token, 1)
        left = await self._decisions.hold(batch_id, by=press.person)
        await self._tell(press, left)

    async def stop(self, press: Press) -> None:
        """*Stop*: acts even if the press can no longer be answered, and while draining."""
        (batch_id,) = ids_of(press.token, 1)
        left = await self._decisions.stop(batch_id, by=press.person)
        await self._tell(press, left)

    async def _tell(self, press: Press, left: Left) -> None:
        text = plain(replies.left(left, press.language))
        await self._messenger.answer(press.query_id, text, alert=True)
        await self._show(press, left.batch_id)

    async def _show(self, press: Press, batch_id: int) -> None:
        await self._keeper.pressed(
            batch_id, chat_id=press.place.chat_id, message_id=press.message_id
        )

    async def send_rest(self, press: Press) -> None:
        """*Send the other 200*: only in the very hold that the button was made for."""
        batch_id, hold_no = ids_of(press.token, 2)
        await self._decisions.check_rest(batch_id, hold_no)
        if await self._messenger.answer(press.query_id, plain(replies.working(press.language))):
            await self._decisions.send_rest(batch_id, hold_no, by=press.person)
            await self._show(press, batch_id)

    async def try_again(self, press: Press) -> None:
        """*Try again* makes a draft; confirming that is the second press."""
        (batch_id,) = ids_of(press.token, 1)
        await self._launches.check_try_again(batch_id)
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        result = await self._launches.try_again(
            batch_id, by=press.person, place=press.place, asked_by=f"press:{press.query_id}"
        )
        if isinstance(result, Asked):
            await self._drafts.show(result, press.place, press.language)
