"""The command menus, made from the table of rights."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Update,
)
from telegram.ext import ContextTypes

from bot.calling.rights import Role
from bot.handlers.permissions import COMMANDS
from bot.texts import help as help_text
from bot.texts.language import Language

Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Menu:
    """A command menu as Telegram shows it, and for whom."""

    scope: BotCommandScope
    commands: tuple[BotCommand, ...]


def names(role: Role) -> list[str]:
    """The commands that this role may use."""
    return [name for name, needs in COMMANDS.items() if role >= needs.role]


def menu_for(role: Role, scope: BotCommandScope, language: Language) -> Menu:
    """The menu of everybody who has this role in that scope."""
    return Menu(
        scope,
        tuple(BotCommand(name, help_text.summary(name, language)) for name in names(role)),
    )


def menus(people: Mapping[int, Role], language: Language) -> list[Menu]:
    """The menus set at start: in private, strangers see nothing that is for members.

    In a group everybody sees the group's menu: Telegram knows nothing of our members.
    """
    return [
        menu_for(Role.STRANGER, BotCommandScopeAllPrivateChats(), language),
        menu_for(Role.MANAGER, BotCommandScopeAllGroupChats(), language),
        *(menu_for(role, BotCommandScopeChat(user), language) for user, role in people.items()),
    ]
