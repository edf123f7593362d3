"""What the page shows: both simulated servers, and who and what is offered to try."""

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal

from sandbox.bitel import BitelSandbox
from sandbox.telegram import Person, TelegramSandbox

POLLS_WITHIN = 5.0  # the bot asks again at once; a restart takes a few seconds
LOOKS = 5  # within that time

RoleName = Literal["admin", "member", "stranger"]


@dataclass(frozen=True, slots=True)
class Role:
    """A person that one can be.

    Attributes:
        person: who.
        name: what the bot's settings make of them.
        note: a few words about what they may do.
        phone: their number, as on a contact card.
    """

    person: Person
    name: RoleName
    note: str
    phone: str


@dataclass(frozen=True, slots=True)
class Example:
    """A text that can be sent with one tap.

    Attributes:
        label: what it shows.
        text: what is sent.
        chat: where it makes sense: `private`, `group` or `any`.
    """

    label: str
    text: str
    chat: Literal["private", "group", "any"] = "any"


@dataclass(frozen=True, slots=True)
class Voice:
    """A recording at the gateway."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in the address book of everybody's phone, who has no account at Telegram.

    Attributes:
        first_name: as it is shared.
        last_name: the same, "" for none.
        phones: their numbers. A card shows the first; the others are in its vCard, which the apps
            add where there are some.
    """

    first_name: str
    phones: tuple[str, ...]
    last_name: str = ""

    @property
    def vcard(self) -> str | None:
        """All of it as a vCard 3.0, None where a card says it all."""
        if len(self.phones) == 1:
            return None
        lines = (
            "BEGIN:VCARD",
            "VERSION:3.0",
            f"N:{self.last_name};{self.first_name};;;",
            f"FN:{self.first_name} {self.last_name}".rstrip(),
            *(f"TEL;TYPE=CELL:{phone}" for phone in self.phones),
            "END:VCARD",
        )
        return "\r\n".join(lines)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there, and what is offered.

    Attributes:
        roles: who.
        voices: the recordings at the gateway.
        examples: texts to try.
        timezone: in which hours are shown; the bot's own.
        contacts: the address book.
    """

    roles: tuple[Role, ...]
    voices: tuple[Voice, ...]
    examples: tuple[Example, ...]
    timezone: str = "UTC"
    contacts: tuple[Contact, ...] = ()


@dataclass(slots=True, kw_only=True)
class Stage:
    """Both simulated servers, whose changes go into one journal: Telegram's.

    Attributes:
        tg: the simulated Telegram.
        bitel: the simulated gateway.
        cast: who is there.
        run: tells this run of the server from others.
        polls_within: seconds without a request for updates after which the bot counts as gone.
        polling: whether the bot asks for updates; kept up to date by `watch_bot`.
    """

    tg: TelegramSandbox
    bitel: BitelSandbox
    cast: Cast
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    polls_within: float = POLLS_WITHIN
    polling: bool = False

    def __post_init__(self) -> None:
        """Let one journal order the changes of both servers."""
        self.bitel.touched = self.tg.world.journal.touch

    async def watch_bot(self) -> None:
        """Note when the bot begins or ends to ask for updates, until cancelled."""
        while True:
            if self._polls() != self.polling:
                self.polling = not self.polling
                self.tg.world.journal.touch("bot")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.polls_within / LOOKS):
                    await self.tg.world.changes.wait()

    def _polls(self) -> bool:
        """Tell whether a request for updates is under way, or was a moment ago."""
        updates = self.tg.world.updates
        return updates.is_polled or time.monotonic() - updates.polled_at < self.polls_within
