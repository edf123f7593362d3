"""What a voice sounds like: attached by an answer to its card, sent by *Listen*."""

import logging

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.calling.errors import CallingError
from bot.calling.rights import Role
from bot.calling.voices import Voices
from bot.handlers.door import Asker, Door, Press
from bot.handlers.permissions import SENT
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger
from bot.texts import errors, voice_menu
from bot.texts.cards import Card
from storage.errors import StorageError
from storage.models import SampleKind

log = logging.getLogger(__name__)


class Samples:
    """Telegram keeps the sound; the record keeps by which id to ask for it."""

    def __init__(self, *, door: Door, messenger: Messenger, voices: Voices) -> None:
        self._door = door
        self._messenger = messenger
        self._voices = voices

    async def attach(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A voice note or an audio file of anybody; in a group one that answers a card of ours."""
        message = update.effective_message
        if message is None or await self._door.role(update.effective_user) is Role.STRANGER:
            return
        voice_id = _card_answered(message, context.bot.id)
        sample = _sample(message)
        answers = voice_id is not None and sample is not None
        if not answers and message.chat.type != message.chat.PRIVATE:
            return
        asker = await self._door.admit(update, SENT["sample" if answers else "anything else"])
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        if voice_id is None or sample is None:
            await self._messenger.reply(asker.place, Card(voice_menu.no_card(asker.language)))
            return
        await self._messenger.reply(asker.place, await self._keep(asker, voice_id, *sample))

    async def _keep(self, asker: Asker, voice_id: str, file_id: str, kind: SampleKind) -> Card:
        try:
            shown = await self._voices.attach(
                voice_id, file_id, kind, by=asker.person, chat_id=asker.place.chat_id
            )
        except CallingError as error:
            return Card(errors.error(error, asker.language))
        except StorageError as error:
            log.warning("a sample was refused by the record: %s", error)
            return Card(errors.database_busy(asker.language))
        said = voice_menu.attached(asker.language)
        return voice_menu.card(shown, asker.language, self._voices.now, said)

    async def play(self, press: Press) -> None:
        """*Listen*."""
        (ref,) = ids_of(press.token, 1)
        voice = (await self._voices.get(ref, by=press.person)).voice
        await self._messenger.answer(press.query_id)
        note = voice.sample_kind is SampleKind.VOICE
        sent = await self._messenger.reply_sound(press.place, voice.sample or "", note=note)
        if sent is None:
            card = Card(voice_menu.sample_gone(press.language))
            await self._messenger.reply(press.place, card)


def _card_answered(message: Message, bot_id: int) -> str | None:
    """The voice whose card this message answers; a text by anybody else is no card."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != bot_id:
        return None
    return voice_menu.card_of(replied.text or "")


def _sample(message: Message) -> tuple[str, SampleKind] | None:
    if message.voice is not None:
        return message.voice.file_id, SampleKind.VOICE
    if message.audio is not None:
        return message.audio.file_id, SampleKind.AUDIO
    return None
