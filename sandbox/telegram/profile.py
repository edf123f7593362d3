"""What the bot says of itself: its command lists, names, descriptions and menu button."""

import re
from collections.abc import Callable, Iterator

from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.people import Chat, Json, Person
from sandbox.telegram.world import World

COMMANDS_LIMIT = 100
DESCRIPTION_LIMIT = 256
NAME, DESCRIPTION, SHORT_DESCRIPTION = "name", "description", "short_description"
LIMITS = {NAME: 64, DESCRIPTION: 512, SHORT_DESCRIPTION: 120}
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
ADMINISTRATORS = {"creator", "administrator"}


def menu(world: World, person: Person, chat: Chat) -> list[Json]:
    """Return the `BotCommand`s that Telegram shows a person in a chat.

    The first list that is there, by https://core.telegram.org/bots/api#determining-list-of-commands
    """
    for scope in _shown(person, chat):
        for language in (person.language_code or "", ""):
            found = world.commands.get((scope, language))
            if found:
                return found
    return []


def _shown(person: Person, chat: Chat) -> Iterator[str]:
    """Return the scopes of a person in a chat, narrowest first."""
    if chat.person is not None:
        yield from (f"chat {chat.id}", "all_private_chats", "default")
        return
    rules = chat.members.get(person.id) in ADMINISTRATORS
    yield f"chat_member {chat.id} {person.id}"
    if rules:
        yield f"chat_administrators {chat.id}"
    yield f"chat {chat.id}"
    if rules:
        yield "all_chat_administrators"
    yield from ("all_group_chats", "default")


def _language(params: Params) -> str:
    language = params.text("language_code")
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    return language


def _scope(world: World, params: Params) -> tuple[str, str]:
    """Return the key of a command list: its scope in words, and its language."""
    where = "can't parse BotCommandScope"
    scope = params.mapping("scope", f"{where}: BotCommandScope must be an Object")
    kind = scope.get("type", "default" if not scope else None)
    if kind is None:
        raise bad_request(f'{where}: Can\'t find field "type"')
    if kind not in SCOPES:
        raise bad_request(f"{where}: Unsupported type specified")
    names = [kind]
    for name in SCOPES[kind]:
        if name not in scope:
            raise bad_request(f'{where}: Can\'t find field "{name}"')
        names.append(str(scope[name]))
    if "chat_id" in SCOPES[kind]:
        names[1] = str(world.chat(scope["chat_id"]).id)
    return " ".join(names), _language(params)


def set_my_commands(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setmycommands."""
    commands = params.sequence("commands", "expected an Array of BotCommand") or []
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        for name in ("command", "description"):
            if name not in command:
                raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command["command"]), re.ASCII):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command["description"])) <= DESCRIPTION_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(world, params)] = [
        {**command, "command": command["command"].removeprefix("/")} for command in commands
    ]
    world.journal.touch("menus")
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands."""
    return world.commands.get(_scope(world, params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands."""
    world.commands.pop(_scope(world, params), None)
    world.journal.touch("menus")
    return True


def setter(field: str) -> Callable[[World, Params], bool]:
    """Return the method that sets a text of the bot, for one language or as the fallback."""

    def set_text(world: World, params: Params) -> bool:
        text, language = params.text(field), _language(params)
        if len(text) > LIMITS[field]:
            raise bad_request(f"the bot's {field.replace('_', ' ')} is too long")
        if field == NAME and not text and not language:
            raise bad_request("the bot's name must be non-empty")
        if text:
            world.profile[field, language] = text
        else:
            world.profile.pop((field, language), None)
        if field == NAME and not language:
            world.bot.first_name = text
        world.journal.touch("menus")
        return True

    return set_text


def getter(field: str) -> Callable[[World, Params], Json]:
    """Return the method that tells a text of the bot, in a language or the fallback."""

    def get_text(world: World, params: Params) -> Json:
        fallback = world.bot.first_name if field == NAME else ""
        known = world.profile.get((field, ""), fallback)
        return {field: world.profile.get((field, _language(params)), known)}

    return get_text


def set_chat_menu_button(world: World, params: Params) -> bool:
    """https://core.telegram.org/bots/api#setchatmenubutton."""
    where = "can't parse menu button"
    button = params.mapping("menu_button", f"{where}: MenuButton must be an Object")
    button = button or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request(f"{where}: MenuButton has unsupported type")
    world.menu_buttons[_whose(world, params)] = button
    world.journal.touch("menus")
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    """https://core.telegram.org/bots/api#getchatmenubutton."""
    whose = _whose(world, params)
    return world.menu_buttons.get(whose, {"type": "commands" if whose is None else "default"})


def _whose(world: World, params: Params) -> int | None:
    """Return the private chat that a menu button is for, None for all."""
    if params.get("chat_id") is None:
        return None
    chat = world.chat(params.get("chat_id"))
    if chat.person is None:
        raise bad_request("chat not found")
    return chat.id
