"""Numbers for lists: a question stays open for all that a person sends, until *Done*."""

import json
import logging
from functools import partial

from markupsafe import Markup
from telegram import Message

from bot.calling.errors import CallingError, ExpiredError, ListChangedError, UsageError
from bot.calling.list_changes import ListChanges
from bot.calling.lists import Given
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.intake import Intake
from bot.handlers.joining import Joining
from bot.handlers.kept_numbers import recall
from bot.handlers.number_sources import Found, NumberSources, Unclear
from bot.handlers.questions import Questions
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger
from bot.texts import columns, errors, files, list_changes, replies
from bot.texts.cards import Card, plain
from bot.texts.lists import WHOLE
from storage.errors import StorageError
from storage.models import NumberList, Question

log = logging.getLogger(__name__)

FILL, MORE, COLUMN = "list_fill", "list_more", "list_column"  # kinds of question
Target = tuple[str, str]  # FILL and the name of a list to be, or MORE and its id and version


class ListIntake:
    """What comes within 3 s is one change with one answer; the next makes another one."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        changes: ListChanges,
        sources: NumberSources,
        questions: Questions,
        intake: Intake,
        drafts: DraftPresses,
        joining: Joining,
    ) -> None:
        self._messenger = messenger
        self._changes = changes
        self._sources = sources
        self._questions = questions
        self._intake = intake
        self._drafts = drafts
        self._joining = joining
        questions.on(FILL, self._take, stays=True, look="/lists")
        questions.on(MORE, self._take, stays=True, look="/lists")

    async def ask_numbers(self, asked: Asker | Press, name: str) -> None:
        """Ask for the numbers of a list that is to be made."""
        card = list_changes.ask_numbers(name, asked.language)
        await self._questions.ask(asked.place, asked.person, FILL, name, card)

    async def ask_more(self, asked: Asker | Press, of: NumberList) -> None:
        """Ask for further numbers for a list."""
        card = list_changes.ask_more(of, asked.language)
        await self._questions.ask(asked.place, asked.person, *_more(of), card)

    async def make(self, asker: Asker, name: str, found: Found) -> None:
        """Make a list of what was found."""
        await self._use((FILL, name), found, asker)

    async def make_kept(self, asked: Asker | Press, name: str, kept: str) -> None:
        """Make a list of the numbers that have waited for its name."""
        await self._use((FILL, name), await recall(kept, self._sources), asked)

    async def _take(self, asker: Asker, _: str) -> None:
        message = asker.message
        question = await self._questions.asked(message, asker.person.id, private=asker.private)
        if question is not None:
            self._joining.take(asker, partial(self._joined, question))

    async def _joined(self, question: Question, asker: Asker, messages: list[Message]) -> None:
        target = (question.kind, _without_given(question))
        try:
            found = await self._sources.read(messages)
            if await self._use(target, found, asker) != target:
                await self._questions.close(question)
        except Exception:
            log.exception("numbers for a list could not be handled")
            await self._messenger.reply(asker.place, Card(errors.unexpected(asker.language)))

    async def _use(self, target: Target, found: Found, asked: Asker | Press) -> Target:
        """Change the list and tell; returns what further numbers are for."""
        lang = asked.language
        said = files.sources(found.given.files, lang)
        said += [errors.error(error, lang) for error in found.errors]
        if found.something or not (found.errors or found.unclear):
            target = await self._change(target, found.given, said, asked)
        elif said:
            await self._messenger.reply(asked.place, Card(Markup("\n").join(said)))
        for unclear in found.unclear:
            await self._ask_column(target, unclear, asked)
        return target

    async def _change(
        self, target: Target, given: Given, said: list[Markup], asked: Asker | Press
    ) -> Target:
        lang, by, chat_id = asked.language, asked.person, asked.place.chat_id
        kind, about = target
        try:
            if kind == FILL:
                saved = await self._changes.create(about, given, by=by, chat_id=chat_id)
                words = list_changes.made(saved, lang)
            else:
                list_id, version = map(int, about.split("."))
                saved = await self._changes.add(list_id, version, given, by=by, chat_id=chat_id)
                words = list_changes.added(saved, lang)
        except ListChangedError as error:
            target = _more(error.of)
            await self._ask_again(target, errors.error(error, lang), error.of, asked)
        except CallingError as error:
            text = Markup("\n").join([*said, errors.error(error, lang)])
            await self._messenger.reply(asked.place, Card(text))
            if isinstance(error, UsageError):
                await self._drafts.list_uncallable(error.uncallable, asked.place, lang)
        except StorageError as error:
            log.warning("a list was refused by the record: %s", error)
            text = errors.record_unsure(lang, "/lists")
            await self._messenger.reply(asked.place, Card(text))
        else:
            target = _more(saved.list)
            private = asked.place.chat_id > 0
            instead = kind == MORE and len(given.numbers) <= self._intake.most
            card = list_changes.more(
                saved, [*words, *said], lang, private=private, instead=instead
            )
            about = _with_given(target, given) if instead else target[1]
            await self._questions.ask(asked.place, by, MORE, about, card)
            await self._drafts.list_uncallable(given.uncallable, asked.place, lang)
        return target

    async def _ask_again(
        self, target: Target, why: Markup, of: NumberList, asked: Asker | Press
    ) -> None:
        """Somebody else was faster: what is sent now is for the list as it is."""
        card = list_changes.ask_more(of, asked.language)
        again = Card(Markup("\n").join([why, card.text]), card.rows)
        await self._questions.ask(asked.place, asked.person, *target, again)

    async def _ask_column(self, target: Target, unclear: Unclear, asked: Asker | Press) -> None:
        about = json.dumps([unclear.file_id, unclear.name, *target], ensure_ascii=False)
        card = list_changes.ask_column(unclear.name, unclear.columns, asked.language)
        await self._questions.ask(asked.place, asked.person, COLUMN, about, card)

    async def column(self, press: Press) -> None:
        """Which column of a file holds the numbers; only who sent it can say."""
        question = await self._questions.at(press.place.chat_id, press.message_id)
        if question is None or question.kind != COLUMN or question.answered_at is not None:
            raise ExpiredError
        if question.user_id != press.person.id:
            text = plain(list_changes.not_yours(press.language))
            await self._messenger.answer(press.query_id, text, alert=True)
            return
        await self._messenger.answer(press.query_id, plain(replies.working(press.language)))
        await self._questions.close(question)
        file_id, name, kind, about = json.loads(question.about)
        found = Found()
        column = columns.column_of(press.token)
        try:
            given = await self._sources.file(file_id, name, column=column)
            if isinstance(given, Given):
                found.given = given
            else:
                found.unclear.append(Unclear(file_id, name, given))
        except UsageError as error:
            found.errors.append(error)
        await self._use((kind, about), found, press)

    async def call_instead(self, press: Press) -> None:
        """*Call these instead*: off the list again, and a draft on the pressed message."""
        list_id, version, added = ids_of(press.token, 3)
        question = await self._questions.at(press.place.chat_id, press.message_id)
        if question is None or question.kind != MORE or question.answered_at is not None:
            raise ExpiredError
        content = await self._intake.content_of(_given_of(question), by=press.person)
        if not await self.stop(press):
            return
        if added:
            await self._changes.undo(
                list_id, version, page=WHOLE, by=press.person, chat_id=press.place.chat_id
            )
        if await self._messenger.answer(press.query_id, plain(replies.working(press.language))):
            asked_by = f"instead:{press.place.chat_id}:{press.message_id}"
            await self._intake.by_press(press, content, asked_by)

    async def stop(self, press: Press) -> bool:
        """Take nothing more in answer to the pressed message; False if that is not theirs."""
        question = await self._questions.at(press.place.chat_id, press.message_id)
        if question is not None and question.user_id != press.person.id:
            text = plain(list_changes.not_yours(press.language))
            await self._messenger.answer(press.query_id, text, alert=True)
            return False
        if question is not None:
            await self._questions.close(question)
        return True


def _more(of: NumberList) -> Target:
    return MORE, f"{of.id}.{of.version}"


def _with_given(target: Target, given: Given) -> str:
    """What a question is about, with the numbers that came last: they may be called instead."""
    named = {number: given.names.get(number, "") for number in given.numbers}
    return f"{target[1]} {json.dumps(named, ensure_ascii=False, separators=(',', ':'))}"


def _without_given(question: Question) -> str:
    return question.about.partition(" ")[0] if question.kind == MORE else question.about


def _given_of(question: Question) -> Given:
    """The numbers that such a question keeps.

    Raises:
        ExpiredError: it keeps none.
    """
    _, _, kept = question.about.partition(" ")
    if not kept:
        raise ExpiredError
    named: dict[str, str] = json.loads(kept)
    return Given(numbers=tuple(named), names={n: name for n, name in named.items() if name})
