"""*Later* on a draft and *Move* on a schedule: one picker, on the message that was pressed."""

from bot.calling.due import Due
from bot.calling.errors import AlreadyDoneError
from bot.calling.launches import Launches
from bot.calling.moments import parse_moment
from bot.calling.schedules import Later, Schedules
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.questions import Questions
from bot.handlers.showing import show
from bot.handlers.steps import step_card, when_of
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger
from bot.texts import picker, planned, replies, schedules
from bot.texts.cards import Verb, plain
from bot.texts.language import Language
from bot.texts.picker import Target

TYPED, TYPED_MOVE = "later", "move"  # the kinds of the questions


class TimePresses:
    """Nothing is planned before the last tap, whose answer goes out before it is recorded."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        launches: Launches,
        schedules: Schedules,
        drafts: DraftPresses,
        questions: Questions,
    ) -> None:
        self._messenger = messenger
        self._launches = launches
        self._schedules = schedules
        self._drafts = drafts
        self._questions = questions
        questions.on(TYPED, self._typed, look="/schedule")
        questions.on(TYPED_MOVE, self._typed_move, look="/schedule")

    # For a draft

    async def later(self, press: Press) -> None:
        """Any step of the picker for a draft; it must be its author's and still open."""
        token, *parts = press.token.split(".")
        later = await self._schedules.later(token, by=press.person)
        match parts or [picker.MAIN]:
            case [picker.BACK]:
                await self._messenger.answer(press.query_id)
                asked = await self._launches.look(token, by=press.person)
                await self._drafts.show_again(asked, press)
            case [picker.TYPE]:
                await self._ask(press, TYPED, token)
            case [picker.ONCE | picker.WEEKLY, *_]:
                await self._plan(press, later, parts)
            case steps:
                await self._step(press, draft_target(later, press.language), steps)

    async def _plan(self, press: Press, later: Later, parts: list[str]) -> None:
        when, reads_list = when_of(parts), parts[-1] == picker.LISTED
        self._schedules.first(when)  # raises what is to be said before the press is answered
        if not await self._answered(press):
            return
        try:
            planned = await self._schedules.plan(
                later.draft.token,
                when,
                reads_list=reads_list,
                by=press.person,
                message_id=press.message_id,
            )
        except AlreadyDoneError:
            return  # the card tells
        if planned is None:  # its list has changed since it was shown
            later = await self._schedules.later(later.draft.token, by=press.person)
            await self._show_step(
                press,
                draft_target(later, press.language),
                [picker.WEEK_LAST, str(when.weekdays), str(when.minute)],
            )

    async def _typed(self, asker: Asker, token: str) -> None:
        """The last step comes as a new message, which is the draft's from now on."""
        at = parse_moment(asker.text, self._schedules.now, self._schedules.timezone)
        later = await self._schedules.later(token, by=asker.person)
        target = draft_target(later, asker.language)
        card = picker.once(target, at, asker.language, self._schedules.now)
        message_id = await self._messenger.reply(asker.place, card)
        if message_id is None:
            return
        await self._launches.shown_as(later.draft.id, message_id)
        if later.draft.message_id is not None:
            card = picker.goes_on(asker.language)
            await self._messenger.change(later.draft.chat_id, later.draft.message_id, card)

    # For a schedule

    async def move(self, press: Press) -> None:
        """Any step of the picker for a schedule; its author and the admins may move it."""
        token, *parts = press.token.split(".")
        schedule_id, revision = ids_of(token.replace("-", "."), 2)
        due = await self._schedules.check(schedule_id, revision, by=press.person)
        weekdays = due.schedule.weekdays
        begin = [picker.WEEK, str(weekdays)] if weekdays else [picker.MAIN]
        match parts or begin:
            case [picker.BACK]:
                await self._messenger.answer(press.query_id)
                await self.show_schedule(press, schedule_id)
            case [picker.TYPE]:
                await self._ask(press, TYPED_MOVE, token)
            case [picker.ONCE | picker.WEEKLY, *_]:
                when = when_of(parts)
                self._schedules.first(when)
                if await self._answered(press):
                    await self._schedules.move(
                        schedule_id,
                        revision,
                        when,
                        by=press.person,
                        chat_id=press.place.chat_id,
                    )
                    await self.show_schedule(press, schedule_id)
            case steps:
                await self._step(press, move_target(due, press.language), steps)

    async def _typed_move(self, asker: Asker, token: str) -> None:
        at = parse_moment(asker.text, self._schedules.now, self._schedules.timezone)
        schedule_id, revision = ids_of(token.replace("-", "."), 2)
        due = await self._schedules.check(schedule_id, revision, by=asker.person)
        target = move_target(due, asker.language)
        card = picker.once(target, at, asker.language, self._schedules.now)
        await self._messenger.reply(asker.place, card)

    async def show_schedule(self, press: Press, schedule_id: int) -> None:
        """Let the message that was pressed show the schedule; its own messages keep themselves."""
        due = await self._schedules.get(schedule_id)
        chat_id, message_id = press.place.chat_id, press.message_id
        now = self._schedules.now
        if (due.schedule.chat_id, due.schedule.message_id) == (chat_id, message_id):
            card = schedules.card(due, press.language, now)
        else:
            if await self._schedules.ask_at(chat_id, message_id) is not None:
                return
            card = schedules.look(due, press.language, now, chat_id)
        await self._messenger.show(press.place, message_id, card)

    async def show_again(self, press: Press, schedule_id: int) -> None:
        """Let the message that was pressed show what it did before; a question shows itself."""
        ask = await self._schedules.ask_at(press.place.chat_id, press.message_id)
        if ask is None:
            await self.show_schedule(press, schedule_id)
            return
        due = await self._schedules.get(ask.schedule_id)
        card = schedules.ask(ask, due, press.language, self._schedules.now)
        await self._messenger.show(press.place, press.message_id, card)

    # For both

    async def _step(self, press: Press, target: Target, parts: list[str]) -> None:
        now, first = self._schedules.now, self._schedules.first
        card = step_card(target, parts, press.language, now, first)
        await show(self._messenger, press, card)

    async def _show_step(self, press: Press, target: Target, parts: list[str]) -> None:
        now, first = self._schedules.now, self._schedules.first
        card = step_card(target, parts, press.language, now, first)
        await self._messenger.show(press.place, press.message_id, card)

    async def _ask(self, press: Press, kind: str, about: str) -> None:
        await self._messenger.answer(press.query_id)
        card = picker.typed(press.language)
        await self._questions.ask(press.place, press.person, kind, about, card)

    async def _answered(self, press: Press) -> bool:
        words = plain(replies.working(press.language))
        return await self._messenger.answer(press.query_id, words)


def draft_target(later: Later, lang: Language) -> Target:
    """The picker of an open draft."""
    return Target(
        verb=Verb.LATER,
        token=later.draft.token,
        head=planned.head(later.content, lang),
        count=len(later.content.numbers),
        reads_list=later.list_ref is not None,
    )


def move_target(due: Due, lang: Language) -> Target:
    """The picker of a schedule: another time, or other days and another hour."""
    schedule = due.schedule
    return Target(
        verb=Verb.MOVE,
        token=f"{schedule.id}-{schedule.revision}",
        head=planned.what(due, lang),
        count=len(due.content.numbers),
        reads_list=schedule.list_ref is not None,
        once=not schedule.weekdays,
        weekly=bool(schedule.weekdays),
    )
