"""`/audit`: who did what, page by page, narrowed by person, kind of deed, day and subject."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.audit_kinds import Kind
from bot.calling.audit_trail import AuditTrail, From, Narrow, parse_subject
from bot.calling.errors import CallingError, ExpiredError, UsageError
from bot.calling.periods import parse_days
from bot.handlers.commands import Handler
from bot.handlers.door import Door, Press
from bot.handlers.pressing import Handled
from bot.handlers.rights_words import DOES
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger
from bot.texts import audit, errors
from bot.texts.cards import Card, Verb


class AuditCommand:
    """What is shown stands in the tokens of the buttons, so that they never expire."""

    def __init__(self, *, door: Door, messenger: Messenger, trail: AuditTrail) -> None:
        self._door = door
        self._messenger = messenger
        self._trail = trail

    @property
    def commands(self) -> dict[str, Handler]:
        """The one command."""
        return {"audit": self.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """Of a page, and of the pick lists."""
        return {Verb.AUDIT: Handled(self.page), Verb.AUDIT_PICK: Handled(self.pick)}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """An admin's `/audit`."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        try:
            narrow = self._trail.read(asker.text)
        except CallingError as error:
            card = Card(errors.error(error, asker.language))
        else:
            found = await self._trail.page(narrow)
            card = audit.page(found, asker.language, self._trail.now, DOES)
        await self._messenger.reply(asker.place, card)

    async def page(self, press: Press) -> None:
        """Older or newer entries, or the newest ones narrowed otherwise."""
        start, *narrowed = parts_of(press.token, 5)
        found = await self._trail.page(self._narrow(narrowed), _start(start))
        await show(
            self._messenger, press, audit.page(found, press.language, self._trail.now, DOES)
        )

    async def pick(self, press: Press) -> None:
        """*Who* and *What*."""
        what, page, *narrowed = parts_of(press.token, 6)
        narrow = self._narrow(narrowed)
        if what == audit.WHO:
            found = await self._trail.people(narrow, number_of(page))
            card = audit.people(found, press.language)
        elif what == audit.WHAT:
            card = audit.kinds(narrow, press.language)
        else:
            raise ExpiredError
        await show(self._messenger, press, card)

    def _narrow(self, parts: list[str]) -> Narrow:
        by_id, kind, days, about = (None if part == audit.ANY else part for part in parts)
        if about is not None and parse_subject(about) is None:
            raise ExpiredError
        try:
            return Narrow(
                by_id=None if by_id is None else number_of(by_id),
                kind=None if kind is None else Kind(kind),
                days=None if days is None else parse_days(days, self._trail.today),
                about=None if about is None else parse_subject(about),
            )
        except (UsageError, ValueError) as error:
            raise ExpiredError from error


def _start(part: str) -> From | None:
    """Where a page begins: `n` at the newest, `o12` and `e12` behind an entry."""
    if part == audit.NEWEST:
        return None
    if part[:1] not in (audit.OLDER, audit.NEWER):
        raise ExpiredError
    return From(entry_id=number_of(part[1:]), newer=part[0] == audit.NEWER)
