"""Many people around one running bot, step by step, and a model of their roles beside it."""

import asyncio
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bot.calling.rights import Role
from sandbox.telegram import Chat, Message, Person
from storage.stores import Stores
from tests.handlers.house import Running, Town, open_town
from tests.handlers.judging import Snapshot, judge, snapshot

SLOW = ("csv:", "xlsx:", "chart:", "lfile:", "dncfile:")  # a child process each


class Seen(NamedTuple):
    """A button that stood somewhere once: anybody may send its data from now on."""

    data: str
    message: Message


@dataclass(slots=True)
class Offer:
    """An invite as the model knows it."""

    secret: str
    role: Role
    by: int
    over: bool = False


@dataclass(slots=True)
class Roles:
    """What everybody may do, by the words of the documents alone."""

    admins: frozenset[int]
    allowed: frozenset[int]
    given: dict[int, Role] = field(default_factory=dict)
    suspended: set[int] = field(default_factory=set)
    offers: list[Offer] = field(default_factory=list)

    def of(self, user: int) -> Role:
        """The role that counts."""
        if user in self.admins:
            return Role.ADMIN
        if user in self.suspended:
            return Role.STRANGER
        return self.given.get(user, Role.LAUNCHER if user in self.allowed else Role.STRANGER)

    def change(self, actor: int, user: int, word: str) -> None:
        """What `/team` with this word does, if this person may do it."""
        if self.of(actor) is not Role.ADMIN or actor == user or user in self.admins:
            return
        known = user in self.given or user in self.allowed
        if word == "restore" and user in self.suspended:
            self.suspended.discard(user)
            if user in self.allowed and self.given[user] is Role.LAUNCHER:
                del self.given[user]
        elif word == "suspend" and known and user not in self.suspended:
            self.given.setdefault(user, Role.LAUNCHER)
            self.suspended.add(user)
        elif word == "remove" and user in self.allowed and user not in self.suspended:
            self.given[user] = Role.LAUNCHER
            self.suspended.add(user)
        elif word == "remove" and user not in self.allowed:
            self.given.pop(user, None)
            self.suspended.discard(user)
        elif word.upper() in Role.__members__ and self.of(user) is not Role[word.upper()]:
            self.given[user] = Role[word.upper()]
            self.suspended.discard(user)
        self._end_offers()

    def use(self, user: int, offer: Offer) -> None:
        """What following the link of an invite does."""
        if offer.over or user in self.suspended or self.of(user) >= offer.role:
            return
        offer.over = True
        self.given[user] = offer.role

    def _end_offers(self) -> None:
        for offer in self.offers:
            offer.over = offer.over or self.of(offer.by) is not Role.ADMIN


