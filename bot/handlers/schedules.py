"""`/schedule`: what is planned, the card of each, and the answers to a question about a time."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.boards.keeper import BoardKeeper
from bot.calling.errors import ExpiredError
from bot.calling.launches import Asked, Launches
from bot.calling.outside import NOW, Timing
from bot.calling.saved import SavedLaunches
from bot.calling.schedules import Schedules
from bot.handlers.commands import Handler
from bot.handlers.door import Door, Press
from bot.handlers.later import TimePresses, draft_target
from bot.handlers.pressing import Handled
from bot.handlers.showing import show
from bot.handlers.tokens import ids_of, number_of, parts_of
from bot.messenger import Messenger
from bot.texts import picker, planned, replies, schedules
from bot.texts.cards import Verb, plain


class ScheduleCommand:
    """Every member may look; the author of a schedule and the admins may change it."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        launches: Launches,
        saved: SavedLaunches,
        planned: Schedules,
        times: TimePresses,
        keeper: BoardKeeper,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._launches = launches
        self._saved = saved
        self._planned = planned
        self._times = times
        self._keeper = keeper

    @property
    def commands(self) -> dict[str, Handler]:
        """Its handler by the name of the command."""
        return {"schedule": self.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """Its buttons, those of the picker included, each with what it needs."""
        handlers = {
            Verb.LATER: self._times.later,
            Verb.MOVE: self._times.move,
            Verb.PLANS: self.press,
            Verb.SKIP_TIME: self.skip,
            Verb.UNPLAN: self.cancel,
            Verb.CALL_DUE: self.call,
            Verb.DUE_AT: self.call_at,
        }
        return {verb: Handled(handle, "/schedule") for verb, handle in handlers.items()}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/schedule`."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        found = await self._planned.page(1)
        card = schedules.page(found, asker.language, self._planned.now)
        await self._messenger.reply(asker.place, card)

    async def press(self, press: Press) -> None:
        """The list, one of it, and *New*."""
        step, what = parts_of(press.token, 2)
        now, lang = self._planned.now, press.language
        match step:
            case schedules.LIST:
                found = await self._planned.page(number_of(what))
                await show(self._messenger, press, schedules.page(found, lang, now))
            case schedules.ONE:
                due = await self._planned.get(number_of(what))
                card = schedules.look(due, lang, now, press.place.chat_id)
                await show(self._messenger, press, card)
            case schedules.NEW:
                every = await self._saved.all()
                page = max(1, number_of(what))
                await show(self._messenger, press, schedules.launches(every, page, lang))
            case schedules.USE:
                await self._begin(press, what)
            case _:
                raise ExpiredError

    async def _begin(self, press: Press, token: str) -> None:
        """A saved launch becomes a draft whose time is picked, on the message that was pressed."""
        content = await self._saved.content(token)
        if not await self._messenger.answer(press.query_id):
            return
        asked = await self._launches.draft(
            content, by=press.person, place=press.place, asked_by=f"press:{press.query_id}"
        )
        if not isinstance(asked, Asked):
            return
        later = await self._planned.later(asked.token, by=press.person)
        target = draft_target(later, press.language)
        card = picker.main(target, press.language, self._planned.now)
        message_id = await self._messenger.show(press.place, press.message_id, card)
        if message_id is not None:
            await self._launches.shown_as(asked.draft_id, message_id)

    async def skip(self, press: Press) -> None:
        """*Skip once*, *Skip this time*: acts even if the press can no longer be answered."""
        schedule_id, revision = ids_of(press.token, 2)
        await self._planned.skip(
            schedule_id, revision, by=press.person, chat_id=press.place.chat_id
        )
        await self._messenger.answer(press.query_id)
        await self._times.show_schedule(press, schedule_id)

    async def cancel(self, press: Press) -> None:
        """*Cancel* asks once more; *Cancel it* acts even if the press cannot be answered."""
        match press.token.split("."):
            case [schedule, revision]:
                due = await self._planned.check(
                    number_of(schedule), number_of(revision), by=press.person
                )
                card = planned.ask_cancel(due, press.language, self._planned.now)
                await show(self._messenger, press, card)
            case [schedule, revision, planned.SURE]:
                schedule_id = number_of(schedule)
                await self._planned.cancel(
                    schedule_id,
                    number_of(revision),
                    by=press.person,
                    chat_id=press.place.chat_id,
                )
                await self._messenger.answer(press.query_id)
                await self._times.show_schedule(press, schedule_id)
            case [schedule, _, planned.KEEP]:
                await self._messenger.answer(press.query_id)
                await self._times.show_again(press, number_of(schedule))
            case _:
                raise ExpiredError

    async def call(self, press: Press) -> None:
        """*Call 38 now*."""
        await self._call(press, parts_of(press.token, 3), NOW)

    async def call_at(self, press: Press) -> None:
        """*Call 38 at 08:00*, outside the calling window."""
        *due, minutes = parts_of(press.token, 4)
        await self._call(press, due, Timing(opening=number_of(minutes) * 60.0))

    async def _call(self, press: Press, parts: list[str], timing: Timing) -> None:
        """The answer goes first, so that an old press launches nothing."""
        schedule, revision, key = parts
        schedule_id, shown = number_of(schedule), number_of(revision)
        await self._planned.check_call(schedule_id, shown, by=press.person)
        words = plain(replies.working(press.language))
        if not await self._messenger.answer(press.query_id, words):
            return
        launched = await self._planned.call(
            schedule_id, shown, key, by=press.person, place=press.place, timing=timing
        )
        if launched is not None:
            self._keeper.hurry(launched.batch_id)
        await self._times.show_schedule(press, schedule_id)
