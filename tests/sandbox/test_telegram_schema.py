import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.telegram import TelegramSandbox
from sandbox.telegram.methods import METHODS
from sandbox.telegram.schema import Schema
from sandbox.telegram.schema.cut import KINDS, cut, written
from tests.sandbox.bot_api import bot_api

HERE = Path(__file__).parents[2] / "sandbox" / "telegram" / "schema"
SCHEMA = Schema.load()
USER = {"id": 7, "is_bot": False, "first_name": "Alice"}
CHAT = {"id": 7, "type": "private", "first_name": "Alice"}
MESSAGE = {"message_id": 1, "date": 1, "chat": CHAT, "from": USER, "text": "x"}


def test_the_schema_describes_what_the_sandbox_does_and_no_more() -> None:
    """Methods of the sandbox and of the schema are the same; the licence lies beside it."""
    assert set(METHODS) | {"getupdates"} == set(SCHEMA.methods)
    assert SCHEMA.version == "Bot API 10.2"
    assert "Alex Root Junior" in (HERE / "LICENSE").read_text(encoding="utf-8")
    assert (HERE / "botapi.json").stat().st_size < 60_000


def test_the_cut_is_made_of_the_whole() -> None:
    """A cut keeps names, types and what is required; the constants tell subtypes apart."""

    def field(name: str, kind: str, description: str = "", *, required: bool = True) -> Any:
        return {"name": name, "types": [kind], "required": required, "description": description}

    lying = json.loads((HERE / "botapi.json").read_text(encoding="utf-8"))
    whole: dict[str, Any] = {"version": "Bot API 1", "release_date": "today"}
    whole["methods"] = {
        name: {"fields": [field("chat_id", "Integer")], "returns": ["Boolean"]}
        for name in lying["methods"]
    }
    whole["types"] = {
        name: {"subtypes": known["subtypes"]}
        if "subtypes" in known
        else {
            "subtype_of": ["X"],
            "fields": [field("type", "String", "Always 'it', must be “this”", required=False)],
        }
        for name, known in lying["types"].items()
    }
    made = json.loads(written(cut(whole)))
    assert set(made["types"]) >= set(KINDS)
    assert made["types"]["Chat"] == {
        "fields": {"type": ["String"]},
        "required": [],
        "constants": {"type": "this"},
    }
    assert made["methods"]["getMe"] == {
        "parameters": {"chat_id": ["Integer"]},
        "required": ["chat_id"],
        "returns": ["Boolean"],
    }


@pytest.mark.parametrize(
    ("method", "values", "problems"),
    [
        ("sendmessage", {"chat_id": "@x", "text": "x", "disable_notification": True}, []),
        ("sendmessage", {"chat_id": 7, "text": "x", "parse_mode": None}, []),
        ("sendmessage", {"chat_id": 7}, ["sendMessage: 'text' is required"]),
        (
            "sendmessage",
            {"chat_id": 7, "text": "x", "txt": "y"},
            ["sendMessage: no parameter 'txt'"],
        ),
        (
            "sendmessage",
            {"chat_id": 7, "text": "x", "disable_notification": "maybe"},
            ["sendMessage disable_notification: Boolean expected, str 'maybe' found"],
        ),
        (
            "sendmessage",
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": [[{"txt": 1}]]}},
            [
                f"sendMessage reply_markup.inline_keyboard[0][0]: InlineKeyboardButton {what}"
                for what in ("has no field 'txt'", "needs 'text'")
            ],
        ),
        ("sendmessage", {"chat_id": 7, "text": "x", "reply_markup": {"keyboard": [["a"]]}}, []),
        (
            "setmycommands",
            {"commands": [], "scope": {"type": "chat"}},
            ["setMyCommands scope: BotCommandScopeChat needs 'chat_id'"],
        ),
        ("senddocument", {"chat_id": 7, "document": "attach://x"}, []),
        ("senddocument", {"chat_id": 7}, ["sendDocument: 'document' is required"]),
        ("getupdates", {"allowed_updates": [1]}, None),
    ],
)
def test_requests(method: str, values: dict[str, Any], problems: list[str] | None) -> None:
    """Unknown, missing and ill-typed parameters are told, with their place; others pass."""
    expected = (
        ["getUpdates allowed_updates[0]: String expected, int '1' found"]
        if problems is None
        else problems
    )
    assert SCHEMA.request(method, values) == expected


def test_a_file_of_the_form_is_a_parameter() -> None:
    """A part of the form that is a file stands for its parameter."""
    assert SCHEMA.request("senddocument", {"chat_id": 7}, {"document": None}) == []


@pytest.mark.parametrize(
    ("kind", "value", "problems"),
    [
        ("Message", MESSAGE, []),
        ("Update", {"update_id": 1, "message": {**MESSAGE, "reply_to_message": MESSAGE}}, []),
        ("Update", {"update_id": True}, ["Update.update_id: Integer expected, bool 'True' found"]),
        ("Update", [], ["Update: Update expected, list '[]' found"]),
        ("Array of Update", {}, ["Array of Update: Array of Update expected, dict '{}' found"]),
        ("Message", {**MESSAGE, "txt": ""}, ["Message: Message has no field 'txt'"]),
        (
            "Message",
            {**MESSAGE, "chat": {"id": 1}},
            ["Message.chat: Chat needs 'type'"],
        ),
        (
            "MessageOrigin",
            {"type": "user", "date": 1},
            ["MessageOrigin: MessageOriginUser needs 'sender_user'"],
        ),
        ("ChatMember", {"status": "member", "user": USER}, []),
        ("ChatMember", 1, ["ChatMember: ChatMemberOwner expected, int '1' found"]),
        (
            "MenuButton",
            {"type": "odd"},
            ["MenuButton.type: 'commands' expected, str 'odd' found"],
        ),
        ("MaybeInaccessibleMessage", {"message_id": 1, "date": 0, "chat": CHAT}, []),
        ("Message", {**MESSAGE, "sticker": {"whatever": 1}}, []),
        ("Float", 1, []),
    ],
)
def test_values(kind: str, value: Any, problems: list[str]) -> None:
    """Nested values are checked to the end; types that are named but not described pass."""
    assert SCHEMA.problems(kind, value) == problems


async def test_breaches_are_noted_and_change_nothing() -> None:
    """The client gets what Telegram would answer, the breach is noted once, or not if told so."""
    for checks in (True, False):
        tg = TelegramSandbox(checks=checks)
        tg.add_person(7, "Alice")
        async with bot_api(tg) as api:
            for _ in range(2):
                await api.call("sendMessage", chat_id=7, text="x", txt="y", protect_content="oui")
            await api.call("sendMessage", chat_id=7, text="x", business_connection_id="b")
            tg.push("inline_query", {"id": "1"})
            await api.updates()
        missing = [f"InlineQuery needs {name!r}" for name in ("from", "offset", "query")]
        assert tg.world.breaches == (
            [
                "sendMessage: no parameter 'txt'",
                "sendMessage protect_content: Boolean expected, str 'oui' found",
                "sendmessage: the sandbox does nothing with 'business_connection_id'",
                *(f"answer to getUpdates[0].inline_query: {problem}" for problem in missing),
            ]
            if checks
            else []
        )
