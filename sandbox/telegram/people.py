"""What the simulated Telegram remembers: people, chats, messages, files, button presses."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
GENERAL_TOPIC = 1


@dataclass(slots=True, eq=False)
class Person:
    """A Telegram user. Change `blocked` and `started` through the control interface.

    Attributes:
        phone: what is on the person's own contact card.
        hides_forwards: forwards of the person's messages name no account.
    """

    id: int
    first_name: str
    username: str | None = None
    last_name: str | None = None
    language_code: str | None = "en"
    is_bot: bool = False
    started: bool = True
    blocked: bool = False
    phone: str | None = None
    hides_forwards: bool = False

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name or ''}".strip()

    def as_json(self) -> Json:
        """Return the `User`."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name) is not None:
                user[name] = getattr(self, name)
        return user


@dataclass(slots=True, frozen=True)
class Version:
    """A message as it stood from a moment on."""

    at: float
    text: str
    html: str | None
    markup: Json | None


class Message(Json):
    """The `Message` as the API returns it, kept up to date, with what the API does not return.

    Attributes:
        html: the text or caption as the bot wrote it, or None for what people wrote.
        markup: the last reply markup, keyboards for replies included (the API returns inline
            keyboards only).
        versions: first as sent, then after each edit.
        silent: sent with `disable_notification`.
        deleted: no longer in the chat.
        by_bot: the bot has sent it.
    """

    html: str | None = None
    markup: Json | None = None
    silent: bool = False
    deleted: bool = False
    by_bot: bool = False

    def __init__(self, fields: Json) -> None:
        super().__init__(fields)
        self.versions: list[Version] = []

    @property
    def id(self) -> int:
        """`message_id`."""
        number: int = self["message_id"]
        return number

    @property
    def chat_id(self) -> int:
        """Id of the chat."""
        number: int = self["chat"]["id"]
        return number

    @property
    def text(self) -> str:
        """Text or caption, "" if there is none."""
        return str(self.get("text", self.get("caption", "")))

    @property
    def buttons(self) -> list[list[str]]:
        """Labels of the inline keyboard, by row."""
        return [[button["text"] for button in row] for row in self.inline_keyboard]

    @property
    def inline_keyboard(self) -> list[list[Json]]:
        """Buttons of the inline keyboard, by row."""
        rows: list[list[Json]] = self.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    def record(self, at: float) -> None:
        """Note what stands here from now on."""
        self.versions.append(Version(at, self.text, self.html, self.markup))


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, group, supergroup or channel, with its messages.

    Args:
        bot_status: `member`, `administrator`, `left` or `kicked`.
        withheld: rights that the bot does not have as an administrator: `can_pin_messages`.
        pinned: ids of the pinned messages, pinned last comes last.
        busy: the bot's chat action, and until when it is shown.
        topics: names by `message_thread_id`; a supergroup that has some is a forum.
    """

    id: int
    type: ChatType
    title: str | None = None
    person: Person | None = None
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    withheld: frozenset[str] = frozenset()
    migrated_to: int | None = None
    username: str | None = None
    pinned: list[int] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    by_id: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0
    sent_at: list[float] = field(default_factory=list)
    busy: tuple[str, float] | None = None

    def as_json(self) -> Json:
        """Return the `Chat`."""
        if self.person is not None:
            user = self.person.as_json()
            names = ("first_name", "last_name", "username")
            return {"id": self.id, "type": self.type} | {n: user[n] for n in names if n in user}
        chat: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.username is not None:
            chat["username"] = self.username
        if self.topics:
            chat["is_forum"] = True
        return chat

    @property
    def name(self) -> str:
        """The title of the chat, or its person's first name."""
        return self.person.first_name if self.person is not None else str(self.title)

    def next_id(self) -> int:
        """Return the next `message_id` of this chat."""
        self.last_id += 1
        return self.last_id

    def keep(self, message: Message) -> None:
        """Put a message at the end of the chat."""
        self.messages.append(message)
        self.by_id[message.id] = message

    def find(self, message_id: int | None) -> Message | None:
        """Return a message that is still in the chat."""
        message = self.by_id.get(message_id) if message_id is not None else None
        return None if message is None or message.deleted else message


@dataclass(slots=True)
class Press:
    """A press of a button, as long as it may be answered."""

    id: str
    at: float
    person: Person


@dataclass(slots=True, frozen=True)
class Answer:
    """What the bot answered to a press."""

    id: str
    text: str
    show_alert: bool
    url: str
    at: float


@dataclass(slots=True)
class ApiCall:
    """A request of the bot.

    Attributes:
        method: as the bot spelled it.
        params: its parameters, JSON within them decoded; files are left out.
        at: when it came.
        error: code and description of the refusal, None for an answer.
    """

    method: str
    params: Json
    at: float
    error: str | None = None


def roster(members: Iterable[Person]) -> dict[int, str]:
    """Return members with their status: the first is the creator."""
    return {p.id: "member" if rank else "creator" for rank, p in enumerate(members)}
