"""`/launch`: the saved launches, the card of each, and what is done with one."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import CallingError, ExpiredError
from bot.calling.favourites import Favourites
from bot.calling.saved import SavedLaunches
from bot.handlers.door import Asker, Door, Press
from bot.handlers.home import Home
from bot.handlers.launching import Starter
from bot.handlers.questions import Questions
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger
from bot.texts import errors, launch_changes, launches
from bot.texts.cards import Card, plain

RENAME = "launch_name"  # the kind of the question


class LaunchCommand:
    """Every launch ends in the confirm card; a change of one is seen by everybody."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        saved: SavedLaunches,
        favourites: Favourites,
        starter: Starter,
        home: Home,
        questions: Questions,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._saved = saved
        self._favourites = favourites
        self._starter = starter
        self._home = home
        self._questions = questions
        self._deeds = {
            launches.STAR: self._star,
            launches.UNSTAR: self._unstar,
            launches.UP: self._up,
            launches.NAME: self._ask_for_name,
            launches.LINK: self._link,
            launches.REMOVE: self._ask_to_remove,
            launches.SURE: self._remove,
        }
        questions.on(RENAME, self._rename, look="/launch")

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/launch`: with a name its confirm card, without one the menu."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        name = " ".join(asker.text.split())
        if not name:
            await self._home.show_launches(asker.place, asker.language)
            return
        found, near = await self._saved.named(name)
        if found is None:
            await self._messenger.reply(
                asker.place, launch_changes.no_such(name, near, asker.language)
            )
            return
        try:
            await self._starter.by_message(asker, found.token)
        except CallingError as error:
            card = Card(errors.error(error, asker.language))
            await self._messenger.reply(asker.place, card)

    async def start(self, press: Press) -> None:
        """*Launch*: the confirm card of the one who pressed."""
        await self._starter.by_press(press, press.token)

    async def page(self, press: Press) -> None:
        """A page of the menu, to start one or to change one."""
        page, mode = parts_of(press.token, 2)
        if mode not in {launches.START, launches.CHANGE}:
            raise ExpiredError
        every = await self._saved.all()
        card = launches.menu(every, press.language, number_of(page), mode)
        await show(self._messenger, press, card)

    async def card(self, press: Press) -> None:
        """The card of a launch, on the message that was pressed."""
        view = await self._saved.get(press.token, press.person.id)
        await show(self._messenger, press, launches.card(view, press.language))

    async def deed(self, press: Press) -> None:
        """What is done with a launch: the token names it and the deed."""
        token, which = parts_of(press.token, 2)
        if which not in self._deeds:
            raise ExpiredError
        await self._deeds[which](press, token)

    async def _show(self, press: Press, token: str) -> None:
        view = await self._saved.get(token, press.person.id)
        await self._messenger.show(
            press.place, press.message_id, launches.card(view, press.language)
        )

    async def _star(self, press: Press, token: str) -> None:
        new = await self._favourites.add(token, press.person.id)
        await self._starred(press, token, star=True, changed=new)

    async def _unstar(self, press: Press, token: str) -> None:
        gone = await self._favourites.remove(token, press.person.id)
        await self._starred(press, token, star=False, changed=gone)

    async def _starred(self, press: Press, token: str, *, star: bool, changed: bool) -> None:
        view = await self._saved.get(token, press.person.id)
        said = launch_changes.starred(view.launch, press.language, star=star)
        await self._messenger.answer(press.query_id, plain(said))
        await self._show(press, token)
        if changed:
            await self._home.renew(press.person.id, said, press.language)

    async def _up(self, press: Press, token: str) -> None:
        moved = await self._favourites.move_up(token, press.person.id)
        await self._messenger.answer(press.query_id)
        await self._show(press, token)
        if moved:
            view = await self._saved.get(token, press.person.id)
            said = launch_changes.moved(view.launch, press.language)
            await self._home.renew(press.person.id, said, press.language)

    async def _ask_for_name(self, press: Press, token: str) -> None:
        view = await self._saved.get(token, press.person.id)
        await self._messenger.answer(press.query_id)
        card = launch_changes.ask_for_name(view.launch.name, press.language)
        await self._questions.ask(press.place, press.person, RENAME, token, card)

    async def _rename(self, asker: Asker, token: str) -> None:
        await self._saved.rename(token, asker.text, by=asker.person, chat_id=asker.place.chat_id)
        view = await self._saved.get(token, asker.person.id)
        await self._messenger.reply(asker.place, launches.card(view, asker.language))
        if view.place is not None:
            said = launch_changes.renamed(view.launch, asker.language)
            await self._home.renew(asker.person.id, said, asker.language)

    async def _link(self, press: Press, token: str) -> None:
        view = await self._saved.get(token, press.person.id)
        await self._messenger.answer(press.query_id)
        card = launch_changes.link(view.launch, self._home.bot_name, press.language)
        await self._messenger.reply(press.place, card)

    async def _ask_to_remove(self, press: Press, token: str) -> None:
        view = await self._saved.get(token, press.person.id)
        await show(self._messenger, press, launch_changes.sure(view, press.language))

    async def _remove(self, press: Press, token: str) -> None:
        view = await self._saved.get(token, press.person.id)
        launch = await self._saved.remove(token, by=press.person, chat_id=press.place.chat_id)
        card = launch_changes.removed(launch, press.person.name, press.language)
        await show(self._messenger, press, card)
        if view.place is not None:
            await self._home.renew(press.person.id, card.text, press.language)