class Crowd:
    """The bot lives in one task, from `begin` to `end`; each step runs to its end."""

    def __init__(self, **changes: Any) -> None:
        self._changes = {"poll_first": 3600.0, "poll_max": 3600.0} | changes  # of the settings
        self._loop = asyncio.new_event_loop()
        self._ready, self._over = asyncio.Event(), asyncio.Event()
        self._life: asyncio.Task[None] | None = None
        self.buttons: list[Seen] = []
        self._known: set[tuple[str, int]] = set()
        self.bot: Running
        self.people: list[Person] = []
        self.roles: Roles

    def do(self, work: Awaitable[Any]) -> Any:
        """Run something to its end."""
        return self._loop.run_until_complete(work)

    def begin(self) -> None:
        """Move in, with an admin and a launcher of the settings, and four strangers."""
        self._life = self._loop.create_task(self._live())
        ready = self._loop.create_task(self._ready.wait())
        waits = {self._life, ready}
        self.do(asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED))
        if self._life.done():
            self._life.result()

    def end(self) -> None:
        """Move out."""
        self._over.set()
        if self._life is not None:
            self.do(self._life)
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _live(self) -> None:
        with tempfile.TemporaryDirectory() as path:
            async with open_town(Path(path)) as town:
                town.tg.world.flood_limits = False
                town.group.bot_status = "administrator"  # so that it hears every message
                async with town.bot(**self._changes) as bot:
                    self.bot = bot
                    await self._settle(town)
                    self._ready.set()
                    await self._over.wait()

    async def _settle(self, town: Town) -> None:
        names = ("Ann", "Ben", "Cid", "Dan")
        others = [town.tg.add_person(500010 + n, name) for n, name in enumerate(names)]
        for person in others:
            town.tg.join(person, town.group)
        self.people = [town.sara, town.bob, *others]
        admins, allowed = frozenset({town.sara.id}), frozenset({town.bob.id})
        self.roles = Roles(admins, allowed, given={town.bob.id: Role.MANAGER})
        await self.bot.house.database.write(lambda tx: tx.limits.put("approve_numbers", 1))
        await self.bot.quiet()

    @property
    def group(self) -> Chat:
        """Where they all are."""
        return self.bot.town.group

    def says(self, person: Person, chat: Person | Chat, text: str, **place: Any) -> Message:
        """Let somebody write, and wait until all is done that comes of it."""
        sent = self.bot.tg.send(person, chat, text, **place)
        self.do(self.bot.quiet())
        self.look_around()
        return sent

    def presses(self, person: Person, seen: Seen, *, stolen: bool) -> None:
        """Let somebody send the data of a button, from its own message or one of their own."""
        message, mine = seen.message, self.bot.tg.sent(person)
        if (stolen or message.chat_id > 0) and message.chat_id != person.id:
            if not mine:
                return
            message = mine[-1]
        self.bot.tg.press_data(person, message, seen.data)
        self.do(self.bot.quiet())
        self.look_around()

    def look_around(self) -> None:
        """Remember every button that there ever was."""
        chats: list[Person | Chat] = [self.group, *self.people]
        for chat in chats:
            for message in self.bot.tg.sent(chat):
                for button in (one for row in message.inline_keyboard for one in row):
                    data = str(button.get("callback_data", ""))
                    key = (data, message.chat_id)
                    if data and key not in self._known and not data.startswith(SLOW):
                        self._known.add(key)
                        self.buttons.append(Seen(data, message))

    def waiting(self) -> set[int]:
        """The ids of the drafts that wait for a second person."""

        def look(tx: Stores) -> set[int]:
            sql = "SELECT id FROM drafts WHERE state = 'open' AND approval_asked_at IS NOT NULL"
            return {draft_id for (draft_id,) in tx.db.execute(sql).fetchall()}

        found: set[int] = self.do(self.bot.house.database.read(look))
        return found

    def await_button(self, known: int, verb: str) -> None:
        """Wait until a button with this verb stands somewhere that is newer than so many."""

        def stands() -> bool:
            self.look_around()
            return any(one.data.startswith(f"{verb}:") for one in self.buttons[known:])

        self.do(self.bot.tg.wait_for(stands))

    def record(self) -> Snapshot:
        """All that people can have changed."""
        found: Snapshot = self.do(self.bot.house.database.read(snapshot))
        return found

    def step(self, person: Person, act: Any, *, then: Any = None) -> None:
        """Let somebody do something, and hold what it changed against their role."""
        before, role = self.record(), self.roles.of(person.id)
        act()
        judge(before, self.record(), {person.id: role})
        if then is not None:
            then()

    def told(self, admin: Person, user: Person, word: str) -> None:
        """`/team` with this word, in reply to this person."""
        said = self.bot.tg.send(user, self.group, "hello")
        self.step(
            admin,
            lambda: self.says(admin, self.group, f"/team {word}", reply_to=said),
            then=lambda: self.roles.change(admin.id, user.id, word),
        )

    def counted(self) -> dict[int, Role]:
        """The roles as the program sees them."""
        found: dict[int, Role] = self.do(self.bot.house.database.read(self._counted))
        return found

    def _counted(self, tx: Stores) -> dict[int, Role]:
        rights = self.bot.house.rights
        return {person.id: rights.role_in(tx, person.id) for person in self.people}
