"""The control interface, first half: who is there, and what they do."""

import mimetypes
from collections.abc import Iterable, Mapping
from typing import Unpack

from sandbox.telegram.incoming import Incoming, Place, text_fields
from sandbox.telegram.people import Chat, ChatType, Json, Message, Person, roster
from sandbox.telegram.world import Settings, World

ChatRef = Person | Chat | int


class Acting:
    """Adds people and chats to a simulated Telegram, and acts for them.

    Nothing here waits: the bot hears of what is done through its next getUpdates. Where a chat is
    asked for, a person means the private chat with the bot.

    Args:
        settings: arguments of `World`, which tells what they mean.
    """

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self.world = World(**settings)
        self._incoming = Incoming(self.world)

    def add_person(
        self,
        person_id: int,
        first_name: str,
        *,
        username: str | None = None,
        last_name: str | None = None,
        language_code: str | None = "en",
        is_bot: bool = False,
        started: bool = True,
    ) -> Person:
        """Add a person; with `started=False` the bot may not write first."""
        person = Person(
            person_id,
            first_name,
            username=username,
            last_name=last_name,
            language_code=language_code,
            is_bot=is_bot,
            started=started,
        )
        self.world.people[person_id] = person
        chat = Chat(person_id, "private", person=person, last_id=self.world.ids_after)
        self.world.chats[person_id] = chat
        return person

    def add_group(
        self,
        group_id: int,
        title: str,
        *,
        members: Iterable[Person] = (),
        supergroup: bool = False,
        topics: Mapping[int, str] | None = None,
        bot_status: str = "member",
    ) -> Chat:
        """Add a group with the bot in it; the first member is its creator.

        Topics make it a supergroup with topics. As `bot_status="administrator"` the bot sees all
        messages, and may pin and delete.
        """
        kind: ChatType = "supergroup" if supergroup or topics else "group"
        chat = Chat(group_id, kind, title, members=roster(members), topics=dict(topics or {}))
        chat.bot_status = bot_status
        chat.last_id = self.world.ids_after
        self.world.chats[group_id] = chat
        return chat

    def add_channel(self, channel_id: int, title: str) -> Chat:
        """Add a channel with the bot as an administrator."""
        chat = Chat(channel_id, "channel", title, bot_status="administrator")
        self.world.chats[channel_id] = chat
        return chat

    def chat(self, ref: ChatRef) -> Chat:
        """Return the chat of a person, an id, or the chat itself."""
        if isinstance(ref, Chat):
            return ref
        return self.world.chats[ref.id if isinstance(ref, Person) else ref]

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
            place: `reply_to`: the message it replies to; `thread`: topic; `sender_chat`: written
                as a chat, as the group itself by an anonymous administrator or as a channel;
                `date`: when it was sent; `extra`: further fields of the message.
        """
        content = text_fields(text)
        if forward_from is not None:
            content["forward_origin"] = self._origin(forward_from)
        if via_bot is not None:
            content["via_bot"] = via_bot.as_json()
        if quote is not None:
            content["quote"] = {"text": quote, "position": 0, "is_manual": True}
        return self._incoming.message(person, self.chat(chat), content, **place)

    def send_contact(
        self,
        person: Person,
        chat: ChatRef,
        phone_number: str,
        first_name: str,
        contact: Person | None = None,
        **place: Unpack[Place],
    ) -> Message:
        """Let a person send a contact card; `contact` is the account that it belongs to."""
        card: Json = {"phone_number": phone_number, "first_name": first_name}
        if contact is not None:
            card["user_id"] = contact.id
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
        """Let a person upload a file. `place`: `reply_to`, `thread`, `date` and so on."""
        kind = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        fields: Json = {"document": self.world.keep_file(name, kind, content).as_json()}
        if caption:
            written = text_fields(caption)
            fields["caption"] = written["text"]
            if "entities" in written:
                fields["caption_entities"] = written["entities"]
        return self._incoming.message(person, self.chat(chat), fields, **place)

    def edit(self, person: Person, message: Message, text: str) -> None:
        """Let a person edit an own message."""
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

    def block(self, person: Person) -> None:
        """Let a person block the bot."""
        person.blocked = True
        self._incoming.membership(person, self.chat(person), "member", "kicked")

    def unblock(self, person: Person) -> None:
        """Let a person unblock the bot."""
        person.blocked = False
        self._incoming.membership(person, self.chat(person), "kicked", "member")

    def kick_bot(self, person: Person, group: Chat) -> None:
        """Let a person throw the bot out of a group."""
        old, group.bot_status = group.bot_status, "kicked"
        self._incoming.membership(person, group, old, "kicked")

    def migrate(self, person: Person, group: Chat, supergroup_id: int) -> Chat:
        """Turn a group into a supergroup, which has a new id and no old messages."""
        chat = Chat(supergroup_id, "supergroup", group.title, members=dict(group.members))
        chat.bot_status = group.bot_status
        self.world.chats[supergroup_id] = chat
        group.migrated_to = supergroup_id
        self._incoming.message(person, group, {"migrate_to_chat_id": supergroup_id})
        self._incoming.message(person, chat, {"migrate_from_chat_id": group.id}, sender_chat=chat)
        return chat

    def _origin(self, source: Person | str | Json) -> Json:
        if isinstance(source, Person):
            user = source.as_json()
            return {"type": "user", "date": self.world.now, "sender_user": user}
        if isinstance(source, str):
            return {"type": "hidden_user", "date": self.world.now, "sender_user_name": source}
        return source
