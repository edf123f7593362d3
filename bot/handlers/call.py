"""`/call`: allow, parse, launch or ask, answer."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.calling.drafts import Ask, Content
from bot.calling.errors import UsageError
from bot.calling.launches import Asked, Launches, Result
from bot.calling.numbers import NumberReader
from bot.calling.pieces import with_given
from bot.calling.problems import Problem
from bot.calling.request import CallRequest, parse_call, parse_head
from bot.calling.voices import Voices
from bot.handlers.door import Asker, Door
from bot.handlers.draft_columns import DraftColumns
from bot.handlers.number_sources import NumberSources
from bot.handlers.typed import TypedLaunch, is_long
from bot.messenger import Messenger
from bot.texts import errors, files, voices
from bot.texts.cards import Card
from storage.models import Voice


class CallCommand:
    """Launches at once, except where something has to be asked; then it shows a draft."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        launches: Launches,
        reader: NumberReader,
        typed: TypedLaunch,
        voices: Voices,
        sources: NumberSources,
        columns: DraftColumns,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._launches = launches
        self._reader = reader
        self._typed = typed
        self._voices = voices
        self._sources = sources
        self._columns = columns

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/call`."""
        await self._typed.take(update, self._result)

    async def _result(self, asker: Asker, text: str, asks: tuple[Ask, ...]) -> Result | None:
        """What came of it; None if something else was asked first.

        Numbers behind a name that no voice has are not lost: a draft asks for the voice.
        """
        try:
            return await self._called(asker, text, asks, await self._voices.all())
        except UsageError as error:
            if error.problem is not Problem.NO_VOICE_NAMED:
                raise
            misspelt = error
        try:
            result = await self._called(asker, text, asks, None)
        except UsageError as error:  # there is no number that a draft could hold
            raise misspelt from error
        if isinstance(result, Asked):
            said = voices.choose_below(misspelt, asker.language)
            await self._messenger.reply(asker.place, Card(said))
        return result

    async def _called(
        self, asker: Asker, text: str, asks: tuple[Ask, ...], known: Sequence[Voice] | None
    ) -> Result | None:
        replied = replied_text(asker.message)
        attached = answered_attachment(asker.message)
        if not text.strip() and (attached is not None or replied):
            return await self._voiceless(asker, attached, replied or "")
        if attached is not None:
            request = parse_head(text, self._reader, known)
            if not request.numbers.numbers and not request.numbers.uncallable:
                return await self._with_attached(asker, self._content(request), attached)
            replied = ""  # what was typed wins, and the card says so
        request = parse_call(text, replied, self._reader, known)
        if request.by_reply and not request.reply_left_out and is_long(replied or ""):
            asks = (*asks, Ask.REST_UNSEEN)
        return await self._launches.call(
            request,
            by=asker.person,
            place=asker.place,
            asked_by=asker.asked_by,
            update_id=asker.update_id,
            asks=asks,
        )

    def _content(self, request: CallRequest) -> Content:
        """What was typed, without numbers."""
        retry, server = request.retry_count, request.server_id
        return self._launches.blank(
            voice=request.voice,
            voice_name=request.voice_name,
            asks=(Ask.REPLY,),
            **({} if retry is None else {"retry_count": retry}),
            **({} if server is None else {"server_id": server}),
        )

    async def _voiceless(
        self, asker: Asker, attached: Message | None, replied: str
    ) -> Result | None:
        """A draft of what the answered message holds, for `/call` alone: nothing was typed.

        It has the member's default voice, or else asks for one.
        """
        voice = await self._voices.default(by=asker.person)
        chosen = {} if voice is None else {"voice": voice.voice_id, "voice_name": voice.name}
        asks = (Ask.REPLY, Ask.REST_UNSEEN) if is_long(replied) else (Ask.REPLY,)
        content = self._launches.blank(asks=asks, **chosen)
        if attached is not None:
            return await self._with_attached(asker, content, attached)
        return await self._draft(asker, with_given(content, self._sources.text(replied)))

    async def _with_attached(
        self, asker: Asker, content: Content, attached: Message
    ) -> Result | None:
        """A draft of what the answered contact or file holds, its caption's numbers among it.

        What is wrong with a file is said, also where its caption's numbers make a draft.
        """
        written = any(map(str.isdigit, attached.caption or ""))
        found = await self._sources.read([attached], written=written)
        if found.errors and not found.given.numbers:
            raise found.errors[0]
        for unclear in found.unclear:
            if await self._door.is_new(asker.update_id):
                beside = with_given(content, found.given)
                await self._columns.ask(asker, unclear, beside)
            return None
        result = await self._draft(asker, with_given(content, found.given))
        said = [errors.error(error, asker.language) for error in found.errors]
        said += files.sources(found.given.files, asker.language)
        if said and isinstance(result, Asked):
            await self._messenger.reply(asker.place, Card(Markup("\n").join(said)))
        return result

    async def _draft(self, asker: Asker, content: Content) -> Result:
        return await self._launches.draft(
            content,
            by=asker.person,
            place=asker.place,
            asked_by=asker.asked_by,
            update_id=asker.update_id,
        )


def answered_attachment(message: Message) -> Message | None:
    """The contact or file that this one answers, if no part of its caption was quoted."""
    replied = message.reply_to_message
    if replied is None or message.quote is not None:
        return None
    return replied if replied.contact is not None or replied.document is not None else None


def replied_text(message: Message) -> str | None:
    """The text of the message that this one answers, or the part of it that was quoted.

    In a topic every message points at the topic's first one; that is no answer.
    """
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return None
    if message.quote is not None:
        return message.quote.text
    if replied.contact is not None:
        return replied.contact.phone_number
    return replied.text or replied.caption
