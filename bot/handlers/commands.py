"""One table of commands: `/help`, Telegram's command menu and the docs come from it."""

from collections.abc import Callable, Coroutine, Sequence
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
from bot.texts import help as help_text
from bot.texts.language import Language

Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]

# Name and the role that it needs, in the order in which /help shows them.
# /start, /help and /id answer a stranger, too: with their id and "ask an admin".
COMMANDS: tuple[tuple[str, Role], ...] = (
    ("call", Role.LAUNCHER),
    ("voices", Role.LAUNCHER),
    ("lists", Role.LAUNCHER),
    ("say", Role.LAUNCHER),
    ("again", Role.LAUNCHER),
    ("launch", Role.LAUNCHER),
    ("panel", Role.LAUNCHER),
    ("schedule", Role.LAUNCHER),
    ("status", Role.LAUNCHER),
    ("batches", Role.LAUNCHER),
    ("report", Role.LAUNCHER),
    ("export", Role.LAUNCHER),
    ("number", Role.LAUNCHER),
    ("unpause", Role.ADMIN),
    ("help", Role.STRANGER),
    ("id", Role.STRANGER),
    ("start", Role.STRANGER),
)


@dataclass(frozen=True, slots=True)
class Menu:
    """A command menu as Telegram shows it, and for whom."""

    scope: BotCommandScope
    commands: tuple[BotCommand, ...]


def names(role: Role) -> list[str]:
    """The commands that this role may use."""
    return [name for name, needs in COMMANDS if role >= needs]


def menu_for(role: Role, scope: BotCommandScope, language: Language) -> Menu:
    """The menu of everybody who has this role in that scope."""
    return Menu(
        scope,
        tuple(BotCommand(name, help_text.summary(name, language)) for name in names(role)),
    )


def menus(admins: Sequence[int], members: Sequence[int], language: Language) -> list[Menu]:
    """The menus set at start: in private, strangers see nothing that is for members.

    In a group everybody sees the group's menu: Telegram knows nothing of our members.
    """
    return [
        menu_for(Role.STRANGER, BotCommandScopeAllPrivateChats(), language),
        menu_for(Role.LAUNCHER, BotCommandScopeAllGroupChats(), language),
        *(menu_for(Role.LAUNCHER, BotCommandScopeChat(user), language) for user in members),
        *(menu_for(Role.ADMIN, BotCommandScopeChat(user), language) for user in admins),
    ]
