"""Many people, roles that change at any time, and whatever they send: none does what is forbidden.

The application, both servers and the record are the real ones. A model of the roles runs beside
it, made of the words of the documents; after each step it is compared with the record, and what
the step has changed is held against the role that its author had at that moment.
"""

import re
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.calling.rights import Role
from sandbox.telegram import Chat, Person
from storage.stores import Stores
from tests.handlers.crowd import Crowd, Offer, Seen
from tests.handlers.house import OTHER_VOICE, VOICE
from tests.handlers.judging import judge

who = st.integers(0, 5)
anything = st.integers(0, 10_000)
words = st.sampled_from(
    ["viewer", "launcher", "manager", "admin", "suspend", "restore", "remove", "king"]
)
texts = st.sampled_from(
    [
        f"/call {VOICE} 09120000001 hello",
        f"/call {VOICE} 09120000001 09120000002 hello",
        f"/call {VOICE} 09120000003",
        f"/voices add {OTHER_VOICE} Hello",
        "/lists new Drivers\n09120000001",
        "/limits set team_day 500",
        "/dnc add 09120000009 wished",
        "/dnc remove 09120000009 by mistake",
        "/start l_aaaaaaaaaaaaaaaaaaaaaa",
        "/start i_aaaaaaaaaaaaaaaaaaaaaa",
        "/team",
        "/again",
        "09120000001 09120000002",
        "Drivers",
    ]
)
forged = st.sampled_from(
    [
        *["role:{user}.manager", "role:{user}.stranger.manager", "teamdo:{user}.manager.suspend"],
        *["invite:admin", "uninvite:1", "chatoff:-1001234567890.sure", "limset:team_day.0.5"],
        *["approve:1", "stop:1", "rest:1.1", "lsure:1.1", "setdo:sure.1", "unpause:1", "boom:1"],
        *["ok:x", "no:x", "allow:-1001234567890", "dncoff:e1", "vgone:" + VOICE],
    ]
)
# What stands on boards, cards and menus, with the names of things that there are.
meddling = st.sampled_from(
    [
        *["hold:{batch}", "stop:{batch}", "undo:{batch}", "rest:{batch}.{hold}", "vgone:{voice}"],
        *["lsure:{list}.{version}", "loff:{list}.{version}.1.1", "lrename:{list}.{version}"],
        *[
            "dncoff:e{entry}",
            "/dnc remove {number} by mistake",
            "limtype:team_day",
            "limit:team_day",
        ],
    ]
)
THINGS = """
SELECT max(b.id), max(b.hold_no), max(v.id), max(l.id), max(l.version), max(d.id), max(d.number)
FROM (SELECT * FROM batches WHERE state IN ('running', 'held') ORDER BY id DESC LIMIT 1) b,
  (SELECT * FROM voices WHERE removed_at IS NULL LIMIT 1) v,
  (SELECT * FROM lists WHERE removed_at IS NULL AND numbers > 0 LIMIT 1) l,
  (SELECT * FROM do_not_call WHERE removed_at IS NULL LIMIT 1) d
"""


