"""`/again`, and *Redial* below an end message: drafts of what was called before."""

import logging
from collections.abc import Mapping

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import CallingError
from bot.calling.launches import Asked
from bot.calling.redial import REDIALLED
from bot.calling.repeats import Repeats
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Door, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.pressing import Handled
from bot.handlers.showing import show
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger
from bot.texts import errors, repeats, replies
from bot.texts.cards import Card, Verb, plain
from storage.errors import StorageError

log = logging.getLogger(__name__)


class RepeatCommands:
    """All of it ends in a draft that belongs to whoever asked."""

    def __init__(
        self, *, door: Door, messenger: Messenger, repeats: Repeats, drafts: DraftPresses
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._repeats = repeats
        self._drafts = drafts

    @property
    def commands(self) -> dict[str, Handler]:
        """The command that repeats the last batch."""
        return {"again": self.again}

    @property
    def buttons(self) -> Mapping[Verb, Handled]:
        """The button below an end message, and those of what it shows."""
        return {
            Verb.REDIAL: Handled(self.choose),
            Verb.REDIAL_BY: Handled(self.switch),
            Verb.REDIAL_DRAFT: Handled(self.redial),
        }

    async def again(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/again`: the newest batch of this chat or topic."""
        asker = await self._door.admit(update)
        if asker is None:
            return
        if self._door.too_old(asker):
            await self._answer_once(asker, Card(errors.too_old(asker.language)))
            return
        try:
            result = await self._repeats.again(
                by=asker.person,
                place=asker.place,
                asked_by=asker.asked_by,
                update_id=asker.update_id,
            )
        except CallingError as error:
            await self._answer_once(asker, Card(errors.error(error, asker.language)))
        except StorageError as error:
            log.warning("a draft was refused by the record: %s", error)
            await self._messenger.reply(asker.place, Card(errors.database_busy(asker.language)))
        else:
            if isinstance(result, Asked):
                await self._drafts.show(result, asker.place, asker.language)

    async def _answer_once(self, asker: Asker, card: Card) -> None:
        """Answer, unless this update was answered before."""
        if await self._door.is_new(asker.update_id):
            await self._messenger.reply(asker.place, card)

    async def choose(self, press: Press) -> None:
        """*Redial 9 not reached*: by outcome; where there is one only, the draft at once."""
        (batch_id,) = ids_of(press.token, 1)
        found = await self._repeats.look(batch_id)
        if len(found.counts) == 1:
            await self._draft(press, batch_id, repeats.mask(REDIALLED))
            return
        await self._messenger.answer(press.query_id)
        card = repeats.choice(found, REDIALLED, press.language)
        await self._messenger.reply(press.place, card)

    async def switch(self, press: Press) -> None:
        """One way of not being reached more, or less."""
        batch_id, chosen = ids_of(press.token, 2)
        found = await self._repeats.look(batch_id)
        card = repeats.choice(found, repeats.unmask(chosen), press.language)
        await show(self._messenger, press, card)

    async def redial(self, press: Press) -> None:
        """*Redial 7*: a draft of those who were not reached in the chosen ways."""
        batch_id, chosen = ids_of(press.token, 2)
        await self._repeats.look(batch_id)
        await self._draft(press, batch_id, chosen)

    async def _draft(self, press: Press, batch_id: int, chosen: int) -> None:
        """Confirming it is another press."""
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        result = await self._repeats.redial(
            batch_id,
            repeats.unmask(chosen),
            by=press.person,
            place=press.place,
            asked_by=f"press:{press.query_id}",
        )
        if isinstance(result, Asked):
            await self._drafts.show(result, press.place, press.language)
