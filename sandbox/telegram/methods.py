"""The table of methods, and those about the bot's session: updates, files, answers to presses."""

from collections.abc import Callable
from typing import Any

from sandbox.telegram import chats, editing, pinning, profile, sending
from sandbox.telegram.entities import length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.people import Answer, Json
from sandbox.telegram.world import World

ANSWER_LIMIT = 200
DOWNLOAD_LIMIT = 20_000_000
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_FILE = ("file_id", "file_unique_id", "file_size", "file_path")
_ABILITIES = (
    "supports_guest_queries",
    "supports_inline_queries",
    "can_connect_to_business",
    "has_main_web_app",
    "has_topics_enabled",
    "allows_users_to_create_topics",
    "can_manage_bots",
    "supports_join_request_queries",
)

NOT_DONE = {  # parameters that Telegram knows and the sandbox does not act upon
    "allow_paid_broadcast",
    "business_connection_id",
    "callback_query_id",
    "direct_messages_topic_id",
    "disable_content_type_detection",
    "inline_message_id",
    "receiver_user_id",
    "rich_message",
    "suggested_post_parameters",
    "thumbnail",
    "video_start_timestamp",
}

Method = Callable[[World, Params], Any]


def not_done(method: str, values: Json) -> list[str]:
    """Return what is asked for that the sandbox does not do, so that nobody relies on it."""
    asked = NOT_DONE & values.keys() if method != "answercallbackquery" else ()
    return [f"{method}: the sandbox does nothing with {name!r}" for name in asked]


def get_me(world: World, _: Params) -> Json:
    """https://core.telegram.org/bots/api#getme."""
    groups = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy}
    return world.bot.as_json() | groups | dict.fromkeys(_ABILITIES, False)


def end_session(_: World, __: Params) -> bool:
    """https://core.telegram.org/bots/api#logout and #close; the sandbox stays as it is."""
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery.

    An address may only be a deep link to the bot itself.
    """
    text, url = params.text("text"), params.text("url")
    if length(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or world.clock() - press.at > world.answer_within:
        raise bad_request(TOO_OLD)
    name = world.bot.username
    links = (
        f"https://t.me/{name}?start",
        f"t.me/{name}?start",
        f"tg://resolve?domain={name}&start",
    )
    if url and not url.startswith(links):
        raise bad_request("URL_INVALID")
    world.answers.append(Answer(press.id, text, params.flag("show_alert"), url, world.clock()))
    world.journal.touch("answer", press.id)
    return True


def get_file(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getfile."""
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    file = stored.as_json() | {"file_path": stored.path}
    return {name: file[name] for name in _FILE}


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
    "logout": end_session,
    "close": end_session,
    "getchat": chats.get_chat,
    "getchatmember": chats.get_chat_member,
    "getchatmembercount": chats.get_chat_member_count,
    "getchatadministrators": chats.get_chat_administrators,
    "leavechat": chats.leave_chat,
    "getfile": get_file,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendaudio": sending.send_audio,
    "sendvoice": sending.send_voice,
    "sendcontact": sending.send_contact,
    "sendchataction": sending.send_chat_action,
    "forwardmessage": sending.forward_message,
    "copymessage": sending.copy_message,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagemedia": editing.edit_message_media,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "deletemessages": editing.delete_messages,
    "pinchatmessage": pinning.pin_chat_message,
    "unpinchatmessage": pinning.unpin_chat_message,
    "unpinallchatmessages": pinning.unpin_all_chat_messages,
    "answercallbackquery": answer_callback_query,
    "setmycommands": profile.set_my_commands,
    "getmycommands": profile.get_my_commands,
    "deletemycommands": profile.delete_my_commands,
    "setmyname": profile.setter(profile.NAME),
    "getmyname": profile.getter(profile.NAME),
    "setmydescription": profile.setter(profile.DESCRIPTION),
    "getmydescription": profile.getter(profile.DESCRIPTION),
    "setmyshortdescription": profile.setter(profile.SHORT_DESCRIPTION),
    "getmyshortdescription": profile.getter(profile.SHORT_DESCRIPTION),
    "setchatmenubutton": profile.set_chat_menu_button,
    "getchatmenubutton": profile.get_chat_menu_button,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