class RightsMachine(Crowd, RuleBasedStateMachine):
    """Everything that people may send, in any order."""

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        Crowd.__init__(self, wave_size=1, wave_pause=3600.0)  # a second number waits

    @initialize(index=who, text=texts)
    def open(self, index: int, text: str) -> None:
        """Sara is admin, Bob and Cid are managers, Ben may launch, Ann may look; Dan may not."""
        self.begin()
        sara, _, ann, ben, cid, _ = self.people
        for person, word in ((ann, "viewer"), (ben, "launcher"), (cid, "manager")):
            self.told(sara, person, word)
        for person in self.people:
            self.says(person, person, "/start")
        self.write(index, text, private=False)

    @rule(
        index=st.sampled_from([0, 1, 1, 2, 3, 3, 3, 4, 4, 5]),
        two=st.sampled_from([True, True, False]),
        change=st.sampled_from(["", "", "", "", "suspend", "viewer", "remove"]),
        by=st.sampled_from(["author", "author", "author", "other"]),
        other=who,
        word=st.sampled_from(["approve", "approve", "decline", ""]),
    )
    def launch(
        self, index: int, *, two: bool, change: str, by: str, other: int, word: str
    ) -> None:
        """A draft, a change of its author's role, a press of *Call*, a second person's word."""
        author, second = self.people[index], self.people[other]
        numbers = "09120000001 09120000002" if two else "09120000001"
        known, waited = len(self.buttons), self.waiting()
        text = f"/call {VOICE} {numbers} hello"
        self.step(author, lambda: self.says(author, self.group, text))
        if change:
            self.told(self.people[0], author, change)
        self.decide(known, "ok", author if by == "author" else second)
        if word and self.waiting() - waited:
            self.await_button(known, word)
            self.decide(known, word, second)

    @rule(
        author=st.sampled_from([1, 3, 4]),
        word=st.sampled_from(["suspend", "viewer", "remove"]),
        two=st.booleans(),
    )
    def demote(self, author: int, word: str, two: bool) -> None:
        """Somebody has a draft, loses their role, and presses *Call* all the same."""
        self.told(self.people[0], self.people[author], "launcher")
        self.launch(author, two=two, change=word, by="author", other=author, word="")

    @rule(author=st.sampled_from([1, 3, 4]), other=who)
    def second(self, author: int, other: int) -> None:
        """Anybody presses *Approve* below a draft that waits, its author as well."""
        self.told(self.people[0], self.people[author], "manager")
        self.launch(author, two=True, change="", by="author", other=other, word="approve")

    def decide(self, known: int, verb: str, person: Person) -> None:
        """Press the newest button with this verb, if one came since so many were known."""
        found = [one for one in self.buttons[known:] if one.data.startswith(f"{verb}:")]
        if found:
            self.step(person, lambda: self.presses(person, found[-1], stolen=False))

    @rule(index=who, text=texts, private=st.booleans())
    def write(self, index: int, text: str, private: bool) -> None:
        """Somebody writes a command, numbers, a link that nobody gave out."""
        person = self.people[index]
        self.step(person, lambda: self.says(person, self.where(person, private=private), text))

    @precondition(lambda self: self.buttons)
    @rule(index=who, which=anything, stolen=st.booleans())
    def press(self, index: int, which: int, stolen: bool) -> None:
        """Somebody presses a button that stands or stood anywhere, mostly a late one."""
        person, seen = self.people[index], self.buttons[-1 - which % len(self.buttons)]
        self.step(person, lambda: self.presses(person, seen, stolen=stolen))

    @rule(index=who, which=anything, verb=st.sampled_from(["ok", "approve", "decline", "no"]))
    def press_draft(self, index: int, which: int, verb: str) -> None:
        """The same of the buttons that decide about a draft, so that they come often enough."""
        found = [seen for seen in self.buttons if seen.data.startswith(f"{verb}:")]
        if found:
            person, seen = self.people[index], found[which % len(found)]
            self.step(person, lambda: self.presses(person, seen, stolen=which % 5 == 0))

    @precondition(lambda self: self.buttons)
    @rule(index=who, other=who, data=forged)
    def forge(self, index: int, other: int, data: str) -> None:
        """Somebody who is no admin sends data that no button of theirs has."""
        person, user = self.people[index], self.people[other]
        if self.roles.of(person.id) < Role.ADMIN:
            seen = Seen(data.format(user=user.id), self.buttons[0].message)
            self.step(person, lambda: self.presses(person, seen, stolen=other % 2 == 0))

    @rule(index=st.sampled_from([2, 2, 2, 3, 5]), many=st.lists(meddling, min_size=1, max_size=4))
    def meddle(self, index: int, many: list[str]) -> None:
        """Somebody who may do little tries what others do, with things that there are."""
        person = self.people[index]
        for data in many:
            text = data.format(**self.things())
            if text.startswith("/"):
                self.step(person, lambda text=text: self.says(person, person, text))
            else:
                seen = Seen(text, self.bot.tg.sent(person)[-1])
                self.step(person, lambda seen=seen: self.presses(person, seen, stolen=False))

    def things(self) -> dict[str, Any]:
        """The names of a batch that waits, a voice, a list and an entry; Sara makes what lacks."""
        names = ("batch", "hold", "voice", "list", "version", "entry", "number")
        found = self._things()
        if found[0] is None:
            sara = self.people[0]
            for text in (
                f"/voices add {OTHER_VOICE} Hello",
                "/lists new Drivers\n09120000001",
                "/dnc add 09120000009 wished",
            ):
                self.step(sara, lambda text=text: self.says(sara, sara, text))
            self.told(sara, self.people[4], "manager")
            self.launch(0, two=True, change="", by="author", other=4, word="approve")
            found = self._things()
        return dict(zip(names, found, strict=True))

    def _things(self) -> tuple[Any, ...]:
        def look(tx: Stores) -> tuple[Any, ...]:
            found: tuple[Any, ...] = tx.db.execute(THINGS).fetchone()
            return found

        answer: tuple[Any, ...] = self.do(self.bot.house.database.read(look))
        return answer

    @rule(index=who, other=who, word=words)
    def change(self, index: int, other: int, word: str) -> None:
        """Somebody changes somebody, or tries to."""
        self.told(self.people[index], self.people[other], word)

    @rule(index=who, role=st.sampled_from([Role.VIEWER, Role.LAUNCHER, Role.MANAGER, Role.ADMIN]))
    def invite(self, index: int, role: Role) -> None:
        """An admin makes an invite; nobody else can."""
        person = self.people[index]
        seen = Seen(f"invite:{role.word}", self.bot.tg.sent(person)[-1])
        known = len(self.bot.tg.sent(person))
        self.step(person, lambda: self.presses(person, seen, stolen=False))
        told = " ".join(message.text for message in self.bot.tg.sent(person)[known:])
        found = re.search(r"start=i_([\w-]+)", told)
        assert (found is not None) == (self.roles.of(person.id) is Role.ADMIN)
        if found is not None:
            self.roles.offers.append(Offer(found[1], role, person.id))

    @rule(index=who, thief=who, role=st.sampled_from([Role.VIEWER, Role.MANAGER, Role.ADMIN]))
    def welcome(self, index: int, thief: int, role: Role) -> None:
        """Sara invites somebody, who follows the link; so does a second one who has found it."""
        self.invite(0, role)
        for one in (index, thief, index):
            self.use(one, len(self.roles.offers) - 1, forward=False)

    @precondition(lambda self: self.roles.offers)
    @rule(index=who, which=anything, forward=st.booleans())
    def use(self, index: int, which: int, forward: bool) -> None:
        """Somebody follows an invite: theirs or a stolen one, for the first time or again."""
        person = self.people[index]
        offer = self.roles.offers[which % len(self.roles.offers)]
        place: dict[str, Any] = {"forward_from": self.people[0]} if forward else {}
        used = None if forward else (lambda: self.roles.use(person.id, offer))
        text = f"/start i_{offer.secret}"
        self.step(person, lambda: self.says(person, person, text, **place), then=used)

    @precondition(lambda self: self.roles.offers)
    @rule()
    def a_day_passes(self) -> None:
        """No invite outlives its day."""
        self.do(self.bot.sql("UPDATE invites SET created_at = 0, expires_at = 1"))
        for offer in self.roles.offers:
            offer.over = True

    @precondition(lambda self: self.buttons)
    @rule(index=who, other=who, which=anything)
    def race(self, index: int, other: int, which: int) -> None:
        """Somebody is suspended in the moment in which they press: either comes first."""
        admin, user = self.people[index], self.people[other]
        said = self.bot.tg.send(user, self.group, "hello")
        seen = self.buttons[-1 - which % len(self.buttons)]
        if seen.message.chat_id > 0 or admin is user:
            return
        before = self.record()
        doers = {one.id: self.roles.of(one.id) for one in (admin, user)}
        self.bot.tg.send(admin, self.group, "/team suspend", reply_to=said)
        self.presses(user, seen, stolen=False)
        self.roles.change(admin.id, user.id, "suspend")
        judge(before, self.record(), doers)

    def where(self, person: Person, *, private: bool) -> Person | Chat:
        """The person's own chat with the bot, or the group."""
        return person if private else self.group

    @invariant()
    def roles_are_as_the_model_says(self) -> None:
        """Nobody became anything but by an admin's word or by an invite."""
        if self.people:
            assert self.counted() == {one.id: self.roles.of(one.id) for one in self.people}

    def teardown(self) -> None:
        """The bot moves out."""
        self.end()


TestRights = RightsMachine.TestCase
TestRights.settings = settings(
    max_examples=14,
    stateful_step_count=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller example would take minutes
    suppress_health_check=list(HealthCheck),
)
