"""The table of methods, and those that send no message."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.telegram import sending
from sandbox.telegram.entities import length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.people import GENERAL_TOPIC, Answer, Chat, Json
from sandbox.telegram.world import World

ANSWER_LIMIT = 200
COMMANDS_LIMIT = 100
DESCRIPTION_LIMIT = 256
DOWNLOAD_LIMIT = 20_000_000
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
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
RIGHTS = [
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
]

Method = Callable[[World, Params], Any]


def get_me(world: World, _: Params) -> Json:
    """https://core.telegram.org/bots/api#getme."""
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def answer_callback_query(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery."""
    text = params.text("text")
    if length(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or world.clock() - press.at > world.answer_within:
        raise bad_request(TOO_OLD)
    url = params.text("url")
    world.answers.append(Answer(press.id, text, params.flag("show_alert"), url, world.clock()))
    world.changes.announce()
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#sendchataction."""
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.writable(params.get("chat_id"))
    thread = params.integer("message_thread_id")
    if thread is not None and thread not in chat.topics and thread != GENERAL_TOPIC:
        raise bad_request("message thread not found")
    return True


def get_file(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getfile."""
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    file = stored.as_json() | {"file_path": stored.path}
    return {name: file[name] for name in ("file_id", "file_unique_id", "file_size", "file_path")}


def get_chat(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchat."""
    chat = world.chat(params.get("chat_id"))
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    full = chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    pinned = chat.find(chat.pinned[-1]) if chat.pinned else None
    return full | ({"pinned_message": sending.quoted(pinned)} if pinned else {})


def member(world: World, chat: Chat, user_id: int) -> Json:
    """Return the `ChatMember` of a person that the server knows."""
    is_bot = user_id == world.bot.id
    user = world.bot if is_bot else world.people[user_id]
    status = chat.bot_status if is_bot else chat.members.get(user_id, "left")
    if chat.person is not None:
        status = "member"
    found: Json = {"status": status, "user": user.as_json()}
    if status == "creator":
        found["is_anonymous"] = False
    elif status == "administrator":
        found |= dict.fromkeys(RIGHTS, True) | {"is_anonymous": False, "can_be_edited": False}
    elif status == "kicked":
        found["until_date"] = 0
    return found


def get_chat_member(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchatmember."""
    chat = world.chat(params.get("chat_id"))
    user_id = params.integer("user_id")
    if user_id is None or (user_id not in world.people and user_id != world.bot.id):
        raise bad_request("invalid user_id specified")
    return member(world, chat, user_id)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#getchatadministrators."""
    chat = world.chat(params.get("chat_id"))
    if chat.person is not None:
        raise bad_request("there are no administrators in the private chat")
    people = [*chat.members, world.bot.id]
    found = [member(world, chat, user_id) for user_id in people]
    return [one for one in found if one["status"] in {"creator", "administrator"}]


def _scope(world: World, params: Params) -> tuple[str, str]:
    """Return the key of a command list: its scope in words, and its language."""
    scope = params.mapping("scope") or {"type": "default"}
    kind = scope.get("type")
    needed = {
        "default": (),
        "all_private_chats": (),
        "all_group_chats": (),
        "all_chat_administrators": (),
        "chat": ("chat_id",),
        "chat_administrators": ("chat_id",),
        "chat_member": ("chat_id", "user_id"),
    }
    if kind not in needed:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if "chat_id" in needed[kind]:
        world.chat(scope.get("chat_id"))
    language = params.text("language_code")
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    return " ".join([kind, *(str(scope.get(name)) for name in needed[kind])]), language


def set_my_commands(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setmycommands."""
    commands = params.sequence("commands") or []
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("can't parse list of bot commands: Expected an object")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", "")), re.ASCII):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= DESCRIPTION_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(world, params)] = commands
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands."""
    return world.commands.get(_scope(world, params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands."""
    world.commands.pop(_scope(world, params), None)
    return True


def set_webhook(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setwebhook; nothing is ever posted to it."""
    world.updates.webhook = params.text("url")
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def delete_webhook(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook."""
    world.updates.webhook = ""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Params) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo."""
    return {
        "url": world.updates.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "getfile": get_file,
    "sendmessage": sending.send_message,
    "senddocument": sending.send_document,
    "sendchataction": send_chat_action,
    "editmessagetext": sending.edit_message_text,
    "editmessagecaption": sending.edit_message_caption,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "deletemessage": sending.delete_message,
    "deletemessages": sending.delete_messages,
    "pinchatmessage": sending.pin_chat_message,
    "unpinchatmessage": sending.unpin_chat_message,
    "answercallbackquery": answer_callback_query,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
