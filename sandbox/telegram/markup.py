"""Checks of reply markup: what Telegram refuses, and limits that it is known for."""

from collections.abc import Callable
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.people import Json

A_ROW = 8
IN_ALL = 100
DATA_BYTES = 64
COPY_LIMIT = 256
PLACEHOLDER_LIMIT = 64
URLS = ("http://", "https://", "tg://", "ton://")
ACTIONS = {
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
}


def check_markup(markup: Any, *, private: bool) -> Json | None:
    """Return markup that is fit to be stored, None for none.

    Raises:
        ApiError: it is refused.
    """
    if markup in (None, "", {}):
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard", _check_inline)
        return {**markup, "inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        _rows(markup["keyboard"], "keyboard", lambda button: _check_reply(button, private=private))
        _check_placeholder(markup)
        return markup
    if markup.get("remove_keyboard") is True:
        return markup
    if markup.get("force_reply") is True:
        _check_placeholder(markup)
        return markup
    raise bad_request("object expected as reply markup")


def check_inline_markup(markup: Any) -> Json | None:
    """Return markup for an edit, where nothing but an inline keyboard is allowed."""
    checked = check_markup(markup, private=True)
    if checked is not None and "inline_keyboard" not in checked:
        raise bad_request("inline keyboard expected")
    return checked


def _rows(rows: Any, what: str, check: Callable[[Json], None]) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"can't parse {what}: Array of Array of buttons expected")
    if any(len(row) > A_ROW for row in rows) or sum(map(len, rows)) > IN_ALL:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            check(button)
    return [row for row in rows if row]


def _check_inline(button: Any) -> None:
    where = "can't parse inline keyboard button"
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request(f'{where}: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request(f"{where}: Button text must be non-empty")
    actions = ACTIONS & button.keys()
    if len(actions) != 1:
        raise bad_request(f"{where}: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(URLS):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    copied = button.get("copy_text")
    if copied is not None:
        text = copied.get("text") if isinstance(copied, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= COPY_LIMIT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_reply(button: Any, *, private: bool) -> None:
    text = button.get("text") if isinstance(button, dict) else button
    if not isinstance(text, str) or not text.strip():
        raise bad_request("can't parse keyboard button: Button text must be non-empty")
    if isinstance(button, dict) and button.get("request_contact") and not private:
        raise bad_request("phone number can be requested in private chats only")


def _check_placeholder(markup: Json) -> None:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= PLACEHOLDER_LIMIT:
        raise bad_request("INPUT_FIELD_PLACEHOLDER_INVALID")
