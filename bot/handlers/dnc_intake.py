"""Numbers for the do-not-call list, and the reason: asked for where they were not given."""

import json
import logging
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup
from telegram import Message

from bot.calling.do_not_call import DoNotCallList
from bot.calling.do_not_call_text import split_reason
from bot.calling.errors import CallingError, ExpiredError, UsageError
from bot.calling.history import Sought
from bot.calling.lists import Given
from bot.calling.numbers import NumberReader
from bot.calling.problems import Problem
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.joining import Joining
from bot.handlers.number_sources import Found, NumberSources, Unclear
from bot.handlers.questions import Questions
from bot.handlers.typed import is_long
from bot.messenger import Messenger
from bot.texts import asking, columns, dnc, dnc_asking, errors, files, list_changes, replies
from bot.texts.cards import Card, plain
from storage.errors import StorageError
from storage.models import Question

log = logging.getLogger(__name__)

ADD, WHY, PART = "dnc_add", "dnc_why", "dnc_part"  # kinds of question
LOOK = "/dnc"  # tells whether a change took effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done to the list once its reason is known.

    Attributes:
        numbers: E.164; to take off there is one alone.
        off: they are taken off, not added.
        imported: they are from a file.
    """

    numbers: tuple[str, ...]
    off: bool = False
    imported: bool = False

    def dump(self) -> str:
        """As JSON, beside the question for the reason."""
        return json.dumps([self.off, self.imported, *self.numbers], separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Wish":
        """Read back what `dump` wrote."""
        off, imported, *numbers = json.loads(text)
        return cls(numbers=tuple(numbers), off=off, imported=imported)


class DncIntake:
    """Nothing is changed without a reason."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        do_not_call: DoNotCallList,
        sources: NumberSources,
        questions: Questions,
        drafts: DraftPresses,
        joining: Joining,
        reader: NumberReader,
    ) -> None:
        self._messenger = messenger
        self._do_not_call = do_not_call
        self._sources = sources
        self._questions = questions
        self._drafts = drafts
        self._joining = joining
        self._reader = reader
        questions.on(ADD, self._take, stays=True, look=LOOK)
        questions.on(WHY, self._take_reason, look=LOOK)

    async def ask(self, asked: Asker | Press, *, file: bool = False) -> None:
        """Ask whom to add; a file is asked for by other words, and both are taken."""
        lang = asked.language
        card = dnc_asking.file(lang) if file else dnc_asking.numbers(lang)
        card = asking.cancellable(card, lang)
        await self._questions.ask(asked.place, asked.person, ADD, "", card)

    async def typed(self, asker: Asker, text: str) -> None:
        """Numbers, and perhaps a reason, that stand in one text."""
        typed = split_reason(text, self._reader)
        await self.use(asker, Found(given=self._sources.text(typed.numbers)), typed.reason)

    async def replied(self, asker: Asker, message: Message, reason: str) -> None:
        """Whatever numbers the message holds that a command answers, for one reason."""
        found = await self._sources.read([message])
        await self.use(asker, found, reason.strip() or None)

    async def one(self, press: Press) -> None:
        """*Do not call* at the history of a number."""
        number = Sought.of_token(press.token).number
        if number is None or self._sources.text(number).numbers != (number,):
            raise ExpiredError
        await self._messenger.answer(press.query_id)
        await self.ask_reason(press, Wish(numbers=(number,)))

    async def ask_reason(
        self, asked: Asker | Press, wish: Wish, said: tuple[Markup, ...] = ()
    ) -> None:
        """Ask why."""
        lang = asked.language
        if wish.off:
            card = dnc_asking.why_off(wish.numbers[0], lang)
        else:
            card = dnc_asking.why_add(wish.numbers, lang, said)
        await self._questions.ask(asked.place, asked.person, WHY, wish.dump(), card)

    async def use(self, asked: Asker | Press, found: Found, reason: str | None) -> None:
        """Add what was found, or ask why first.

        Raises:
            UsageError: there is nothing in it that could be called.
        """
        lang, given = asked.language, found.given
        said = files.sources(given.files, lang)
        said += [errors.error(error, lang) for error in found.errors]
        if given.numbers:
            said += dnc_asking.besides(given, lang)
            wish = Wish(numbers=given.numbers, imported=bool(given.files))
            if reason is None:
                await self.ask_reason(asked, wish, tuple(said))
            else:
                done = await self.do(asked, wish, reason)
                await self._messenger.reply(asked.place, Card(Markup("\n").join([done, *said])))
            await self._drafts.list_uncallable(given.uncallable, asked.place, lang)
        elif given.uncallable:
            raise UsageError(Problem.DNC_NOTHING_CALLABLE, uncallable=given.uncallable)
        elif said:
            await self._messenger.reply(asked.place, Card(Markup("\n").join(said)))
        elif not found.unclear:
            raise UsageError(Problem.DNC_NO_NUMBER)
        for unclear in found.unclear:
            await self._ask_column(asked, unclear, reason)

    async def do(self, asked: Asker | Press, wish: Wish, reason: str) -> Markup:
        """Change the list, and return what is said of it; raises as `DoNotCallList` does."""
        by, chat_id = asked.person, asked.place.chat_id
        if wish.off:
            entry = await self._do_not_call.remove(wish.numbers[0], reason, by=by, chat_id=chat_id)
            return dnc.removed(entry, asked.language, by.name)
        added = await self._do_not_call.add(
            wish.numbers, reason, by=by, chat_id=chat_id, imported=wish.imported
        )
        return dnc.added(added, asked.language, by.name)

    async def _take_reason(self, asker: Asker, about: str) -> None:
        said = await self.do(asker, Wish.load(about), asker.text)
        await self._messenger.reply(asker.place, Card(said))

    async def reason(self, press: Press) -> None:
        """A reason that one tap gives; the message that asked for it says what was done."""
        question = await self._mine(press, WHY)
        if question is None:
            return
        try:
            why = dnc_asking.reason(press.token, press.language)
        except KeyError:
            raise ExpiredError from None
        said = await self.do(press, Wish.load(question.about), why)
        await self._questions.close(question)
        await self._messenger.answer(press.query_id)
        await self._messenger.show(press.place, press.message_id, Card(said))

    async def _take(self, asker: Asker, _: str) -> None:
        message = asker.message
        question = await self._questions.asked(message, asker.person.id, private=asker.private)
        if question is not None:
            self._joining.take(asker, partial(self._joined, question))

    async def _joined(self, question: Question, asker: Asker, messages: list[Message]) -> None:
        try:
            await self._use_all(asker, messages)
            await self._questions.close(question)
        except CallingError as error:
            await self._messenger.reply(asker.place, Card(errors.error(error, asker.language)))
        except StorageError as error:
            log.warning("the do-not-call list was refused by the record: %s", error)
            text = errors.record_unsure(asker.language, LOOK)
            await self._messenger.reply(asker.place, Card(text))
        except Exception:
            log.exception("numbers for the do-not-call list could not be handled")
            await self._messenger.reply(asker.place, Card(errors.unexpected(asker.language)))

    async def _use_all(self, asker: Asker, messages: list[Message]) -> None:
        """What came in one go: a reason may stand in the texts."""
        text = ""
        for message in messages:
            part = message.text or message.caption or ""
            # A space where Telegram cut a paste: what was one number there is one again.
            text += part + (" " if is_long(part) else "\n")
        typed = split_reason(text.strip(), self._reader)
        found = await self._sources.read(messages, written=False)
        if _has_digit(typed.numbers):
            written = self._sources.text(typed.numbers)
            found.given = Given.joined([written, found.given])
        reason = typed.reason
        beside = found.something or found.unclear
        if reason is None and beside and not _has_digit(typed.numbers):
            reason = typed.numbers.strip() or None  # the caption of a file
        await self.use(asker, found, reason)

    async def _ask_column(
        self, asked: Asker | Press, unclear: Unclear, reason: str | None
    ) -> None:
        about = json.dumps([unclear.file_id, unclear.name, reason], ensure_ascii=False)
        card = dnc_asking.column(unclear.name, unclear.columns, asked.language)
        await self._questions.ask(asked.place, asked.person, PART, about, card)

    async def column(self, press: Press) -> None:
        """Which column of a file holds the numbers; only who sent it can say."""
        question = await self._mine(press, PART)
        if question is None:
            return
        await self._messenger.answer(press.query_id, plain(replies.working(press.language)))
        file_id, name, reason = json.loads(question.about)
        given = await self._sources.file(file_id, name, column=columns.column_of(press.token))
        if not isinstance(given, Given):
            raise ExpiredError  # the column that was pressed is not in the file
        await self._questions.close(question)
        await self.use(press, Found(given=given), reason)

    async def _mine(self, press: Press, kind: str) -> Question | None:
        """The open question below which this was pressed; None if somebody else was asked.

        Raises:
            ExpiredError: there is none of this kind.
        """
        question = await self._questions.at(press.place.chat_id, press.message_id)
        if question is None or question.kind != kind or question.answered_at is not None:
            raise ExpiredError
        if question.user_id == press.person.id:
            return question
        text = plain(list_changes.not_yours(press.language))
        await self._messenger.answer(press.query_id, text, alert=True)
        return None


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
