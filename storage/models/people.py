"""Who did something, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who did something: the numeric Telegram id, and the name as it was then."""

    id: int
    name: str


GATEWAY = Person(id=0, name="the gateway")
"""Who says what an event of the gateway says; no Telegram user has this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in Telegram: the chat, its topic, and the message that is answered."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
