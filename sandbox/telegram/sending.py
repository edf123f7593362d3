"""The methods that put messages into a chat, change them and take them away."""

from typing import Any

from sandbox.telegram.entities import CAPTION_LIMIT, TEXT_LIMIT, formatted, length
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.markup import check_inline_markup, check_markup
from sandbox.telegram.params import Params
from sandbox.telegram.people import Chat, Json, Message, StoredFile
from sandbox.telegram.world import World

DELETABLE = 48 * 3600
UPLOAD_LIMIT = 50_000_000
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#sendmessage."""
    text, entities = _text(params)
    chat, message = _draft(world, params)
    message["text"] = text
    if entities:
        message["entities"] = entities
    return _deliver(world, chat, message, params, params.text("text"))


def send_document(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#senddocument."""
    caption, entities = _caption(params)
    chat, message = _draft(world, params)
    message["document"] = _document(world, params).as_json()
    if caption:
        message["caption"] = caption
    if entities:
        message["caption_entities"] = entities
    return _deliver(world, chat, message, params, params.text("caption") or None)


def edit_message_text(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#editmessagetext."""
    chat, message = _editable(world, params)
    text, entities = _text(params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    html = params.text("text")
    return _edit(world, chat, message, {"text": text, "entities": entities}, html, params)


def edit_message_caption(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#editmessagecaption."""
    chat, message = _editable(world, params)
    caption, entities = _caption(params)
    if "document" not in message:
        raise bad_request("there is no caption in the message to edit")
    fields = {"caption": caption, "caption_entities": entities}
    return _edit(world, chat, message, fields, params.text("caption") or None, params)


def edit_message_reply_markup(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#editmessagereplymarkup."""
    chat, message = _editable(world, params)
    return _edit(world, chat, message, {}, message.html, params)


def delete_message(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemessage."""
    chat = world.writable(params.get("chat_id"))
    message = chat.find(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    own = message.get("from", {}).get("id") == world.bot.id
    may = own or chat.type == "private" or chat.bot_status == "administrator"
    if not may or world.clock() - message["date"] > DELETABLE:
        raise bad_request("message can't be deleted")
    message.deleted = True
    world.changes.announce()
    return True


def delete_messages(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemessages; those that can't be found are skipped."""
    chat = world.writable(params.get("chat_id"))
    for message_id in params.sequence("message_ids") or []:
        if chat.find(message_id) is not None:
            values = {"chat_id": chat.id, "message_id": message_id}
            delete_message(world, Params(values, {}))
    return True


def pin_chat_message(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#pinchatmessage."""
    chat = world.writable(params.get("chat_id"))
    message = chat.find(params.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    _check_may_pin(chat)
    chat.pinned.append(message.id)
    world.changes.announce()
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#unpinchatmessage; the last one by default."""
    chat = world.writable(params.get("chat_id"))
    _check_may_pin(chat)
    message_id = params.integer("message_id")
    if message_id is None and chat.pinned:
        message_id = chat.pinned[-1]
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.changes.announce()
    return True


def _check_may_pin(chat: Chat) -> None:
    if chat.type != "private" and chat.bot_status != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")


def _text(params: Params) -> tuple[str, list[Json]]:
    text, entities = formatted(
        params.text("text"), params.text("parse_mode"), params.sequence("entities")
    )
    if not text:
        raise bad_request("message text is empty")
    if length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, entities


def _caption(params: Params) -> tuple[str, list[Json]]:
    caption, entities = formatted(
        params.text("caption"), params.text("parse_mode"), params.sequence("caption_entities")
    )
    if length(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return caption, entities


def _draft(world: World, params: Params) -> tuple[Chat, Message]:
    """Return the chat and a message for it, in its topic and with what it replies to."""
    chat = world.writable(params.get("chat_id"))
    message = Message({"message_id": 0, "from": world.bot.as_json(), "chat": chat.as_json()})
    message["date"] = world.now
    replied = _replied(chat, params)
    thread = params.integer("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    if thread is None and replied is not None and replied.get("is_topic_message"):
        thread = replied["message_thread_id"]
    if thread is not None:
        message |= {"message_thread_id": thread, "is_topic_message": True}
    if replied is not None:
        message["reply_to_message"] = quoted(replied)
    message.markup = check_markup(params.get("reply_markup"), private=chat.type == "private")
    if message.markup and "inline_keyboard" in message.markup:
        message["reply_markup"] = message.markup
    return chat, message


def _replied(chat: Chat, params: Params) -> Message | None:
    """Return the message that is replied to: `reply_parameters`, or the older two parameters."""
    reply = params.mapping("reply_parameters")
    message_id = reply.get("message_id", params.integer("reply_to_message_id"))
    if message_id is None:
        return None
    message = chat.find(message_id)
    loose = reply.get("allow_sending_without_reply") is True
    if message is None and not loose and not params.flag("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def quoted(message: Message) -> Json:
    """Return a message as it stands in `reply_to_message`: one level deep."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def _document(world: World, params: Params) -> StoredFile:
    given = params.text("document")
    upload = params.files.get(given.removeprefix("attach://") if given else "document")
    if upload is None and given in world.files:
        return world.files[given]
    if upload is None:
        raise bad_request(
            "wrong remote file identifier specified: Wrong string length"
            if given
            else "there is no document in the request"
        )
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    return world.keep_file(upload.name, upload.mime_type, upload.content)


def _deliver(
    world: World, chat: Chat, message: Message, params: Params, html: str | None
) -> Message:
    world.count(chat)
    message["message_id"] = chat.next_id()
    message.html = html
    message.silent = params.flag("disable_notification")
    world.store(chat, message)
    return message


def _editable(world: World, params: Params) -> tuple[Chat, Message]:
    message_id = params.integer("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    chat = world.writable(params.get("chat_id"))
    message = chat.find(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message.get("from", {}).get("id") != world.bot.id:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(
    world: World, chat: Chat, message: Message, fields: Json, html: str | None, params: Params
) -> Message:
    """Change a message; an edit that names no markup takes the inline keyboard away."""
    markup = check_inline_markup(params.get("reply_markup"))
    fields["reply_markup"] = markup
    if all(_same(message.get(name), value) for name, value in fields.items()):
        raise bad_request(NOT_MODIFIED)
    world.count(chat)
    for name, value in fields.items():
        if value:
            message[name] = value
        else:
            message.pop(name, None)
    message["edit_date"] = world.now
    message.html, message.markup = html, markup
    message.record(world.clock())
    world.changes.announce()
    return message


def _same(old: Any, new: Any) -> bool:
    return (old or None) == (new or None)
