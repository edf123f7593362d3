"""`/panel`: a group's launches as buttons below one pinned message."""

import asyncio

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import ExpiredError
from bot.calling.favourites import Favourites
from bot.handlers.batches import BatchesCommand
from bot.handlers.door import Asker, Door, Press
from bot.handlers.home import Home
from bot.handlers.launching import Starter
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger
from bot.pins import Pins
from bot.texts import home
from bot.texts.cards import Card, plain
from storage.models import Panel


class PanelCommand:
    """One panel for each chat and topic counts, the newest; a tap makes the presser's draft."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        pins: Pins,
        favourites: Favourites,
        starter: Starter,
        home: Home,
        batches: BatchesCommand,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._pins = pins
        self._favourites = favourites
        self._starter = starter
        self._home = home
        self._batches = batches

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/panel`; in a private chat it is the keyboard that they want."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        if asker.private:
            said = home.panel_private(asker.language)
            await self._home.renew(asker.person.id, said, asker.language)
        else:
            await self._post(asker)

    async def _post(self, asker: Asker) -> None:
        place = asker.place
        found = await self._favourites.panelled(asker.person.id)
        message_id = await self._messenger.reply(place, home.panel(found, 1, asker.language))
        if message_id is None:
            return
        new = Panel(
            chat_id=place.chat_id,
            thread_id=place.thread_id or 0,
            message_id=message_id,
            user_id=asker.person.id,
        )
        old = await self._favourites.replace_panel(new, by=asker.person)
        if not await self._pins.pin(place.chat_id, message_id):
            await self._messenger.reply(place, Card(home.panel_not_pinned(asker.language)))
        if old is not None:
            await self._pins.unpin(old.chat_id, old.message_id)
            replaced = home.panel_replaced(asker.language)
            await self._messenger.change(old.chat_id, old.message_id, replaced)

    async def press(self, press: Press) -> None:
        """A launch, another page, the results; on an older panel only that it is one."""
        what, which = parts_of(press.token, 2)
        current = await self._favourites.panel(press.place.chat_id, press.place.thread_id)
        # Ids of messages grow in a chat; a panel may be pressed before it is recorded.
        if current is not None and current.message_id > press.message_id:
            card = home.panel_replaced(press.language)
            await self._messenger.answer(press.query_id, plain(card.text), alert=True)
            await self._messenger.change(press.place.chat_id, press.message_id, card)
        elif what == home.GO:
            await self._starter.by_press(press, which)
        elif what == home.RESULTS:
            await asyncio.gather(  # the list is there after one round trip
                self._messenger.answer(press.query_id),
                self._batches.show(press.place, press.language),
            )
        elif what == home.PAGE:
            whose = current.user_id if current else press.person.id
            found = await self._favourites.panelled(whose)
            await show(self._messenger, press, home.panel(found, number_of(which), press.language))
        else:
            raise ExpiredError
