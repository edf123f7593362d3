"""How a question ends without an answer: by *Cancel*, and by turning to something else."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import ExpiredError
from bot.handlers.commands import Handler
from bot.handlers.door import Press
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.showing import show
from bot.messenger import Messenger
from bot.texts import asking, list_changes
from bot.texts.cards import Verb, plain


class Unasking:
    """Nothing of what was asked for is done."""

    def __init__(self, *, messenger: Messenger, questions: Questions) -> None:
        self._messenger = messenger
        self._questions = questions

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """*Cancel* below a question."""
        return {Verb.UNASK: Handled(self.cancel)}

    async def cancel(self, press: Press) -> None:
        """*Cancel*; only who was asked can."""
        question = await self._questions.at(press.place.chat_id, press.message_id)
        if question is None or question.answered_at is not None:
            raise ExpiredError
        if question.user_id != press.person.id:
            text = plain(list_changes.not_yours(press.language))
            await self._messenger.answer(press.query_id, text, alert=True)
            return
        await self._questions.close(question)
        await show(self._messenger, press, asking.cancelled(press.language))

    def left_by(self, handler: Handler) -> Handler:
        """The handler of a command, which takes its sender away from what they were asked."""

        async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            message, user = update.effective_message, update.effective_user
            if message is not None and user is not None:
                await self._questions.leave(message.chat.id, user.id, message.message_id)
            await handler(update, context)

        return handle
