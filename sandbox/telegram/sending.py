"""The methods that put messages into a chat."""

from sandbox.telegram import uploads
from sandbox.telegram.content import content_of, forwarded_keyboard, kind_of, origin_of
from sandbox.telegram.drafting import caption_of, deliver, draft, text_of
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import FileKind
from sandbox.telegram.params import Params
from sandbox.telegram.people import GENERAL_TOPIC, Json, Message
from sandbox.telegram.world import World

PREVIEW = "object expected as link preview options"
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def preview(params: Params) -> Json:
    """Return `link_preview_options` as a message shows them: those that were chosen.

    Raises:
        ApiError: they are no object.
    """
    given = params.mapping("link_preview_options", PREVIEW)
    if not given and params.flag("disable_web_page_preview"):
        given = {"is_disabled": True}
    chosen = {name: value for name, value in given.items() if value}
    return {"link_preview_options": chosen} if chosen else {}


def send_message(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#sendmessage."""
    text, entities = text_of(world, params)
    chat, message = draft(world, params)
    message["text"] = text
    if entities:
        message["entities"] = entities
    message |= preview(params)
    return deliver(world, chat, message, params, params.text("text"))


def send_document(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#senddocument."""
    return _send_file(world, params, "document")


def send_photo(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#sendphoto."""
    return _send_file(world, params, "photo")


def send_voice(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#sendvoice."""
    return _send_file(world, params, "voice")


def send_audio(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#sendaudio."""
    return _send_file(world, params, "audio")


def _send_file(world: World, params: Params, kind: FileKind) -> Message:
    caption = caption_of(world, params.values)
    chat, message = draft(world, params)
    message |= uploads.media(world, params, kind)
    message |= caption | shown_as(params.values if kind == "photo" else {})
    return deliver(world, chat, message, params, params.text("caption") or None)


def shown_as(given: Json) -> Json:
    """Return what tells how a photo is shown."""
    fields: Json = {}
    if given.get("show_caption_above_media") is True:
        fields["show_caption_above_media"] = True
    if given.get("has_spoiler") is True:
        fields["has_media_spoiler"] = True
    return fields


def send_contact(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#sendcontact."""
    card: Json = {}
    for name in ("phone_number", "first_name", "last_name", "vcard"):
        value = params.text(name)
        if value:
            card[name] = value
        elif name == "phone_number":
            raise bad_request("phone number is empty")
        elif name == "first_name":
            raise bad_request("first name is empty")
    chat, message = draft(world, params)
    message["contact"] = card
    return deliver(world, chat, message, params, None)


def _source(world: World, params: Params, deed: str) -> Message:
    """Return the message to be forwarded or copied."""
    from_chat = world.chat(params.get("from_chat_id"))
    message = from_chat.find(params.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {deed} not found")
    if kind_of(message) is None or message.get("has_protected_content"):
        done = {"forward": "forwarded", "copy": "copied"}[deed]
        raise bad_request(f"message can't be {done}")
    return message


def forward_message(world: World, params: Params) -> Message:
    """https://core.telegram.org/bots/api#forwardmessage."""
    chat, message = draft(world, params)
    source = _source(world, params, "forward")
    author = world.people.get(source.get("from", {}).get("id", 0))
    hidden = author is not None and author.hides_forwards
    message["forward_origin"] = origin_of(source, hidden=hidden)
    message |= content_of(source)
    keyboard = forwarded_keyboard(source)
    if keyboard is not None:
        message["reply_markup"] = message.markup = keyboard
    return deliver(world, chat, message, params, source.html)


def copy_message(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#copymessage."""
    chat, message = draft(world, params)
    source = _source(world, params, "copy")
    message |= content_of(source)
    html = source.html
    if "caption" in params.values and kind_of(source) != "text":
        for name in ("caption", "caption_entities"):
            message.pop(name, None)
        message |= caption_of(world, params.values)
        html = params.text("caption") or None
    return {"message_id": deliver(world, chat, message, params, html).id}


def send_chat_action(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#sendchataction."""
    action = params.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.writable(params.get("chat_id"))
    thread = params.integer("message_thread_id")
    if thread is not None and thread not in chat.topics and thread != GENERAL_TOPIC:
        raise bad_request("message thread not found")
    world.act(chat, action)
    return True
