"""The card of a draft: showing it, and its buttons."""

import logging
from dataclasses import replace

from bot.boards.keeper import BoardKeeper
from bot.calling.errors import AlreadyDoneError, NumberUnknownError
from bot.calling.launches import Asked, Launched, Launches
from bot.calling.numbers import Uncallable
from bot.calling.outside import NOW, Timing
from bot.calling.own_number import OwnNumbers
from bot.calling.voices import Voices
from bot.handlers.door import Press
from bot.handlers.pressing import Handled
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger
from bot.texts import draft, own_number, repeats, replies, spoken, uncallable
from bot.texts.cards import Card, Verb, plain
from bot.texts.language import Language
from storage.errors import StorageError
from storage.models import Place

log = logging.getLogger(__name__)


class DraftPresses:
    """A draft belongs to its author; the message of a confirmed one becomes the board."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        launches: Launches,
        keeper: BoardKeeper,
        voices: Voices,
        own: OwnNumbers,
    ) -> None:
        self._messenger = messenger
        self._launches = launches
        self._keeper = keeper
        self._voices = voices
        self.own = own

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The buttons of a draft's card."""
        return {
            Verb.CONFIRM: Handled(self.confirm),
            Verb.OPENING: Handled(self.opening),
            Verb.CANCEL: Handled(self.cancel),
            Verb.CHOOSE: Handled(self.choose),
            Verb.CHOICES: Handled(self.choices),
            Verb.CARD: Handled(self.back),
            Verb.REMAKE: Handled(self.remake),
            Verb.SKIP: Handled(self.skip),
            Verb.FIRST: Handled(self.first),
        }

    async def show(
        self,
        asked: Asked,
        place: Place,
        language: Language,
        *,
        over: int | None = None,
        files: bool = True,
    ) -> int | None:
        """Show the card of a draft.

        Args:
            asked: the draft.
            place: where.
            language: the reader's.
            over: the message that shows it; None sends a new one.
            files: what the card cannot hold follows as files.

        Returns:
            The id of the message that shows it, or None if none could.
        """
        card = draft.card(asked, language, self._launches.now)
        if over is None:
            message_id = await self._messenger.reply(place, card)
        else:
            message_id = await self._messenger.show(place, over, card)
        if message_id is None:
            return None
        try:
            await self._launches.shown_as(asked.draft_id, message_id)
        except StorageError as error:  # its buttons know their message, its expiry will not
            log.warning("the message of draft %d is not recorded: %s", asked.draft_id, error)
        if files:
            await self._send_files(asked, place, language)
        return message_id

    async def _send_files(self, asked: Asked, place: Place, language: Language) -> None:
        await self.list_uncallable(asked.content.uncallable, place, language)
        text = draft.text_file(asked, language, self._launches.now)
        if text is not None:
            caption = Card(spoken.caption(asked.content.spoken or "", language))
            await self._messenger.reply_file(place, "text.txt", text, caption)

    async def list_uncallable(
        self, entries: tuple[Uncallable, ...], place: Place, language: Language
    ) -> None:
        """Send what cannot be called as a file, where the card cannot list all of it."""
        if len(entries) > uncallable.LISTED:
            content = uncallable.file(entries, language)
            caption = Card(uncallable.caption(entries, language))
            await self._messenger.reply_file(place, "not-called.txt", content, caption)

    async def confirm(self, press: Press) -> None:
        """*Call 38*."""
        await self.launch(press, press.token, NOW)

    async def opening(self, press: Press) -> None:
        """*At 08:00*, outside the calling window: it is made now, and goes out then."""
        token, minutes = parts_of(press.token, 2)
        await self.launch(press, token, Timing(opening=number_of(minutes) * 60.0))

    async def launch(self, press: Press, token: str, timing: Timing) -> None:
        """Launch a draft: the answer goes first, so that an old press launches nothing."""
        await self._launches.check_confirm(token, by=press.person)
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        try:
            result = await self._launches.confirm(
                token, by=press.person, message_id=press.message_id, timing=timing
            )
        except AlreadyDoneError:
            return  # who loses the race is told by the edited card
        if isinstance(result, Launched):
            await self.launched(result, press.place, press.language)
        elif isinstance(result, Asked):
            await self.show_again(result, press)

    async def launched(self, result: Launched, place: Place, language: Language) -> None:
        """Show the board soon, and say who fell out of a follow-up."""
        self._keeper.hurry(result.batch_id)
        if result.fell_out:
            text = replies.fell_out(result.fell_out, language)
            await self._messenger.reply(place, Card(text))
        if result.reached:
            text = repeats.fell_out(result.reached, language)
            await self._messenger.reply(place, Card(text))

    async def show_again(self, asked: Asked, press: Press) -> None:
        """Let the message that was pressed show the draft as it is now."""
        card = draft.card(asked, press.language, self._launches.now)
        await self._messenger.show(press.place, press.message_id, card)

    async def choose(self, press: Press) -> None:
        """A voice: the next card asks for the last word."""
        token, part = parts_of(press.token, 2)
        voice = (await self._voices.get(number_of(part), by=press.person)).voice
        asked = await self._launches.change(
            token,
            lambda content: replace(
                content, voice=voice.voice_id, voice_name=voice.name, spoken=None
            ),
            by=press.person,
        )
        await self._messenger.answer(press.query_id)
        await self.show_again(asked, press)

    async def choices(self, press: Press) -> None:
        """*Other voice*, and another page of the voices; the draft is as it was until a tap."""
        token, part = parts_of(press.token, 2)
        asked = await self._launches.look(token, by=press.person)
        card = draft.which_voice(asked, press.language, self._launches.now, number_of(part))
        await show(self._messenger, press, card)

    async def back(self, press: Press) -> None:
        """Back to the card, from one of its other views."""
        asked = await self._launches.look(press.token, by=press.person)
        await self._messenger.answer(press.query_id)
        await self.show_again(asked, press)

    async def remake(self, press: Press) -> None:
        """*Make it again*: the message of the expired draft becomes another one."""
        asked = await self._launches.remake(press.token, by=press.person)
        await self._messenger.answer(press.query_id)
        await self.show(asked, press.place, press.language, over=press.message_id, files=False)

    async def skip(self, press: Press) -> None:
        """*Skip those 12*: the card goes on without who got this voice lately."""
        asked = await self._launches.change(
            press.token, lambda content: content.without(content.recent), by=press.person
        )
        await self._messenger.answer(press.query_id)
        await self.show_again(asked, press)

    async def first(self, press: Press) -> None:
        """*Call me first*: a batch of its own; the answer goes first, as for every launch."""
        try:
            await self._launches.check_first(press.token, by=press.person)
        except NumberUnknownError:
            await self._ask_for_number(press)
            return
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        launched, asked = await self._launches.first(press.token, by=press.person)
        self._keeper.hurry(launched.batch_id)
        await self.show_again(asked, press)

    async def _ask_for_number(self, press: Press) -> None:
        """The number is shared once, with a button that only private chats have."""
        if press.place.chat_id != press.person.id:
            text = plain(own_number.unknown(press.language))
            await self._messenger.answer(press.query_id, text, alert=True)
            return
        self.own.ask(press.person.id)
        await self._messenger.answer(press.query_id)
        await self._messenger.reply(press.place, own_number.ask(press.language))

    async def cancel(self, press: Press) -> None:
        """*Cancel* acts even if the press can no longer be answered."""
        await self._launches.cancel(press.token, by=press.person)
        await self._messenger.answer(press.query_id)
