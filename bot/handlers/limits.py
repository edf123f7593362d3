"""`/limits`: every limit and its use; managers set them, by a tap or a typed value."""

import logging

from markupsafe import Markup
from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import CallingError, ExpiredError, LimitValueError
from bot.calling.limit_settings import LimitSettings, limit_of
from bot.calling.limits import Limit
from bot.calling.rights import Role
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Door, Press
from bot.handlers.permissions import FURTHER
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger
from bot.texts import errors, limits_menu
from bot.texts.cards import Card, Verb
from bot.texts.language import Language
from storage.errors import StorageError
from storage.models import Person

log = logging.getLogger(__name__)

TYPED = "limit"  # the kind of the question
SET = "set"
WHOLE = 3  # words: `set`, the limit, the value


class LimitsCommand:
    """Whoever may look sees what is used; who has used how much is for managers."""

    def __init__(
        self, *, door: Door, messenger: Messenger, settings: LimitSettings, questions: Questions
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._settings = settings
        self._questions = questions
        questions.on(TYPED, self._take, look="/limits")

    @property
    def commands(self) -> dict[str, Handler]:
        """The command."""
        return {"limits": self.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The buttons of the card of all, and of each one's."""
        handlers = {
            Verb.LIMITS: self._all,
            Verb.LIMIT: self._one,
            Verb.LIMIT_SET: self._set,
            Verb.LIMIT_TYPE: self._ask,
        }
        return {verb: Handled(handle, look="/limits") for verb, handle in handlers.items()}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """`/limits`, or `/limits set <limit> <value>`."""
        asker = await self._door.admit(update)
        if asker is None:
            return
        words = asker.text.split(maxsplit=2)
        sets = bool(words) and words[0].lower() == SET
        if sets and not await self._door.may(asker, FURTHER["limits set"]):
            return
        if not await self._door.is_new(asker.update_id):
            return
        if words and not (sets and len(words) == WHOLE):
            await self._messenger.reply(asker.place, Card(limits_menu.usage(asker.language)))
            return
        try:
            card = await (self._typed(asker, *words[1:]) if sets else self._shown(asker))
        except CallingError as error:
            card = Card(errors.error(error, asker.language))
        except StorageError as error:
            log.warning("a limit was refused by the record: %s", error)
            card = Card(errors.record_unsure(asker.language, "/limits"))
        await self._messenger.reply(asker.place, card)

    async def _shown(self, asker: Asker) -> Card:
        return await self._card(asker.person, asker.role, asker.language)

    async def _typed(self, asker: Asker, name: str, value: str) -> Card:
        """Set one by its name; an old message sets nothing."""
        if self._door.too_old(asker):
            return Card(limits_menu.too_old(asker.language))
        return await self._put(asker, name, value)

    async def _put(self, asker: Asker, name: str, text: str) -> Card:
        """Set a limit to a typed value, and show all of them."""
        value = self._settings.read(name, text)
        chat_id = asker.place.chat_id
        await self._settings.set(name, value, by=asker.person, chat_id=chat_id)
        said = limits_menu.was_set(limit_of(name), value, asker.language)
        return await self._card(asker.person, asker.role, asker.language, said)

    async def _take(self, asker: Asker, name: str) -> None:
        """The answer to the question for a value."""
        await self._messenger.reply(asker.place, await self._put(asker, name, asker.text))

    async def _card(
        self, person: Person, role: Role, lang: Language, said: Markup | None = None
    ) -> Card:
        sets = role >= FURTHER["limits set"].role
        view = await self._settings.look(by=person, people=sets)
        return limits_menu.card(view, lang, sets=sets, said=said)

    async def _all(self, press: Press) -> None:
        """Back to all of them."""
        await show(self._messenger, press, await self._of(press))

    async def _one(self, press: Press) -> None:
        """The values of one limit."""
        view = await self._settings.look(by=press.person, people=False)
        card = limits_menu.choices(_named(press.token), view, press.language)
        await show(self._messenger, press, card)

    async def _set(self, press: Press) -> None:
        """A value by a tap, if the limit still is what the button was shown with."""
        name, was, value = parts_of(press.token, 3)
        limit, to = _named(name), number_of(value)
        await self._settings.set(
            limit, to, was=number_of(was), by=press.person, chat_id=press.place.chat_id
        )
        said = limits_menu.was_set(limit, to, press.language)
        await show(self._messenger, press, await self._of(press, said))

    async def _ask(self, press: Press) -> None:
        """*Another value*: it is typed."""
        limit = _named(press.token)
        await self._messenger.answer(press.query_id)
        card = limits_menu.ask_value(limit, press.language)
        await self._questions.ask(press.place, press.person, TYPED, limit, card)

    async def _of(self, press: Press, said: Markup | None = None) -> Card:
        return await self._card(press.person, press.role, press.language, said)


def _named(name: str) -> Limit:
    """The limit that a button names.

    Raises:
        ExpiredError: it names none.
    """
    try:
        return limit_of(name)
    except LimitValueError as error:
        raise ExpiredError from error
