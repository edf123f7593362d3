"""The judge of `judging` finds a breach: with one right too many, somebody who may only look acts.

One crowd, in which a thing of its own waits for each deed. Ann has had more rights once, and keeps
the buttons of that time; now she is a viewer and tries all of them. Each test opens one right to
viewers for as long as it lasts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.calling.naming import name_key
from bot.calling.rights import Role
from bot.handlers import permissions
from bot.handlers.permissions import VIEWER
from bot.texts.cards import Verb
from bot.texts.dnc import ASK, ENTRY
from bot.texts.planned import SURE
from sandbox.telegram import Message, Person
from storage.models import NewSchedule, PauseReason, Place
from storage.models import Person as Recorded
from storage.stores import Stores
from tests.handlers.crowd import Crowd, Seen
from tests.handlers.house import OTHER_VOICE, VOICE
from tests.handlers.judging import NEEDS, OF_THE_PROGRAM, judge

LISTED = "09120000077"
BUTTONS, FURTHER, ANSWERS = "BUTTONS", "FURTHER", "ANSWERS"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that takes more than a viewer, as one right of the table lets it pass."""

    table: str
    key: Any
    sent: str
    reply_to: Message | None = None


class Stage(Crowd):
    """Ann among the others, and all that she tries."""

    def __init__(self) -> None:
        super().__init__(undo_seconds=3600.0, confirm_above=1)
        self.deeds: list[Deed] = []

    @property
    def ann(self) -> Person:
        """Who is a viewer now."""
        return self.people[2]

    def set_up(self) -> None:
        """Everything that somebody could spoil."""
        sara, ann = self.people[0], self.ann
        self.do(self.bot.sql("UPDATE limits SET value = 0 WHERE name = 'approve_numbers'"))
        self.told(sara, ann, "manager")
        for person in (sara, ann):
            self.says(person, person, "/start")
        self.deeds = [*self._batches(), *self._written(), *self._kept(), *self._asked()]
        self.told(sara, ann, "viewer")

    def _batches(self) -> Iterator[Deed]:
        for verb in (Verb.HOLD, Verb.STOP, Verb.UNDO, Verb.SEND_REST, Verb.RANG, Verb.LEAVE):
            batch = self._launched()
            token = f"{batch}"
            if verb is Verb.SEND_REST:
                self._pressed(f"hold:{batch}")
                token = f"{batch}.1"
            elif verb in {Verb.RANG, Verb.LEAVE}:
                token = f"{self._doubtful(batch)}"
            yield Deed(BUTTONS, verb, f"{verb}:{token}")

    def _launched(self) -> int:
        """A batch that waits to be sent."""
        self._pressed(f"ok:{self._draft(self.people[0])}")
        found: int = self._value("SELECT max(id) FROM batches")
        return found

    def _doubtful(self, batch: int) -> int:
        """Nobody knows whether its submission has rung."""
        part: int = self._value(f"SELECT id FROM submissions WHERE batch_id = {batch}")  # noqa: S608 -- an id of ours
        for state in ("state = 'sending', attempts = 1, claimed_at = 1", "state = 'unknown'"):
            self.do(self.bot.sql(f"UPDATE submissions SET {state} WHERE id = {part}"))  # noqa: S608 -- ids of ours
        return part

    def _written(self) -> Iterator[Deed]:
        """What is written."""
        self.says(self.people[0], self.people[0], f"/dnc add {LISTED} asked for it")
        for name, text in (
            ("dnc remove", f"{LISTED} by mistake"),
            ("dnc add", "09120000078 wished"),
            ("lists new", "Crew\n09120000001"),
            ("voices add", f"{OTHER_VOICE} Crew"),
            ("limits set", "team_day 501"),
        ):
            yield Deed(FURTHER, name, f"/{name} {text}")
        self.says(self.people[0], self.people[0], "/dnc add 09120000076 asked for it")
        entry = self._value("SELECT max(id) FROM do_not_call")
        yield Deed(BUTTONS, Verb.DNC_OFF, f"dncoff:{ENTRY}{entry}")

    def _kept(self) -> Iterator[Deed]:
        """What is kept: a voice, a list, a schedule, a draft of Ann's."""
        by = Recorded(id=self.ann.id, name="Ann")
        self._draft()
        content = self._value("SELECT content FROM drafts ORDER BY id DESC LIMIT 1")

        def keep(tx: Stores) -> tuple[int, int, int]:
            voice = tx.voices.add(VOICE, "Shift", name_key("Shift"), by=by, now=0.0)
            made = [tx.lists.create(name, name_key(name), by=by, now=0.0) for name in "AB"]
            for one in made:
                tx.lists.add(one, ["+989120000001", "+989120000002"], {})
            schedule = tx.schedules.create(
                NewSchedule(
                    asked_by="draft:99",
                    author=by,
                    place=Place(chat_id=self.group.id),
                    message_id=None,
                    content=content,
                    list_ref=None,
                    weekdays=0,
                    minute=600,
                    due_at=4e9,
                    numbers=None,
                ),
                now=0.0,
            )
            return voice, made[0], schedule

        voice, listed, schedule = self.do(self.bot.house.database.write(keep))
        version = self._value("SELECT version FROM lists LIMIT 1")
        revision = self._value("SELECT revision FROM schedules")
        yield Deed(BUTTONS, Verb.VOICE_GONE, f"vgone:{voice}")
        yield Deed(BUTTONS, Verb.LIST_OFF, f"loff:{listed + 1}.{version}.1.1")
        yield Deed(BUTTONS, Verb.LIST_SURE, f"lsure:{listed}.{version}")
        yield Deed(BUTTONS, Verb.LIST_RENAME, f"lrename:{listed + 1}.{version}")
        yield Deed(BUTTONS, Verb.UNPLAN, f"unplan:{schedule}.{revision}.{SURE}")
        yield Deed(BUTTONS, Verb.UNPAUSE, "unpause:0")
        for verb, rest in ((Verb.TAKE_OFF, ".0.1"), (Verb.CANCEL, "")):
            yield Deed(BUTTONS, verb, f"{verb}:{self._draft()}{rest}")
        yield Deed(BUTTONS, Verb.CONFIRM, f"ok:{self._draft()}")

    def _draft(self, author: Person | None = None) -> str:
        """One that is open: of Ann's, unless it is said whose."""
        text = f"/call {VOICE} 09120000001 09120000002 hello"
        self.says(author or self.ann, self.group, text)
        token: str = self._value("SELECT token FROM drafts ORDER BY id DESC LIMIT 1")
        return token

    def _asked(self) -> Iterator[Deed]:
        """Ann was asked something when she might still answer, and is in time to do it now."""
        known = len(self.bot.tg.sent(self.ann))
        self._pressed(f"dncoff:{ASK}", by=self.ann)
        asked = self.bot.tg.sent(self.ann)[known:]
        entry = "09120000079"
        self.says(self.people[0], self.people[0], f"/dnc add {entry} asked for it")
        yield Deed(ANSWERS, "dnc_off", f"{entry} by mistake", asked[-1])

    def _pressed(self, data: str, by: Person | None = None) -> None:
        person = by or self.people[0]
        self.presses(person, Seen(data, self.bot.tg.sent(person)[-1]), stolen=False)

    def _value(self, sql: str) -> Any:
        def look(tx: Stores) -> Any:
            return tx.db.execute(sql).fetchone()[0]

        return self.do(self.bot.house.database.read(look))

    def _pauses(self, *, going_on: bool) -> None:
        """Launching is paused, or goes on: most of what Ann tries is refused in a pause."""

        def work(tx: Stores) -> None:
            tx.pauses.end(PauseReason.UNAUTHORISED, by=None, name=None, now=0.0)
            if not going_on:
                tx.pauses.begin(PauseReason.UNAUTHORISED, "", 0.0)

        self.do(self.bot.house.database.write(work))

    def walk(self) -> list[Any]:
        """Let Ann try everything; which of it the judge calls a breach."""
        found = []
        for deed in self.deeds:
            self._pauses(going_on=deed.key is not Verb.UNPAUSE)
            before = self.record()
            if deed.table == BUTTONS:
                self._pressed(deed.sent, by=self.ann)
            else:
                place = {} if deed.reply_to is None else {"reply_to": deed.reply_to}
                self.says(self.ann, self.ann, deed.sent, **place)
            try:
                judge(before, self.record(), {self.ann.id: self.roles.of(self.ann.id)})
            except AssertionError:
                found.append(deed.key)
        return found


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all tests of this file: each right leads to a thing of its own."""
    stage = Stage()
    stage.begin()
    try:
        stage.set_up()
        yield stage
    finally:
        stage.end()


def test_a_viewer_does_nothing_of_it(stage: Stage) -> None:
    """By the rights as they are the judge finds nothing."""
    assert stage.roles.of(stage.ann.id) is Role.VIEWER
    assert stage.walk() == []


@pytest.mark.parametrize(
    ("table", "key"),
    [
        *((BUTTONS, verb) for verb in (Verb.HOLD, Verb.STOP, Verb.UNDO, Verb.SEND_REST)),
        *((BUTTONS, verb) for verb in (Verb.RANG, Verb.LEAVE, Verb.UNPAUSE, Verb.UNPLAN)),
        *((BUTTONS, verb) for verb in (Verb.VOICE_GONE, Verb.LIST_OFF, Verb.LIST_SURE)),
        *((BUTTONS, verb) for verb in (Verb.TAKE_OFF, Verb.CANCEL, Verb.CONFIRM)),
        *((FURTHER, name) for name in ("dnc remove", "dnc add", "lists new", "voices add")),
        (FURTHER, "limits set"),
        *((BUTTONS, verb) for verb in (Verb.LIST_RENAME, Verb.DNC_OFF)),  # which ask
        (ANSWERS, "dnc_off"),
    ],
)
def test_one_right_too_many_is_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, table: str, key: Any
) -> None:
    """It is this one and no other that the judge finds."""
    assert key in {deed.key for deed in stage.deeds}
    monkeypatch.setitem(getattr(permissions, table), key, VIEWER)  # a row of the table, as data
    assert stage.walk() == [key]


def test_every_table_is_somebodys(stage: Stage) -> None:
    """No table of the record is left out; no column is named that there is not."""

    def look(tx: Stores) -> dict[str, set[str]]:
        names = tx.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        found = {}
        for (name,) in names:
            told = tx.db.execute(f"PRAGMA table_info({name})").fetchall()
            found[name] = {row[1] for row in told}
        return found

    tables = stage.do(stage.bot.house.database.read(look))
    assert set(tables) == NEEDS.keys() | OF_THE_PROGRAM
    for name, needs in NEEDS.items():
        made = {needs.maker, needs.owner} - {None}
        assert made | set(needs.doers) | set(needs.more) <= tables[name]
