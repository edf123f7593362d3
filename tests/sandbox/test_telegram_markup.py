from typing import Any

import pytest

from sandbox.telegram.errors import ApiError
from sandbox.telegram.markup import check_inline_markup, check_markup

NO_ACTION = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
FIELD = "can't parse inline keyboard button: Can't find field \"text\""


def button(**fields: Any) -> dict[str, Any]:
    """Return an inline keyboard of one button."""
    return {"inline_keyboard": [[{"text": "x", **fields}]]}


def key(**fields: Any) -> dict[str, Any]:
    """Return a reply keyboard of one button."""
    return {"keyboard": [[{"text": "x", **fields}]]}


def rows(*lengths: int) -> dict[str, Any]:
    """Return an inline keyboard with rows of these lengths."""
    return {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * n for n in lengths]}


def unheard(note: str) -> None:
    """Fail: nothing is left out here."""
    raise AssertionError(note)


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("keyboard", "object expected as reply markup"),
        ({"inline_keyboard": {}}, 'field "inline_keyboard" must be of type Array'),
        (
            {"inline_keyboard": [1]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"keyboard": [1]}, 'field "keyboard" must be an Array of Arrays'),
        ({"inline_keyboard": [[{"callback_data": "x"}]]}, FIELD),
        (
            button(text=1, callback_data="x"),
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (
            button(text=" ", callback_data="x"),
            "can't parse inline keyboard button: Button text must be non-empty",
        ),
        (
            {"inline_keyboard": [["x"]]},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        (button(), NO_ACTION),
        (button(callback_data=""), NO_ACTION),
        (button(callback_data="ش" * 33), "BUTTON_DATA_INVALID"),
        (button(url="x"), "inline keyboard button URL 'x' is invalid: Wrong HTTP URL"),
        (button(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (button(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (button(copy_text="x"), "BUTTON_COPY_TEXT_INVALID"),
        (
            button(callback_data="x", style="blue"),
            "can't parse inline keyboard button: Invalid button style specified",
        ),
        (rows(9), "reply markup is too long"),
        (rows(*[8] * 12, 5), "reply markup is too long"),
        (key(style="blue"), "can't parse keyboard button: Invalid button style specified"),
        (key(text=" "), "can't parse keyboard button: Button text must be non-empty"),
        (
            {"keyboard": [[1]]},
            "can't parse keyboard button: KeyboardButton must be a String or an Object",
        ),
        (key(request_contact=True), "phone number can be requested in private chats only"),
        (key(request_users={"request_id": 1}), "users can be requested in private chats only"),
        (
            {"keyboard": [["x"]], "input_field_placeholder": "x" * 65},
            "INPUT_FIELD_PLACEHOLDER_INVALID",
        ),
        ({"force_reply": True, "input_field_placeholder": ""}, "INPUT_FIELD_PLACEHOLDER_INVALID"),
    ],
)
def test_bad_markup_is_refused(markup: Any, why: str) -> None:
    """Keyboards that Telegram does not take are refused in its words."""
    with pytest.raises(ApiError) as refused:
        check_markup(markup, chat="supergroup", note=unheard)
    assert refused.value.description == f"Bad Request: {why}"


@pytest.mark.parametrize(
    "markup",
    [
        rows(*[8] * 12, 4),
        button(callback_data="ش" * 32),
        button(callback_data="x", style="danger"),
        button(url="tg://user?id=1"),
        button(copy_text={"text": "x" * 256}),
        button(switch_inline_query=""),
        {"keyboard": [["x", {"text": "y", "request_contact": True}]], "is_persistent": True},
        key(request_users={"request_id": 1}, style="success"),
        {"remove_keyboard": True},
        {"force_reply": True, "input_field_placeholder": "numbers"},
    ],
)
def test_good_markup_is_kept(markup: Any) -> None:
    """Keyboards within the limits are stored as they are."""
    assert check_markup(markup, chat="private", note=unheard) == markup


def test_no_markup() -> None:
    """Missing markup, keyboards without buttons and unknown kinds are no markup."""
    nothings: list[Any] = [None, "", {}, {"inline_keyboard": []}, {"keyboard": [[]]}, {"x": 1}]
    for nothing in nothings:
        assert check_inline_markup(nothing, chat="private", note=unheard) is None


@pytest.mark.parametrize(
    "markup",
    [{"keyboard": [["x"]]}, {"force_reply": True}, {"remove_keyboard": True}],
)
def test_a_channel_takes_inline_keyboards_only(markup: Any) -> None:
    """A channel and an edit take no keyboard that stands in place of people's own."""
    with pytest.raises(ApiError, match="inline keyboard expected"):
        check_markup(markup, chat="channel", note=unheard)
    with pytest.raises(ApiError, match="inline keyboard expected"):
        check_inline_markup(markup, chat="private", note=unheard)
    assert check_markup(rows(1), chat="channel", note=unheard) == rows(1)
    with pytest.raises(ApiError, match="without knowing bot's username"):
        check_markup(button(switch_inline_query="x"), chat="channel", note=unheard)


def test_what_telegram_silently_leaves_out_is_noted() -> None:
    """A button without a text, and a second action, are left out, and noted."""
    notes: list[str] = []
    good = {"text": "x", "callback_data": "x"}
    markup = {"inline_keyboard": [[good, {**good, "text": ""}], [{**good, "copy_text": {}}]]}
    checked = check_markup(markup, chat="private", note=notes.append)
    assert checked == {"inline_keyboard": [[good], [good]]}
    assert notes == [
        "a button has callback_data, and copy_text besides, which is ignored",
        "a button of the inline_keyboard has no text and is left out",
    ]
    assert check_markup({"keyboard": [["", "x"]]}, chat="private", note=notes.append) == {
        "keyboard": [["x"]]
    }
