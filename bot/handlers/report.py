"""`/report`: the figures of some days at once, and the chart of their days behind them."""

import logging

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.archive import Archive
from bot.calling.errors import CallingError, ExpiredError, UsageError
from bot.calling.figures import Report
from bot.calling.periods import parse_days
from bot.charts.days import draw
from bot.handlers.door import Door, Press
from bot.handlers.showing import show
from bot.messenger import Messenger
from bot.texts import errors, period, replies
from bot.texts.cards import Card, plain
from bot.texts.language import Language
from bot.workshop import Workshop, WorkshopError
from storage.models import Place

log = logging.getLogger(__name__)

WITHIN = 60.0  # seconds for a chart


class ReportCommand:
    """What was launched in some days; today where none are named."""

    def __init__(
        self, *, door: Door, messenger: Messenger, archive: Archive, workshop: Workshop
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._archive = archive
        self._workshop = workshop

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/report`."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        try:
            days = parse_days(asker.text.strip() or period.TODAY, self._archive.today)
            found = await self._archive.report(days)
        except CallingError as error:
            await self._messenger.reply(asker.place, Card(errors.error(error, asker.language)))
            return
        await self._messenger.reply(asker.place, period.report(found, asker.language))
        if period.has_chart(found):
            await self._send_chart(found, asker.place, asker.language)

    async def page(self, press: Press) -> None:
        """The same message for other days."""
        found = await self._found(press)
        await show(self._messenger, press, period.report(found, press.language))

    async def chart(self, press: Press) -> None:
        """The chart of the days that the message shows."""
        found = await self._found(press)
        if not period.has_chart(found):
            raise ExpiredError
        await self._messenger.answer(press.query_id, plain(replies.working(press.language)))
        await self._send_chart(found, press.place, press.language)

    async def _found(self, press: Press) -> Report:
        try:
            days = parse_days(press.token, self._archive.today)
        except UsageError as error:
            raise ExpiredError from error
        return await self._archive.report(days)

    async def _send_chart(self, found: Report, place: Place, lang: Language) -> None:
        """The figures are in the chat already: a chart that fails is only logged."""
        try:
            png = await self._workshop.make(WITHIN, draw, period.chart(found, lang))
        except WorkshopError as error:
            log.warning("the chart of a report could not be drawn: %s", error)
        else:
            caption = Card(period.chart_caption(found.days, lang))
            await self._messenger.reply_photo(place, png, caption)
