"""The state of the simulated Telegram, and the rules that every request meets."""

import itertools
import time
from collections.abc import Callable
from typing import TypedDict, Unpack

from sandbox.telegram.errors import ApiError, bad_request, forbidden
from sandbox.telegram.faults import Faults, check_flood
from sandbox.telegram.files import FOLDERS, FileKind, StoredFile, check_photo, sizes
from sandbox.telegram.journal import Journal
from sandbox.telegram.people import (
    Answer,
    ApiCall,
    Chat,
    Json,
    Message,
    Person,
    Press,
)
from sandbox.telegram.schema import Schema
from sandbox.telegram.updates import UpdateQueue

DEFAULT_TOKEN = "100200300:sandbox"  # noqa: S105  a token of nothing
ANSWER_WITHIN = 30.0
ACTION_LASTS = 5.0  # https://core.telegram.org/bots/api#sendchataction


class Settings(TypedDict, total=False):
    """Arguments of `World`."""

    token: str
    username: str
    clock: Callable[[], float]
    answer_within: float
    privacy: bool
    flood_limits: bool
    ids_after: int
    checks: bool


class World:
    """Everything that the simulated server knows.

    Args:
        settings: `token`: the bot's; its digits before the colon are the bot's id.
            `username`: the bot's. `clock`: dates, ages and limits follow it, the length of a long
            poll does not. `answer_within`: seconds in which a press can be answered; Telegram
            does not tell, bots report some tens of seconds. `privacy`: as at Telegram by default,
            the bot sees in groups only commands, replies to it and mentions of it, unless it is
            an administrator there. `flood_limits`: one message a second in a chat, 20 a minute
            in a group, edits included; off by default. `ids_after`: where the ids of updates,
            messages and presses begin, so that a server that starts anew repeats none.
            `checks`: what the bot asks and what it gets is checked against the schema of the Bot
            API, as it is by default.

    Attributes:
        breaches: what did not keep to the Bot API, each said once. What Telegram silently ignores
            is noted here, and so is a mistake of the sandbox itself.
    """

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self.token = settings.get("token", DEFAULT_TOKEN)
        self.clock = settings.get("clock", time.time)
        self.answer_within = settings.get("answer_within", ANSWER_WITHIN)
        self.privacy = settings.get("privacy", True)
        self.flood_limits = settings.get("flood_limits", False)
        self.checks = settings.get("checks", True)
        self.breaches: list[str] = []
        number = self.token.partition(":")[0]
        self.bot = Person(
            int(number) if number.isdecimal() else 1,
            "Callboard",
            username=settings.get("username", "callboard_bot"),
            language_code=None,
            is_bot=True,
        )
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.photos: dict[str, list[Json]] = {}
        self.presses: dict[str, Press] = {}
        self.answers: list[Answer] = []
        self.calls: list[ApiCall] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int | None, Json] = {}
        self.ids_after = settings.get("ids_after", 0)
        self.updates = UpdateQueue(self.clock, self.ids_after)
        self.faults = Faults()
        self.away: str | None = None
        self.serial = itertools.count(self.ids_after + 1)
        self.changes = self.updates.changes
        self.journal = Journal(self.changes.announce)

    @property
    def now(self) -> int:
        """The time as Telegram writes it."""
        return int(self.clock())

    def chat(self, chat_id: object) -> Chat:
        """Return a chat that the bot knows.

        Raises:
            ApiError: it does not.
        """
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str):
            named = (c for c in self.chats.values() if c.username and c.person is None)
            found = next((c for c in named if f"@{c.username}".lower() == chat_id.lower()), None)
        else:
            found = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if found is None:
            raise bad_request("chat not found")
        return found

    def writable(self, chat_id: object) -> Chat:
        """Return a chat that the bot may write to.

        Raises:
            ApiError: it may not, and why.
        """
        chat = self.chat(chat_id)
        if chat.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        person = chat.person
        if person is not None:
            if person.is_bot:
                raise forbidden("bots can't send messages to bots")
            if person.blocked:
                raise forbidden("bot was blocked by the user")
            if not person.started:
                raise forbidden("bot can't initiate conversation with a user")
        elif chat.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        elif chat.bot_status == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def count(self, chat: Chat) -> None:
        """Apply the flood limits, if they are on."""
        if self.flood_limits:
            check_flood(chat, self.clock())

    def store(self, chat: Chat, message: Message) -> None:
        """Keep a message, and wake who waits for one."""
        chat.keep(message)
        self.changed(message)

    def changed(self, message: Message) -> None:
        """Note what a message has become, and wake who waits for it."""
        message.record(self.clock())
        self.journal.touch("message", message.chat_id, message.id)

    def add_chat(self, chat: Chat) -> None:
        """Know a chat from now on."""
        self.chats[chat.id] = chat
        self.journal.touch("chats")

    def act(self, chat: Chat, action: str) -> None:
        """Show a chat action of the bot for as long as it lasts."""
        chat.busy = (action, self.clock() + ACTION_LASTS)
        self.journal.touch("typing", chat.id)

    def rest(self, chat: Chat) -> None:
        """End the chat action that is shown, as a message of the bot does."""
        if chat.busy is not None:
            chat.busy = None
            self.journal.touch("typing", chat.id)

    def keep_file(
        self,
        name: str,
        mime_type: str,
        content: bytes,
        *,
        kind: FileKind = "document",
        **measured: int,
    ) -> StoredFile:
        """Store a file under a new id.

        Args:
            name: as its owner called it.
            mime_type: what it holds.
            content: all of it.
            kind: what it is sent as.
            measured: `width`, `height` and `duration` of a `StoredFile`.
        """
        number = next(self.serial)
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{FOLDERS[kind]}/file_{number}.{suffix}"
        stored = StoredFile(f"file{number}", name, mime_type, content, path, kind=kind, **measured)
        self.files[stored.file_id] = stored
        return stored

    def keep_photo(self, name: str, content: bytes) -> list[Json]:
        """Store a photo, and return its `PhotoSize`s, smallest first; each has an id of its own.

        Raises:
            ApiError: it is no photo.
        """
        kept = [
            self.keep_file(name, "image/jpeg", content, kind="photo", width=width, height=height)
            for width, height in sizes(*check_photo(content))
        ]
        shown = [file.as_json() for file in kept]
        self.photos |= {file.file_id: shown for file in kept}
        return shown

    def breach(self, what: str) -> None:
        """Note that something does not keep to the Bot API."""
        if what not in self.breaches:
            self.breaches.append(what)

    def check(self, problems: Callable[[Schema], list[str]]) -> None:
        """Note the problems that a check of the schema finds, unless checks are off."""
        if self.checks:
            for problem in problems(Schema.load()):
                self.breach(problem)
