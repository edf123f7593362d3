"""The control interface, last part: what the bot did, and what goes wrong for it."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.telegram.content import MEDIA
from sandbox.telegram.faults import Fault, Held
from sandbox.telegram.keyboards import Keyboards
from sandbox.telegram.people import Answer, ApiCall, Json, Message, Version
from sandbox.telegram.population import ChatRef

T = TypeVar("T")


class Control(Keyboards):
    """Reads what the bot did, waits for it, and lets its requests fail."""

    @property
    def calls(self) -> list[ApiCall]:
        """Every request of the bot, oldest first."""
        return self.world.calls

    @property
    def answers(self) -> list[Answer]:
        """Every answer to a press, oldest first."""
        return self.world.answers

    def calls_of(self, method: str) -> list[ApiCall]:
        """Return the requests of one method."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def messages(self, chat: ChatRef) -> list[Message]:
        """Return the messages that stand in a chat, everybody's, oldest first.

        A message stays up to date when it is edited.
        """
        return [message for message in self.chat(chat).messages if not message.deleted]

    def sent(self, chat: ChatRef) -> list[Message]:
        """Return the bot's messages that stand in a chat, oldest first."""
        return [message for message in self.messages(chat) if message.by_bot]

    def last(self, chat: ChatRef) -> Message:
        """Return the last message of a chat."""
        messages = self.messages(chat)
        if not messages:
            raise AssertionError(f"nothing in the chat\n{self.dump()}")
        return messages[-1]

    def edits(self, message: Message) -> list[Version]:
        """Return what a message became with each edit, and when."""
        return message.versions[1:]

    def file(self, document: Json) -> bytes:
        """Return the content of a document, or of the document, photo or voice in a message."""
        file = next((document[kind] for kind in MEDIA if kind in document), document)
        largest = file[-1] if isinstance(file, list) else file
        return self.world.files[largest["file_id"]].content

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 15) -> T:  # noqa: ASYNC109  the deadline of a test
        """Wait until a predicate holds, asking again after each request of the bot.

        Returns:
            The predicate's value.

        Raises:
            AssertionError: it did not hold in time; tells what stands in the chats.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (value := predicate()):
                    await self.world.changes.wait()
                return value
        except TimeoutError:
            raise AssertionError(f"not within {timeout} s\n{self.dump()}") from None

    async def next_message(
        self,
        chat: ChatRef,
        after: Message | int = 0,
        timeout: float = 15,  # noqa: ASYNC109  the deadline of a test
    ) -> Message:
        """Wait for the bot's first message in a chat that is younger than `after`."""
        known = after if isinstance(after, int) else after.id
        found = await self.wait_for(
            lambda: [message for message in self.sent(chat) if message.id > known], timeout
        )
        return found[0]

    async def next_edit(
        self,
        message: Message,
        after: int = 0,
        timeout: float = 15,  # noqa: ASYNC109  the deadline of a test
    ) -> Version:
        """Wait for the edit that follows the first `after` edits of a message."""
        found = await self.wait_for(lambda: self.edits(message)[after:], timeout)
        return found[0]

    async def answer_of(self, callback_id: str, timeout: float = 15) -> Answer:  # noqa: ASYNC109  the deadline of a test
        """Wait for the first answer to a press."""
        found = await self.wait_for(
            lambda: [answer for answer in self.answers if answer.id == callback_id], timeout
        )
        return found[0]

    def fail(
        self,
        method: str,
        error: Fault,
        *,
        times: int | None = 1,
        when: Callable[[Json], bool] | None = None,
    ) -> None:
        """Let the next requests of a method fail.

        Args:
            method: its name, or `*` for any.
            error: `Refused`, `flooded(seconds)`, `Delayed`, `Held`, `Cut`.
            times: how many requests; None for all until `heal`.
            when: picks requests by their parameters.
        """
        self.world.faults.plan(method, error, times, when)

    def hold(self, method: str, *, times: int | None = 1) -> asyncio.Event:
        """Let the next requests of a method wait until the event returned is set."""
        gate = asyncio.Event()
        self.fail(method, Held(gate), times=times)
        return gate

    def heal(self) -> None:
        """Forget the faults that have not happened yet, and come back."""
        self.world.faults.clear()
        self.world.away = None

    def calm(self, chat: ChatRef) -> None:
        """Let the flood limits of a chat forget the last minute, as if it had been quiet there."""
        self.chat(chat).sent_at.clear()

    def go_away(self, how: str = "closed") -> None:
        """Be unreachable until `heal`: connections are `closed`, or answered with a `502`."""
        if how not in {"closed", "502"}:
            raise ValueError(f"closed or 502, not {how}")
        self.world.away = how
        self.world.updates.interrupt()

    def dump(self) -> str:
        """Return what stands in all chats, to be read by people."""
        lines: list[str] = []
        for chat in self.world.chats.values():
            lines.append(f"--- {chat.name} ({chat.id})")
            lines += [_line(message) for message in self.messages(chat)]
        lines += [f"answered {answer.id}: {answer.text!r}" for answer in self.answers]
        lines += [f"refused {call.method}: {call.error}" for call in self.calls if call.error]
        return "\n".join(lines)


def _line(message: Message) -> str:
    sender: dict[str, Any] = message.get("from", {})
    text = message.text or ", ".join(sorted(message.keys() - {"message_id", "date", "chat"}))
    buttons = f" {message.buttons}" if message.buttons else ""
    return f"{message.id} {sender.get('first_name')}: {text}{buttons}"
