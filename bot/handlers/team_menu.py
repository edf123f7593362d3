"""The menu of the team in an admin's private chat: members, their roles, and *Add*."""

from functools import partial

from bot.calling.errors import ExpiredError, TeamError
from bot.calling.rights import ROLES
from bot.calling.team import Asked, Seat, Team
from bot.handlers.door import Asker, Press
from bot.handlers.pressing import Pressed
from bot.handlers.showing import show
from bot.handlers.team_news import TeamNews
from bot.handlers.tokens import ids_of, number_of, parts_of
from bot.messenger import Messenger
from bot.texts import team as texts
from bot.texts.cards import Card, Verb


class TeamMenu:
    """A button of a card names the member and what they were when it was shown."""

    def __init__(self, *, messenger: Messenger, team: Team, news: TeamNews) -> None:
        self._messenger = messenger
        self._team = team
        self._news = news

    @property
    def handlers(self) -> dict[Verb, Pressed]:
        """Each button's handler."""
        return {
            Verb.TEAM: self._page,
            Verb.TEAM_MEMBER: self._member,
            Verb.TEAM_ROLE: self._role,
            Verb.TEAM_ASK: self._ask,
            Verb.TEAM_DO: self._do,
            Verb.TEAM_ADD: self._add,
        }

    async def send(self, asker: Asker) -> None:
        """Send the menu."""
        card = texts.menu(await self._team.seats(), 1, asker.language)
        await self._messenger.reply(asker.place, card)

    async def _page(self, press: Press) -> None:
        (page,) = ids_of(press.token, 1)
        await self._show(press, texts.menu(await self._team.seats(), page, press.language))

    async def _member(self, press: Press) -> None:
        (user_id,) = ids_of(press.token, 1)
        seat = await self._team.of(user_id)
        own = user_id == press.person.id
        await self._show(press, texts.card(seat, press.language, own=own))

    async def _role(self, press: Press) -> None:
        user_id, shown, word = parts_of(press.token, 3)
        if word not in ROLES:
            raise ExpiredError
        seat = await self._shown(user_id, shown)
        change = await self._team.put(seat.person, ROLES[word], _asked(press, shown))
        said = texts.done(change, press.person.name, press.language)
        await self._show(press, texts.card(change.after, press.language, own=False, said=said))
        await self._news.changed(change, press.person, press.language)

    async def _ask(self, press: Press) -> None:
        user_id, shown, deed = parts_of(press.token, 3)
        if deed not in (texts.SUSPEND, texts.REMOVE):
            raise ExpiredError
        seat = await self._shown(user_id, shown)
        await self._show(press, texts.sure(seat, deed, press.language))

    async def _do(self, press: Press) -> None:
        user_id, shown, deed = parts_of(press.token, 3)
        seat, asked = await self._shown(user_id, shown), _asked(press, shown)
        deeds = {
            texts.SUSPEND: partial(self._team.suspend, seat.person, asked),
            texts.RESTORE: partial(self._team.restore, seat.person, asked),
            texts.REMOVE: partial(self._team.remove, seat.person, asked),
        }
        if deed not in deeds:
            raise ExpiredError
        change = await deeds[deed]()
        say = texts.removed if deed == texts.REMOVE else texts.done
        said = say(change, press.person.name, press.language)
        await self._show(press, texts.card(change.after, press.language, own=False, said=said))
        await self._news.changed(change, press.person, press.language)

    async def _add(self, press: Press) -> None:
        if press.token == texts.PICK:
            asks = texts.roles(Verb.TEAM_ADD, texts.whom(press.language), press.language)
            await self._show(press, asks)
        elif press.token in ROLES:
            await self._messenger.answer(press.query_id)
            card = texts.pick(ROLES[press.token], press.language)
            await self._messenger.reply(press.place, card)
        else:
            raise ExpiredError

    async def _shown(self, user_id: str, shown: str) -> Seat:
        """The member whom a button names, if they are what was shown.

        Raises:
            ExpiredError: they are anything else, or no member.
        """
        try:
            seat = await self._team.of(number_of(user_id))
        except TeamError as error:
            raise ExpiredError from error
        if seat.state != shown:
            raise ExpiredError
        return seat

    async def _show(self, press: Press, card: Card) -> None:
        await show(self._messenger, press, card)


def _asked(press: Press, shown: str) -> Asked:
    return Asked(by=press.person, chat_id=press.place.chat_id, shown=shown)
