"""What people do at the page: each deed is a method, and takes what the page asks for.

A deed that cannot be done raises `DeedError`, whose text is shown.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from sandbox.page.gateway_deeds import steer
from sandbox.page.refusals import DeedError
from sandbox.page.stage import Contact, Stage
from sandbox.telegram import Chat, Message, Person
from sandbox.telegram.entities import CAPTION_LIMIT, TEXT_LIMIT, length
from sandbox.telegram.errors import ApiError
from sandbox.telegram.incoming import Place
from sandbox.telegram.markup import DATA_BYTES

# https://core.telegram.org/bots/features#deep-linking
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{0,64}", re.ASCII)

Asked = Mapping[str, Any]
Done = dict[str, Any]


class Deeds:
    """Lets people act.

    Args:
        stage: where.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._tg = stage.tg

    def send(self, asked: Asked) -> Done:
        """Write a message; a text that is too long for one becomes several."""
        person, chat = self._who_and_where(asked)
        text = _text(asked, "text")
        if not text.strip():
            raise DeedError("There is nothing to send.")
        sent = self._tg.send_long(person, chat, text, **self._place(chat, asked))
        return {"messages": [message.id for message in sent]}

    def edit(self, asked: Asked) -> Done:
        """Edit one's own message."""
        person, chat = self._who_and_where(asked)
        message = self._message(chat, asked.get("message"))
        text = _text(asked, "text")
        if not text.strip():
            raise DeedError("A message cannot become empty.")
        own = message.get("from", {}).get("id") == person.id
        if not own or not {"text", "caption"} & message.keys() or "forward_origin" in message:
            raise DeedError("Only your own texts can be edited.")
        _check_length(text, CAPTION_LIMIT if "caption" in message else TEXT_LIMIT)
        if message.text != text:
            self._tg.edit(person, message, text)
        return {}

    def press(self, asked: Asked) -> Done:
        """Press the button that the person saw, as Telegram's apps do: by its data.

        The message may have been edited since; what that means is for the bot to tell.
        """
        person, chat = self._who_and_where(asked)
        message = self._message(chat, asked.get("message"))
        data = _text(asked, "data")
        if not 1 <= len(data.encode()) <= DATA_BYTES:
            raise DeedError("This button tells the bot nothing.")
        return {"callback_id": self._tg.press_data(person, message, data)}

    def forward(self, asked: Asked) -> Done:
        """Forward a message to a chat."""
        person, chat = self._who_and_where(asked)
        message = self._message(chat, asked.get("message"))
        to = self._chat(person, asked.get("to"))
        place = self._place(to, {"thread": asked.get("thread")})
        try:
            return _sent(self._tg.forward(person, to, message, **place))
        except ValueError as error:
            raise DeedError("This message cannot be forwarded.") from error

    def contact(self, asked: Asked) -> Done:
        """Share a contact card: one's own, another person's, of the address book, or a typed one.

        `entries`: places in the address book; each becomes a message of its own, as in the apps.
        """
        person, chat = self._who_and_where(asked)
        place = self._place(chat, asked)
        if "entries" in asked:
            chosen = self._entries(asked["entries"])
            sent = [
                self._tg.send_contact(
                    *(person, chat, one.phones[0], one.first_name),
                    last_name=one.last_name or None,
                    vcard=one.vcard,
                    **place,
                )
                for one in chosen
            ]
            return {"messages": [message.id for message in sent]}
        if "phone_number" in asked:
            number, name = _text(asked, "phone_number"), _text(asked, "first_name")
            if not number or not name:
                raise DeedError("A contact card has a number and a name.")
            return _sent(self._tg.send_contact(person, chat, number, name, **place))
        of = self._person(asked.get("of", person.id))
        phones = [role.phone for role in self._stage.cast.roles if role.person is of]
        if not phones:
            raise DeedError(f"{of.first_name} has no number.")
        card = self._tg.send_contact(person, chat, phones[0], of.first_name, of, **place)
        return _sent(card)

    def users(self, asked: Asked) -> Done:
        """Answer a button of the bot's keyboard that asks for people."""
        person, chat = self._who_and_where(asked)
        chosen = asked.get("users")
        if not isinstance(chosen, list):
            raise DeedError("users is a list of people.")
        try:
            shared = self._tg.share_users(person, chat, *(self._person(one) for one in chosen))
        except AssertionError as error:
            raise DeedError("This button is not there any more.") from error
        except ValueError as error:
            raise DeedError(f"{error}.") from error
        return _sent(shared)

    def voice(self, asked: Asked) -> Done:
        """Send a short voice note."""
        person, chat = self._who_and_where(asked)
        return _sent(self._tg.send_voice(person, chat, **self._place(chat, asked)))

    def start(self, asked: Asked) -> Done:
        """Follow a deep link into the private chat with the bot."""
        person = self._person(asked.get("person"))
        payload = _text(asked, "payload")
        if not _PAYLOAD.fullmatch(payload):
            raise DeedError("A deep link has up to 64 letters, digits, _ and - behind start=.")
        return _sent(self._tg.start(person, payload))

    def upload(self, asked: Asked, content: bytes) -> Done:
        """Send a file, as a photo if `as` says so."""
        person, chat = self._who_and_where(asked)
        if not content:
            raise DeedError("This file is empty.")
        caption, place = _text(asked, "caption", ""), self._place(chat, asked)
        _check_length(caption, CAPTION_LIMIT)
        if asked.get("as") == "photo":
            try:
                return _sent(self._tg.send_photo(person, chat, content, caption=caption, **place))
            except ApiError as error:
                raise DeedError("This cannot be sent as a photo; send it as a file.") from error
        name = _text(asked, "name", "file").replace("\\", "/").rpartition("/")[2] or "file"
        sent = self._tg.send_document(person, chat, name, content, caption=caption, **place)
        return _sent(sent)

    async def gateway(self, asked: Asked) -> Done:
        """Tell the gateway how to behave."""
        await steer(self._stage.bitel, asked)
        return {}

    def _entries(self, chosen: Any) -> list[Contact]:
        book = self._stage.cast.contacts
        places = chosen if isinstance(chosen, list) else []
        if not places or not all(type(one) is int and 0 <= one < len(book) for one in places):
            raise DeedError("There is no such entry in the address book.")
        return [book[one] for one in places]

    def _who_and_where(self, asked: Asked) -> tuple[Person, Chat]:
        person = self._person(asked.get("person"))
        return person, self._chat(person, asked.get("chat"))

    def _person(self, person_id: Any) -> Person:
        people = self._tg.world.people
        found = people.get(person_id) if isinstance(person_id, int) else None
        if found is None:
            raise DeedError("There is no such person.")
        return found

    def _chat(self, person: Person, chat_id: Any) -> Chat:
        chats = self._tg.world.chats
        chat = chats.get(chat_id) if isinstance(chat_id, int) else None
        members = [] if chat is None else [chat.id, *chat.members]
        if chat is None or person.id not in members:
            raise DeedError(f"{person.first_name} has no such chat.")
        return chat

    def _message(self, chat: Chat, message_id: Any) -> Message:
        found = chat.find(message_id) if isinstance(message_id, int) else None
        if found is None:
            raise DeedError("This message is not there any more.")
        return found

    def _place(self, chat: Chat, asked: Asked) -> Place:
        """Return the topic, and what is replied to."""
        place: Place = {}
        if asked.get("reply_to") is not None:
            place["reply_to"] = self._message(chat, asked["reply_to"])
        if asked.get("thread") is not None:
            if type(asked["thread"]) is not int or asked["thread"] not in chat.topics:
                raise DeedError("There is no such topic.")
            place["thread"] = asked["thread"]
        return place


def _text(asked: Asked, name: str, default: str | None = None) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise DeedError(f"{name} is a text.")
    return value


def _check_length(text: str, limit: int) -> None:
    if length(text) > limit:
        raise DeedError(f"This text is too long: {limit} characters at most.")


def _sent(message: Message) -> Done:
    return {"messages": [message.id]}
