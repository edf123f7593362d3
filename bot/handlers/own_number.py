"""A member's own number, shared by a button of the private chat; `/number` shows it."""

import logging

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.calling.errors import CallingError, ExpiredError
from bot.calling.own_number import OwnNumbers
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Door, Press
from bot.handlers.home import Home
from bot.handlers.pressing import Handled
from bot.handlers.showing import show
from bot.messenger import Messenger
from bot.texts import errors, own_number, taking
from bot.texts.cards import Verb
from bot.texts.language import Language
from storage.errors import StorageError
from storage.models import Place

log = logging.getLogger(__name__)


class OwnNumber:
    """Takes no card but that of the one who sends it: anybody can send anybody's card."""

    def __init__(
        self, *, door: Door, messenger: Messenger, numbers: OwnNumbers, home: Home
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._numbers = numbers
        self._home = home

    @property
    def commands(self) -> dict[str, Handler]:
        """Its handler by the name of the command."""
        return {"number": self.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The button of *More*, and those below the number."""
        return {Verb.MY_NUMBER: Handled(self.press, "/number")}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/number`: the number that is kept, or the button that shares it."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        number = await self._numbers.of(asker.person.id)
        if number is None:
            await self._ask(asker.person.id, asker.language)
        else:
            await self._messenger.reply(asker.place, own_number.kept(number, asker.language))

    async def press(self, press: Press) -> None:
        """*My number*, *Another number* and *Forget it*."""
        if press.token not in (own_number.SHOW, own_number.NEW, own_number.FORGET):
            raise ExpiredError
        number = await self._numbers.of(press.person.id)
        if press.token == own_number.FORGET:
            await self._numbers.forget(by=press.person)
            await show(self._messenger, press, own_number.forgotten(press.language))
        elif press.token == own_number.NEW or number is None:
            await self._messenger.answer(press.query_id)
            await self._ask(press.person.id, press.language)
        else:
            await show(self._messenger, press, own_number.kept(number, press.language))

    async def _ask(self, user_id: int, language: Language) -> None:
        self._numbers.ask(user_id)
        card = own_number.ask_any_time(language)
        await self._messenger.reply(Place(chat_id=user_id), card)

    def is_wrong(self, message: Message) -> bool:
        """Whether a message is somebody else's card where the sender's own one was asked for."""
        sender = message.from_user
        return (
            message.contact is not None
            and sender is not None
            and message.forward_origin is None
            and not self.is_own(message)
            and self._numbers.awaits(sender.id)
        )

    async def refuse(self, asker: Asker) -> None:
        """Say that this was not their own card; the question stays."""
        await self._messenger.reply(asker.place, own_number.not_yours(asker.language))

    @staticmethod
    def is_own(message: Message) -> bool:
        """Whether a message is its sender's own contact card, and not passed on."""
        card, sender = message.contact, message.from_user
        return (
            card is not None
            and sender is not None
            and card.user_id == sender.id
            and message.forward_origin is None
        )

    async def take(self, asker: Asker) -> None:
        """Keep the number, and give the home keyboard back, whatever came of it."""
        card = asker.message.contact
        try:
            number = await self._numbers.share(card.phone_number if card else "", by=asker.person)
            said = taking.number_kept(number, asker.language)
        except CallingError as error:
            said = errors.error(error, asker.language)
        except StorageError as error:
            log.warning("a member's own number was refused by the record: %s", error)
            said = errors.database_busy(asker.language)
        await self._home.renew(asker.person.id, said, asker.language)
