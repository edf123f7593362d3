"""The private chat's home: the keyboard with a member's favourites, and what its keys do."""

from collections.abc import Callable

from markupsafe import Markup

from bot.calling.errors import CallingError
from bot.calling.favourites import Favourites
from bot.calling.own_number import OwnNumbers
from bot.calling.rights import Role
from bot.calling.saved import SavedLaunches
from bot.handlers.batches import BatchesCommand
from bot.handlers.door import Asker
from bot.handlers.launching import Starter
from bot.handlers.permissions import SENT
from bot.messenger import Messenger
from bot.texts import errors, home, launches
from bot.texts.cards import Card
from bot.texts.language import Language
from storage.models import Place


class Home:
    """A key sends its label, which is read as what it says for this member and nobody else."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        saved: SavedLaunches,
        favourites: Favourites,
        starter: Starter,
        batches: BatchesCommand,
        own: OwnNumbers,
        bot_name: Callable[[], str],
    ) -> None:
        self._messenger = messenger
        self._saved = saved
        self._favourites = favourites
        self._starter = starter
        self._batches = batches
        self._own = own
        self._bot_name = bot_name

    @property
    def bot_name(self) -> str:
        """The bot's username, which links name; known once the bot has begun."""
        return self._bot_name()

    async def welcome(self, asker: Asker) -> None:
        """Say hello and set the keyboard, in one message."""
        self._own.settle(asker.person.id)
        favourites = await self._favourites.of(asker.person.id)
        calls = asker.role >= SENT["launching key"].role
        card = home.home(asker.person.name, favourites, asker.language, calls=calls)
        await self._messenger.reply(asker.place, card)

    async def renew(
        self, user_id: int, said: Markup, language: Language, *, role: Role = Role.LAUNCHER
    ) -> None:
        """Set a member's keyboard anew in their private chat, with what has changed in words.

        The key that shares a number is gone with that: no card is awaited any more.
        """
        self._own.settle(user_id)
        favourites = await self._favourites.of(user_id)
        calls = role >= SENT["launching key"].role
        card = home.with_keyboard(said, favourites, language.in_chat(user_id), calls=calls)
        await self._messenger.reply(Place(chat_id=user_id), card)

    def knows(self, text: str, language: Language) -> bool:
        """Whether a text in a private chat is a key of the keyboard, now or at an earlier time."""
        return home.is_label(text, language)

    def launches(self, text: str, language: Language) -> bool:
        """Whether it is a key that launches, or opens what launches."""
        return home.is_launching(text, language)

    async def take(self, asker: Asker) -> None:
        """Do what the key says; its text is one that `knows`."""
        text = asker.text
        if text == home.launch_label(asker.language):
            await self.show_launches(asker.place, asker.language)
        elif text == home.results_label(asker.language):
            await self._batches.show(asker.place, asker.language)
        elif text == home.more_label(asker.language):
            await self._messenger.reply(asker.place, home.more(asker.language))
        elif text == home.not_now_label(asker.language):
            await self.renew(asker.person.id, home.not_now(asker.language), asker.language)
        else:
            await self._launch(asker)

    async def show_launches(self, place: Place, language: Language) -> None:
        """Send the menu of all launches."""
        every = await self._saved.all()
        await self._messenger.reply(place, launches.menu(every, language))

    async def start(self, asker: Asker, token: str) -> None:
        """Open a launch by its link: the confirm card, or why there is none."""
        try:
            await self._starter.by_message(asker, token)
        except CallingError as error:
            text = errors.error(error, asker.language)
            favourites = await self._favourites.of(asker.person.id)
            card = home.with_keyboard(text, favourites, asker.language)
            await self._messenger.reply(asker.place, card)

    async def _launch(self, asker: Asker) -> None:
        favourites = await self._favourites.of(asker.person.id)
        for launch in favourites:
            if home.favourite_label(launch) == asker.text:
                try:
                    await self._starter.by_message(asker, launch.token)
                except CallingError as error:
                    card = Card(errors.error(error, asker.language))
                    await self._messenger.reply(asker.place, card)
                return
        said = home.stale_label(asker.text, asker.language)
        card = home.with_keyboard(said, favourites, asker.language)
        await self._messenger.reply(asker.place, card)
