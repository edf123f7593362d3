"""Telegram out: cards become messages; what Telegram refuses is told by `bot.refusals`."""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup
from telegram import (
    Bot,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.keyboards import Fit, every_button, inline, markup
from bot.refusals import (
    ClosedError,
    GoneError,
    LaterError,
    MessengerError,
    MovedError,
    translate,
)
from bot.texts.cards import TEXT_UNITS, Card, plain, shortened, too_long
from storage.models import Place

__all__ = [
    "ClosedError",
    "GoneError",
    "LaterError",
    "Messenger",
    "MessengerError",
    "MovedError",
    "translate",
]

log = logging.getLogger(__name__)

R = TypeVar("R")

ALERT_UNITS = 200  # UTF-16 code units in the answer to a press (Telegram)
REMEMBERED = 1000  # presses of which we know whether they were answered
INSIST = 60.0  # seconds within which an answer to a person's own command is tried again

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Messenger:
    """Sends and edits cards, with the buttons that `fit` leaves them."""

    def __init__(
        self,
        bot: Bot,
        *,
        fit: Fit = every_button,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._fit = fit
        self._sleep = sleep
        self._ticks = ticks
        self._draws = random.Random()  # noqa: S311 -- spreads attempts, guards nothing
        self._answered: deque[str] = deque(maxlen=REMEMBERED)

    async def send(self, place: Place, card: Card, *, silent: bool = False) -> int:
        """Send a card and return its message id; a text that is too long goes out as a file.

        Raises:
            MessengerError: one of its kinds.
        """
        if too_long(card.text):
            caption = Card(Markup("📄"), card.rows)
            content = plain(card.text).encode()
            return await self.send_file(place, "message.txt", content, caption, silent=silent)

        async def attempt(card: Card, text: str, mode: str | None) -> Message:
            return await self._bot.send_message(
                place.chat_id,
                text,
                parse_mode=mode,
                message_thread_id=place.thread_id,
                reply_parameters=_reply(place),
                reply_markup=markup(card, private=place.chat_id > 0),
                link_preview_options=_NO_PREVIEW,
                disable_notification=silent,
            )

        message = await self._deliver(place.chat_id, card, attempt)
        return message.message_id

    async def edit(self, chat_id: int, message_id: int, card: Card) -> None:
        """Let a message show this card; one that shows it already is left alone.

        Raises:
            MessengerError: one of its kinds.
        """
        if too_long(card.text):
            card = Card(Markup.escape(plain(card.text)[: TEXT_UNITS // 2] + "…"), card.rows)

        async def attempt(card: Card, text: str, mode: str | None) -> Message | bool:
            try:
                return await self._bot.edit_message_text(
                    text,
                    chat_id,
                    message_id,
                    parse_mode=mode,
                    reply_markup=inline(card),
                    link_preview_options=_NO_PREVIEW,
                )
            except BadRequest as error:
                if "message is not modified" in error.message.lower():
                    return True  # it shows this card already
                raise

        await self._deliver(chat_id, card, attempt)

    async def send_file(
        self,
        place: Place,
        name: str,
        content: bytes | Path,
        caption: Card,
        *,
        silent: bool = False,
    ) -> int:
        """Send a file, which may lie on the disk, and return its message id.

        Raises:
            MessengerError: one of its kinds.
        """

        async def attempt(card: Card, text: str, mode: str | None) -> Message:
            if isinstance(content, Path):
                with content.open("rb") as file:
                    document = InputFile(file, name, read_file_handle=False)
                    return await send(document, card, text, mode)
            return await send(InputFile(content, filename=name), card, text, mode)

        async def send(document: InputFile, card: Card, text: str, mode: str | None) -> Message:
            return await self._bot.send_document(
                place.chat_id,
                document,
                caption=text,
                parse_mode=mode,
                message_thread_id=place.thread_id,
                reply_parameters=_reply(place),
                reply_markup=inline(card),
                disable_notification=silent,
            )

        message = await self._deliver(place.chat_id, caption, attempt)
        return message.message_id

    async def send_photo(
        self, place: Place, png: bytes, caption: Card, *, silent: bool = False
    ) -> int:
        """Send a picture with a short caption and return the message id.

        Raises:
            MessengerError: one of its kinds.
        """

        async def attempt(card: Card, text: str, mode: str | None) -> Message:
            return await self._bot.send_photo(
                place.chat_id,
                InputFile(png, filename="chart.png"),
                caption=text,
                parse_mode=mode,
                message_thread_id=place.thread_id,
                reply_parameters=_reply(place),
                reply_markup=inline(card),
                disable_notification=silent,
            )

        message = await self._deliver(place.chat_id, caption, attempt)
        return message.message_id

    async def _deliver(
        self, chat_id: int, card: Card, attempt: Callable[[Card, str, str | None], Awaitable[R]]
    ) -> R:
        """One call of the Bot API, once more without markup if Telegram cannot parse it."""
        card = await self._fit(chat_id, card)
        try:
            try:
                return await attempt(card, str(card.text), ParseMode.HTML)
            except BadRequest as error:
                if "can't parse entities" not in error.message.lower():
                    raise
                log.warning("Telegram cannot parse a text of ours; sent without markup")
                return await attempt(card, plain(card.text), None)
        except TelegramError as error:
            raise translate(error) from error

    async def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> bool:
        """Answer a press; False if Telegram did not take it, as it does for an old one."""
        shown = shortened(text, ALERT_UNITS)
        try:
            await self._bot.answer_callback_query(query_id, shown or None, show_alert=alert)
        except TelegramError as error:
            log.info("a press could not be answered: %s", type(error).__name__)
            return False
        self._answered.append(query_id)
        return True

    def was_answered(self, query_id: str) -> bool:
        """Whether this press was answered lately; Telegram shows only the first answer."""
        return query_id in self._answered

    async def reply(self, place: Place, card: Card) -> int | None:
        """Answer a person's own command: at once, and again if Telegram asks us to wait.

        Returns:
            The message id, or None if it could not be sent; that is logged.
        """
        return await self._insist(lambda: self.send(place, card))

    async def reply_file(
        self, place: Place, name: str, content: bytes | Path, caption: Card
    ) -> int | None:
        """The same with a file."""
        return await self._insist(lambda: self.send_file(place, name, content, caption))

    async def reply_photo(self, place: Place, png: bytes, caption: Card) -> int | None:
        """The same with a picture, silently: it comes behind an answer."""
        return await self._insist(lambda: self.send_photo(place, png, caption, silent=True))

    async def reply_sound(self, place: Place, file_id: str, *, note: bool) -> int | None:
        """The same with a sound that Telegram keeps: a voice note, or else an audio file."""
        deliver = self._bot.send_voice if note else self._bot.send_audio

        async def send() -> int:
            try:
                message: Message = await deliver(
                    place.chat_id,
                    file_id,
                    message_thread_id=place.thread_id,
                    reply_parameters=_reply(place),
                )
            except TelegramError as error:
                raise translate(error) from error
            return message.message_id

        return await self._insist(send)

    async def show(self, place: Place, message_id: int, card: Card) -> int | None:
        """Let the message that a person pressed show a card; where it cannot, a new one does.

        Waits where Telegram asks us to.

        Returns:
            The id of the message that shows it, or None if none could.
        """
        if await self.change(place.chat_id, message_id, card):
            return message_id
        return await self.reply(place, card)

    async def change(self, chat_id: int, message_id: int, card: Card) -> bool:
        """Let a message show a card, and wait where Telegram asks us to; False if it cannot."""

        async def edited() -> int:
            await self.edit(chat_id, message_id, card)
            return message_id

        return await self._insist(edited) is not None

    async def _insist(self, send: Callable[[], Awaitable[int]]) -> int | None:
        """Try again within a minute for as long as Telegram only asks us to wait."""
        until, attempt = self._ticks() + INSIST, 0
        while True:
            attempt += 1
            try:
                return await send()
            except LaterError as error:
                left = until - self._ticks() - error.seconds
                if left < 0:
                    log.warning("an answer could not be sent in %d attempts", attempt)
                    return None
                # Answers that are refused together are told the same seconds, and would come
                # back in step: only the first of them finds room each time. A random part pulls
                # them apart, and grows, because more of them than it has seconds cannot fit.
                apart = self._draws.uniform(0.0, attempt)
                await self._sleep(error.seconds + min(apart, left))
            except MessengerError as error:
                log.warning("an answer could not be sent: %s", error)
                return None


def _reply(place: Place) -> ReplyParameters | None:
    if place.reply_to is None:
        return None
    return ReplyParameters(place.reply_to, allow_sending_without_reply=True)
