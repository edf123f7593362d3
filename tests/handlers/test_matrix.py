"""Every cell of the table of rights, through the real application: who may what, and where."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice, product
from typing import Any

import pytest
from markupsafe import escape

from bot.calling.audit import Deed
from bot.calling.rights import Role
from bot.handlers.matrix import Right, rights
from bot.handlers.permissions import ANSWERS, COMMANDS, DEEDS, FURTHER, SENT, Where
from bot.texts import chats, elsewhere, replies
from bot.texts.cards import Card, Verb, plain
from sandbox.telegram import Chat, Message, Person
from sandbox.telegram.faults import Refused
from storage.models import Person as Recorded
from storage.models import Place, Question
from storage.stores import Stores
from tests.handlers import rights_by_hand
from tests.handlers.house import OTHER_VOICE, VOICE, Running, Town
from tests.handlers.rights_by_hand import only

PEOPLE = ("stranger", "suspended", "viewer", "launcher", "manager", "admin")
KINDS = ("private", "allowed", "other")  # of chats
PEOPLE_AND_KINDS = tuple(product(PEOPLE, KINDS))
AT_ONCE = 60
NUMBER = "09120000009"
TYPED = {
    "call": f"/call {VOICE} {NUMBER}",
    "say": f"/say {NUMBER}\nhello",
    "voices add": f"/voices add {OTHER_VOICE} Hello",
    "lists new": f"/lists new Drivers\n{NUMBER}",
    "start l_": "/start l_abcdefgh",
    "limits set": "/limits set team_day 5",
    "dnc add": f"/dnc add {NUMBER} asked for it",
    "dnc remove": f"/dnc remove {NUMBER} by mistake",
}
# What in a group is not for the bot, and what a stranger gets no answer to.
UNHEARD_IN_GROUPS = {"numbers", "key", "launching key", "anything else"}
UNHEARD_OF_STRANGERS = {"sample", "anything else"}


class Expected(Enum):
    """What comes of one cell."""

    PERMITTED = auto()
    DENIED = auto()
    ELSEWHERE = auto()
    OUTSIDE = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Cell:
    """One right, asked for by one kind of person in one kind of chat."""

    right: Right
    person: str
    kind: str

    @property
    def role(self) -> Role:
        """What this person may: who is suspended is a stranger."""
        return Role.STRANGER if self.person == "suspended" else Role[self.person.upper()]

    @property
    def expected(self) -> Expected:
        """What the table says, and nothing else."""
        needs, group = self.right.needs, self.kind != "private"
        if self.right.kind == "sent" and group and self.right.name in UNHEARD_IN_GROUPS:
            return Expected.SILENT
        stranger = self.role is Role.STRANGER
        if self.right.kind == "sent" and stranger and self.right.name in UNHEARD_OF_STRANGERS:
            return Expected.SILENT
        if self.kind == "other" and not (needs.outside and self.role >= needs.role):
            return Expected.OUTSIDE
        if stranger or self.role < needs.role:
            return Expected.DENIED
        if not needs.works_in(private=not group):
            return Expected.ELSEWHERE
        return Expected.PERMITTED


def cells() -> list[Cell]:
    """All of them."""
    return [Cell(*one) for one in product(rights(), PEOPLE, KINDS)]


@dataclass(slots=True)
class Asked:
    """What was sent for a cell: a message, or a press by its id."""

    cell: Cell
    sent: Message | None = None
    pressed: str | None = None


@dataclass(slots=True)
class Walk:
    """Walks through the cells on one running bot."""

    bot: Running
    people: dict[str, Person]
    groups: dict[str, Chat]
    cards: dict[int, Message] = field(default_factory=dict)
    questions: dict[tuple[str, int, int], Message] = field(default_factory=dict)
    prompts: dict[int, Message] = field(default_factory=dict)

    def chat(self, cell: Cell) -> Chat:
        """Where it is asked."""
        if cell.kind == "private":
            return self.bot.tg.chat(self.people[cell.person])
        return self.groups[cell.kind]

    async def prepare(self) -> None:
        """Messages of the bot to press and to answer, in every chat."""
        questions: list[tuple[Cell, Message]] = []
        for cell in cells():
            chat = self.chat(cell)
            if chat.id not in self.cards:
                self.cards[chat.id] = await self._says(chat, f"🔊 Hello\n{VOICE}")
            if cell.right.kind == "answer":
                said = await self._says(chat, f"{cell.right.name}?")
                questions.append((cell, said))
                self.questions[cell.right.name, self.people[cell.person].id, chat.id] = said
            elif cell.right.name == "ids" and chat.id not in self.prompts:
                self.prompts[chat.id] = await self._says(chat, "ids?")

        def record(tx: Stores) -> None:
            for cell, said in questions:
                tx.questions.ask(
                    Question(
                        chat_id=said.chat_id,
                        message_id=said.id,
                        user_id=self.people[cell.person].id,
                        kind=cell.right.name,
                        about="",
                        asked_at=self.bot.house.launches.now,
                    )
                )
            for said in self.prompts.values():
                tx.db.execute("INSERT INTO prompts VALUES (?, ?, 1)", (said.chat_id, said.id))

        await self.bot.house.database.write(record)

    async def _says(self, chat: Chat, text: str) -> Message:
        message_id = await self.bot.house.messenger.send(
            Place(chat_id=chat.id), Card(escape(text))
        )
        found = chat.find(message_id)
        assert found is not None
        return found

    def ask(self, cell: Cell) -> Asked:
        """Let the person ask for it."""
        person, chat, tg = self.people[cell.person], self.chat(cell), self.bot.tg
        right = cell.right
        match right.kind, right.name:
            case "command" | "sub-command", name:
                return Asked(cell, tg.send(person, chat, TYPED.get(name, f"/{name}")))
            case "button", verb:
                return Asked(cell, pressed=tg.press_data(person, self.card(chat), f"{verb}:99"))
            case "deed", deed:
                return Asked(cell, pressed=tg.press_data(person, self.card(chat), f"{deed}.99"))
            case "answer", kind:
                question = self.questions[kind, person.id, chat.id]
                return Asked(cell, tg.send(person, chat, f"Answer {NUMBER}", reply_to=question))
            case _, name:
                return Asked(cell, self._send(name, person, chat))

    def _send(self, name: str, person: Person, chat: Chat) -> Message:
        """Let a person send what no command, button or question stands before."""
        tg = self.bot.tg
        match name:
            case "ids":
                return tg.send(person, chat, "ab" * 16, reply_to=self.prompts[chat.id])
            case "sample":
                return tg.send_voice(person, chat, reply_to=self.card(chat))
            case "people":
                shared = {"request_id": 2, "users": [{"user_id": 500099, "first_name": "New"}]}
                return tg.send(person, chat, "", extra={"users_shared": shared})
            case "anything else":
                return tg.send_voice(person, chat)
        texts = {"key": "📊 Results", "launching key": "🚀 Launch", "numbers": f"{NUMBER} 0"}
        return tg.send(person, chat, texts[name])

    def card(self, chat: Chat) -> Message:
        """The card of a voice in this chat, below which every button is pressed."""
        return self.cards[chat.id]

    def said(self, asked: Asked) -> list[str]:
        """The answers to a press; or what the bot wrote in reply to a message."""
        if asked.pressed is not None:
            return [one.text for one in self.bot.tg.answers if one.id == asked.pressed]
        assert asked.sent is not None
        chat, sent = self.chat(asked.cell), asked.sent.id
        return [
            message.text
            for message in chat.messages
            if message.by_bot and message.get("reply_to_message", {}).get("message_id") == sent
        ]

    def refusal(self, cell: Cell, *, press: bool) -> list[str]:
        """The sentence that a cell has to be answered with, if it has to be."""
        lang, needs = self.bot.house.language, cell.right.needs
        match cell.expected:
            case Expected.DENIED if cell.role is not Role.STRANGER:
                return [plain(replies.role_needed(needs.role, lang))]
            case Expected.DENIED if press:
                return [plain(replies.not_a_member(lang))]
            case Expected.DENIED:
                return [plain(replies.stranger(self.people[cell.person].id, lang))]
            case Expected.ELSEWHERE:
                private = cell.kind == "private"
                return [plain(elsewhere.said(needs.instead, lang, private=private))]
            case Expected.OUTSIDE if press:
                return [plain(chats.not_allowed_alert(lang))]
            case Expected.OUTSIDE if cell.role is Role.ADMIN:
                return [plain(chats.not_allowed(-77, lang).text)]
        return []  # nothing is said; others than admins make the bot leave the group

    def refusals(self, cell: Cell) -> set[str]:
        """All sentences of the rights, none of which a permitted cell may be answered with."""
        lang = self.bot.house.language
        roles = (Role.LAUNCHER, Role.MANAGER, Role.ADMIN)
        found = {plain(replies.role_needed(role, lang)) for role in roles}
        found |= {plain(replies.stranger(self.people[cell.person].id, lang))}
        found |= {
            plain(elsewhere.said(instead, lang, private=private))
            for instead in (None, "/number", "/team")
            for private in (True, False)
        }
        return found | {plain(replies.not_a_member(lang)), plain(chats.not_allowed_alert(lang))}

    async def record(self) -> dict[str, list[Any]]:
        """Every row of the record but what was seen, and what the audit says of refusals."""

        def look(tx: Stores) -> dict[str, list[Any]]:
            names = tx.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            kept = [name for (name,) in names if name not in {"seen_updates", "audit"}]
            rows = {name: tx.db.execute(f"SELECT * FROM {name}").fetchall() for name in kept}  # noqa: S608 -- names of the schema
            rows["questions"] = tx.db.execute(
                "SELECT kind, user_id, answered_at FROM questions ORDER BY chat_id, message_id"
            ).fetchall()  # whether only a reply is an answer may change
            rows["audit"] = tx.db.execute(
                "SELECT deed, about FROM audit WHERE deed <> ?", [Deed.TURNED_AWAY]
            ).fetchall()
            return rows

        return await self.bot.house.database.read(look)

    def denial(self, cell: Cell) -> tuple[int, str] | None:
        """Who was denied what, as the audit calls it; a stranger is in no audit."""
        if cell.expected is not Expected.DENIED or cell.role is Role.STRANGER:
            return None
        match cell.right.kind:
            case "command" | "sub-command":
                what = f"/{cell.right.name.split()[0]}"
            case "button" | "deed":
                what = f"button {cell.right.name.partition(':')[0]}"
            case _:
                what = "a message"
        return self.people[cell.person].id, what

    async def turned_away(self) -> set[tuple[int, str]]:
        """Who was denied what, by the audit, which may count what somebody tries again."""
        rows = await self.bot.house.database.read(
            lambda tx: tx.db.execute(
                "SELECT by_id, about FROM audit WHERE deed = ?", [Deed.TURNED_AWAY]
            ).fetchall()
        )
        return set(rows)

    async def go(self, some: Iterator[Cell]) -> list[Asked]:
        """Ask for all of these, many at once, and return when all were handled."""
        asked: list[Asked] = []
        while now := [self.ask(cell) for cell in islice(some, AT_ONCE)]:
            await self.bot.quiet()
            asked += now
        return asked


def test_the_table_is_as_it_was_meant() -> None:
    """Every right, and where it works, is that of a list that was written by hand."""
    found = {(right.kind, str(right.name)): right.needs for right in rights()}
    assert {key: needs.role for key, needs in found.items()} == rights_by_hand.least()
    private, group = only(rights_by_hand.PRIVATE_ONLY), only(rights_by_hand.GROUP_ONLY)
    assert {key for key, needs in found.items() if needs.where is Where.PRIVATE} == private
    assert {key for key, needs in found.items() if needs.where is Where.GROUP} == group
    assert {key for key, needs in found.items() if needs.outside} == rights_by_hand.OUTSIDE


def everything() -> set[tuple[str, str]]:
    """All that there is to be walked, by kind and name, whatever the rows for people say."""
    return {
        *(("command", name) for name in COMMANDS),
        *(("sub-command", name) for name in FURTHER),
        *(("button", str(verb)) for verb in Verb),
        *(("deed", f"{verb}:{deed}") for verb, deed in DEEDS),
        *(("answer", kind) for kind in ANSWERS),
        *(("sent", kind) for kind in SENT),
    }


@pytest.fixture
def people(town: Town) -> dict[str, Person]:
    """One of each kind."""
    others = ("suspended", "viewer", "launcher", "manager")
    found = {name: town.tg.add_person(500010 + n, name) for n, name in enumerate(others)}
    return found | {"stranger": town.eve, "admin": town.sara}


async def test_every_cell(town: Town, people: dict[str, Person]) -> None:
    """Who may not is told who may, and where; nothing is changed. Who may is not refused."""
    town.tg.world.flood_limits = False
    other = town.tg.add_group(-77, "Other", members=people.values(), bot_status="administrator")
    town.group.bot_status = "administrator"  # so that it hears every message
    async with town.bot(poll_first=3600.0, poll_max=3600.0) as bot:
        walk = Walk(bot, people, {"allowed": town.group, "other": other})
        town.tg.fail("leaveChat", Refused(400, "Bad Request: not now"), times=None)
        await bot.house.database.write(lambda tx: _join(tx, people))
        board = await bot.ask(town.sara, f"/call {VOICE} 09120000001")
        await bot.shows(board, "waiting")
        await walk.prepare()
        before = await walk.record()
        refused = await walk.go(c for c in cells() if c.expected is not Expected.PERMITTED)
        for asked in refused:
            expected = walk.refusal(asked.cell, press=asked.pressed is not None)
            assert walk.said(asked) == expected, asked.cell
        assert await walk.record() == before
        assert await walk.turned_away() == {walk.denial(one.cell) for one in refused} - {None}
        permitted = await walk.go(c for c in cells() if c.expected is Expected.PERMITTED)
        for asked in permitted:
            said = walk.said(asked)
            assert not walk.refusals(asked.cell) & set(said), asked.cell
            assert asked.sent or len(said) == 1, asked.cell
    walked = Counter(
        (one.cell.right.kind, str(one.cell.right.name), one.cell.person, one.cell.kind)
        for one in (*refused, *permitted)
    )
    assert walked == Counter((*what, *who) for what in everything() for who in PEOPLE_AND_KINDS)
    assert {one.cell.expected for one in (*refused, *permitted)} == set(Expected)


def _join(tx: Stores, people: dict[str, Person]) -> None:
    """Give each the role that they are called by."""
    sara = Recorded(id=people["admin"].id, name="Sara")
    for name, person in people.items():
        recorded = Recorded(id=person.id, name=name)
        if name == "suspended":
            tx.members.put(recorded, "manager", now=0.0, by=sara, suspended=True)
        elif name not in {"stranger", "admin"}:
            tx.members.put(recorded, name, now=0.0, by=sara)
