"""The control interface, second part: what people write, send and press."""

import mimetypes
from typing import Unpack

from sandbox.telegram import profile
from sandbox.telegram.content import content_of, forwarded_keyboard, origin_of, text_fields
from sandbox.telegram.files import voice_seconds
from sandbox.telegram.incoming import Place
from sandbox.telegram.people import Json, Message, Person
from sandbox.telegram.population import ChatRef, Population
from sandbox.telegram.splitting import parts
from sandbox.telegram.voice_note import silence


class Acting(Population):
    """Lets people act.

    Where a `place` can be given: `reply_to`: the message it replies to; `thread`: topic;
    `sender_chat`: written as a chat, as the group itself by an anonymous administrator or as a
    channel; `date`: when it was sent; `extra`: further fields of the message.
    """

    def send(
        self,
        person: Person,
        chat: ChatRef,
        text: str,
        *,
        forward_from: Person | str | Json | None = None,
        via_bot: Person | None = None,
        quote: str | None = None,
        **place: Unpack[Place],
    ) -> Message:
        """Let a person write a message.

        Args:
            person: who writes.
            chat: where.
            text: what; commands and the like become entities.
            forward_from: makes it a forward, of a person, of a name that hides its account, or of
                the `MessageOrigin` given.
            via_bot: the inline bot that it was written with.
            quote: the part of `reply_to` that is quoted.
            place: see the class.
        """
        content = text_fields(text)
        if forward_from is not None:
            content["forward_origin"] = self._origin(forward_from)
        if via_bot is not None:
            content["via_bot"] = via_bot.as_json()
        if quote is not None:
            content["quote"] = {"text": quote, "position": 0, "is_manual": True}
        return self._incoming.message(person, self.chat(chat), content, **place)

    def send_long(
        self, person: Person, chat: ChatRef, text: str, **place: Unpack[Place]
    ) -> list[Message]:
        """Let a person write a text of any length, which their app splits, and return the parts.

        Only the first part is the reply.
        """
        sent: list[Message] = []
        for part in parts(text):
            sent.append(self.send(person, chat, part, **place))
            place["reply_to"] = None
        return sent

    def start(self, person: Person, payload: str = "") -> Message:
        """Let a person start the bot, by a deep link with this payload or without one."""
        return self.send(person, person, f"/start {payload}".rstrip())

    def forward(
        self, person: Person, chat: ChatRef, message: Message, **place: Unpack[Place]
    ) -> Message:
        """Let a person forward a message of anybody to a chat.

        Raises:
            ValueError: Telegram's apps do not forward it.
        """
        content = content_of(message)
        if not content or message.get("has_protected_content"):
            raise ValueError("this message cannot be forwarded")
        author = self.world.people.get(message.get("from", {}).get("id", 0))
        hidden = author is not None and author.hides_forwards
        content["forward_origin"] = origin_of(message, hidden=hidden)
        keyboard = forwarded_keyboard(message)
        if keyboard is not None:
            content["reply_markup"] = keyboard
        return self._incoming.message(person, self.chat(chat), content, **place)

    def send_contact(
        self,
        person: Person,
        chat: ChatRef,
        phone_number: str,
        first_name: str,
        contact: Person | None = None,
        *,
        last_name: str | None = None,
        vcard: str | None = None,
        **place: Unpack[Place],
    ) -> Message:
        """Let a person send a contact card.

        Args:
            person: who sends it.
            chat: where.
            phone_number: the one number that the card shows.
            first_name: of whom it is.
            contact: the account that it belongs to, if it belongs to one.
            last_name: of whom it is.
            vcard: all else that the address book of the phone knows, as a vCard; the apps add it
                where a card has more than one number.
            place: see the class.
        """
        card: Json = {"phone_number": phone_number, "first_name": first_name}
        if last_name is not None:
            card["last_name"] = last_name
        if contact is not None:
            card["user_id"] = contact.id
        if vcard is not None:
            card["vcard"] = vcard
        return self._incoming.message(person, self.chat(chat), {"contact": card}, **place)

    def send_document(
        self,
        person: Person,
        chat: ChatRef,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        mime_type: str | None = None,
        **place: Unpack[Place],
    ) -> Message:
        """Let a person upload a file."""
        kind = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        fields: Json = {"document": self.world.keep_file(name, kind, content).as_json()}
        fields |= text_fields(caption, "caption")
        return self._incoming.message(person, self.chat(chat), fields, **place)

    def send_photo(
        self,
        person: Person,
        chat: ChatRef,
        content: bytes,
        *,
        caption: str = "",
        **place: Unpack[Place],
    ) -> Message:
        """Let a person send a PNG, GIF or JPEG file as a photo.

        Raises:
            ApiError: it is no photo.
        """
        fields: Json = {"photo": self.world.keep_photo("photo.jpg", content)}
        fields |= text_fields(caption, "caption")
        return self._incoming.message(person, self.chat(chat), fields, **place)

    def send_voice(
        self,
        person: Person,
        chat: ChatRef,
        content: bytes | None = None,
        **place: Unpack[Place],
    ) -> Message:
        """Let a person send a voice note: an Ogg Opus file, a second of silence by default."""
        spoken = silence() if content is None else content
        seconds = voice_seconds(spoken)
        file = self.world.keep_file(
            "voice.oga", "audio/ogg", spoken, kind="voice", duration=seconds
        )
        fields: Json = {"voice": file.as_json()}
        return self._incoming.message(person, self.chat(chat), fields, **place)

    def send_audio(
        self,
        person: Person,
        chat: ChatRef,
        name: str,
        content: bytes,
        *,
        duration: int = 1,
        **place: Unpack[Place],
    ) -> Message:
        """Let a person send an audio file, which plays for so many seconds."""
        kind = mimetypes.guess_type(name)[0] or "audio/mpeg"
        file = self.world.keep_file(name, kind, content, kind="audio", duration=duration)
        fields: Json = {"audio": file.as_json()}
        return self._incoming.message(person, self.chat(chat), fields, **place)

    def edit(self, person: Person, message: Message, text: str) -> None:
        """Let a person edit the text or the caption of an own message.

        Raises:
            ValueError: it is not theirs.
        """
        if message["from"]["id"] != person.id:
            raise ValueError(f"{person.first_name} did not write this message")
        self._incoming.edit(message, text)

    def press(
        self, person: Person, message: Message, label: str, *, inaccessible: bool = False
    ) -> str:
        """Press the button with this label, or this data, under a message as it stands now.

        With `inaccessible` the bot gets no more of the message than its id, as for old ones.

        Returns:
            The id of the callback query, for `answer_of`.
        """
        for button in (button for row in message.inline_keyboard for button in row):
            if label in (button["text"], button.get("callback_data")):
                if "callback_data" not in button:
                    raise ValueError(f"the button {label!r} tells the bot nothing: {button}")
                data = button["callback_data"]
                return self._incoming.press(person, message, data, inaccessible=inaccessible)
        raise AssertionError(f"no button {label!r} in {message.buttons} under {message.text!r}")

    def press_data(
        self, person: Person, message: Message, data: str, *, inaccessible: bool = False
    ) -> str:
        """Press a button that need not be there: forged data, or an earlier keyboard."""
        return self._incoming.press(person, message, data, inaccessible=inaccessible)

    def push(self, kind: str, payload: Json) -> int:
        """Queue any update (`inline_query`, …), and return its id."""
        return self.world.updates.add(kind, payload)

    def redeliver(self, update_id: int) -> None:
        """Let an update come again, confirmed or not."""
        self.world.updates.again(update_id)

    def repeat_last_update(self) -> int:
        """Let the latest update come again, and return its id."""
        self.redeliver(self.world.updates.last_id)
        return self.world.updates.last_id

    def menu(self, person: Person, chat: ChatRef) -> list[Json]:
        """Return the `BotCommand`s that Telegram shows a person in a chat."""
        return profile.menu(self.world, person, self.chat(chat))

    def _origin(self, source: Person | str | Json) -> Json:
        if isinstance(source, Person):
            user = source.as_json()
            return {"type": "user", "date": self.world.now, "sender_user": user}
        if isinstance(source, str):
            return {"type": "hidden_user", "date": self.world.now, "sender_user_name": source}
        return source
