"""The methods that change messages and take them away."""

from typing import Any

from sandbox.telegram import uploads
from sandbox.telegram.bodies import Upload
from sandbox.telegram.content import MEDIA
from sandbox.telegram.drafting import caption_of, text_of
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import FileKind
from sandbox.telegram.markup import check_inline_markup
from sandbox.telegram.params import Params
from sandbox.telegram.people import Chat, Json, Message
from sandbox.telegram.sending import preview, shown_as
from sandbox.telegram.world import World

DELETABLE = 48 * 3600
AT_ONCE = 100
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_CAPTION: Json = dict.fromkeys(("caption", "caption_entities", "show_caption_above_media"))
_TEXT: Json = dict.fromkeys(("text", "entities", "link_preview_options"))


def edit_message_text(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#editmessagetext."""
    text, entities = text_of(world, params)
    chat, message = _editable(world, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    fields = _TEXT | {"text": text, "entities": entities} | preview(params)
    return _edit(world, chat, message, fields, params.text("text"), params)


def edit_message_caption(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#editmessagecaption."""
    fields = _CAPTION | caption_of(world, params.values)
    chat, message = _editable(world, params)
    if not message.keys() & set(MEDIA):
        raise bad_request("there is no caption in the message to edit")
    if "photo" in message:
        above = {"show_caption_above_media": params.get("show_caption_above_media")}
        fields |= shown_as(above)
    return _edit(world, chat, message, fields, params.text("caption") or None, params)


def edit_message_media(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#editmessagemedia, for photos and documents."""
    given = params.get("media")
    if not isinstance(given, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = _kind(given.get("type"))
    caption = caption_of(world, given)
    chat, message = _editable(world, params)
    if not message.keys() & {"text", "photo", "document"}:
        raise bad_request("there is no media in the message to edit")
    reference = str(given.get("media") or "")
    if reference.startswith("attach://"):
        upload: Upload | None = params.files.get(reference.removeprefix("attach://"))
        if upload is None:
            raise bad_request("can't parse InputMedia: media not found")
        file = uploads.stored(world, kind, upload)
    else:
        file = uploads.known(world, kind, reference)
    nothing: Json = _TEXT | _CAPTION | dict.fromkeys((*MEDIA, "has_media_spoiler"))
    fields = nothing | file | caption | shown_as(given if kind == "photo" else {})
    html = str(given.get("caption") or "") or None
    return _edit(world, chat, message, fields, html, params)


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
    may = message.by_bot or own or chat.type == "private" or chat.bot_status == "administrator"
    if not may or world.clock() - message["date"] > DELETABLE:
        raise bad_request("message can't be deleted")
    message.deleted = True
    world.journal.touch("message", chat.id, message.id)
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
        world.journal.touch("pins", chat.id)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemessages; those that can't be found are skipped."""
    chat = world.writable(params.get("chat_id"))
    ids = params.sequence("message_ids", "expected an Array of message identifiers")
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > AT_ONCE:
        raise bad_request("too many message identifiers specified")
    for message_id in ids:
        if chat.find(message_id) is not None:
            delete_message(world, Params({"chat_id": chat.id, "message_id": message_id}, {}))
    return True


def _kind(given: Any) -> FileKind:
    if given == "photo":
        return "photo"
    if given == "document":
        return "document"
    raise bad_request(f'can\'t parse InputMedia: type "{given}" is unsupported')


def _editable(world: World, params: Params) -> tuple[Chat, Message]:
    """Return a message that the bot may edit, and its chat.

    The bot may edit what it sent itself, without a keyboard or with one of buttons below it:
    https://core.telegram.org/bots/api#updating-messages
    """
    if params.integer("message_id") is None and not params.text("chat_id"):
        raise bad_request("message identifier is not specified")
    chat = world.writable(params.get("chat_id"))
    message_id = params.integer("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    message = chat.find(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    other = message.markup is not None and "inline_keyboard" not in message.markup
    if not message.by_bot or other or "forward_origin" in message:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(
    world: World, chat: Chat, message: Message, fields: Json, html: str | None, params: Params
) -> Message:
    """Change a message; an edit that names no markup takes the inline keyboard away."""
    markup = check_inline_markup(params.get("reply_markup"), chat=chat.type, note=world.breach)
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
    world.changed(message)
    return message


def _same(old: Any, new: Any) -> bool:
    return (old or None) == (new or None)
