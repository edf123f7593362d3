"""Cuts a whole schema of the Bot API down to what the sandbox supports.

    python -m sandbox.telegram.schema.cut botapi-full.json

Writes `botapi.json` beside this file, one method or type a line. Descriptions go. All parameters
and fields stay, but a type that is not in `KINDS` is named and not described, which is the end of
most of the API: the sandbox never makes such objects.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
METHODS = [
    "answerCallbackQuery",
    "close",
    "copyMessage",
    "deleteMessage",
    "deleteMessages",
    "deleteMyCommands",
    "deleteWebhook",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "editMessageText",
    "forwardMessage",
    "getChat",
    "getChatAdministrators",
    "getChatMember",
    "getChatMemberCount",
    "getChatMenuButton",
    "getFile",
    "getMe",
    "getMyCommands",
    "getMyDescription",
    "getMyName",
    "getMyShortDescription",
    "getUpdates",
    "getWebhookInfo",
    "leaveChat",
    "logOut",
    "pinChatMessage",
    "sendAudio",
    "sendChatAction",
    "sendContact",
    "sendDocument",
    "sendMessage",
    "sendPhoto",
    "sendVoice",
    "setChatMenuButton",
    "setMyCommands",
    "setMyDescription",
    "setMyName",
    "setMyShortDescription",
    "setWebhook",
    "unpinAllChatMessages",
    "unpinChatMessage",
]
KINDS = [
    "AcceptedGiftTypes",
    "Audio",
    "BotCommand",
    "BotCommandScope",
    "BotDescription",
    "BotName",
    "BotShortDescription",
    "CallbackQuery",
    "Chat",
    "ChatFullInfo",
    "ChatMember",
    "ChatMemberUpdated",
    "ChatPermissions",
    "ChatShared",
    "Contact",
    "CopyTextButton",
    "Document",
    "ExternalReplyInfo",
    "File",
    "ForceReply",
    "ForumTopicCreated",
    "InaccessibleMessage",
    "InlineKeyboardButton",
    "InlineKeyboardMarkup",
    "InlineQuery",
    "InputMedia",
    "InputMediaDocument",
    "InputMediaPhoto",
    "KeyboardButton",
    "KeyboardButtonRequestChat",
    "KeyboardButtonRequestUsers",
    "LinkPreviewOptions",
    "MaybeInaccessibleMessage",
    "MenuButton",
    "Message",
    "MessageEntity",
    "MessageId",
    "MessageOrigin",
    "PhotoSize",
    "ReplyKeyboardMarkup",
    "ReplyKeyboardRemove",
    "ReplyParameters",
    "SharedUser",
    "SwitchInlineQueryChosenChat",
    "TextQuote",
    "Update",
    "User",
    "UsersShared",
    "Voice",
    "WebAppInfo",
    "WebhookInfo",
]
WHOLE_UNIONS = {"BotCommandScope", "ChatMember", "MenuButton", "MessageOrigin"}
_CONSTANT = re.compile(r"(?:must be|always) \W?(\w+)")
_TELLS = {"type", "status"}


def cut(full: dict[str, Any]) -> dict[str, Any]:
    """Return `version`, `release_date`, `methods` and `types` of the cut.

    A method has `parameters` and `required` names, and the types that it `returns`. A type has
    `fields` and `required` names, and the `constants` that tell it from the other subtypes of a
    type; or it has `subtypes` only.
    """
    types = {name: full["types"][name] for name in KINDS}
    for union in WHOLE_UNIONS:
        types |= {name: full["types"][name] for name in full["types"][union]["subtypes"]}
    return {
        "version": full["version"],
        "release_date": full["release_date"],
        "methods": {name: _method(full["methods"][name]) for name in sorted(METHODS)},
        "types": {name: _type(types[name]) for name in sorted(types)},
    }


def _method(whole: dict[str, Any]) -> dict[str, Any]:
    fields = whole.get("fields", [])
    return {
        "parameters": {field["name"]: field["types"] for field in fields},
        "required": [field["name"] for field in fields if field["required"]],
        "returns": whole["returns"],
    }


def _type(whole: dict[str, Any]) -> dict[str, Any]:
    if whole.get("subtypes"):
        return {"subtypes": whole["subtypes"]}
    fields = whole.get("fields", [])
    made: dict[str, Any] = {
        "fields": {field["name"]: field["types"] for field in fields},
        "required": [field["name"] for field in fields if field["required"]],
    }
    constants = {
        field["name"]: found[1]
        for field in fields
        if "subtype_of" in whole and field["name"] in _TELLS
        if (found := _CONSTANT.search(field["description"]))
    }
    return made | ({"constants": constants} if constants else {})


def written(made: dict[str, Any]) -> str:
    """Return a cut as JSON with one method or type a line."""
    parts = [
        f" {json.dumps(name)}: {json.dumps(made[name])}" for name in ("version", "release_date")
    ]
    for section in ("methods", "types"):
        lines = [f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in made[section].items()]
        parts.append(f" {json.dumps(section)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Cut the file that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("full", type=Path, help="the whole schema, with descriptions")
    full = json.loads(parser.parse_args().full.read_text(encoding="utf-8"))
    (HERE / "botapi.json").write_text(written(cut(full)), encoding="utf-8")


if __name__ == "__main__":
    main()
