"""`/dnc`: the do-not-call list; the command, and all buttons that belong to it."""

import logging

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.calling.do_not_call import DoNotCallList
from bot.calling.do_not_call_text import read_format, split_reason
from bot.calling.errors import CallingError, ExpiredError, UsageError
from bot.calling.numbers import NumberReader
from bot.calling.periods import Format
from bot.do_not_call_sheets import do_not_call_sheet
from bot.handlers.commands import Handler
from bot.handlers.dnc_intake import LOOK, DncIntake, Wish
from bot.handlers.door import Asker, Door, Press
from bot.handlers.parts import Parts
from bot.handlers.permissions import FURTHER
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.showing import show
from bot.handlers.taking import has_digit
from bot.handlers.tokens import ids_of, number_of
from bot.handlers.typed import is_long
from bot.messenger import Messenger
from bot.texts import calls, dnc, dnc_asking, errors, list_changes, replies
from bot.texts.cards import Card, Verb, plain
from bot.workshop import Workshop, WorkshopError
from storage.errors import StorageError

log = logging.getLogger(__name__)

OFF, SEE = "dnc_off", "dnc_see"  # kinds of question
WITHIN = 60.0  # seconds for the file


class DncCommand:
    """Every member may look; a change needs a manager, and a reason."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        do_not_call: DoNotCallList,
        intake: DncIntake,
        questions: Questions,
        parts: Parts,
        workshop: Workshop,
        reader: NumberReader,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._do_not_call = do_not_call
        self._intake = intake
        self._questions = questions
        self._parts = parts
        self._workshop = workshop
        self._reader = reader
        questions.on(OFF, self._off_answered, look=LOOK)
        questions.on(SEE, self._see_answered, look=LOOK)

    @property
    def commands(self) -> dict[str, Handler]:
        """The command."""
        return {"dnc": self.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The buttons of the list, and of the questions about it."""
        handlers = {
            Verb.DNC: self.page,
            Verb.DNC_ADD: self.add,
            Verb.DNC_OFF: self.take_off,
            Verb.DNC_SEE: self.ask_check,
            Verb.DNC_WHY: self._intake.reason,
            Verb.DNC_PART: self._intake.column,
            Verb.DNC_FILE: self.file,
        }
        return {verb: Handled(handle, LOOK) for verb, handle in handlers.items()}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """`/dnc`, and with `add`, `remove`, `check`, `import` or `export`."""
        asker = await self._door.admit(update)
        if asker is None:
            return
        needs = FURTHER.get(f"dnc {_split(asker.text)[0]}")
        if needs is not None and not await self._door.may(asker, needs):
            return
        if asker.private and is_long(asker.message.text or ""):
            self._parts.gather(asker, self._answer)
        elif await self._door.is_new(asker.update_id):
            await self._answer(asker, asker.text)

    async def _answer(self, asker: Asker, text: str) -> None:
        try:
            await self._do(asker, *_split(text))
        except CallingError as error:
            said = errors.error(error, asker.language)
            await self._messenger.reply(asker.place, Card(said))
        except StorageError as error:
            log.warning("the do-not-call list was refused by the record: %s", error)
            said = errors.record_unsure(asker.language, LOOK)
            await self._messenger.reply(asker.place, Card(said))

    async def _do(self, asker: Asker, word: str, rest: str) -> None:
        replied = _replied(asker.message)
        match word:
            case "":
                card = dnc.menu(await self._do_not_call.page(), asker.language, self._now)
                await self._messenger.reply(asker.place, card)
            case "add" if rest and (replied is None or any(map(str.isdigit, rest))):
                await self._intake.typed(asker, rest)
            case "add" | "import" if replied is not None:
                await self._intake.replied(asker, replied, rest)
            case "add" | "import":
                await self._intake.ask(asker, file=word == "import")
            case "remove":
                await self._remove(asker, rest)
            case "export":
                await self._export(asker, read_format(rest))
            case "check":
                await self._check(asker, rest)
            case _ if not has_digit(f"{word}{rest}"):
                await self._messenger.reply(asker.place, Card(dnc_asking.usage(asker.language)))
            case _:
                await self._check(asker, f"{word} {rest}")

    async def _remove(self, asker: Asker, text: str) -> None:
        if text:
            await self._off_answered(asker, text)
        else:
            await self._ask_off(asker)

    async def _ask_off(self, asked: Asker | Press) -> None:
        card = dnc_asking.one_off(asked.language)
        await self._questions.ask(asked.place, asked.person, OFF, "", card)

    async def _off_answered(self, asker: Asker, text: str = "") -> None:
        """A number, and perhaps the reason; `text` is that of the command."""
        typed = split_reason(text or asker.text, self._reader)
        wish = Wish(numbers=(self._do_not_call.one(typed.numbers),), off=True)
        if typed.reason is None:
            await self._do_not_call.listed(wish.numbers[0])
            await self._intake.ask_reason(asker, wish)
        else:
            said = await self._intake.do(asker, wish, typed.reason)
            await self._messenger.reply(asker.place, Card(said))

    async def _check(self, asker: Asker, text: str) -> None:
        if text.strip():
            await self._see_answered(asker, text)
        else:
            await self._ask_check(asker)

    async def _ask_check(self, asked: Asker | Press) -> None:
        card = dnc_asking.one_to_check(asked.language)
        await self._questions.ask(asked.place, asked.person, SEE, "", card)

    async def _see_answered(self, asker: Asker, text: str = "") -> None:
        """A number; `text` is that of the command."""
        number = self._do_not_call.one(text or asker.text)
        history = await self._do_not_call.history(number)
        card = dnc.checked(number, history, asker.language, self._now)
        await self._messenger.reply(asker.place, card)

    async def page(self, press: Press) -> None:
        """A page of the list."""
        (page,) = ids_of(press.token, 1)
        found = await self._do_not_call.page(page)
        await show(self._messenger, press, dnc.menu(found, press.language, self._now))

    async def add(self, press: Press) -> None:
        """*Add*, *Import*, and *Do not call* at a number."""
        if press.token not in (dnc.NUMBERS, dnc.FILE):
            await self._intake.one(press)
            return
        await self._messenger.answer(press.query_id)
        await self._intake.ask(press, file=press.token == dnc.FILE)

    async def take_off(self, press: Press) -> None:
        """*Remove*, and *Take it off* at a number."""
        if press.token == dnc.ASK:
            await self._messenger.answer(press.query_id)
            await self._ask_off(press)
            return
        if not press.token.startswith(dnc.ENTRY):
            raise ExpiredError
        entry_id = number_of(press.token.removeprefix(dnc.ENTRY))
        entry = await self._do_not_call.entry(entry_id)
        await self._messenger.answer(press.query_id)
        await self._intake.ask_reason(press, Wish(numbers=(entry.number,), off=True))

    async def ask_check(self, press: Press) -> None:
        """*Check*."""
        if press.token != dnc.ASK:
            raise ExpiredError
        await self._messenger.answer(press.query_id)
        await self._ask_check(press)

    async def file(self, press: Press) -> None:
        """*Export*."""
        try:
            form = read_format(press.token)
        except UsageError:
            raise ExpiredError from None
        await self._messenger.answer(press.query_id, plain(replies.working(press.language)))
        await self._export(press, form)

    async def _export(self, asked: Asker | Press, form: Format) -> None:
        """All that is on the list, as a file."""
        lang, place = asked.language, asked.place
        entries = await self._do_not_call.take_out(by=asked.person, chat_id=place.chat_id)
        rows = [
            (
                calls.in_file(one.number, lang),
                one.added_at,
                lang.free(one.added_name),
                lang.free(one.reason),
            )
            for one in entries
        ]
        try:
            content = await self._workshop.make(
                WITHIN,
                do_not_call_sheet,
                form,
                dnc_asking.file_heads(lang),
                rows,
                lang.timezone.key,
            )
        except WorkshopError as error:
            log.error("the file of the do-not-call list could not be made: %s", error)  # noqa: TRY400 -- the child's traceback is in it
            await self._messenger.reply(place, Card(list_changes.no_file(lang)))
            return
        caption = Card(dnc_asking.file_caption(len(rows), lang))
        await self._messenger.reply_file(place, f"do-not-call.{form}", content, caption)

    @property
    def _now(self) -> float:
        return self._do_not_call.now


def _split(text: str) -> tuple[str, str]:
    """The word behind the command, in lower case, and the rest, with its lines."""
    stripped = text.strip()
    word = stripped.split(maxsplit=1)[0] if stripped else ""
    return word.lower(), stripped[len(word) :].strip()


def _replied(message: Message) -> Message | None:
    """The message that the command answers, if there is one that can hold numbers."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return None
    return replied
