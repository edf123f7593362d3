"""What of a message is its content: what a forward, a copy and a quote carry on."""

from typing import Any

from sandbox.telegram.entities import written
from sandbox.telegram.people import Json, Message

MEDIA = ("photo", "document", "voice", "audio")
KINDS = ("text", *MEDIA, "contact")
_CONTENT = (
    *KINDS,
    "entities",
    "link_preview_options",
    "caption",
    "caption_entities",
    "show_caption_above_media",
    "has_media_spoiler",
)
_NEVER_INSIDE = ("reply_to_message", "quote", "external_reply")


def kind_of(message: Json) -> str | None:
    """Return what it is, such as `text` or `photo`; None for a service message."""
    return next((kind for kind in KINDS if kind in message), None)


def content_of(message: Json) -> Json:
    """Return the fields that a forward or a copy has, too."""
    return {name: message[name] for name in _CONTENT if name in message}


def quoted(message: Json) -> Json:
    """Return a message as it stands in another one: without what it replies to."""
    return {name: value for name, value in message.items() if name not in _NEVER_INSIDE}


def text_fields(text: str, name: str = "text") -> Json:
    """Return a text or `caption`, and its entities, of what a person writes."""
    trimmed, entities = written(text, [])
    fields: Json = {name: trimmed} if trimmed else {}
    if entities:
        fields["entities" if name == "text" else "caption_entities"] = entities
    return fields


def origin_of(message: Message, *, hidden: bool = False) -> Json:
    """Return the `MessageOrigin` of a forward; a forward of a forward keeps the first one.

    Args:
        message: what is forwarded.
        hidden: its author lets nobody link to the account.
    """
    if "forward_origin" in message:
        first: Json = message["forward_origin"]
        return first
    sent: dict[str, Any] = {"date": message["date"]}
    if message["chat"]["type"] == "channel":
        return {"type": "channel", **sent, "chat": message["chat"], "message_id": message.id}
    if "sender_chat" in message:
        return {"type": "chat", **sent, "sender_chat": message["sender_chat"]}
    if hidden:
        author = message["from"]
        name = f"{author['first_name']} {author.get('last_name', '')}".strip()
        return {"type": "hidden_user", **sent, "sender_user_name": name}
    return {"type": "user", **sent, "sender_user": message["from"]}


def forwarded_keyboard(message: Json) -> Json | None:
    """Return the keyboard of a forward: one that tells the bot nothing goes along."""
    markup: Json | None = message.get("reply_markup")
    if markup is None:
        return None
    harmless = {"url", "copy_text"}
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    return markup if all(harmless & button.keys() for button in buttons) else None
