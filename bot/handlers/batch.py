"""The board's buttons that are about the whole batch."""

import logging

from bot.boards.keeper import BoardKeeper
from bot.calling.decisions import Decisions, Left
from bot.calling.errors import ExpiredError, OutsideError
from bot.calling.launches import Asked, Launches
from bot.calling.lookup import Lookup
from bot.calling.outside import NOW, Timing
from bot.calling.refreshing import Refresher
from bot.calling.views import BatchView
from bot.handlers.door import Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.tokens import Look, ids_of, look_of
from bot.messenger import Messenger
from bot.texts import board, figures, replies
from bot.texts.cards import plain
from storage.errors import StorageError

log = logging.getLogger(__name__)


class BatchPresses:
    """Hold, send the rest, stop, try again; the looking ones, which never expire."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        decisions: Decisions,
        launches: Launches,
        lookup: Lookup,
        refresher: Refresher,
        drafts: DraftPresses,
        keeper: BoardKeeper,
    ) -> None:
        self._messenger = messenger
        self._decisions = decisions
        self._launches = launches
        self._lookup = lookup
        self._refresher = refresher
        self._drafts = drafts
        self._keeper = keeper

    async def page(self, press: Press) -> None:
        """Show another page, or the calls of one outcome, on the message that was pressed."""
        look = look_of(press.token)
        view = await self._lookup.page(look.batch_id, look.page, look.outcome)
        if view is None:
            raise ExpiredError
        await self._messenger.answer(press.query_id)
        await self._look(press, look, view)

    async def refresh(self, press: Press) -> None:
        """*Refresh*: ask the gateway, show it at once, and say what has changed."""
        look = look_of(press.token)
        result = await self._refresher.refresh(look.batch_id, look.page, look.outcome)
        view = await self._lookup.page(look.batch_id, look.page, look.outcome)
        if result is None or view is None:
            raise ExpiredError
        said = plain(figures.refreshed(result, press.language))
        await self._messenger.answer(press.query_id, said)
        await self._look(press, look, view)

    async def numbers(self, press: Press) -> None:
        """*Numbers* below a report: the batch in a message whose pages can be turned."""
        look = look_of(press.token)
        view = await self._lookup.page(look.batch_id, look.page, look.outcome)
        if view is None:
            raise ExpiredError
        await self._messenger.answer(press.query_id)
        card = board.board(view, press.language, self._launches.now)
        await self._messenger.reply(press.place, card)

    async def _look(self, press: Press, look: Look, view: BatchView) -> None:
        """The board is left to its keeper; an answer to `/status` is edited here."""
        chat_id, message_id = press.place.chat_id, press.message_id
        try:
            turned = await self._keeper.turn(
                look.batch_id, view.page, look.outcome, chat_id=chat_id, message_id=message_id
            )
        except StorageError as error:
            log.warning("the page of b%d is not remembered: %s", look.batch_id, error)
            turned = False
        if not turned:
            card = board.board(view, press.language, self._launches.now)
            await self._messenger.show(press.place, press.message_id, card)

    async def hold(self, press: Press) -> None:
        """*Hold rest*: acts even if the press can no longer be answered."""
        (batch_id,) = ids_of(press.token, 1)
        left = await self._decisions.hold(batch_id, by=press.person, chat_id=press.place.chat_id)
        await self._tell(press, left)

    async def stop(self, press: Press) -> None:
        """*Stop*: acts even if the press can no longer be answered, and while draining."""
        (batch_id,) = ids_of(press.token, 1)
        left = await self._decisions.stop(batch_id, by=press.person, chat_id=press.place.chat_id)
        await self._tell(press, left)

    async def undo(self, press: Press) -> None:
        """*Undo*: acts as *Stop* does; where a claim came first it is one, as the answer says."""
        (batch_id,) = ids_of(press.token, 1)
        left = await self._decisions.stop(
            batch_id, by=press.person, undo=True, chat_id=press.place.chat_id
        )
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
        await self._send_on(press, batch_id, hold_no, NOW)

    async def send_rest_at(self, press: Press) -> None:
        """*Send the other 200 at 08:00*, outside the calling window."""
        batch_id, hold_no, minutes = ids_of(press.token, 3)
        await self._send_on(press, batch_id, hold_no, Timing(opening=minutes * 60.0))

    async def _send_on(self, press: Press, batch_id: int, hold_no: int, timing: Timing) -> None:
        try:
            await self._decisions.check_rest(batch_id, hold_no, timing)
        except OutsideError:
            await self._show(press, batch_id)  # by now it offers the opening
            raise
        if await self._messenger.answer(press.query_id, plain(replies.working(press.language))):
            await self._decisions.send_rest(
                batch_id,
                hold_no,
                by=press.person,
                timing=timing,
                chat_id=press.place.chat_id,
            )
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
