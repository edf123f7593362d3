"""What a person was asked to write."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A message that waits for one person's answer; `about` is what it is for, a word of ours.

    `by_reply`: they have turned to something else since, so that only a reply is an answer.
    """

    chat_id: int
    message_id: int
    user_id: int
    kind: str
    about: str
    asked_at: float
    answered_at: float | None = None
    by_reply: bool = False
