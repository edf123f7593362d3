"""Reply markup: what Telegram refuses, what it leaves out, and limits that it is known for.

As `get_reply_markup` of tdlib/telegram-bot-api (`Client.cpp`) and of tdlib/td (`ReplyMarkup.cpp`)
do it: buttons without a text are left out, the first of several actions counts. Both are noted.
"""

from collections.abc import Callable
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.people import ChatType, Json

A_ROW = 8
IN_ALL = 100
DATA_BYTES = 64
COPY_LIMIT = 256
PLACEHOLDER_LIMIT = 64
URLS = ("http://", "https://", "tg://", "ton://")
STYLES = {"danger", "primary", "success"}
ACTIONS = (  # in the order in which Telegram looks for them
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
MAY_BE_EMPTY = {"switch_inline_query", "switch_inline_query_current_chat"}
REQUESTS = {
    "request_contact": "phone number can be requested",
    "request_location": "location can be requested",
    "request_poll": "poll can be requested",
    "request_users": "users can be requested",
    "request_chat": "chats can be requested",
    "web_app": "web app can be used",
}

Note = Callable[[str], None]


def check_markup(markup: Any, *, chat: ChatType, note: Note) -> Json | None:
    """Return markup that is fit to be stored, None for none.

    Args:
        markup: as it came.
        chat: the kind of chat that it is for.
        note: is told what Telegram silently leaves out.

    Raises:
        ApiError: it is refused.
    """
    if markup in (None, "", {}):
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    checked = _read(markup, chat, note)
    if checked is not None and chat == "channel" and "inline_keyboard" not in checked:
        raise bad_request("inline keyboard expected")
    return checked


def check_inline_markup(markup: Any, *, chat: ChatType, note: Note) -> Json | None:
    """Return markup for an edit, where nothing but an inline keyboard is allowed."""
    checked = check_markup(markup, chat=chat, note=note)
    if checked is not None and "inline_keyboard" not in checked:
        raise bad_request("inline keyboard expected")
    return checked


def _read(markup: Json, chat: ChatType, note: Note) -> Json | None:
    rows = _rows(
        markup, "keyboard", note, lambda one: _reply_button(one, private=chat == "private")
    )
    inline = _rows(markup, "inline_keyboard", note, lambda one: _inline_button(one, chat, note))
    if rows:
        _check_placeholder(markup)
        return {**markup, "keyboard": rows}
    if inline:
        return {**markup, "inline_keyboard": inline}
    if markup.get("remove_keyboard") is True:
        return markup
    if markup.get("force_reply") is True:
        _check_placeholder(markup)
        return markup
    return None


def _rows(
    markup: Json, field: str, note: Note, read: Callable[[Any], Any]
) -> list[list[Any]] | None:
    """Return the rows of a keyboard, without what is empty."""
    rows = markup.get(field)
    if rows is None:
        return None
    if not isinstance(rows, list):
        raise bad_request(f'field "{field}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        whose = " of the InlineKeyboardMarkup" if field == "inline_keyboard" else ""
        raise bad_request(f'field "{field}"{whose} must be an Array of Arrays')
    made = [[read(button) for button in row] for row in rows]
    kept = [[button for button in row if button is not None] for row in made]
    if any(None in row for row in made):
        note(f"a button of the {field} has no text and is left out")
    if any(len(row) > A_ROW for row in kept) or sum(map(len, kept)) > IN_ALL:
        raise bad_request("reply markup is too long")
    return [row for row in kept if row]


def _inline_button(button: Any, chat: ChatType, note: Note) -> Json | None:
    where = "can't parse inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"{where}: InlineKeyboardButton must be an Object")
    text = _text(button, where)
    action = next((name for name in ACTIONS if _given(button, name)), None)
    if action is None:
        raise bad_request(f"{where}: Text buttons are unallowed in the inline keyboard")
    _check_style(button, where)
    if not text:
        return None
    _check_action(button, action, chat)
    others = [name for name in ACTIONS if name in button and name != action]
    if others:
        note(f"a button has {action}, and {', '.join(others)} besides, which is ignored")
    return {name: value for name, value in button.items() if name not in others}


def _given(button: Json, action: str) -> bool:
    return action in button and (action in MAY_BE_EMPTY or button[action] not in ("", None))


def _text(button: Json, where: str) -> str:
    if "text" not in button:
        raise bad_request(f'{where}: Can\'t find field "text"')
    text = button["text"]
    if not isinstance(text, str):
        raise bad_request(f'{where}: Field "text" must be of type String')
    if text and not text.strip():
        raise bad_request(f"{where}: Button text must be non-empty")
    return text


def _check_style(button: Json, where: str) -> None:
    if button.get("style") is not None and button["style"] not in STYLES:
        raise bad_request(f"{where}: Invalid button style specified")


def _check_action(button: Json, action: str, chat: ChatType) -> None:
    value = button[action]
    if action == "callback_data" and len(str(value).encode()) > DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not str(value).startswith(URLS):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= COPY_LIMIT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action in MAY_BE_EMPTY and chat == "channel":
        raise bad_request(
            f"can't use {action} in a channel chat, because a user will not be able to use the "
            "button without knowing bot's username"
        )


def _reply_button(button: Any, *, private: bool) -> Any:
    """Return a button of a reply keyboard, an object or a text; None if it is left out."""
    where = "can't parse keyboard button"
    if isinstance(button, str):
        return _text({"text": button}, where) or None
    if not isinstance(button, dict):
        raise bad_request(f"{where}: KeyboardButton must be a String or an Object")
    text = _text(button, where)
    _check_style(button, where)
    for name, what in REQUESTS.items():
        if button.get(name) not in (None, False) and not private:
            raise bad_request(f"{what} in private chats only")
    return button if text else None


def _check_placeholder(markup: Json) -> None:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= PLACEHOLDER_LIMIT:
        raise bad_request("INPUT_FIELD_PLACEHOLDER_INVALID")
