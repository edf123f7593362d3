from typing import Any

import pytest

from sandbox.telegram.errors import ApiError
from sandbox.telegram.markup import check_inline_markup, check_markup

EMPTY = "can't parse inline keyboard button: Button text must be non-empty"
NO_ACTION = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


def button(**fields: Any) -> dict[str, Any]:
    """Return an inline keyboard of one button."""
    return {"inline_keyboard": [[{"text": "x", **fields}]]}


def rows(*lengths: int) -> dict[str, Any]:
    """Return an inline keyboard with rows of these lengths."""
    return {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * n for n in lengths]}


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("keyboard", "object expected as reply markup"),
        ({"nothing": 1}, "object expected as reply markup"),
        (
            {"inline_keyboard": [1]},
            "can't parse inline keyboard: Array of Array of buttons expected",
        ),
        (button(text=""), EMPTY),
        (button(text=" ", callback_data="x"), EMPTY),
        (
            {"inline_keyboard": [["x"]]},
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (button(), NO_ACTION),
        (button(callback_data="x", url="https://x.org"), NO_ACTION),
        (button(callback_data=""), "BUTTON_DATA_INVALID"),
        (button(callback_data="ش" * 33), "BUTTON_DATA_INVALID"),
        (button(url="x"), "inline keyboard button URL 'x' is invalid: Wrong HTTP URL"),
        (button(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (button(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (button(copy_text="x"), "BUTTON_COPY_TEXT_INVALID"),
        (rows(9), "reply markup is too long"),
        (rows(*[8] * 12, 5), "reply markup is too long"),
        (
            {"keyboard": [[{"text": ""}]]},
            "can't parse keyboard button: Button text must be non-empty",
        ),
        (
            {"keyboard": [[{"text": "x", "request_contact": True}]]},
            "phone number can be requested in private chats only",
        ),
        (
            {"keyboard": [["x"]], "input_field_placeholder": "x" * 65},
            "INPUT_FIELD_PLACEHOLDER_INVALID",
        ),
        ({"force_reply": True, "input_field_placeholder": ""}, "INPUT_FIELD_PLACEHOLDER_INVALID"),
    ],
)
def test_bad_markup_is_refused(markup: Any, why: str) -> None:
    """Keyboards beyond Telegram's limits are refused."""
    with pytest.raises(ApiError) as refused:
        check_markup(markup, private=False)
    assert refused.value.description == f"Bad Request: {why}"


@pytest.mark.parametrize(
    "markup",
    [
        rows(*[8] * 12, 4),
        button(callback_data="ش" * 32),
        button(url="tg://user?id=1"),
        button(copy_text={"text": "x" * 256}),
        {"keyboard": [["x", {"text": "y", "request_contact": True}]], "is_persistent": True},
        {"remove_keyboard": True},
        {"force_reply": True, "input_field_placeholder": "numbers"},
    ],
)
def test_good_markup_is_kept(markup: Any) -> None:
    """Keyboards within the limits are stored as they are."""
    assert check_markup(markup, private=True) == markup


def test_no_markup() -> None:
    """Missing markup and keyboards without buttons are no markup."""
    nothings: list[Any] = [None, "", {}, {"inline_keyboard": []}, {"inline_keyboard": [[]]}]
    for nothing in nothings:
        assert check_inline_markup(nothing) is None
