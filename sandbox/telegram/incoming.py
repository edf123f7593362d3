"""What people do: builds their messages and presses as Telegram would, and queues the updates."""

from typing import TypedDict, Unpack

from sandbox.telegram.chats import OUTSIDE, moved
from sandbox.telegram.content import kind_of, quoted, text_fields
from sandbox.telegram.people import Chat, Json, Message, Person, Press
from sandbox.telegram.world import World

ANONYMOUS_ADMIN = Person(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_IDENTITY = Person(136817688, "Channel", username="Channel_Bot", is_bot=True)


class Place(TypedDict, total=False):
    """Where a message stands, and what else is in it; `Acting.send` tells what each means."""

    reply_to: Message | None
    thread: int | None
    sender_chat: Chat | None
    date: float | None
    extra: Json | None


class Incoming:
    """Puts what people do into a world.

    Args:
        world: the state that it changes.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def message(
        self, person: Person, chat: Chat, content: Json, **place: Unpack[Place]
    ) -> Message:
        """Store a message, and queue an update if the bot gets to see it."""
        reply_to, sender_chat = place.get("reply_to"), place.get("sender_chat")
        world = self._world
        if chat.person is not None:
            person.started = True
        sender = person if sender_chat is None else _identity(chat, sender_chat)
        message = Message({"message_id": chat.next_id(), "from": sender.as_json()})
        if sender_chat is not None:
            message["sender_chat"] = sender_chat.as_json()
        if chat.type == "channel":
            message.pop("from")
            message["sender_chat"] = chat.as_json()
        message["date"] = int(place.get("date") or world.now)
        message["chat"] = chat.as_json()
        message |= _thread(chat, reply_to, place.get("thread"))
        if reply_to is not None:
            message["reply_to_message"] = quoted(reply_to)
        message |= content | (place.get("extra") or {})
        world.store(chat, message)
        if chat.type == "channel":
            world.updates.add("channel_post", message)
        elif self._visible(chat, message):
            world.updates.add("message", message)
        return message

    def edit(self, message: Message, text: str) -> None:
        """Change the text or the caption of a person's message."""
        world = self._world
        name = "text" if "text" in message else "caption"
        message.pop("entities" if name == "text" else "caption_entities", None)
        message.update(text_fields(text, name))
        message["edit_date"] = world.now
        world.changed(message)
        if self._visible(world.chats[message.chat_id], message):
            world.updates.add("edited_message", message)

    def press(self, person: Person, message: Message, data: str, *, inaccessible: bool) -> str:
        """Queue the press of a button, and return its id."""
        world = self._world
        press = Press(str(4000000000000000000 + next(world.serial)), world.clock(), person)
        world.presses[press.id] = press
        seen: Json = dict(message)
        if inaccessible:
            seen = {"chat": message["chat"], "message_id": message.id, "date": 0}
        payload = {
            "id": press.id,
            "from": person.as_json(),
            "message": seen,
            "chat_instance": str(message.chat_id * 31),
            "data": data,
        }
        world.updates.add("callback_query", payload)
        return press.id

    def membership(self, person: Person, chat: Chat, old: str, new: str) -> None:
        """Tell the bot that its own place in a chat has changed."""
        world = self._world
        world.updates.add("my_chat_member", moved(world, chat, person, old, new))

    def _visible(self, chat: Chat, message: Message) -> bool:
        """Apply privacy mode, https://core.telegram.org/bots/features#privacy-mode."""
        world = self._world
        if chat.bot_status in OUTSIDE:
            return False
        if chat.person is not None or not world.privacy or chat.bot_status == "administrator":
            return True
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        via = message.get("via_bot", {}).get("id")
        return world.bot.id in (replied, via) or self._addressed(message)

    def _addressed(self, message: Message) -> bool:
        text = message.text.encode("utf-16-le")
        names = {f"@{self._world.bot.username}".lower()}
        entities: list[Json] = message.get("entities") or message.get("caption_entities") or []
        for entity in entities:
            begin = entity["offset"] * 2
            part = text[begin : begin + entity["length"] * 2].decode("utf-16-le").lower()
            if entity["type"] == "mention" and part in names:
                return True
            if entity["type"] == "bot_command" and (
                "@" not in part or f"@{part.partition('@')[2]}" in names
            ):
                return True
        return kind_of(message) is None


def _identity(chat: Chat, sender_chat: Chat) -> Person:
    """Return the account that stands in `from` when somebody writes as a chat."""
    return ANONYMOUS_ADMIN if sender_chat.id == chat.id else CHANNEL_IDENTITY


def _thread(chat: Chat, reply_to: Message | None, thread: int | None) -> Json:
    """Return the topic of a message; a reply in a supergroup names its thread without a topic.

    What is written into a topic, and replies to nothing, replies to the message that opened it.
    """
    if thread is None and reply_to is not None and reply_to.get("is_topic_message"):
        thread = reply_to["message_thread_id"]
    if thread is not None:
        if thread not in chat.topics:
            raise LookupError(f"{chat.title} has no topic {thread}")
        opened = chat.by_id.get(thread)
        fields: Json = {"message_thread_id": thread, "is_topic_message": True}
        return fields | ({} if opened is None else {"reply_to_message": quoted(opened)})
    if chat.type == "supergroup" and reply_to is not None:
        return {"message_thread_id": reply_to.get("message_thread_id", reply_to.id)}
    return {}
