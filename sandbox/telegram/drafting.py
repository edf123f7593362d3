"""What all methods that send have in common: where a message goes, and what comes with it."""

from typing import Any

from sandbox.telegram.content import origin_of, quoted
from sandbox.telegram.entities import CAPTION_LIMIT, TEXT_LIMIT, formatted, length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.markup import check_markup
from sandbox.telegram.params import Params
from sandbox.telegram.people import Chat, Json, Message
from sandbox.telegram.world import World

ENTITIES = 100  # Telegram keeps no more, and says nothing
_REPLY = "object expected as reply parameters"


def text_of(world: World, params: Params) -> tuple[str, list[Json]]:
    """Return text and entities of a request.

    Raises:
        ApiError: the text is empty, too long or can't be parsed.
    """
    text, entities = formatted(
        params.text("text"), params.text("parse_mode"), params.sequence("entities")
    )
    if not text:
        raise bad_request("message text is empty")
    if length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, fewer(world, entities)


def caption_of(world: World, given: Json) -> Json:
    """Return `caption` and `caption_entities` of a request or an `InputMedia`.

    Raises:
        ApiError: the caption is too long or can't be parsed.
    """
    entities = given.get("caption_entities")
    caption, entities = formatted(
        str(given.get("caption") or ""),
        str(given.get("parse_mode") or ""),
        entities if isinstance(entities, list) else None,
    )
    if length(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    fields: Json = {"caption": caption} if caption else {}
    if entities:
        fields["caption_entities"] = fewer(world, entities)
    return fields


def fewer(world: World, entities: list[Json]) -> list[Json]:
    """Return as many entities as Telegram keeps."""
    if len(entities) > ENTITIES:
        world.breach(f"{len(entities)} entities in one text, {ENTITIES} are kept")
    return entities[:ENTITIES]


def draft(world: World, params: Params) -> tuple[Chat, Message]:
    """Return the chat and a message for it, in its topic and with what it replies to.

    Raises:
        ApiError: it can't be written there, or its reply markup is refused.
    """
    chat = world.writable(params.get("chat_id"))
    message = Message({"message_id": 0})
    if chat.type == "channel":
        message["sender_chat"] = chat.as_json()
    else:
        message["from"] = world.bot.as_json()
    message |= {"date": world.now, "chat": chat.as_json()}
    reply = _reply(world, chat, params)
    message |= topic(chat, params.integer("message_thread_id"), reply.get("reply_to_message"))
    message |= reply
    if params.flag("protect_content"):
        message["has_protected_content"] = True
    if params.text("message_effect_id"):
        message["effect_id"] = params.text("message_effect_id")
    message.markup = check_markup(params.get("reply_markup"), chat=chat.type, note=world.breach)
    if message.markup and "inline_keyboard" in message.markup:
        message["reply_markup"] = message.markup
    return chat, message


def topic(chat: Chat, thread: int | None, replied: Json | None = None) -> Json:
    """Return what tells the topic of a message, and the message that opened it.

    Raises:
        ApiError: there is no such topic.
    """
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    if thread is None and replied is not None and replied.get("is_topic_message"):
        thread = replied["message_thread_id"]
    if thread is None:
        return {}
    fields: Json = {"message_thread_id": thread, "is_topic_message": True}
    opened = chat.by_id.get(thread)
    return fields | ({} if opened is None else {"reply_to_message": quoted(opened)})


def deliver(
    world: World, chat: Chat, message: Message, params: Params, html: str | None
) -> Message:
    """Put a message into its chat, where it ends the chat action that is shown.

    Raises:
        ApiError: too many messages, if flood limits are on.
    """
    world.count(chat)
    message["message_id"] = chat.next_id()
    message.html, message.by_bot = html, True
    message.silent = params.flag("disable_notification")
    world.store(chat, message)
    world.rest(chat)
    return message


def _reply(world: World, chat: Chat, params: Params) -> Json:
    """Read `reply_parameters`, or the older two parameters."""
    reply = params.mapping("reply_parameters", _REPLY)
    message_id = reply.get("message_id", params.integer("reply_to_message_id"))
    if message_id is None:
        return {}
    elsewhere = reply.get("chat_id") not in (None, "", chat.id)
    place = world.chat(reply["chat_id"]) if elsewhere else chat
    message = place.find(message_id)
    loose = reply.get("allow_sending_without_reply") is True
    if message is None:
        if loose or params.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    quote = _quote(message, reply)
    if elsewhere:
        origin: dict[str, Any] = {"origin": origin_of(message), "message_id": message.id}
        return {"external_reply": origin | {"chat": place.as_json()}} | quote
    return {"reply_to_message": quoted(message)} | quote


def _quote(message: Message, reply: Json) -> Json:
    given = reply.get("quote")
    if not given:
        return {}
    text, entities = formatted(
        str(given), str(reply.get("quote_parse_mode") or ""), reply.get("quote_entities")
    )
    begin = message.text.find(text)
    if begin < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    quote: Json = {"text": text, "position": length(message.text[:begin]), "is_manual": True}
    return {"quote": quote | ({"entities": entities} if entities else {})}
