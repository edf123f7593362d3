"""A file in which several columns look like numbers: which one is meant is asked by buttons."""

import json

from markupsafe import Markup

from bot.calling.drafts import Content
from bot.calling.errors import ExpiredError, UsageError
from bot.calling.lists import Given
from bot.calling.pieces import given_in, with_given
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.intake import Intake
from bot.handlers.number_sources import NumberSources, Unclear
from bot.handlers.questions import Questions
from bot.messenger import Messenger
from bot.texts import columns, files, list_changes, replies, taking
from bot.texts.cards import Card, plain
from storage.models import Question

KIND = "draft_column"  # of the question


class DraftColumns:
    """The question is kept in the record with the file's id, so it outlives a restart."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        questions: Questions,
        sources: NumberSources,
        intake: Intake,
        drafts: DraftPresses,
    ) -> None:
        self._messenger = messenger
        self._questions = questions
        self._sources = sources
        self._intake = intake
        self._drafts = drafts

    async def ask(self, asker: Asker, unclear: Unclear, content: Content | None = None) -> None:
        """Ask which column is called.

        Args:
            asker: who sent the file.
            unclear: the file.
            content: what else is known of the launch, with the numbers that were written beside
                the file; None for a file alone.
        """
        rest = None if content is None else content.dump()
        about = json.dumps([unclear.file_id, unclear.name, rest], ensure_ascii=False)
        card = taking.ask_column(unclear.name, unclear.columns, asker.language)
        await self._questions.ask(asker.place, asker.person, KIND, about, card)

    async def press(self, press: Press) -> None:
        """A column: the message becomes the draft, once."""
        question = await self._asked(press)
        if question is None:
            return
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        file_id, name, rest = json.loads(question.about)
        column = columns.column_of(press.token)
        try:
            given = await self._sources.file(file_id, name, column=column)
        except UsageError as error:
            await self._drafts.list_uncallable(error.uncallable, press.place, press.language)
            raise
        if not isinstance(given, Given):
            raise ExpiredError  # the column that was pressed is not in the file
        if rest is None:
            content = await self._intake.content_of(given, by=press.person)
        else:
            known = Content.load(rest)
            content = with_given(known, Given.joined([given_in(known), given]))
        asked_by = f"column:{press.place.chat_id}:{press.message_id}"
        made = await self._intake.by_press(press, content, asked_by)
        await self._questions.close(question)
        if made and (said := files.sources(given.files, press.language)):
            await self._messenger.reply(press.place, Card(Markup("\n").join(said)))

    async def _asked(self, press: Press) -> Question | None:
        """The open question that was pressed; None if it is somebody else's, who is then named."""
        question = await self._questions.at(press.place.chat_id, press.message_id)
        if question is None or question.kind != KIND or question.answered_at is not None:
            raise ExpiredError
        if question.user_id == press.person.id:
            return question
        text = plain(list_changes.not_yours(press.language))
        await self._messenger.answer(press.query_id, text, alert=True)
        return None
