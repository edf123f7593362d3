"""Pinned messages, and the service message that tells of a new one."""

from sandbox.telegram.content import quoted
from sandbox.telegram.drafting import topic
from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.people import Chat, Message
from sandbox.telegram.world import World


def pin_chat_message(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#pinchatmessage.

    The bot gets an update with its own service message, too.
    """
    chat = world.writable(params.get("chat_id"))
    message = chat.find(params.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    _check_may_pin(chat)
    if "pinned_message" in message:
        raise bad_request("message can't be pinned")
    told = message.id not in chat.pinned and chat.type != "channel"
    chat.pinned[:] = [*(known for known in chat.pinned if known != message.id), message.id]
    world.journal.touch("pins", chat.id)
    if told:
        _tell(world, chat, message, silent=params.flag("disable_notification"))
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#unpinchatmessage; the youngest one by default."""
    chat = world.writable(params.get("chat_id"))
    _check_may_pin(chat)
    message_id = params.integer("message_id")
    if message_id is None and chat.pinned:
        message_id = max(chat.pinned)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.journal.touch("pins", chat.id)
    return True


def unpin_all_chat_messages(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#unpinallchatmessages."""
    chat = world.writable(params.get("chat_id"))
    _check_may_pin(chat)
    chat.pinned.clear()
    world.journal.touch("pins", chat.id)
    return True


def _check_may_pin(chat: Chat) -> None:
    """A group's permissions for members do not count for bots: they need the right themselves."""
    may = chat.bot_status == "administrator" and "can_pin_messages" not in chat.withheld
    if chat.type != "private" and not may:
        raise bad_request("not enough rights to manage pinned messages in the chat")


def _tell(world: World, chat: Chat, pinned: Message, *, silent: bool) -> None:
    message = Message({"message_id": chat.next_id(), "from": world.bot.as_json()})
    message |= {"date": world.now, "chat": chat.as_json()}
    message |= topic(chat, None, pinned)
    message.pop("reply_to_message", None)
    message["pinned_message"] = quoted(pinned)
    message.silent = silent
    world.store(chat, message)
    world.updates.add("message", message)
